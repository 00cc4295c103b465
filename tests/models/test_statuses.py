"""The current status of each role and the headline, derived in one place."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from recommendations.models import FollowUp, Recommendation
from recommendations.models.recommendations import is_stale, stale, stale_before
from recommendations.models.verdicts import attach_verdicts
from tests.make import make_follow_up, make_recommendation

pytestmark = pytest.mark.django_db
D = datetime.date


def status_of(recommendation):
    return Recommendation.objects.with_status().get(pk=recommendation.pk)


def test_record_without_entry_is_not_assessed():
    found = status_of(make_recommendation())
    assert (found.status, found.status_as_of, found.disagree) == ("not_assessed", None, False)


def test_state_claim_never_makes_the_headline():
    entry = make_follow_up(role="state", status="implemented")
    found = status_of(entry.recommendation)
    assert found.status == "not_assessed"
    assert found.state_status == "implemented"


def test_newest_entry_counts_and_headline_ignores_the_state():
    record = make_recommendation()
    make_follow_up(record, role="civil_society", status="not_implemented", as_of=D(2020, 1, 1))
    make_follow_up(record, role="civil_society", status="in_progress", as_of=D(2022, 1, 1))
    make_follow_up(record, role="un_body", status="regressed", as_of=D(2021, 1, 1))
    make_follow_up(record, role="state", status="implemented", as_of=D(2025, 1, 1))
    found = status_of(record)
    assert found.civil_society_status == "in_progress"
    assert found.un_body_status == "regressed"
    assert (found.status, found.status_as_of) == ("in_progress", D(2022, 1, 1))
    assert found.disagree


def test_outside_assessor_precedes_tracker_at_same_date():
    record = make_recommendation()
    make_follow_up(record, role="un_body", status="not_implemented", as_of=D(2025, 6, 26))
    make_follow_up(record, role="tracker", status="partially_implemented", as_of=D(2025, 6, 26))
    assert status_of(record).status == "not_implemented"


def test_drafts_and_replaced_entries_do_not_count():
    record = make_recommendation()
    wrong = make_follow_up(record, status="implemented", as_of=D(2024, 5, 1))
    make_follow_up(record, status="regressed", as_of=D(2024, 6, 1), published_at=None)
    correction = {"replaces": wrong, "correction_reason": "Misread.", "assessor": wrong.assessor}
    draft = make_follow_up(record, status="in_progress", as_of=D(2024, 5, 1), published_at=None, **correction)
    assert status_of(record).status == "implemented"
    draft.publish()
    assert status_of(record).status == "in_progress"


def test_no_information_is_never_a_disagreement():
    record = make_recommendation()
    make_follow_up(record, role="state", status="implemented")
    make_follow_up(record, role="tracker", status="no_information")
    assert not status_of(record).disagree
    make_follow_up(record, role="civil_society", status="regressed")
    assert status_of(record).disagree


def test_shown_verdicts_agree_with_filtered_statuses():
    for roles in [{}, {"state": "implemented"}, {"state": "implemented", "un_body": "regressed"}]:
        record = make_recommendation()
        for role, status in roles.items():
            make_follow_up(record, role=role, status=status)
    found = list(Recommendation.objects.with_status())
    attach_verdicts(found)
    for record in found:
        assert record.verdicts.status == record.status
        statuses = [entry.status for entry in record.verdicts.by_role.values()]
        assert record.verdicts.disagree == (len(set(statuses)) > 1)
        assert set(record.verdicts.by_role) == {
            role for role in FollowUp.Role.values if getattr(record, f"{role}_entry")
        }


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (D(2026, 11, 22), D(2024, 11, 22)),
        (D(2024, 2, 29), D(2022, 2, 28)),
        (D(2026, 1, 31), D(2024, 1, 31)),
        (D(2026, 12, 31), D(2024, 12, 31)),
    ],
)
def test_staleness_is_counted_in_months(today, expected):
    assert stale_before(today) == expected


def test_staleness_depends_on_the_headline(monkeypatch):
    old = make_follow_up(as_of=D(2019, 1, 1)).recommendation
    make_follow_up(old, role="state", as_of=D(2025, 1, 1))
    fresh = make_follow_up(as_of=D(2025, 1, 1)).recommendation
    unassessed = make_recommendation()
    monkeypatch.setattr(timezone, "localdate", lambda: D(2026, 1, 1))
    assert list(Recommendation.objects.filter(stale())) == [old]
    assert set(Recommendation.objects.filter(~stale())) == {fresh, unassessed}
    assert [is_stale(day) for day in (D(2019, 1, 1), D(2025, 1, 1), None)] == [True, False, False]


def make_whole(*statuses, **values):
    """A compound record whose parts have these statuses, each a year after the one before; None: no entry."""
    whole = make_recommendation(**values)
    for year, status in enumerate(statuses, 2020):
        part = make_recommendation(parent=whole, document=whole.document)
        if status:
            make_follow_up(part, status=status, as_of=D(year, 1, 1))
    return whole


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["implemented", "implemented"], "implemented"),
        (["no_information", "no_information"], "no_information"),
        (["implemented", "partially_implemented"], "partially_implemented"),
        (["implemented", "not_implemented"], "partially_implemented"),
        (["implemented", None], "partially_implemented"),
        (["partially_implemented", "regressed"], "partially_implemented"),
        (["in_progress", "regressed", None], "in_progress"),
        (["regressed", "not_implemented"], "regressed"),
        (["not_implemented", "no_information"], "no_information"),
        (["not_implemented", None], "not_assessed"),
        ([None, None], "not_assessed"),
    ],
)
def test_status_of_whole_is_rolled_up_from_parts(parts, whole):
    assert status_of(make_whole(*parts)).status == whole


def test_rolled_up_status_has_newest_date_and_no_entry():
    found = status_of(make_whole("implemented", "not_implemented"))
    assert (found.status_as_of, found.status_entry) == (D(2021, 1, 1), None)
    attach_verdicts([found])
    assert (found.verdicts.status, found.verdicts.as_of) == ("partially_implemented", D(2021, 1, 1))
    assert found.verdicts.is_stale


def test_verdict_on_whole_stands_until_newer_part_verdict():
    whole = make_whole("implemented", "not_implemented")
    entry = make_follow_up(whole, status="in_progress", as_of=D(2021, 1, 1))
    assert (status_of(whole).status, status_of(whole).status_entry) == ("in_progress", entry.pk)
    make_follow_up(whole.parts.first(), status="regressed", as_of=D(2022, 1, 1))
    assert (status_of(whole).status, status_of(whole).status_entry) == ("regressed", None)


def test_state_claims_and_hidden_parts_do_not_count():
    whole = make_whole("implemented")
    make_follow_up(whole.parts.get(), role="state", status="regressed", as_of=D(2023, 1, 1))
    hidden = make_recommendation(parent=whole, document=whole.document, published=False)
    make_follow_up(hidden, status="not_implemented", as_of=D(2024, 1, 1))
    thanks = make_recommendation(parent=whole, document=whole.document, kind="commendation")
    found = status_of(whole)
    assert (found.status, found.status_as_of) == ("implemented", D(2020, 1, 1))
    thanks.delete()
    whole.parts.filter(published=True).update(published=False)
    assert status_of(whole).status == "not_assessed"


def test_parts_cannot_have_parts():
    whole = make_whole("implemented")
    inner = make_recommendation(document=whole.document)
    inner.parent = whole.parts.get()
    with pytest.raises(ValidationError, match="part itself"):
        inner.clean()
    whole.parent = make_recommendation(document=whole.document)
    with pytest.raises(ValidationError, match="has parts itself"):
        whole.clean()


def test_pages_and_exports_mark_rolled_up_status(client):
    whole = make_whole("implemented", None)
    page = client.get(whole.get_absolute_url()).content.decode()
    assert (
        "Headline: partially implemented, rolled up from its parts, the newest as of 1 January 2020." in page
    )
    assert "Its parts, each assessed by itself" in page
    assert all(part.get_absolute_url() in page for part in whole.parts.all())
    card = client.get("/recommendations/?status=partially_implemented").content.decode()
    assert "from its parts, as of 1 January 2020" in card
    (row,) = client.get("/recommendations.json?status=partially_implemented").json()["results"]
    assert (row["reference"], row["status_from_parts"], row["status_by"]) == (whole.reference, True, None)
