"""The shipped records in the database: complete, loaded once for all, and never over a person's edit."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.importing.fixtures.load import REASON, load
from recommendations.models import FollowUp, Issue, Paragraph, Recommendation, StateResponse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]
BUILT = settings.BASE_DIR / "fixtures" / "built"


def test_everything_in_the_files_is_in_the_database():
    in_files = sum(len(json.loads(path.read_text(encoding="utf-8"))) for path in BUILT.glob("*.json"))
    with CaptureQueriesContext(connection) as asked:
        again = load(BUILT)
    assert (again.unchanged, again.created.total(), again.updated.total()) == (in_files, 0, 0)
    # Each row is looked up once, by the key that the fixtures name it by.
    assert len(asked) < 1.5 * in_files
    assert again.left_alone == []


def test_a_persons_edit_is_left_alone_and_named():
    record = Recommendation.objects.get(reference="KAZ-UPR7-36.7")
    record.summary = "Our own words"
    record.save()
    loaded = load(BUILT)
    record.refresh_from_db()
    assert record.summary == "Our own words"
    assert loaded.left_alone == ["KAZ-UPR7-36.7"]
    assert "left alone" in str(loaded)


def test_each_row_says_in_its_history_where_it_came_from():
    assert Recommendation.objects.first().history.latest().history_change_reason == REASON


@pytest.mark.rules
def test_every_row_passes_its_models_own_checks():
    for model in (Recommendation, StateResponse, FollowUp, Issue, Paragraph):
        for row in model.objects.all():
            row.full_clean()


def test_all_that_is_shipped_is_public():
    assert Recommendation.objects.published().count() == Recommendation.objects.count() > 300
    assert FollowUp.objects.published().count() == FollowUp.objects.count()
