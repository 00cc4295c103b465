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
    FollowUp,
    Issue,
    IssueTag,
    Listing,
    ListingVersion,
    PopulationGroup,
    Recommendation,
    ResponseLink,
    Review,
    Stakeholder,
    State,
)
from recommendations.models.issues import ancestors
from recommendations.search.facets import bitset
from recommendations.search.facets.bitset import WORD, Places
from recommendations.search.facets.chains import FamilyLine, Link, all_links, families_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Hashable, Iterable

    from django.db.models import QuerySet

    from recommendations.search.facets.bitset import Bits

# facet → what a record has → the records that have it
Sets = dict[str, dict[Any, "Bits"]]
ROLES = tuple(FollowUp.Role.values)
Found = TypeVar("Found")
# So many sets found by queries are kept with each version.
REMEMBERED = 64
# Columns of the listing in which a record has one value, by facet.
COLUMNS = {
    "kind": "kind",
    "position": "position",
    "answered": "answered",
    "linked": "linked",
    "asked_again": "asked_again",
    "disagree": "disagree",
    "status": "status",
    **{f"status_{role}": f"{role}_status" for role in ROLES},
}


@dataclass(frozen=True)
class Names:
    """Rows that facets name, by id, as they stand in an address; without those that may not be named."""

    states: dict[int, str]
    groups: dict[int, str]
    stakeholders: dict[int, str]
    issues: dict[int, str]
    reviews: dict[int, str]
    # State, mechanism and first day of each review.
    about: dict[int, tuple[int, str, datetime.date]]


@dataclass(frozen=True)
class Index:
    """The sets of one version of the data."""

    token: str
    number: int
    epoch: str
    places: Places
    public: Bits
    # Of single records: kept as they are read, by ids.
    sets: Sets
    names: Names
    # Made of them: by address values.
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
                found[day] = found.get(day, 0) | records
        return sorted(found.items())

    @cached_property
    def totals(self) -> dict[str, dict[str, int]]:
        """How many public records each value of a facet has."""
        return {
            name: {value: found.bit_count() for value, found in sets.items()}
            for name, sets in self.facets.items()
        }

    def counts(self, facet: str, records: Bits, values: Iterable[str] | None = None) -> dict[str, int]:
        """How many of these records have each value of a facet (or of these values), if any has."""
        sets, totals = self.facets[facet], self.totals[facet]
        values = sets if values is None else [value for value in values if value in sets]
        if records == self.public:
            return {value: totals[value] for value in values if totals[value]}
        found = ((value, (sets[value] & records).bit_count()) for value in values)
        return {value: number for value, number in found if number}

    @cached_property
    def links(self) -> list[Link]:
        """All public links between records, read when they are first asked for."""
        return all_links()

    @cached_property
    def families(self) -> list[FamilyLine]:
        """The chains that the links make."""
        return families_of(self.links)

    def having(self, facet: str, keys: list[Any]) -> Bits:
        """The records that have one of these keys."""
        found = self.sets.get(facet, {})
        return bitset.union(found[key] for key in keys if key in found)

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
        places = before.places
        public, changed, sets = read(places, before.number)
        sets = merged(before.sets, sets, changed)
        public |= before.public & ~changed
    else:
        places = Places()
        public, _, sets = read(places, 0)
    index = Index(
        token=version.token if version else "",
        number=version.number if version else 0,
        epoch=version.epoch if version else "",
        places=places,
        public=public,
        sets=sets,
        names=names(),
    )
    index.facets.update(facets_of(index))
    return index


def index_of(filterset: Any) -> Index:
    """The sets that this FilterSet is counted by: of one version of the data for the whole of a page."""
    found: Index | None = filterset.__dict__.get("index")
    if found is None:
        found = filterset.__dict__["index"] = current()
    return found


def ids_of(rows: QuerySet[Any], places: Places) -> Bits:
    """The set of the records of a QuerySet, none of which it has twice."""
    if connection.vendor != "postgresql":
        return places.of(rows.order_by().values_list("pk", flat=True).iterator(chunk_size=10_000))
    # A word for up to 32 ids: of many records, reading each id would take longer than finding them.
    try:
        sql, params = rows.order_by().values_list("pk").query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.id >> {WORD}, bit_or(1::bigint << (s.id & {(1 << WORD) - 1})::int)"  # noqa: S608
            f" FROM ({sql}) s (id) GROUP BY 1",
            params,
        )
        return places.of_words(cursor.fetchall())


