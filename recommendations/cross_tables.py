"""The figures behind the pictures: counts of any filtered records, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from recommendations.models import (
    FollowUp,
    Issue,
    IssueTag,
    Recommendation,
    RecommendationLink,
    ResponseLink,
    Review,
    Stakeholder,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recommendations.models.recommendations import RecommendationQuerySet

Rows = QuerySet[Any]
ROLES: tuple[str, ...] = tuple(FollowUp.Role.values)
# The relations that ask the same again; "related" only shares the subject.
AGAIN = (RecommendationLink.Relation.TAKEN_UP, RecommendationLink.Relation.REPEATED)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records are alike in all of this; `roles` holds each role's own status, or "not_assessed"."""

    review: int
    kind: str
    status: str
    roles: dict[str, str]
    answered: bool
    number: int

    @property
    def expects_follow_up(self) -> bool:
        """Commendations ask for nothing, so figures by status leave them out."""
        return self.kind != Recommendation.Kind.COMMENDATION


def _within(rows: Rows) -> RecommendationQuerySet:
    """The public records among these rows, whatever joins and annotations their filters brought."""
    found: RecommendationQuerySet = Recommendation.objects.published().filter(
        pk__in=rows.order_by().values("pk")
    )
    return found


def tallies(rows: Rows) -> list[Tally]:
    """The records by review, kind, status, each role's status and whether they are answered. One query."""
    answers = ResponseLink.objects.published().filter(recommendation=OuterRef("pk"))
    fields = ("document__review", "kind", "status", "is_answered", *(f"{role}_status" for role in ROLES))
    with_status: Rows = _within(rows).with_status()
    found = with_status.annotate(is_answered=Exists(answers)).order_by().values(*fields)
    return [
        Tally(
            review,
            kind,
            status,
            {role: own or FollowUp.NOT_ASSESSED for role, own in zip(ROLES, of_roles, strict=True)},
            bool(answered),
            number,
        )
        for review, kind, status, answered, *of_roles, number in found.annotate(
            number=Count("pk")
        ).values_list(*fields, "number")
    ]


@dataclass(frozen=True, slots=True)
class IssueLine:
    """An issue of the heat map, and how many records have which status; a record counts once a line."""

    issue: Issue
    below_chosen: bool
    numbers: dict[str, int]


def issue_lines(rows: Rows, chosen: Sequence[str]) -> list[IssueLine]:
    """Issue × headline status of what expects follow-up.

    The top-level issues; or of chosen issues (paths) each, and the issues right below it. Lines without
    a record are left out. Three queries.
    """
    issues = list(Issue.objects.order_by("position", "name"))
    by_path = {issue.path: issue for issue in issues}
    tops = [path for path in chosen if path in by_path and not _stands_below(path, chosen)]
    if not tops:
        lines = [issue for issue in issues if issue.parent_id is None]
        numbers = _by_line(rows, issues, [issue.path for issue in lines])
        return [IssueLine(one, False, numbers[one.path]) for one in lines if numbers[one.path]]
    below = {top: [issue for issue in issues if issue.path.rpartition("/")[0] == top] for top in tops}
    of_tops = _by_line(rows, issues, tops)
    of_children = _by_line(rows, issues, [child.path for top in tops for child in below[top]])
    found = []
    for top in tops:
        found.append(IssueLine(by_path[top], False, of_tops[top]))
        found += [IssueLine(child, True, of_children[child.path]) for child in below[top]]
    return [one for one in found if one.numbers]


def _stands_below(path: str, others: Iterable[str]) -> bool:
    return any(path.startswith(f"{other}/") for other in others)


def _by_line(rows: Rows, issues: list[Issue], lines: list[str]) -> dict[str, dict[str, int]]:
    """For each of these paths, none of them below another, the records within it by status. One query."""
    numbers: dict[str, dict[str, int]] = defaultdict(dict)
    within = {
        line: [issue.pk for issue in issues if issue.path == line or issue.path.startswith(f"{line}/")]
        for line in lines
    }
    if not within:
        return numbers
    line_of = Case(
        *(When(tags__issue__in=ids, then=Value(line)) for line, ids in within.items()),
        output_field=CharField(),
    )
    with_status: Rows = _within(rows).expecting_follow_up().with_status()
    found = (
        with_status.order_by()
        .filter(tags__in=IssueTag.objects.published())
        .annotate(line=line_of)
        .filter(line__isnull=False)
        .values("line", "status")
        .annotate(number=Count("pk", distinct=True))
        .values_list("line", "status", "number")
    )
    for line, status, number in found:
        numbers[line][status] = number
    return numbers


@dataclass(frozen=True, slots=True)
class StakeholderLine:
    """A stakeholder, and how many of the records it raised are of which kind and status."""

    stakeholder: Stakeholder
    numbers: dict[tuple[str, str], int]

    @property
    def total(self) -> int:
        """All records, commendations too."""
        return sum(self.numbers.values())


def stakeholder_lines(rows: Rows, chosen: Sequence[int]) -> list[StakeholderLine]:
    """Stakeholder × kind × headline status, most records first; of chosen ones (ids) or all. Two queries."""
    public = Stakeholder.objects.published()
    if chosen:
        public = public.filter(pk__in=chosen)
    fields = ("raised_by", "kind", "status")
    with_status: Rows = _within(rows).with_status()
    found = (
        with_status.order_by()
        .filter(raised_by__in=public.values("pk"))
        .values(*fields)
        .annotate(number=Count("pk"))
        .values_list(*fields, "number")
    )
    numbers: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    for stakeholder, kind, status, number in found:
        numbers[stakeholder][kind, status] = number
    by_id = public.in_bulk(list(numbers))
    lines = [StakeholderLine(by_id[pk], of_one) for pk, of_one in numbers.items()]
    return sorted(lines, key=lambda line: (-line.total, line.stakeholder.name, line.stakeholder.slug))


@dataclass(frozen=True, slots=True)
class LinkLine:
    """The links between two reviews, and how many records stand at each end of them."""

    earlier: int
    later: int
    again: bool
    number: int
    records_earlier: int
    records_later: int


def link_lines(rows: Rows) -> list[LinkLine]:
    """Links between reviews with an end among these rows, and the ends that are among them. One query."""
    records = _within(rows).values("pk")
    earlier, later = Q(earlier__in=records), Q(later__in=records)
    fields = ("earlier__document__review", "later__document__review", "again")
    again = Case(When(relation__in=AGAIN, then=Value(1)), default=Value(0))
    # A chain runs within one State; no constraint of the database says so.
    links: Rows = RecommendationLink.objects.published().filter(
        earlier | later, earlier__document__review__state=F("later__document__review__state")
    )
    found = (
        links.order_by()
        .annotate(again=again)
        .values(*fields)
        .annotate(
            number=Count("pk", distinct=True),
            first=Count("earlier", filter=earlier, distinct=True),
            last=Count("later", filter=later, distinct=True),
        )
        .values_list(*fields, "number", "first", "last")
    )
    return [
        LinkLine(one, other, bool(same), number, first, last)
        for one, other, same, number, first, last in found
        if one != other
    ]


def reviews_by_id(ids: Iterable[int]) -> dict[int, Review]:
    """These reviews with their States, oldest first. One query."""
    found = Review.objects.filter(pk__in=list(ids)).select_related("state").order_by("starts_on", "slug")
    return {review.pk: review for review in found}
