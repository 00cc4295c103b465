"""How many records each value of each filter would leave, under the other filters in force."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Value
from django.db.models.functions import Coalesce

from recommendations.filters.base import Given
from recommendations.filters.rows import ancestors
from recommendations.filters.sets import STATUSES, by_assessor, by_headline, with_status
from recommendations.models import FollowUp, Issue, IssueTag, Stakeholder

if TYPE_CHECKING:
    from recommendations.filters import RecommendationFilters
    from recommendations.filters.base import Rows

Counts = dict[str, dict[str, int]]

# Filters with one value a record, and where it stands.
SINGLE = {
    "state": "document__review__state__iso3",
    "review": "document__review__slug",
    "mechanism": "document__review__mechanism",
    "kind": "kind",
    "position": "position",
    "year": "document__review__starts_on__year",
}

# Filters of which a record can match several values at once.
OVERLAPPING = ("response", "chain")


def counts(filterset: RecommendationFilters) -> Counts:
    """For each facet the number of records by value, values without a record left out.

    Facets are named like their filters (`state review mechanism kind position year issue group
    stakeholder status assessor`), and values as in the address (an issue by its path, with everything
    below it). `status` is the headline, or where assessors are chosen the status as they give it;
    `status_R` for each role R is what it says itself, `not_assessed` where it has no entry. Also
    `response` and `chain`, whose values overlap.
    """
    found = {name: tally(filterset.rows_without(name), field) for name, field in SINGLE.items()}
    found["issue"] = by_issue(filterset.rows_without("issue"))
    found["group"] = tally(filterset.rows_without("group"), "groups__slug")
    public = Stakeholder.objects.published()
    found["stakeholder"] = tally(
        filterset.rows_without("stakeholder").filter(raised_by__in=public), "raised_by__slug"
    )
    for name in OVERLAPPING:
        found[name] = each_alone(filterset, name)
    return found | by_status(filterset)


def each_alone(filterset: RecommendationFilters, name: str) -> dict[str, int]:
    """How many records match each value of a filter whose values overlap."""
    item, rows = filterset.filters[name], filterset.rows_without(name)
    numbers = {
        option.value: item.narrow(rows, Given((option,))).values("pk").count() for option in item.options()
    }
    return {value: number for value, number in numbers.items() if number}


def tally(rows: Rows, field: str) -> dict[str, int]:
    """How many of these rows have which value."""
    found = rows.order_by().values_list(field).annotate(Count("pk", distinct=True))
    return {str(value): number for value, number in found if value not in {None, ""}}


def by_issue(rows: Rows) -> dict[str, int]:
    """How many of these records each issue has, those of the issues below it counted in, once each."""
    tags = IssueTag.objects.published().filter(recommendation__in=rows.order_by().values("pk"))
    within: dict[str, set[int]] = defaultdict(set)
    for path, record in tags.order_by().values_list("issue__path", "recommendation"):
        for step in ancestors(path):
            within[step].add(record)
    known = set(Issue.objects.values_list("path", flat=True))
    return {path: len(records) for path, records in within.items() if path in known}


def by_status(filterset: RecommendationFilters) -> Counts:
    """The facets of statuses and assessors."""
    given = filterset.given
    statuses: list[Any] = given["status"].keys
    assessors: list[Any] = given["assessor"].keys
    rows, found = filterset.rows_without("status", "assessor"), Counts()
    found["status"] = Counter()
    for status, _ in STATUSES:
        narrowed = by_assessor(rows, assessors, [status]) if assessors else by_headline(rows, [status])
        found["status"][status] = narrowed.count()
    found["assessor"] = {role: by_assessor(rows, [role], statuses).count() for role in FollowUp.Role.values}
    for role in FollowUp.Role.values:
        name, field = f"status_{role}", f"{role}_status"
        own = with_status(filterset.rows_without(name)).annotate(
            said=Coalesce(field, Value(FollowUp.NOT_ASSESSED))
        )
        found[name] = tally(own, "said")
    return {name: {value: n for value, n in values.items() if n} for name, values in found.items()}
