"""Loading fixtures into an empty database: what changes, what does not, and what is broken."""

from __future__ import annotations

import datetime
import json

import pytest
from django.conf import settings

from recommendations.importing.fixtures.load import LoadError, load
from recommendations.models import FollowUp, Issue, IssueTag, Recommendation

BUILT = settings.BASE_DIR / "fixtures" / "built"


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


def rows_of(path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def copy(shipped, tmp_path):
    """The shipped fixtures, loaded; and a folder of them to be changed."""
    for path in BUILT.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


@pytest.mark.django_db
def test_what_the_fixtures_no_longer_hold_is_withdrawn(copy):
    path = copy / "04_recommendations.json"
    kept = [
        row
        for row in rows_of(path)
        if row["fields"].get("reference") != "KAZ-UPR7-53.2"
        and row["fields"].get("recommendation") not in (["KAZ-UPR7-53.2"], ["KAZ-UPR7-36.7"])
    ]
    path.write_text(json.dumps(kept), encoding="utf-8")
    loaded = load(copy)
    assert not Recommendation.objects.get(reference="KAZ-UPR7-53.2").published
    assert not IssueTag.objects.filter(recommendation__reference="KAZ-UPR7-36.7").exists()
    assert loaded.withdrawn["recommendation"] == 1
    assert loaded.left_alone == []
    assert load(copy).withdrawn.total() == 0


@pytest.mark.django_db
def test_a_published_entry_stays_when_the_fixtures_word_it_otherwise(copy):
    path = copy / "07_follow_up.json"
    rows = rows_of(path)
    rows[0]["fields"]["summary"] = "Another reading."
    path.write_text(json.dumps(rows), encoding="utf-8")
    loaded = load(copy)
    assert len(loaded.kept) == 1
    assert "append-only" in str(loaded)
    assert not FollowUp.objects.filter(summary="Another reading.").exists()


@pytest.mark.django_db
def test_the_moments_are_those_of_the_fixtures(copy):
    (given,) = {
        row["fields"]["recorded_at"]
        for row in rows_of(copy / "07_follow_up.json")
        if "recorded_at" in row["fields"]
    }
    entry = FollowUp.objects.first()
    assert entry.recorded_at == entry.published_at == datetime.datetime.fromisoformat(given)
    assert Recommendation.objects.first().updated_at == datetime.datetime.fromisoformat(given)
