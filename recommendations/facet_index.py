"""All public records as sets by what they are filtered by, in the memory of each process.

Counting by SQL what is left of a quarter of a million records under a broad filter takes a second for a
page with a dozen facets (docs/performance.md), so each process keeps the sets. It never answers from an
older version of the data: `current()` reads the version (one query, see `ListingVersion`) for each page,
and when it has changed, reads the rows that changed, or everything where that is not certain.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection

from recommendations import bits
from recommendations.filters.chains import AGAIN
from recommendations.filters.rows import ancestors
from recommendations.models import (
    FollowUp,
    Issue,
    IssueTag,
    Listing,
    ListingVersion,
    PopulationGroup,
    Recommendation,
    RecommendationLink,
    ResponseLink,
    Review,
    Stakeholder,
    State,
)

if TYPE_CHECKING:
    import datetime

    from recommendations.bits import Bits
    from recommendations.filters.base import Rows

# facet → what a record has → the records that have it
Sets = dict[str, dict[Any, "Bits"]]
ROLES = tuple(FollowUp.Role.values)
# Columns of the listing in which a record has one value, by facet.
COLUMNS = {
    "kind": "kind",
    "position": "position",
    "answered": "answered",
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
    epoch: int
    # Whether the version was final when it was read, and so can be built upon.
    settled: bool
    public: Bits
    # Of single records: kept as they are read, by ids.
    sets: Sets
    names: Names
    # Made of them: by address values.
    facets: dict[str, dict[str, Bits]] = field(default_factory=dict)

    def having(self, facet: str, keys: list[Any]) -> Bits:
        """The records that have one of these keys."""
        found = self.sets.get(facet, {})
        return bits.union(found[key] for key in keys if key in found)

    def begun(self, first: datetime.date | None, last: datetime.date | None) -> Bits:
        """The records of reviews that began in this span."""
        reviews = [
            review
            for review, (_, _, day) in self.names.about.items()
            if (first is None or day >= first) and (last is None or day <= last)
        ]
        return self.having("review", reviews)


_lock = threading.Lock()
_newest: Index | None = None


def current() -> Index:
    """The sets of the data as they are now."""
    global _newest
    version = ListingVersion.objects.first()
    found = _newest
    if version and found and found.token == version.token:
        return found
    with _lock:
        built = build(version, _newest)
        # What is not committed yet may be taken back; its token never comes again, so it may be kept.
        _newest = built
    return built


def build(version: ListingVersion | None, before: Index | None) -> Index:
    """The sets of this version; from those of an earlier one where what has changed since is known."""
    settled = not connection.in_atomic_block
    since = 0
    if version and before and settled and before.settled and version.epoch <= before.number < version.number:
        since = before.number
    public, changed, sets = read(since)
    if since and before:
        sets = merged(before.sets, sets, changed)
        public |= before.public & ~changed
    sets["linked"] = links()
    index = Index(
        token=version.token if version else "",
        number=version.number if version else 0,
        epoch=version.epoch if version else 0,
        settled=settled,
        public=public,
        sets=sets,
        names=names(),
    )
    index.facets.update(facets_of(index))
    return index


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


def read(since: int) -> tuple[Bits, Bits, Sets]:
    """The public records, the changed ones, and the sets of them; of all, or of those changed since."""
    rows = Listing.objects.order_by()
    if since:
        rows = rows.filter(version__gt=since)
    changed = bits.of(rows.values_list("pk", flat=True)) if since else 0
    alike, by_review = bits.Gathering(), bits.Gathering()
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
    through: dict[str, tuple[Rows, str]] = {
        "issue": (IssueTag.objects.exclude(origin=IssueTag.Origin.SUGGESTION), "issue_id"),
        "stakeholder": (Recommendation.raised_by.through._default_manager.all(), "stakeholder_id"),
        "group": (Recommendation.groups.through._default_manager.all(), "populationgroup_id"),
        "stance": (ResponseLink.objects.published(), "stance"),
    }
    for facet, (links, key) in through.items():
        links = links.filter(recommendation__listing__public=True)
        if since:
            links = links.filter(recommendation__listing__version__gt=since)
        gathering = bits.Gathering()
        for value, pk in links.order_by().values_list(key, "recommendation_id").iterator(chunk_size=10_000):
            gathering.add(value, pk)
        sets[facet] = gathering.sets()
    return bits.union(sets["review"].values()), changed, sets


def links() -> dict[Any, Bits]:
    """Of the records linked with others those that a later one takes up again, and all."""
    found = list(
        RecommendationLink.objects.published().order_by().values_list("earlier", "later", "relation")
    )
    return {
        "again": bits.of(earlier for earlier, _, relation in found if relation in AGAIN),
        "any": bits.of(pk for earlier, later, _ in found for pk in (earlier, later)),
    }


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
    linked = sets["linked"]["any"] & index.public
    undone = index.public & ~sets["status"].get(FollowUp.Status.IMPLEMENTED.value, 0)
    found["chain"] = {
        "open": sets["linked"]["again"] & undone,
        "any": linked,
        "none": index.public & ~linked,
    }
    return found


def _renamed(sets: dict[Any, Bits], names: dict[int, str]) -> dict[str, Bits]:
    return {names[key]: records for key, records in sets.items() if key in names}
