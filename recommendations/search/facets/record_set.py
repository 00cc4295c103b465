"""Public records as a set, so that pages can count them without a query for each number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from recommendations.models import Recommendation
from recommendations.search.facets import bitset
from recommendations.search.facets.bitset import EMPTY, Bits
from recommendations.search.facets.index import Index, current

if TYPE_CHECKING:
    import datetime
    from collections.abc import Container, Iterable


@dataclass(frozen=True, slots=True)
class Records:
    """A set of public records, from one version of the data."""

    index: Index
    bits: Bits

    @classmethod
    def all(cls) -> Records:
        """Return all public records. One query, for the version."""
        index = current()
        return cls(index, index.public)

    @property
    def number(self) -> int:
        """Return the number of records."""
        return len(self.bits)

    def having(self, facet: str, *values: str) -> Records:
        """Return those with one of these URL values of a facet (`facets.counts()`)."""
        known = self.index.facets[facet]
        return Records(self.index, self.bits & bitset.union(known.get(value, EMPTY) for value in values))

    def among(self, facet: str, keys: Iterable[Any]) -> Records:
        """Return those with one of these row ids of a facet: State, review, issue, stakeholder, group."""
        return Records(self.index, self.bits & self.index.matching(facet, list(keys)))

    def but(self, facet: str, *values: str) -> Records:
        """Return those with none of these values of a facet."""
        return Records(self.index, self.bits - self.having(facet, *values).bits)

    def counts(self, facet: str, among: Iterable[str] | None = None) -> dict[str, int]:
        """Return counts by value of a facet (or by these values), leaving out zero counts."""
        return self.index.counts(facet, self.bits, among)

    @property
    def ids(self) -> list[int]:
        """Return the ids of all records in the set."""
        return list(self.bits)

    def on(self, days: Container[datetime.date]) -> Records:
        """Return all public records of reviews that began on these days, including any outside this set."""
        return Records(self.index, bitset.union(of_day for day, of_day in self.index.days if day in days))

    def stretch(self, start: int, size: int, *, newest: bool) -> Stretch:
        """Return the days spanned by rows `start` to `start + size`, ordered by the day their review began.

        A page of a long list then needs only the rows of a few reviews, however far down it is.
        """
        before, found = 0, EMPTY
        days: list[datetime.date] = []
        for day, of_day in reversed(self.index.days) if newest else self.index.days:
            here = self.bits & of_day
            number = len(here)
            if not days and before + number <= start:
                before += number
            elif number:
                found |= here
                days.append(day)
                if before + len(found) >= start + size:
                    break
        return Stretch(Records(self.index, found), start - before, days)

    def expecting_follow_up(self) -> Records:
        """Leave out commendations, which credit progress and ask for nothing."""
        return self.but("kind", Recommendation.Kind.COMMENDATION)


class Stretch(NamedTuple):
    """Records of some consecutive days, the offset at which the rows begin, and the days."""

    records: Records
    start: int
    days: list[datetime.date]
