"""Counts and cross-tables; every one starts from what is public."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat, StrIndex, Substr

from recommendations.models import (
    Document,
    FollowUp,
    Issue,
    IssueTag,
    Recommendation,
    RecommendationLink,
    ResponseLink,
    Review,
    Stakeholder,
    StateResponse,
)
from recommendations.verdicts import STATUS_LABELS, attach_verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from recommendations.models.follow_up import FollowUpQuerySet
    from recommendations.models.recommendations import RecommendationQuerySet

STATUSES: tuple[str, ...] = tuple(STATUS_LABELS)
# Commendations expect no follow-up, so figures by status leave them out; a list agrees with this filter.
FOLLOWED_UP_KINDS: tuple[str, ...] = tuple(
    kind for kind in Recommendation.Kind.values if kind != Recommendation.Kind.COMMENDATION
)


@dataclass(frozen=True, slots=True)
class Figure:
    """How many, of what: a value of a choice, its label, and the number."""

    value: str
    label: StrOrPromise
    number: int


def by_status(records: RecommendationQuerySet) -> list[Figure]:
    """How many of these records have which headline status; commendations are left out. One query."""
    with_status: QuerySet[Any] = records.expecting_follow_up().with_status().order_by()
    found = dict(
        with_status.values("status")
        .annotate(number=Count("pk", distinct=True))
        .values_list("status", "number")
    )
    return [Figure(status, STATUS_LABELS[status], found.get(status, 0)) for status in STATUSES]


def by_kind(records: RecommendationQuerySet) -> list[Figure]:
    """How many of these records are of which kind. One query."""
    found = dict(
        records.order_by()
        .values("kind")
        .annotate(number=Count("pk", distinct=True))
        .values_list("kind", "number")
    )
    return [Figure(kind, label, found.get(kind, 0)) for kind, label in Recommendation.Kind.choices]


def total(counts: Iterable[Figure]) -> int:
    """The sum of the numbers."""
    return sum(count.number for count in counts)


def children_of(issue: Issue) -> list[Issue]:
    """The issues right below, each with `number`: the public records within it. One query."""
    within = (
        IssueTag.objects.published()
        .filter(Q(issue=OuterRef("pk")) | Q(issue__path__startswith=Concat(OuterRef("path"), Value("/"))))
        .order_by()
        .annotate(one=Value(1))
        .values("one")
        .annotate(number=Count("recommendation", distinct=True))
        .values("number")
    )
    children = issue.children.annotate(number=Coalesce(Subquery(within), 0))
    return list(children.order_by("position", "name"))


def cards(records: RecommendationQuerySet, limit: int | None = None) -> list[Recommendation]:
    """The first of these records with all that `partials/record_card.html` shows. Three queries."""
    answers = ResponseLink.objects.published().filter(recommendation=OuterRef("pk"))
    found = list(
        records.with_status()
        .with_stakeholders()
        .annotate(answered=Exists(answers))
        .select_related("document__review__state", "paragraph__document")[:limit]
    )
    attach_verdicts(found)
    return found


def overview_totals() -> dict[str, int]:
    """What the overview counts beside the records: a query each."""
    return {
        "responses": StateResponse.objects.published().count(),
        "entries": FollowUp.objects.published().count(),
        "reviews": Review.objects.published().count(),
        "stakeholders": Stakeholder.objects.published().count(),
        "documents": Document.objects.published().count(),
    }


def newest_entries() -> FollowUpQuerySet:
    """The standing public entries, newest first, with what a line about them shows."""
    entries: FollowUpQuerySet = FollowUp.objects.published().standing().with_grade_meaning().newest_first()
    return entries.select_related("assessor", "recommendation__document__review", "recommendation__paragraph")


def raised_again(limit: int) -> list[tuple[RecommendationLink, Recommendation]]:
    """Examples of what was raised in one review and again later, each of another issue. Three queries.

    Each is a link, and its earlier record with its status.
    """
    links = (
        RecommendationLink.objects.published()
        .exclude(relation=RecommendationLink.Relation.RELATED)
        .exclude(earlier__document__review=F("later__document__review"))
        .select_related("earlier__document__review", "later__document__review")
        .prefetch_related(Prefetch("earlier__tags", IssueTag.objects.published().select_related("issue")))
        .order_by(
            "relation", "earlier__document__review__starts_on", "earlier__reference", "later__reference"
        )
    )
    examples: list[RecommendationLink] = []
    seen: set[str] = set()
    for link in links[:200]:
        about = {tag.issue.path.split("/")[0] for tag in link.earlier.tags.all()}
        if not about & seen:
            seen |= about or {link.earlier.reference}
            examples.append(link)
        if len(examples) == limit:
            break
    earlier = Recommendation.objects.with_status().in_bulk([link.earlier_id for link in examples])
    return [(link, earlier[link.earlier_id]) for link in examples]


def stakeholders_of(review: Review) -> list[Stakeholder]:
    """Who raised something in a review, each with `number` of public records, most first. One query."""
    public = Q(
        recommendations__published=True,
        recommendations__document__published=True,
        recommendations__document__review=review,
    )
    found = Stakeholder.objects.published().annotate(
        number=Count("recommendations", filter=public, distinct=True)
    )
    return list(found.filter(number__gt=0).order_by("-number", "name"))


def records_by_issue_path() -> Counter[str]:
    """How many public records each issue has, those of the issues below it counted in, by path.

    A record with two tags below one issue counts once there. Three queries, and one more for each issue
    that stands between a top-level issue and others.
    """
    tags = IssueTag.objects.published().order_by()
    counts = Counter(dict(tags.values_list("issue__path").annotate(Count("pk"))))
    root = Substr("issue__path", 1, StrIndex(Concat("issue__path", Value("/")), Value("/")) - 1)
    for path, number in (
        tags.annotate(root=root).values_list("root").annotate(Count("recommendation", distinct=True))
    ):
        counts[path] = number
    middle = set(
        Issue.objects.filter(parent__isnull=False, children__isnull=False).values_list("path", flat=True)
    )
    for path in middle:
        below = tags.filter(issue__in=Issue.objects.within(path))
        counts[path] = below.values("recommendation").distinct().count()
    return counts


def records_by_issue(review: Review, limit: int) -> list[tuple[Issue, list[Recommendation]]]:
    """The first `limit` records of a review under the top-level issue of their first tag.

    Records without an issue are left to the list. A fixed number of queries.
    """
    tagged = Recommendation.objects.published().filter(
        document__review=review, pk__in=IssueTag.objects.published().values("recommendation")
    )
    tags = Prefetch("tags", IssueTag.objects.published().select_related("issue"), to_attr="public_tags")
    records: list[Any] = cards(tagged.prefetch_related(tags), limit)
    roots = {issue.path: issue for issue in Issue.objects.filter(parent=None)}
    grouped: dict[str, list[Recommendation]] = {}
    for record in records:
        root = record.public_tags[0].issue.path.split("/")[0]
        grouped.setdefault(root, []).append(record)
    order = sorted(grouped, key=lambda root: (roots[root].position, roots[root].name))
    return [(roots[root], grouped[root]) for root in order]


@dataclass(frozen=True, slots=True)
class Chain:
    """How many links run between a review and another one, and in which direction in time."""

    review: Review
    earlier: bool
    number: int


def chains_of(review: Review) -> list[Chain]:
    """The other reviews that records of this one are linked with, oldest first. Three queries."""
    public = RecommendationLink.objects.published()
    counts: list[tuple[int, bool, int]] = []
    for here, there, earlier in (("later", "earlier", True), ("earlier", "later", False)):
        other = f"{there}__document__review"
        found = (
            public.filter(**{f"{here}__document__review": review})
            .exclude(**{other: review})
            .order_by()
            .values(other)
            .annotate(number=Count("pk"))
            .values_list(other, "number")
        )
        counts.extend((pk, earlier, number) for pk, number in found)
    reviews = Review.objects.select_related("state").in_bulk([pk for pk, _, _ in counts])
    chains = [Chain(reviews[pk], earlier, number) for pk, earlier, number in counts]
    return sorted(chains, key=lambda chain: (chain.review.starts_on, chain.review.slug))
