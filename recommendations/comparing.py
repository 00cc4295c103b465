"""Reviews, States, stakeholders or issues side by side: every number with the address of its list."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext

from recommendations.figures import FOLLOWED_UP_KINDS, STATUSES
from recommendations.filters.chains import AGAIN
from recommendations.filters.rows import ancestors
from recommendations.filters.sets import raised_by, tagged
from recommendations.models import (
    FollowUp,
    Issue,
    IssueTag,
    Recommendation,
    RecommendationLink,
    ResponseLink,
    Review,
)
from recommendations.verdicts import STATUS_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recommendations.filters import Option

LEAST, MOST = 2, 6
# So many pairs of records are shown with their words; the rest is only counted.
PAIRS_MAX = 50
ASSESSED = tuple(status for status in STATUSES if status != FollowUp.NOT_ASSESSED)

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, and the address of the list of exactly these records."""

    number: int
    url: str
    of: int = 0  # the whole that a share is of

    @property
    def share(self) -> str:
        """The share in whole per cent: `12%`, `<1%`, or empty without a whole."""
        if not (self.of and self.number):
            return ""
        per_cent = round(100 * self.number / self.of)
        return f"{per_cent}%" if per_cent else "<1%"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: its value (a kind, a status, a path …), its words, a cell for each side."""

    value: str
    label: str
    cells: list[Cell]
    within: str = ""  # in a tree, the name of what holds it
    below: bool = False  # whether it stands right below what holds it

    @property
    def sides(self) -> tuple[int, ...]:
        """Which sides have anything here."""
        return tuple(n for n, cell in enumerate(self.cells) if cell.number)


@dataclass(frozen=True, slots=True)
class Section:
    """Lines that the same sides have something in."""

    heading: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Pair:
    """A record of one side, and a later one of another side that takes it up or repeats it."""

    link: RecommendationLink
    earlier: Any  # Recommendation with status
    later: Any
    sides: tuple[str, str]

    @property
    def ends(self) -> tuple[tuple[Any, str], tuple[Any, str]]:
        """Each record with the side that it is of."""
        return (self.earlier, self.sides[0]), (self.later, self.sides[1])


@dataclass(slots=True)
class Comparison:
    """Everything the page and the JSON say of two or more sides."""

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
        """The lines that all sides share, then those that some share, then those of one side only."""
        everyone = tuple(range(len(self.sides)))
        found: dict[tuple[int, ...], list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.sides, []).append(line)
        order = sorted(found, key=lambda sides: (-len(sides), sides))
        return [Section(self.heading(sides, everyone), as_branches(found[sides])) for sides in order]

    def heading(self, sides: tuple[int, ...], everyone: tuple[int, ...]) -> str:
        """Who has it: `In both`, `In all`, `Only in Kazakhstan, UPR 7 (2010)`."""
        if sides == everyone:
            if len(everyone) == LEAST:
                return gettext("In both")
            return gettext("In all %(number)s") % {"number": len(everyone)}
        names = (self.sides[side].label for side in sides)
        return gettext("Only in %(names)s") % {"names": gettext(" and ").join(names)}


def as_branches(lines: list[Line]) -> list[Line]:
    """The lines, each marked that stands below what holds it."""
    here = {line.value for line in lines}
    return [replace(line, below=line.value.rpartition("/")[0] in here) for line in lines]


def member(by: str, keys: list[Any], record: str = "") -> Q:
    """Whether a record is on a side; `record` leads to it from another model, with `__` at its end."""
    if by == "review":
        return Q(**{f"{record}document__review__in": keys})
    if by == "state":
        return Q(**{f"{record}document__review__state__in": keys})
    ids = raised_by(keys) if by == "stakeholder" else tagged(keys)
    return Q(**{f"{record}pk__in": ids})


def compare(by: str, sides: Sequence[Option]) -> Comparison:
    """The sides compared, in six queries (with chains between them, seven)."""
    found = Comparison(by, sides)
    members = [member(by, list(side.keys)) for side in sides]
    records = Recommendation.objects.published().filter(reduce(or_, members))
    numbers = {f"n{n}": Count("pk", filter=one, distinct=True) for n, one in enumerate(members)}
    count_kinds(found, records, numbers)
    count_statuses(found, records, numbers)
    found.lines = list(by_review(found, records, numbers) if by == "issue" else by_issue(found))
    find_pairs(found)
    return found


def address(found: Comparison, side: Option, more: Pairs) -> str:
    """The list of a side's records that match more filters."""
    return f"{reverse('recommendation_list')}?{urlencode([(found.by, side.value), *more])}"


def cells(found: Comparison, numbers: Iterable[int], more: Pairs, *, of: Sequence[Cell] = ()) -> list[Cell]:
    """A cell for each side; with `of`, the wholes that its number is a share of."""
    wholes = [cell.number for cell in of] or [0] * len(found.sides)
    return [
        Cell(number, address(found, side, more), whole)
        for side, number, whole in zip(found.sides, numbers, wholes, strict=True)
    ]


def row_numbers(row: dict[str, Any], sides: int) -> list[int]:
    """The numbers of one row, side by side."""
    return [row[f"n{n}"] for n in range(sides)]


