"""Public records as a set: what pages count, without asking the database for each number."""

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
    """Some of the public records, of one version of the data."""

    index: Index
    bits: Bits

    @classmethod
    def all(cls) -> Records:
        """All that are public. One query: of the version."""
        index = current()
        return cls(index, index.public)

    @property
    def number(self) -> int:
        """How many."""
        return len(self.bits)

    def having(self, facet: str, *values: str) -> Records:
        """Those with one of these values of a facet, as they stand in an address (`facets.counts()`)."""
        known = self.index.facets[facet]
        return Records(self.index, self.bits & bitset.union(known.get(value, EMPTY) for value in values))

    def among(self, facet: str, keys: Iterable[Any]) -> Records:
        """Those with one of these rows (by id) of a facet: State, review, issue, stakeholder, group."""
        return Records(self.index, self.bits & self.index.matching(facet, list(keys)))

    def but(self, facet: str, *values: str) -> Records:
        """Those with none of these values."""
        return Records(self.index, self.bits - self.having(facet, *values).bits)

    def counts(self, facet: str, among: Iterable[str] | None = None) -> dict[str, int]:
        """How many have each value of a facet (or of these values); without those that none has."""
        return self.index.counts(facet, self.bits, among)

    @property
    def ids(self) -> list[int]:
        """The ids of all of them."""
        return list(self.bits)

    def on(self, days: Container[datetime.date]) -> Records:
        """All public records of reviews that began on these days, whether they are among these or not."""
        return Records(self.index, bitset.union(of_day for day, of_day in self.index.days if day in days))

    def stretch(self, start: int, size: int, *, newest: bool) -> Stretch:
        """The days on which these rows lie, when records are ordered by the day their review began.

        A page of a long list then needs only rows of a few reviews, however far down it is.
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
        """All but commendations, which credit progress and ask for nothing."""
        return self.but("kind", Recommendation.Kind.COMMENDATION)


class Stretch(NamedTuple):
    """Records of some days in a row, the place among them where the rows begin, and the days."""

    records: Records
    start: int
    days: list[datetime.date]
