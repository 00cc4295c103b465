"""Compares reviews, States, stakeholders or issues; every number has the address of its list."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from recommendations.charts.statistics import FOLLOWED_UP_KINDS, STATUSES
from recommendations.models import (
    FollowUp,
    Issue,
    Recommendation,
    RecommendationLink,
    Review,
)
from recommendations.models.issues import ancestors
from recommendations.models.statuses import STATUS_LABELS
from recommendations.search.facets.record_set import Records

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recommendations.search.facets.bitset import Bits
    from recommendations.search.facets.chains import Link
    from recommendations.search.filters import Option

LEAST, MOST = 2, 6
# The number of pairs of records shown with their words; the rest are only counted.
PAIRS_MAX = 50
ASSESSED = tuple(status for status in STATUSES if status != FollowUp.NOT_ASSESSED)

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, and the address of the list of exactly those records."""

    number: int
    url: str
    of: int = 0  # the whole that a share is of

    @property
    def share(self) -> str:
        """Return the share in whole per cent: `12%`, `<1%`, or empty without a whole."""
        if not (self.of and self.number):
            return ""
        per_cent = round(100 * self.number / self.of)
        return f"{per_cent}%" if per_cent else "<1%"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: its value (a kind, a status, a path …), its words, and a cell for each side."""

    value: str
    label: str
    cells: list[Cell]
    within: str = ""  # in a tree, the name of its parent
    below: bool = False  # whether it is listed below its parent

    @property
    def sides(self) -> tuple[int, ...]:
        """Return the indexes of the sides that have any record here."""
        return tuple(n for n, cell in enumerate(self.cells) if cell.number)


@dataclass(frozen=True, slots=True)
class Section:
    """Lines in which the same sides have records."""

    heading: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Pair:
    """A record of one side, and a later record of another side that takes it up or repeats it."""

    link: RecommendationLink
    earlier: Any  # Recommendation with status
    later: Any
    sides: tuple[str, str]

    @property
    def ends(self) -> tuple[tuple[Any, str], tuple[Any, str]]:
        """Return each record with the name of its side."""
        return (self.earlier, self.sides[0]), (self.later, self.sides[1])


@dataclass(slots=True)
class Comparison:
    """Everything that the page and the JSON contain about two or more sides."""

    by: str
    sides: Sequence[Option]
    totals: list[Cell] = field(default_factory=list)
    kinds: list[Line] = field(default_factory=list)
    expecting: list[Cell] = field(default_factory=list)
    statuses: list[Line] = field(default_factory=list)
    answered: list[Cell] = field(default_factory=list)
    assessed: list[Cell] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    pair_count: int = 0

    @property
    def sections(self) -> list[Section]:
        """Return the lines that all sides share, then those some share, then those of one side only."""
        everyone = tuple(range(len(self.sides)))
        found: dict[tuple[int, ...], list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.sides, []).append(line)
        order = sorted(found, key=lambda sides: (-len(sides), sides))
        return [Section(self.heading(sides, everyone), as_branches(found[sides])) for sides in order]

    def heading(self, sides: tuple[int, ...], everyone: tuple[int, ...]) -> str:
        """Return the heading for a section: `In both`, `In all`, `Only in Kazakhstan, UPR 7 (2010)`."""
        if sides == everyone:
            if len(everyone) == LEAST:
                return gettext("In both")
            return gettext("In all %(number)s") % {"number": len(everyone)}
        names = (self.sides[side].label for side in sides)
        return gettext("Only in %(names)s") % {"names": gettext(" and ").join(names)}


def as_branches(lines: list[Line]) -> list[Line]:
    """Return the lines, marking each one that is listed below its parent."""
    here = {line.value for line in lines}
    return [replace(line, below=line.value.rpartition("/")[0] in here) for line in lines]


def compare(by: str, sides: Sequence[Option]) -> Comparison:
    """Compare the sides, in two queries (four if there are chains between them)."""
    found = Comparison(by, sides)
    everything = Records.all()
    records = [everything.among(by, side.keys) for side in sides]
    count_kinds(found, records)
    count_statuses(found, records)
    found.lines = list((by_review if by == "issue" else by_issue)(found, records))
    find_pairs(found, everything.index.links, [one.bits for one in records])
    return found


def address(found: Comparison, side: Option, more: Pairs) -> str:
    """Return the address of the list of a side's records that match more filters."""
    return f"{reverse('recommendation_list')}?{urlencode([(found.by, side.value), *more])}"


