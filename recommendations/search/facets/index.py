"""All public records as in-memory sets by filter value, kept in each process.

With a quarter of a million records and a broad filter, counting a dozen facets by SQL takes a second per
page (docs/performance.md), so each process keeps the sets. They never answer from an outdated version of
the data: `current()` checks the version for each page (one query, see `ListingVersion`). If it has changed,
it reads the changed rows, or everything if it cannot tell which rows changed.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection

from recommendations.models import (
    Issue,
    Listing,
    ListingVersion,
    PopulationGroup,
    Review,
    Stakeholder,
    State,
)
from recommendations.search.facets import bitset
from recommendations.search.facets.bitset import EMPTY, Bits
from recommendations.search.facets.chains import FamilyLine, Link, all_links, families_of
from recommendations.search.facets.declared import FACETS, KEPT_COLUMNS, THROUGH
from recommendations.search.facets.facet import Kept, Names

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Hashable, Iterable

    from django.db.models import QuerySet

    from recommendations.search.facets.facet import Sets

Found = TypeVar("Found")
# The number of query results kept as sets with each version.
REMEMBERED = 64


@dataclass(frozen=True)
class Index(Kept):
    """The sets of one version of the data: by id, as read from the database, and by facet value."""

    token: str
    number: int
    epoch: str
    # Facet → URL value → records.
    facets: dict[str, dict[str, Bits]] = field(default_factory=dict)

    @cached_property
    def found(self) -> dict[Hashable, Any]:
        """Results in this version of filters that have no kept set, most recent last."""
        return {}

    def remember(self, key: Hashable, find: Callable[[], Found]) -> Found:
        """Return the cached result for this key, or find it: readers add filters and turn pages."""
        found: Found | None = self.found.get(key)
        if found is None:
            found = self.found[key] = find()
            for old in list(self.found)[:-REMEMBERED]:
                self.found.pop(old, None)
        return found

    @cached_property
    def days(self) -> list[tuple[datetime.date, Bits]]:
        """Return (day, records of reviews that began on that day), oldest first."""
        found: dict[datetime.date, Bits] = {}
        for review, (_, _, day) in self.names.about.items():
            if records := self.sets["review"].get(review):
                found[day] = found.get(day, EMPTY) | records
        return sorted(found.items())

    @cached_property
    def totals(self) -> dict[str, dict[str, int]]:
        """Return the number of public records by facet and value."""
        return {
            name: {value: len(found) for value, found in sets.items()} for name, sets in self.facets.items()
        }

    def counts(self, facet: str, records: Bits, values: Iterable[str] | None = None) -> dict[str, int]:
        """Return counts of these records by value of a facet (or by these values), without zero counts."""
        sets, totals = self.facets[facet], self.totals[facet]
        values = sets if values is None else [value for value in values if value in sets]
        if records == self.public:
            return {value: totals[value] for value in values if totals[value]}
        found = ((value, sets[value].intersection_cardinality(records)) for value in values)
        return {value: number for value, number in found if number}

    @cached_property
    def links(self) -> list[Link]:
        """Return all public links between records, read on first use."""
        return all_links()

    @cached_property
    def families(self) -> list[FamilyLine]:
        """Return the chains formed by the links."""
        return families_of(self.links)

    def matching(self, facet: str, keys: list[Any]) -> Bits:
        """Return the records that match the filter of a facet with these keys."""
        return FACETS[facet].matching(self, self.facets.get(facet, {}), keys)

    def begun(self, first: datetime.date | None, last: datetime.date | None) -> Bits:
        """Return the records of reviews that began in this period, both days included."""
        reviews = [
            review
            for review, (_, _, day) in self.names.about.items()
            if (first is None or day >= first) and (last is None or day <= last)
        ]
        return self.having("review", reviews)


_lock = threading.Lock()
# The newest sets of committed data, and those of an uncommitted transaction of this process.
_newest: Index | None = None
_unsettled: Index | None = None


def current() -> Index:
    """Return the sets for the current version of the data."""
    global _newest, _unsettled
    if found := _known(ListingVersion.objects.first()):
        return found
    with _lock:
        # Another thread may have built them meanwhile.
        version = ListingVersion.objects.first()
        if found := _known(version):
            return found
        if connection.in_atomic_block:
            # It may be rolled back, so no other index is built from it; its token is never reused.
            found = _unsettled = build(version, None)
        else:
            found = _newest = build(version, _newest)
    return found


def _known(version: ListingVersion | None) -> Index | None:
    """Return the sets of this version if they are in memory, else None."""
    if version:
        for index in (_newest, _unsettled):
            if index and index.token == version.token:
                return index
    return None


def build(version: ListingVersion | None, before: Index | None) -> Index:
    """Build the sets of this version, from those of `before` if the changes since then are known."""
    if version and before and before.epoch == version.epoch and before.number < version.number:
        public, changed, sets = read(before.number)
        sets = merged(before.sets, sets, changed)
        public |= before.public - changed
    else:
        public, _, sets = read(0)
    index = Index(
        token=version.token if version else "",
        number=version.number if version else 0,
        epoch=version.epoch if version else "",
        public=public,
        sets=sets,
        names=names(),
    )
    index.facets.update({name: facet.by_value(index) for name, facet in FACETS.items() if facet.counted})
    return index


def index_of(filterset: Any) -> Index:
    """Return the sets that this FilterSet is counted by: one version of the data for a whole page."""
    found: Index | None = filterset.__dict__.get("index")
    if found is None:
        found = filterset.__dict__["index"] = current()
    return found


def ids_of(rows: QuerySet[Any]) -> Bits:
    """Return the set of record ids of a QuerySet that has no duplicates."""
    if connection.vendor != "postgresql":
        return Bits(rows.order_by().values_list("pk", flat=True).iterator(chunk_size=10_000))
    # As one value: with many records, fetching a row per id would take longer than finding them.
    try:
        sql, params = rows.order_by().values_list("pk").query.sql_with_params()
    except EmptyResultSet:
        return EMPTY
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg(int8send(s.id), '') FROM ({sql}) s (id)", params)  # noqa: S608
        (octets,) = cursor.fetchone()
    return bitset.from_octets(octets) if octets else EMPTY


def merged(before: Sets, new: Sets, changed: Bits) -> Sets:
    """Return the earlier sets, updated with the new values of the changed records."""

    def now(facet: str, key: Any) -> Bits:
        old = before.get(facet, {}).get(key, EMPTY)
        return (old - changed) | new.get(facet, {}).get(key, EMPTY)

    return {
        facet: {
            key: found
            for key in before.get(facet, {}).keys() | new.get(facet, {}).keys()
            if (found := now(facet, key))
        }
        for facet in before.keys() | new.keys()
    }


def read(since: int) -> tuple[Bits, Bits, Sets]:
    """Return public records, changed records and their sets: all, or those changed since a version."""
    rows = Listing.objects.order_by()
    if since:
        rows = rows.filter(version__gt=since)
    changed = Bits(rows.values_list("pk", flat=True)) if since else EMPTY
    alike, by_review = bitset.Gathering(), bitset.Gathering()
    # Only a few combinations of these occur, so each record goes into two sets instead of a dozen.
    values = rows.filter(public=True).values_list("pk", "review_id", *KEPT_COLUMNS)
    for pk, review, *combination in values.iterator(chunk_size=10_000):
        by_review.add(review, pk)
        alike.add(tuple(combination), pk)
    sets: Sets = {column: {} for column in KEPT_COLUMNS}
    for combination, found in alike.sets().items():
        for column, value in zip(KEPT_COLUMNS, combination, strict=True):  # type: ignore[call-overload]  # values() are of any type
            sets[column][value] = sets[column].get(value, EMPTY) | found
    sets["review"] = by_review.sets()
    for facet, through in THROUGH.items():
        links = through.links().filter(recommendation__listing__public=True)
        if since:
            links = links.filter(recommendation__listing__version__gt=since)
        gathering = bitset.Gathering()
        pairs = links.order_by().values_list(through.key, "recommendation_id")
        for value, pk in pairs.iterator(chunk_size=10_000):
            gathering.add(value, pk)
        sets[facet] = gathering.sets()
    return bitset.union(sets["review"].values()), changed, sets


def names() -> Names:
    """Return the URL values of the rows that facets refer to."""
    reviews = list(Review.objects.values_list("pk", "slug", "state", "mechanism", "starts_on"))
    return Names(
        states=dict(State.objects.values_list("pk", "iso3")),
        groups=dict(PopulationGroup.objects.values_list("pk", "slug")),
        stakeholders=dict(Stakeholder.objects.published().values_list("pk", "slug")),
        issues=dict(Issue.objects.values_list("pk", "path")),
        reviews={pk: slug for pk, slug, *_ in reviews},
        about={pk: (state, mechanism, day) for pk, _, state, mechanism, day in reviews},
    )
