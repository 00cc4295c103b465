"""Facets: one declaration gives the records that have each value, both as sets and as SQL."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from recommendations.search.facets import bitset
from recommendations.search.facets.bitset import EMPTY, Bits

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Sequence

    from django_stubs_ext import StrOrPromise

    from recommendations.models.derived import Filtered

# Name of the kept column or table → value → the records that have it.
Sets = dict[str, dict[Any, Bits]]
Rows = QuerySet[Any]
# The set operation for each connector of a condition.
JOIN = {Q.AND: and_, Q.OR: or_}


@dataclass(frozen=True)
class Names:
    """URL values of the rows that facets refer to, by id; rows that may not be named are left out."""

    states: dict[int, str]
    groups: dict[int, str]
    stakeholders: dict[int, str]
    issues: dict[int, str]
    reviews: dict[int, str]
    # State, mechanism and first day of each review, by its id.
    about: dict[int, tuple[int, str, datetime.date]]


@dataclass(frozen=True)
class Kept:
    """The public records of one version of the data, as sets by value, from which facets are built."""

    public: Bits
    sets: Sets
    names: Names

    def having(self, kept: str, keys: Sequence[Any]) -> Bits:
        """Return the records that have one of these keys."""
        found = self.sets.get(kept, {})
        return bitset.union(found[key] for key in keys if key in found)

    def where(self, condition: Q) -> Bits:
        """Return the records that meet a condition on kept listing columns; `in_sql()`, but with sets."""
        children: list[Any] = list(condition.children)
        found = [
            self.where(child) if isinstance(child, Q) else self.sets[child[0]].get(child[1], EMPTY)
            for child in children
        ]
        together: Bits = reduce(JOIN[condition.connector], found)
        return self.public - together if condition.negated else together


def in_sql(condition: Q) -> Q:
    """Return a condition on listing columns in the form that a query of records needs."""
    children: list[Any] = list(condition.children)
    found = [
        in_sql(child) if isinstance(child, Q) else (f"listing__{child[0]}", child[1]) for child in children
    ]
    return Q(*found, _connector=condition.connector, _negated=condition.negated)


@dataclass(frozen=True, kw_only=True)
class Facet:
    """A property by which records are filtered and counted, under its name in addresses.

    `by_value()` uses sets, `narrow()` uses SQL; both must find the same records, and a test compares
    them. A facet with a label also gets its filter from the declaration (`filters/facet_filters.py`).
    """

    name: str
    label: StrOrPromise = ""
    choices: Sequence[tuple[Any, StrOrPromise]] = ()
    # Whether counts are shown beside its values.
    counted: bool = True

    def by_value(self, kept: Kept) -> dict[str, Bits]:
        """Return the records that have each value, by URL value."""
        raise NotImplementedError

    def matching(self, kept: Kept, by_value: dict[str, Bits], keys: list[Any]) -> Bits:
        """Return the records that match a filter with these keys; `by_value` are the sets of this facet."""
        return bitset.union(by_value.get(str(key), EMPTY) for key in keys)

    def narrow(self, rows: Rows, keys: list[Any]) -> Rows:
        """Return the rows that match a filter with these keys, by SQL."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class ColumnFacet(Facet):
    """A listing column, with its values or yes and no; declared with the column (`Filtered`)."""

    column: str
    filtered: Filtered

    def by_value(self, kept: Kept) -> dict[str, Bits]:
        sets = kept.sets[self.column]
        if not self.choices:
            return {str(value).lower(): records for value, records in sets.items()}
        named = {self.filtered.null if value is None else value: found for value, found in sets.items()}
        return {value: found for value, found in named.items() if value}

    def matching(self, kept: Kept, by_value: dict[str, Bits], keys: list[Any]) -> Bits:
        return kept.having(self.column, [None if self._is_null(key) else key for key in keys])

    def narrow(self, rows: Rows, keys: list[Any]) -> Rows:
        return rows.filter(self.condition(keys))

    def condition(self, keys: list[Any]) -> Q:
        """Return the condition for records that have one of these values."""
        name = f"listing__{self.column}"
        if not self.choices:
            return Q(**{name: keys[0]})
        stored = [key for key in keys if not self._is_null(key)]
        found = Q(**{f"{name}__in": stored}) if stored else Q()
        return found | Q(**{f"{name}__isnull": True}) if len(stored) < len(keys) else found

    def _is_null(self, key: Any) -> bool:
        return bool(self.filtered.null) and key == self.filtered.null


@dataclass(frozen=True, kw_only=True)
class ReviewFacet(Facet):
    """A property of a record's review: `value`, of the review's State, mechanism and first day."""

    value: Callable[[Names, int, str, datetime.date], str]
    by: Callable[[Rows, list[Any]], Rows]
    # The URL value for a key of the filter.
    address_of: Callable[[Names, Any], str] = lambda _names, key: str(key)

    def by_value(self, kept: Kept) -> dict[str, Bits]:
        found: dict[str, Bits] = {}
        for review, records in kept.sets["review"].items():
            value = self.value(kept.names, *kept.names.about[review])
            found[value] = found.get(value, EMPTY) | records
        return found

    def matching(self, kept: Kept, by_value: dict[str, Bits], keys: list[Any]) -> Bits:
        return bitset.union(by_value.get(self.address_of(kept.names, key), EMPTY) for key in keys)

    def narrow(self, rows: Rows, keys: list[Any]) -> Rows:
        return self.by(rows, keys)


@dataclass(frozen=True, kw_only=True)
class Through:
    """A table that joins records to other rows: the join rows that count, and the column of the other row."""

    links: Callable[[], Rows]
    key: str


@dataclass(frozen=True, kw_only=True)
class RowFacet(Facet):
    """Rows of another table; `named` gives their URL values by id."""

    named: Callable[[Names], dict[int, str]]
    by: Callable[[Rows, list[Any]], Rows]
    # None if the listing itself has the value.
    through: Through | None = None
    # The values under which a record with this value is counted, such as its ancestors in a tree.
    counted_as: Callable[[str], list[str]] = lambda value: [value]

    def by_value(self, kept: Kept) -> dict[str, Bits]:
        found: dict[str, Bits] = {}
        named = self.named(kept.names)
        for key, records in kept.sets[self.name].items():
            if key in named:
                for value in self.counted_as(named[key]):
                    found[value] = found.get(value, EMPTY) | records
        return found

    def matching(self, kept: Kept, by_value: dict[str, Bits], keys: list[Any]) -> Bits:
        return kept.having(self.name, keys)

    def narrow(self, rows: Rows, keys: list[Any]) -> Rows:
        return self.by(rows, keys)


@dataclass(frozen=True, kw_only=True)
class ConditionFacet(Facet):
    """Overlapping values: each is a condition on kept listing columns, or a key of a joining table."""

    conditions: dict[str, Q]
    through: Through | None = None

    def by_value(self, kept: Kept) -> dict[str, Bits]:
        found = {value: kept.where(condition) for value, condition in self.conditions.items()}
        return found | kept.sets[self.name] if self.through else found

    def narrow(self, rows: Rows, keys: list[Any]) -> Rows:
        match = Q()
        for key in keys:
            if key in self.conditions:
                match |= in_sql(self.conditions[key])
        if self.through and (others := [key for key in keys if key not in self.conditions]):
            links = self.through.links().filter(recommendation=OuterRef("pk"))
            match |= Q(Exists(links.filter(**{f"{self.through.key}__in": others})))
        return rows.filter(match)
