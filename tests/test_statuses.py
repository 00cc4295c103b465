"""The current status of each role and the headline, derived in one place."""

import datetime

import pytest

from recommendations.models import FollowUp, Recommendation
from recommendations.models.recommendations import stale_before
from recommendations.verdicts import attach_verdicts

from .make import make_follow_up, make_recommendation

pytestmark = pytest.mark.django_db
D = datetime.date


def status_of(recommendation):
    return Recommendation.objects.with_status().with_disagreement().get(pk=recommendation.pk)


def test_without_an_entry_it_is_not_assessed():
    found = status_of(make_recommendation())
    assert (found.status, found.status_as_of, found.disagree) == ("not_assessed", None, False)


def test_the_states_own_claim_never_makes_the_headline():
    entry = make_follow_up(role="state", status="implemented")
    found = status_of(entry.recommendation)
    assert found.status == "not_assessed"
    assert found.state_status == "implemented"


def test_each_role_keeps_its_newest_and_the_headline_is_the_newest_of_the_others():
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


def test_at_the_same_date_an_outside_assessor_goes_before_the_trackers_own_reading():
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


def test_no_information_disagrees_with_nothing():
    record = make_recommendation()
    make_follow_up(record, role="state", status="implemented")
    make_follow_up(record, role="tracker", status="no_information")
    assert not status_of(record).disagree
    make_follow_up(record, role="civil_society", status="regressed")
    assert status_of(record).disagree


def test_what_is_shown_agrees_with_what_is_filtered():
    for roles in [{}, {"state": "implemented"}, {"state": "implemented", "un_body": "regressed"}]:
        record = make_recommendation()
        for role, status in roles.items():
            make_follow_up(record, role=role, status=status)
    found = list(Recommendation.objects.with_status().with_disagreement())
    attach_verdicts(found)
    for record in found:
        assert record.verdicts.status == record.status
        assert record.verdicts.disagree == record.disagree
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
def test_stale_is_counted_in_months(today, expected):
    assert stale_before(today) == expected


def test_stale_looks_at_the_headline():
    old = make_follow_up(as_of=D(2019, 1, 1)).recommendation
    make_follow_up(old, role="state", as_of=D(2025, 1, 1))
    fresh = make_follow_up(as_of=D(2025, 1, 1)).recommendation
    stale = Recommendation.objects.with_status().stale(D(2026, 1, 1))
    assert list(stale) == [old]
    assert fresh not in stale