def count_kinds(found: Comparison, records: Any, numbers: dict[str, Any]) -> None:
    """Records by kind, and how many of those that expect follow-up the State answered. One query."""
    answers = ResponseLink.objects.published().filter(recommendation=OuterRef("pk"))
    rows = list(
        records.annotate(is_answered=Exists(answers))
        .order_by()
        .values("kind", "is_answered")
        .annotate(**numbers)
    )
    width = len(found.sides)

    def total(kinds: Iterable[str], *, answered: bool = False) -> list[int]:
        chosen = [row for row in rows if row["kind"] in kinds and (row["is_answered"] or not answered)]
        return [sum(row[f"n{n}"] for row in chosen) for n in range(width)]

    follow: Pairs = [("kind", kind) for kind in FOLLOWED_UP_KINDS]
    found.totals = cells(found, total(Recommendation.Kind.values), [])
    found.kinds = [
        Line(kind, str(label), cells(found, total([kind]), [("kind", kind)]))
        for kind, label in Recommendation.Kind.choices
    ]
    found.expecting = cells(found, total(FOLLOWED_UP_KINDS), follow)
    answered = total(FOLLOWED_UP_KINDS, answered=True)
    found.answered = cells(found, answered, [*follow, ("response", "yes")], of=found.expecting)


def count_statuses(found: Comparison, records: Any, numbers: dict[str, Any]) -> None:
    """Records that expect follow-up by headline status. One query."""
    rows = records.expecting_follow_up().with_status().order_by().values("status").annotate(**numbers)
    width = len(found.sides)
    none = [0] * width
    by_status = {row["status"]: row_numbers(row, width) for row in rows}
    follow: Pairs = [("kind", kind) for kind in FOLLOWED_UP_KINDS]
    found.statuses = [
        Line(
            status,
            str(STATUS_LABELS[status]),
            cells(found, by_status.get(status, none), [*follow, ("status", status)], of=found.expecting),
        )
        for status in STATUSES
    ]
    assessed = [sum(by_status.get(status, none)[n] for status in ASSESSED) for n in range(width)]
    any_status: Pairs = [*follow, *(("status", status) for status in ASSESSED)]
    found.assessed = cells(found, assessed, any_status, of=found.expecting)


def by_issue(found: Comparison) -> Iterable[Line]:
    """Issues with a record on any side, in tree order; each counts what is below it. Two queries."""
    members = [member(found.by, list(side.keys), "recommendation__") for side in found.sides]
    flags = {f"on{n}": flag(one) for n, one in enumerate(members)}
    tags = IssueTag.objects.published().filter(reduce(or_, members)).annotate(**flags).order_by()
    within: dict[str, list[set[int]]] = {}
    for record, path, *sides in tags.values_list("recommendation", "issue__path", *flags):
        for step in ancestors(path):
            sets = within.setdefault(step, [set() for _ in sides])
            for one, here in zip(sets, sides, strict=True):
                if here:
                    one.add(record)
    issues = {issue.path: issue for issue in Issue.objects.all()}

    def place(path: str) -> list[tuple[int, str]]:
        return [(issues[step].position, step) for step in ancestors(path) if step in issues]

    for path in sorted(within.keys() & issues.keys(), key=place):
        above = issues.get(path.rpartition("/")[0])
        numbers = [len(one) for one in within[path]]
        yield Line(
            path, issues[path].name, cells(found, numbers, [("issue", path)]), above.name if above else ""
        )


def by_review(found: Comparison, records: Any, numbers: dict[str, Any]) -> Iterable[Line]:
    """Reviews in which any of the issues was raised, newest first. Two queries."""
    rows = records.order_by().values("document__review").annotate(**numbers)
    counted = {row["document__review"]: row_numbers(row, len(found.sides)) for row in rows}
    for review in Review.objects.published().filter(pk__in=counted).select_related("state"):
        label = f"{review.state}, {review.short_label}"
        yield Line(review.slug, label, cells(found, counted[review.pk], [("review", review.slug)]))


def flag(condition: Q) -> Case:
    """The condition as a column."""
    return Case(When(condition, then=Value(True)), default=Value(False))


def find_pairs(found: Comparison) -> None:
    """Records of one side that a later record of another side takes up or repeats. Two queries."""
    flags = {
        f"{end}{n}": flag(member(found.by, list(side.keys), f"{end}__"))
        for n, side in enumerate(found.sides)
        for end in ("earlier", "later")
    }
    either = [
        reduce(or_, (member(found.by, list(side.keys), f"{end}__") for side in found.sides))
        for end in ("earlier", "later")
    ]
    links = (
        RecommendationLink.objects.published()
        .filter(*either, relation__in=AGAIN)
        .annotate(**flags)
        .order_by("earlier__document__review__starts_on", "earlier__reference", "later__reference")
    )
    crossing = []
    for link in links:
        before = [n for n in range(len(found.sides)) if getattr(link, f"earlier{n}")]
        after = [n for n in range(len(found.sides)) if getattr(link, f"later{n}")]
        sides = next(((one, other) for one in before for other in after if one != other), None)
        if sides:
            crossing.append((link, sides))
    found.pair_count = len(crossing)
    shown = crossing[:PAIRS_MAX]
    ids = {end for link, _ in shown for end in (link.earlier_id, link.later_id)}
    records = (
        Recommendation.objects.published()
        .with_status()
        .select_related("document__review__state")
        .in_bulk(ids)
        if ids
        else {}
    )
    found.pairs = [
        Pair(
            link,
            records[link.earlier_id],
            records[link.later_id],
            (found.sides[sides[0]].label, found.sides[sides[1]].label),
        )
        for link, sides in shown
    ]
