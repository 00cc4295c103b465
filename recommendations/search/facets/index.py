"""All public records as sets by what they are filtered by, in the memory of each process.

Counting by SQL what is left of a quarter of a million records under a broad filter takes a second for a
page with a dozen facets (docs/performance.md), so each process keeps the sets. It never answers from an
older version of the data: `current()` reads the version (one query, see `ListingVersion`) for each page,
and when it has changed, reads the rows that changed, or everything where that is not certain.
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
# So many sets found by queries are kept with each version.
REMEMBERED = 64


@dataclass(frozen=True)
class Index(Kept):
    """The sets of one version of the data: kept as they are read, by ids; and of facets, made of these."""

    token: str
    number: int
    epoch: str
    # By address values.
    facets: dict[str, dict[str, Bits]] = field(default_factory=dict)

    @cached_property
    def found(self) -> dict[Hashable, Any]:
        """What filters that no set is kept of have found in this version, the newest last."""
        return {}

    def remember(self, key: Hashable, find: Callable[[], Found]) -> Found:
        """What was found under this key, or is found now: readers add filters and turn pages."""
        found: Found | None = self.found.get(key)
        if found is None:
            found = self.found[key] = find()
            for old in list(self.found)[:-REMEMBERED]:
                self.found.pop(old, None)
        return found

    @cached_property
    def days(self) -> list[tuple[datetime.date, Bits]]:
        """The days on which reviews began, and the records of these reviews; oldest first."""
        found: dict[datetime.date, Bits] = {}
        for review, (_, _, day) in self.names.about.items():
            if records := self.sets["review"].get(review):
                found[day] = found.get(day, EMPTY) | records
        return sorted(found.items())

    @cached_property
    def totals(self) -> dict[str, dict[str, int]]:
        """How many public records each value of a facet has."""
        return {
            name: {value: len(found) for value, found in sets.items()} for name, sets in self.facets.items()
        }

    def counts(self, facet: str, records: Bits, values: Iterable[str] | None = None) -> dict[str, int]:
        """How many of these records have each value of a facet (or of these values), if any has."""
        sets, totals = self.facets[facet], self.totals[facet]
        values = sets if values is None else [value for value in values if value in sets]
        if records == self.public:
            return {value: totals[value] for value in values if totals[value]}
        found = ((value, sets[value].intersection_cardinality(records)) for value in values)
        return {value: number for value, number in found if number}

    @cached_property
    def links(self) -> list[Link]:
        """All public links between records, read when they are first asked for."""
        return all_links()

    @cached_property
    def families(self) -> list[FamilyLine]:
        """The chains that the links make."""
        return families_of(self.links)

    def matching(self, facet: str, keys: list[Any]) -> Bits:
        """The records that the filter of a facet leaves with these keys."""
        return FACETS[facet].matching(self, self.facets.get(facet, {}), keys)

    def begun(self, first: datetime.date | None, last: datetime.date | None) -> Bits:
        """The records of reviews that began in this span."""
        reviews = [
            review
            for review, (_, _, day) in self.names.about.items()
            if (first is None or day >= first) and (last is None or day <= last)
        ]
        return self.having("review", reviews)


_lock = threading.Lock()
# The newest sets of what is final, and of what a transaction of this process has not ended yet.
_newest: Index | None = None
_unsettled: Index | None = None


def current() -> Index:
    """The sets of the data as they are now."""
    global _newest, _unsettled
    if found := _known(ListingVersion.objects.first()):
        return found
    with _lock:
        # Another thread may have built them meanwhile.
        version = ListingVersion.objects.first()
        if found := _known(version):
            return found
        if connection.in_atomic_block:
            # May be taken back, so nothing is built upon it; but its token never comes again.
            found = _unsettled = build(version, None)
        else:
            found = _newest = build(version, _newest)
    return found


def _known(version: ListingVersion | None) -> Index | None:
    """The sets of this version, if they are there."""
    if version:
        for index in (_newest, _unsettled):
            if index and index.token == version.token:
                return index
    return None


def build(version: ListingVersion | None, before: Index | None) -> Index:
    """The sets of this version; from those of an earlier one where what has changed since is known."""
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
    """The sets that this FilterSet is counted by: of one version of the data for the whole of a page."""
    found: Index | None = filterset.__dict__.get("index")
    if found is None:
        found = filterset.__dict__["index"] = current()
    return found


def ids_of(rows: QuerySet[Any]) -> Bits:
    """The set of the records of a QuerySet, none of which it has twice."""
    if connection.vendor != "postgresql":
        return Bits(rows.order_by().values_list("pk", flat=True).iterator(chunk_size=10_000))
    # As one value: of many records, reading a row for each id would take longer than finding them.
    try:
        sql, params = rows.order_by().values_list("pk").query.sql_with_params()
    except EmptyResultSet:
        return EMPTY
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg(int8send(s.id), '') FROM ({sql}) s (id)", params)  # noqa: S608
        (octets,) = cursor.fetchone()
    return bitset.from_octets(octets) if octets else EMPTY


def merged(before: Sets, new: Sets, changed: Bits) -> Sets:
    """The sets before, with the changed records as they are now."""

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
    """The public records, the changed ones, and the sets of them; of all, or of those changed since."""
    rows = Listing.objects.order_by()
    if since:
        rows = rows.filter(version__gt=since)
    changed = Bits(rows.values_list("pk", flat=True)) if since else EMPTY
    alike, by_review = bitset.Gathering(), bitset.Gathering()
    # Few combinations of these occur, so each record is put into two sets instead of a dozen.
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
    """The rows that facets name."""
    reviews = list(Review.objects.values_list("pk", "slug", "state", "mechanism", "starts_on"))
    return Names(
        states=dict(State.objects.values_list("pk", "iso3")),
        groups=dict(PopulationGroup.objects.values_list("pk", "slug")),
        stakeholders=dict(Stakeholder.objects.published().values_list("pk", "slug")),
        issues=dict(Issue.objects.values_list("pk", "path")),
        reviews={pk: slug for pk, slug, *_ in reviews},
        about={pk: (state, mechanism, day) for pk, _, state, mechanism, day in reviews},
    )