def cells(found: Comparison, numbers: Iterable[int], more: Pairs, *, of: Sequence[Cell] = ()) -> list[Cell]:
    """Return a cell for each side; `of` gives the wholes of which the numbers are shares."""
    wholes = [cell.number for cell in of] or [0] * len(found.sides)
    return [
        Cell(number, address(found, side, more), whole)
        for side, number, whole in zip(found.sides, numbers, wholes, strict=True)
    ]


def count_kinds(found: Comparison, records: list[Records]) -> None:
    """Count records by kind, and how many of those that expect follow-up the State answered."""
    kinds = [one.counts("kind") for one in records]
    expecting = [one.expecting_follow_up() for one in records]
    answered = [one.having("response", "yes").number for one in expecting]
    follow: Pairs = [("kind", kind) for kind in FOLLOWED_UP_KINDS]
    found.totals = cells(found, [one.number for one in records], [])
    found.kinds = [
        Line(kind, str(label), cells(found, [of.get(kind, 0) for of in kinds], [("kind", kind)]))
        for kind, label in Recommendation.Kind.choices
    ]
    found.expecting = cells(found, [one.number for one in expecting], follow)
    found.answered = cells(found, answered, [*follow, ("response", "yes")], of=found.expecting)


def count_statuses(found: Comparison, records: list[Records]) -> None:
    """Count records that expect follow-up, by headline status."""
    by_side = [one.expecting_follow_up().counts("status") for one in records]
    follow: Pairs = [("kind", kind) for kind in FOLLOWED_UP_KINDS]
    found.statuses = [
        Line(
            status,
            str(STATUS_LABELS[status]),
            cells(
                found,
                [of.get(status, 0) for of in by_side],
                [*follow, ("status", status)],
                of=found.expecting,
            ),
        )
        for status in STATUSES
    ]
    assessed = [sum(of.get(status, 0) for status in ASSESSED) for of in by_side]
    any_status: Pairs = [*follow, *(("status", status) for status in ASSESSED)]
    found.assessed = cells(found, assessed, any_status, of=found.expecting)


def by_issue(found: Comparison, records: list[Records]) -> Iterable[Line]:
    """Return issues with a record on any side, in tree order, including what is below. One query."""
    by_side = [one.counts("issue") for one in records]
    issues = {issue.path: issue for issue in Issue.objects.all()}

    def place(path: str) -> list[tuple[int, str]]:
        return [(issues[step].position, step) for step in ancestors(path) if step in issues]

    for path in sorted(issues.keys() & set().union(*by_side), key=place):
        above = issues.get(path.rpartition("/")[0])
        numbers = [of.get(path, 0) for of in by_side]
        yield Line(
            path, issues[path].name, cells(found, numbers, [("issue", path)]), above.name if above else ""
        )


def by_review(found: Comparison, records: list[Records]) -> Iterable[Line]:
    """Return reviews in which any of the issues was raised, newest first. One query."""
    by_side = [one.counts("review") for one in records]
    raised = set().union(*by_side)
    for review in Review.objects.published().filter(slug__in=raised).select_related("state"):
        label = f"{review.state}, {review.short_label}"
        numbers = [of.get(review.slug, 0) for of in by_side]
        yield Line(review.slug, label, cells(found, numbers, [("review", review.slug)]))


def find_pairs(found: Comparison, links: list[Link], members: list[Bits]) -> None:
    """Find pairs: a record, and a later one of another side that takes it up or repeats it.

    Two queries if there are any pairs.
    """
    crossing: list[tuple[Link, tuple[int, int]]] = []
    for link in links:
        if link.again:
            before = [n for n, of_side in enumerate(members) if link.earlier in of_side]
            after = [n for n, of_side in enumerate(members) if before and link.later in of_side]
            if sides := next(((one, other) for one in before for other in after if one != other), None):
                crossing.append((link, sides))
    crossing.sort(key=lambda one: (one[0].earlier_place.starts_on, *one[0].references))
    found.pair_count = len(crossing)
    shown = crossing[:PAIRS_MAX]
    if not shown:
        return
    ids = {end for link, _ in shown for end in (link.earlier, link.later)}
    records = (
        Recommendation.objects.published()
        .with_status()
        .select_related("document__review__state")
        .in_bulk(ids)
    )
    rows = RecommendationLink.objects.in_bulk([link.pk for link, _ in shown])
    found.pairs = [
        Pair(
            rows[link.pk],
            records[link.earlier],
            records[link.later],
            (found.sides[sides[0]].label, found.sides[sides[1]].label),
        )
        for link, sides in shown
    ]