def merged(before: Sets, new: Sets, changed: Bits) -> Sets:
    """The sets before, with the changed records as they are now."""
    kept = ~changed
    return {
        facet: {
            key: found
            for key in before.get(facet, {}).keys() | new.get(facet, {}).keys()
            if (found := (before.get(facet, {}).get(key, 0) & kept) | new.get(facet, {}).get(key, 0))
        }
        for facet in before.keys() | new.keys()
    }


def read(places: Places, since: int) -> tuple[Bits, Bits, Sets]:
    """The public records, the changed ones, and the sets of them; of all, or of those changed since."""
    rows = Listing.objects.order_by()
    if since:
        rows = rows.filter(version__gt=since)
    changed = places.of(rows.values_list("pk", flat=True)) if since else 0
    alike, by_review = bitset.Gathering(places), bitset.Gathering(places)
    # Few combinations of these occur, so each record is put into two sets instead of a dozen.
    values = rows.filter(public=True).values_list("pk", "review_id", *COLUMNS.values())
    for pk, review, *combination in values.iterator(chunk_size=10_000):
        by_review.add(review, pk)
        alike.add(tuple(combination), pk)
    sets: Sets = {facet: {} for facet in COLUMNS}
    for combination, found in alike.sets().items():
        for facet, value in zip(COLUMNS, combination, strict=True):  # type: ignore[call-overload]
            sets[facet][value] = sets[facet].get(value, 0) | found
    sets["review"] = by_review.sets()
    through: dict[str, tuple[QuerySet[Any], str]] = {
        "issue": (IssueTag.objects.exclude(origin=IssueTag.Origin.SUGGESTION), "issue_id"),
        "stakeholder": (Recommendation.raised_by.through._default_manager.all(), "stakeholder_id"),
        "group": (Recommendation.groups.through._default_manager.all(), "populationgroup_id"),
        "stance": (ResponseLink.objects.published(), "stance"),
    }
    for facet, (links, key) in through.items():
        links = links.filter(recommendation__listing__public=True)
        if since:
            links = links.filter(recommendation__listing__version__gt=since)
        gathering = bitset.Gathering(places)
        for value, pk in links.order_by().values_list(key, "recommendation_id").iterator(chunk_size=10_000):
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


def facets_of(index: Index) -> dict[str, dict[str, Bits]]:
    """The sets by values as they stand in addresses; an issue has all that is below it."""
    named, sets = index.names, index.sets
    found: dict[str, dict[str, Bits]] = {
        "review": _renamed(sets["review"], named.reviews),
        "group": _renamed(sets["group"], named.groups),
        "stakeholder": _renamed(sets["stakeholder"], named.stakeholders),
        "kind": sets["kind"],
        "position": {value: found for value, found in sets["position"].items() if value},
        "status": sets["status"],
        **{name: {} for name in ("state", "mechanism", "year", "issue")},
    }
    for review, records in sets["review"].items():
        state, mechanism, day = named.about[review]
        for facet, value in (
            ("state", named.states[state]),
            ("mechanism", mechanism),
            ("year", str(day.year)),
        ):
            found[facet][value] = found[facet].get(value, 0) | records
    for issue, records in sets["issue"].items():
        for path in ancestors(named.issues[issue]):
            found["issue"][path] = found["issue"].get(path, 0) | records
    for role in ROLES:
        own = sets[f"status_{role}"]
        found[f"status_{role}"] = {value or FollowUp.NOT_ASSESSED: records for value, records in own.items()}
    answered = sets["answered"].get(True, 0)
    found["response"] = {"yes": answered, "no": index.public & ~answered, **sets["stance"]}
    linked = sets["linked"].get(True, 0)
    implemented = sets["status"].get(FollowUp.Status.IMPLEMENTED.value, 0)
    found["chain"] = {
        "open": sets["asked_again"].get(True, 0) & ~implemented,
        "any": linked,
        "none": index.public & ~linked,
    }
    return found


def _renamed(sets: dict[Any, Bits], names: dict[int, str]) -> dict[str, Bits]:
    return {names[key]: records for key, records in sets.items() if key in names}
