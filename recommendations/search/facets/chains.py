"""All public links between records, and the families that they hold together."""

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
    """Where a record stands in time: by review, then by its place in the document."""

    starts_on: datetime.date
    document: int
    position: int
    reference: str


class Link(NamedTuple):
    """A public link: ids of its two records, and of what they belong to."""

    pk: int
    earlier: int
    later: int
    relation: str
    again: bool  # whether it joins records to a family
    earlier_review: int
    later_review: int
    within_state: bool
    earlier_place: Place
    later_place: Place

    @property
    def references(self) -> tuple[str, str]:
        """Of the earlier and the later record."""
        return self.earlier_place.reference, self.later_place.reference


def all_links() -> list[Link]:
    """All public links. One query."""
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
    # Each record's once, however many links it has.
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
    """The address of the chain that holds this record."""
    return reverse("chain_detail", args=[reference])


def years(first: int, last: int) -> str:
    """A span of years in words."""
    return str(first) if first == last else f"{first}–{last}"


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """One family in the list of all: its ids in time order and what the list shows.

    The records themselves are loaded only for the page (`records`), into a copy: lines are kept.
    """

    ids: tuple[int, ...]
    starts: tuple[datetime.date, ...]
    reference: str
    records: Sequence[Any] = ()

    @property
    def pk(self) -> int:
        """The id of the earliest record, by which the family is known."""
        return self.ids[0]

    @property
    def size(self) -> int:
        """How many records."""
        return len(self.ids)

    @property
    def span(self) -> int:
        """The years between the first and the last."""
        return self.starts[-1].year - self.starts[0].year

    @property
    def years(self) -> str:
        """`2010–2025`."""
        return years(self.starts[0].year, self.starts[-1].year)

    @property
    def first(self) -> Any:
        """The earliest record."""
        return self.records[0]

    @property
    def last(self) -> Any:
        """The latest record."""
        return self.records[-1]

    def with_records(self, by_id: dict[int, Any]) -> FamilyLine:
        """The same with its records, as far as they are among these."""
        return replace(self, records=[by_id[one] for one in self.ids if one in by_id])

    def get_absolute_url(self) -> str:
        """The permanent address: that of the earliest record."""
        return chain_address(self.reference)


def families_of(links: Iterable[Link]) -> list[FamilyLine]:
    """What these links hold together, in the order of first records."""
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
