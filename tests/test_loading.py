"""Loading the shipped records: complete, idempotent, and never over a person's edit."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.core.management import call_command

from recommendations.loading import REASON, LoadError, load
from recommendations.models import FollowUp, Issue, Paragraph, Recommendation, StateResponse

BUILT = settings.BASE_DIR / "fixtures" / "built"


@pytest.mark.django_db
@pytest.mark.usefixtures("shipped")
class TestShipped:
    def test_everything_in_the_files_is_in_the_database(self):
        in_files = sum(len(json.loads(path.read_text(encoding="utf-8"))) for path in BUILT.glob("*.json"))
        again = load(BUILT)
        assert (again.unchanged, again.created.total(), again.updated.total()) == (in_files, 0, 0)
        assert again.left_alone == []

    def test_a_persons_edit_is_left_alone_and_named(self):
        record = Recommendation.objects.get(reference="KAZ-UPR7-36.7")
        record.summary = "Our own words"
        record.save()
        loaded = load(BUILT)
        record.refresh_from_db()
        assert record.summary == "Our own words"
        assert loaded.left_alone == ["KAZ-UPR7-36.7"]
        assert "left alone" in str(loaded)

    def test_each_row_says_in_its_history_where_it_came_from(self):
        assert Recommendation.objects.first().history.latest().history_change_reason == REASON

    def test_every_row_passes_its_models_own_checks(self):
        for model in (Recommendation, StateResponse, FollowUp, Issue, Paragraph):
            for row in model.objects.all():
                row.full_clean()

    def test_all_that_is_shipped_is_public(self):
        assert Recommendation.objects.published().count() == Recommendation.objects.count() > 300
        assert FollowUp.objects.published().count() == FollowUp.objects.count()


@pytest.mark.django_db
def test_a_changed_fixture_updates_what_nobody_edited(tmp_path):
    for path in BUILT.glob("01_*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    load(tmp_path)
    path = tmp_path / "01_taxonomy.json"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"name": "Death penalty"', '"name": "The death penalty"')
    )
    loaded = load(tmp_path)
    assert loaded.updated.total() == 1
    assert Issue.objects.get(slug="death-penalty").name == "The death penalty"


@pytest.mark.django_db
def test_a_broken_file_leaves_nothing_behind(tmp_path):
    (tmp_path / "01.json").write_bytes((BUILT / "01_taxonomy.json").read_bytes())
    (tmp_path / "02.json").write_text('[{"model": "recommendations.issue", "fields": {"slug": 1')
    with pytest.raises(LoadError, match=r"02\.json cannot be loaded"):
        load(tmp_path)
    assert Issue.objects.count() == 0


@pytest.mark.django_db
def test_djangos_own_loaddata_takes_the_files():
    call_command("loaddata", *sorted(str(path) for path in BUILT.glob("*.json")), verbosity=0)
    assert Recommendation.objects.filter(reference="KAZ-UPR7-36.7").exists()
