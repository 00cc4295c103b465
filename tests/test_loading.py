"""Loading fixtures into an empty database: what changes, what does not, and what is broken."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.management import call_command

from recommendations.loading import LoadError, load
from recommendations.models import Issue, Recommendation

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


@pytest.mark.django_db
def test_djangos_own_loaddata_takes_the_files():
    call_command("loaddata", *sorted(str(path) for path in BUILT.glob("*.json")), verbosity=0)
    assert Recommendation.objects.filter(reference="KAZ-UPR7-36.7").exists()
