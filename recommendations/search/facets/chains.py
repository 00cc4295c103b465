"""All public links between records, and the families of records that they connect."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.urls import reverse

from recommendations.models import RecommendationLink
from recommendations.models.links import AGAIN

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence


class Place(NamedTuple):
    """The position of a record in time: by review, then by its place in the document."""

    starts_on: datetime.date
    document: int
    position: int
    reference: str


class Link(NamedTuple):
    """A public link: the ids of its two records and of what they belong to."""

    pk: int
    earlier: int
    later: int
    relation: str
    again: bool  # whether it joins its records into one family
    earlier_review: int
    later_review: int
    within_state: bool
    earlier_place: Place
    later_place: Place

    @property
    def references(self) -> tuple[str, str]:
        """Return the references of the earlier and the later record."""
        return self.earlier_place.reference, self.later_place.reference


def all_links() -> list[Link]:
    """Return all public links. One query."""
    of_end = ("id", "listing__review", "listing__starts_on", "document", "paragraph__position", "reference")
    links = RecommendationLink.objects.filter(
        confirmed=True, earlier__listing__public=True, later__listing__public=True
    )
    rows = links.order_by("pk").values_list(
        "pk",
        "relation",
        "earlier__listing__state",
        "later__listing__state",
        *(f"{end}__{name}" for end in ("earlier", "later") for name in of_end),
    )
    found = []
    # One per record, however many links it has.
    places: dict[int, Place] = {}
    for pk, relation, state, other_state, *ends in rows.iterator(chunk_size=10_000):
        earlier, earlier_review, *of_earlier = ends[:6]
        later, later_review, *of_later = ends[6:]
        for record, (starts_on, document, position, reference) in ((earlier, of_earlier), (later, of_later)):
            if record not in places:
                places[record] = Place(starts_on, document, position or 0, reference)
        reviews = earlier_review, later_review
        at = places[earlier], places[later]
        again = relation in AGAIN
        found.append(Link(pk, earlier, later, relation, again, *reviews, state == other_state, *at))
    return found


def chain_address(reference: str) -> str:
    """Return the address of the chain that contains this record."""
    return reverse("chain_detail", args=[reference])


def years(first: int, last: int) -> str:
    """Return a span of years in words."""
    return str(first) if first == last else f"{first}–{last}"


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """One family in the list of families: its ids in time order and what the list shows.

    The records themselves (`records`) are loaded only for a page, into a copy, because lines are cached.
    """

    ids: tuple[int, ...]
    starts: tuple[datetime.date, ...]
    reference: str
    records: Sequence[Any] = ()

    @property
    def pk(self) -> int:
        """Return the id of the earliest record, which identifies the family."""
        return self.ids[0]

    @property
    def size(self) -> int:
        """Return the number of records."""
        return len(self.ids)

    @property
    def span(self) -> int:
        """Return the number of years between the first and the last record."""
        return self.starts[-1].year - self.starts[0].year

    @property
    def years(self) -> str:
        """Return the years in words: `2010–2025`."""
        return years(self.starts[0].year, self.starts[-1].year)

    @property
    def first(self) -> Any:
        """Return the earliest record."""
        return self.records[0]

    @property
    def last(self) -> Any:
        """Return the latest record."""
        return self.records[-1]

    def with_records(self, by_id: dict[int, Any]) -> FamilyLine:
        """Return a copy with its records, as far as they are in `by_id`."""
        return replace(self, records=[by_id[one] for one in self.ids if one in by_id])

    def get_absolute_url(self) -> str:
        """Return the permanent address of the chain, which is built from the earliest record."""
        return chain_address(self.reference)


def families_of(links: Iterable[Link]) -> list[FamilyLine]:
    """Return the families that these links connect, ordered by their first record."""
    place: dict[int, Place] = {}
    parent: dict[int, int] = {}

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for link in links:
        if link.again:
            for one, there in ((link.earlier, link.earlier_place), (link.later, link.later_place)):
                if one not in parent:
                    parent[one], place[one] = one, there
            parent[root(link.earlier)] = root(link.later)
    members: dict[int, list[int]] = defaultdict(list)
    for one in sorted(parent, key=place.__getitem__):
        members[root(one)].append(one)
    return [
        FamilyLine(tuple(ids), tuple(place[one].starts_on for one in ids), place[ids[0]].reference)
        for ids in members.values()
    ]
