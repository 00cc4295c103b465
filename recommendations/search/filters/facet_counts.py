"""Counts of the records that match each value of each filter, under the other active filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from recommendations.models import FollowUp
from recommendations.search.facets import bitset
from recommendations.search.facets.bitset import EMPTY, Bits
from recommendations.search.facets.declared import FACETS, ROLES
from recommendations.search.facets.index import Index, ids_of, index_of
from recommendations.search.facets.record_set import Records

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from recommendations.search.filters import PublicFilterSet
    from recommendations.search.filters.values import Given

Counts = dict[str, dict[str, int]]


def counts(filterset: PublicFilterSet) -> Counts:
    """Return the number of records by facet and value; values without a record are left out.

    Facets are named like their filters (`state review mechanism kind position year issue group
    stakeholder status assessor`), and values are written as in the address (an issue by its path,
    including everything below it). `status` is the headline or, if assessors are chosen, the status they
    give; `status_R` for each role R is its own status, `not_assessed` without an entry. `response` and
    `chain` are included too; their values overlap.
    """
    return of(filterset).counts()


def of(filterset: PublicFilterSet) -> Facets:
    """Return the counts under these filters, computed once per FilterSet."""
    found: Facets | None = filterset.__dict__.get("facets")
    if found is None:
        found = filterset.__dict__["facets"] = Facets(filterset, index_of(filterset))
    return found


class Facets:
    """The records that match a FilterSet, as sets, and the counts for its values.

    The FilterSet has all or some of the filters of the list of records.
    """

    def __init__(self, filterset: PublicFilterSet, index: Index) -> None:
        self.filterset = filterset
        self.index = index
        # Names of filters, with the records that match all of them.
        self.matches: list[tuple[tuple[str, ...], Bits]] = []
        self.read()

    def read(self) -> None:
        """Find the records that match each filter of the address."""
        given = {name: one for name, one in self.filterset.given.items() if one.asked}
        for name in [name for name, one in given.items() if not one.chosen]:
            self.matches.append(((name,), EMPTY))
            del given[name]
        if "assessor" in given:
            status = given.pop("status", None)
            assessors = given.pop("assessor").keys
            names = ("status", "assessor") if status else ("assessor",)
            self.matches.append((names, self.assessed(assessors, status.keys if status else [])))
        joint = {name: one for name in ("linked", "relation") if (one := given.pop(name, None))}
        if joint:
            keys = {name: one.keys for name, one in joint.items()}
            everything = self.filterset.queryset.all()
            found = self.found(repr(keys), lambda: self.filterset.narrow_jointly(everything, keys))
            self.matches.append((tuple(joint), found))
        for name, one in given.items():
            self.matches.append(((name,), self.matching(name, one)))

    def matching(self, name: str, given: Given) -> Bits:
        """Return the records that match one filter: from the sets if possible, else by a query."""
        if by := KNOWN.get(name):
            return by(self.index, given)
        rows = self.filterset.queryset.all()
        # The date is part of the key, because stale and overdue depend on it.
        key = (name, tuple(given.values), timezone.localdate())
        return self.found(key, lambda: self.filterset.filters[name].narrow(rows, given))

    def found(self, key: Hashable, rows: Callable[[], Any]) -> Bits:
        """Return the records of a QuerySet, found once per version of the data."""
        index = self.index
        return index.remember(key, lambda: ids_of(rows()) & index.public)

    def assessed(self, assessors: list[Any], statuses: list[Any]) -> Bits:
        """Return the records to which one of these assessors gives one of these statuses, or any."""
        roles = [key for key in assessors if isinstance(key, str)]
        people = tuple(key for key in assessors if not isinstance(key, str))
        matched = bitset.union(by_role(self.index, role, statuses) for role in roles)
        if people:
            given = self.given_by(people)
            matched |= bitset.union(given.get(one, EMPTY) for one in statuses or FollowUp.Status.values)
        return matched

    def given_by(self, people: tuple[int, ...]) -> dict[str, Bits]:
        """Return records by the status that one of these stakeholders gives them, or `not_assessed`."""
        return self.index.remember(("given by", people), lambda: self.read_verdicts(people))

    def read_verdicts(self, people: tuple[int, ...]) -> dict[str, Bits]:
        """Return the result of `given_by()`, read from the log. One query."""
        newest: dict[tuple[int, int], str] = {}
        entries = FollowUp.objects.standing().filter(assessor__in=people).newest_first()
        for assessor, pk, status in entries.values_list("assessor_id", "recommendation_id", "status"):
            newest.setdefault((assessor, pk), status)
        by_status: dict[str, list[int]] = {}
        for (_, pk), status in newest.items():
            by_status.setdefault(status, []).append(pk)
        index = self.index
        found = {status: Bits(ids) & index.public for status, ids in by_status.items()}
        return found | {FollowUp.NOT_ASSESSED: index.public - bitset.union(found.values())}

    def under(self, *without: str) -> Bits:
        """Return the records that match all filters but these."""
        records = self.index.public
        for names, matched in self.matches:
            if not set(names) & set(without):
                records &= matched
        return records

    @property
    def records(self) -> Records:
        """Return the records that match all filters."""
        return Records(self.index, self.under())

    @property
    def total(self) -> int:
        """Return the number of records that match all filters."""
        return len(self.under())

    def counts(self) -> Counts:
        """Return the counts in the form of the module's `counts()`."""
        found = {name: self.index.counts(name, self.under(name)) for name in self.index.facets}
        either = self.under("status", "assessor")
        given = self.filterset.given
        if assessors := given["assessor"].keys:
            statuses = [*FollowUp.Status.values, FollowUp.NOT_ASSESSED]
            found["status"] = tally({one: self.assessed(assessors, [one]) for one in statuses}, either)
        chosen = given["status"].keys
        found["assessor"] = tally({role: by_role(self.index, role, chosen) for role in ROLES}, either)
        return found


def tally(sets: Mapping[str, Bits], records: Bits) -> dict[str, int]:
    """Return how many of these records are in each set; sets without any are left out."""
    found = ((value, matched.intersection_cardinality(records)) for value, matched in sets.items())
    return {value: number for value, number in found if number}


def by_role(index: Index, role: str, statuses: list[Any]) -> Bits:
    """Return records to which a role gives one of these statuses, or any; `not_assessed` means no entry."""
    own = index.facets[f"status_{role}"]
    return bitset.union(own.get(one, EMPTY) for one in statuses or FollowUp.Status.values)


def _by_facet(name: str) -> Callable[[Index, Given], Bits]:
    return lambda index, given: index.matching(name, given.keys)


# Filters that the sets can answer; `status` only if no assessor is chosen.
KNOWN: dict[str, Callable[[Index, Given], Bits]] = {
    **{name: _by_facet(name) for name in FACETS},
    "headline": _by_facet("status"),
    "from": lambda index, given: index.begun(given.keys[0], None),
    "to": lambda index, given: index.begun(None, given.keys[0]),
    "reference": lambda index, given: Bits(given.keys) & index.public,
}
