"""No field of a public record is without a filter, unless for a reason."""

from __future__ import annotations

import pytest

from recommendations.search import filters

pytestmark = pytest.mark.django_db

# For each public list: which filter covers which field of its model, or why none does.
COVERED: dict[type[filters.PublicFilterSet], dict[str, str]] = {
    filters.RecommendationFilters: {
        "document": "document",
        "text": "q",
        "summary": "q",
        "reference": "q",
        "raised_by": "stakeholder",
        "issues": "issue",
        "groups": "group",
        "kind": "kind",
        "position": "position",
        "due_on": "due",
    },
    filters.ResponseFilters: {
        "document": "document",
        "text": "q",
        "summary": "q",
        "reference": "q",
        "speaker": "speaker",
        "date": "from",
        "recommendations": "recommendation",
    },
    filters.FollowUpFilters: {
        "recommendation": "recommendation",
        "assessor": "assessor",
        "reference": "q",
        "role": "role",
        "status": "status",
        "as_of": "from",
        "summary": "q",
        "confidence": "confidence",
    },
    filters.StakeholderFilters: {
        "name": "q",
        "acronym": "q",
        "kind": "kind",
        "review": "review",
        "state": "state",
    },
    filters.DocumentFilters: {
        "review": "review",
        "symbol": "q",
        "considers": "q",
        "kind": "kind",
        "title": "q",
        "published_on": "from",
    },
    filters.ReviewFilters: {
        "state": "state",
        "slug": "q",
        "mechanism": "mechanism",
        "cycle": "q",
        "session": "q",
        "starts_on": "from",
        "note": "q",
    },
    filters.IssueFilters: {"name": "q", "parent": "q", "uhri_theme": "q"},
}
EXEMPT = {
    "id": "never shown",
    "published": "only what is public is in a list",
    "published_at": "only what is public is in a list",
    "updated_at": "for sorting and feeds",
    "recorded_at": "for the desk",
    "recorded_by": "for the desk, never public",
    "paragraph": "reached through its document",
    "locator": "a place in a data set; the reference names the row",
    "parent": "shown on the record's page",
    "selected_for_follow_up": "a due date says so (`due`)",
    "replaces": "shown with its entry",
    "correction_reason": "shown with its entry",
    "grade": "each scheme has its own scale; `status` compares them",
    "grade_scheme": "each scheme has its own scale; `status` compares them",
    "slug": "is the address of the row",
    "path": "is the address of the row",
    "position": "an order, not a property",
    "members": "shown with the stakeholder",
    "note": "free text of the editors",
    "sdg_targets": "not yet asked for",
    "ends_on": "the beginning says when",
    "precision": "how exactly the beginning is known",
    "language": "all documents so far are in English",
    "url": "an address elsewhere",
    "sha256": "for checking a file",
    "merged_into": "what doubled another record is not in the list",
    "stage": "only what is published is in the list",
    "withdrawn_at": "what was withdrawn is not in the list",
    "withdrawal_reason": "what was withdrawn is not in the list",
    "partner": "for the desk, never public",
    "shows_authors": "for the desk, never public",
}


@pytest.mark.parametrize("filterset", COVERED, ids=lambda one: one.__name__)
def test_every_field_is_filtered_or_exempt_for_a_reason(filterset: type[filters.PublicFilterSet]) -> None:
    model = filterset._meta.model
    fields = {field.name for field in [*model._meta.fields, *model._meta.many_to_many]}
    assert fields - set(COVERED[filterset]) - set(EXEMPT) == set()
    assert set(COVERED[filterset]) <= fields
    assert set(COVERED[filterset].values()) <= set(filterset.base_filters)


def test_promised_filters_of_recommendations_exist() -> None:
    promised = (
        "q kind state review mechanism issue group stakeholder status assessor disagree position response"
    )
    assert {*promised.split(), "stale", "due", "from", "to"} <= set(
        filters.RecommendationFilters.base_filters
    )
