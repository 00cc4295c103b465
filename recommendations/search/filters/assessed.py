"""Filters records by the status that chosen assessors give them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, Subquery

from recommendations.models import FollowUp
from recommendations.search.facets.declared import of_role

if TYPE_CHECKING:
    from recommendations.search.filters.values import Rows


def by_assessor(rows: Rows, assessors: list[Any], statuses: list[Any]) -> Rows:
    """Return records with a current entry by one of these roles (names) or stakeholders (ids).

    With `statuses`, return records to which any of these assessors currently gives one of the statuses;
    `not_assessed` means that the assessor has no entry.
    """
    roles = [key for key in assessors if isinstance(key, str)]
    people = [key for key in assessors if not isinstance(key, str)]
    match = Q()
    for role in roles:
        match |= of_role(role).condition(statuses or FollowUp.Status.values)
    if people:
        stored = [status for status in statuses if status != FollowUp.NOT_ASSESSED]
        wants_entry, wants_none = bool(stored) or not statuses, FollowUp.NOT_ASSESSED in statuses
        standing = FollowUp.objects.standing().filter(recommendation=OuterRef("pk"), assessor__in=people)
        if wants_entry:
            match |= Q(Exists(newest_of_each_assessor(standing, stored)))
        if wants_none:
            match |= ~Q(Exists(standing))
    return rows.filter(match)


def newest_of_each_assessor(entries: Rows, statuses: list[Any]) -> Rows:
    """Return only the newest of these entries for each assessor and record."""
    same = (
        FollowUp.objects.standing()
        .newest_first()
        .filter(recommendation=OuterRef("recommendation"), assessor=OuterRef("assessor"))
    )
    current = entries.filter(pk=Subquery(same.values("pk")[:1]))
    return current.filter(status__in=statuses) if statuses else current
