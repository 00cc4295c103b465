"""What the listing must say, worked out in plain Python from the rows themselves.

Written without the QuerySets and the SQL that make the listing, so that a rule changed by mistake there
differs from the rule here.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from recommendations.models import FollowUp, Recommendation, RecommendationLink, ResponseLink

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

ROLES = ("state", "civil_society", "nhri", "un_body", "tracker")
# Of the parts of a record: the one most advanced decides, of these.
MOVED = ("in_progress", "regressed")
Expected = dict[str, Any]


def is_public(record: Recommendation) -> bool:
    return record.published and record.document.published


def standing(entries: Iterable[FollowUp]) -> list[FollowUp]:
    """Published, not withdrawn, not replaced by a published correction; the one that counts most first."""
    entries = [entry for entry in entries if entry.published_at]
    replaced = {entry.replaces_id for entry in entries}
    found = [entry for entry in entries if not entry.withdrawn_at and entry.pk not in replaced]
    found.sort(key=lambda entry: (entry.published_at, entry.pk), reverse=True)
    found.sort(key=lambda entry: entry.role == "tracker")
    return sorted(found, key=lambda entry: entry.as_of, reverse=True)


def headline(entries: list[FollowUp]) -> FollowUp | None:
    """The first of those by anybody but the State."""
    return next((entry for entry in entries if entry.role != "state"), None)


def of_parts(parts: list[FollowUp | None]) -> str:
    """What the headlines of a record's parts make of the whole."""
    found = {entry.status if entry else "not_assessed" for entry in parts}
    if len(found) == 1:
        return found.pop()
    if found & {"implemented", "partially_implemented"}:
        return "partially_implemented"
    for status in MOVED:
        if status in found:
            return status
    return "not_assessed" if "not_assessed" in found else "no_information"


def expected() -> dict[int, Expected]:
    """For each record, by id, what its row of the listing must say."""
    records = {
        record.pk: record for record in Recommendation.objects.select_related("document__review__state")
    }
    entries: dict[int, list[FollowUp]] = {pk: [] for pk in records}
    for entry in FollowUp.objects.all():
        entries[entry.recommendation_id].append(entry)
    current = {pk: standing(found) for pk, found in entries.items()}
    answered = {
        link.recommendation_id
        for link in ResponseLink.objects.select_related("recommendation__document", "response__document")
        if link.confirmed
        and is_public(link.recommendation)
        and link.response.published
        and link.response.document.published
    }
    links = [
        link
        for link in RecommendationLink.objects.select_related("earlier__document", "later__document")
        if link.confirmed and is_public(link.earlier) and is_public(link.later)
    ]
    found = {}
    for pk, record in records.items():
        parts = [
            headline(current[part.pk])
            for part in records.values()
            if part.parent_id == pk and is_public(part) and part.kind != "commendation"
        ]
        found[pk] = status_of(current[pk], parts) | {
            "public": is_public(record),
            "kind": record.kind,
            "position": record.position,
            "mechanism": record.document.review.mechanism,
            "state_id": record.document.review.state_id,
            "starts_on": record.document.review.starts_on,
            "state_name": record.document.review.state.name,
            "due_on": record.due_on,
            "answered": pk in answered,
            "linked": any(pk in (link.earlier_id, link.later_id) for link in links),
            "asked_again": any(
                pk == link.earlier_id and link.relation in ("taken_up", "repeated") for link in links
            ),
        }
    return found


def status_of(entries: list[FollowUp], parts: list[FollowUp | None]) -> Expected:
    """The headline, and what each role says, of a record with these entries and parts."""
    own = headline(entries)
    on_parts: list[datetime.date] = [entry.as_of for entry in parts if entry]
    found: Expected = {
        "status": own.status if own else "not_assessed",
        "status_as_of": own.as_of if own else None,
        "status_entry": own.pk if own else None,
    }
    if on_parts and (not own or own.as_of < max(on_parts)):
        found = {"status": of_parts(parts), "status_as_of": max(on_parts), "status_entry": None}
    by_role = {role: next((entry for entry in entries if entry.role == role), None) for role in ROLES}
    for role, entry in by_role.items():
        found |= {f"{role}_entry": entry and entry.pk, f"{role}_status": entry and entry.status}
    said = [entry.status for entry in by_role.values() if entry and entry.status != "no_information"]
    return found | {"disagree": any(one != other for one, other in combinations(said, 2))}
