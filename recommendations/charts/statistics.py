"""Counts and cross-tables, all of public data only."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nsmallest
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch

from recommendations.models import (
    Document,
    FollowUp,
    Issue,
    IssueTag,
    Recommendation,
    RecommendationLink,
    Review,
    Stakeholder,
    StateResponse,
)
from recommendations.models.statuses import STATUS_LABELS
from recommendations.models.verdicts import attach_verdicts
from recommendations.search.facets.index import current
from recommendations.search.filters import FollowUpFilters, RecommendationFilters, facet_counts

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from recommendations.models.follow_up import FollowUpQuerySet
    from recommendations.models.recommendations import RecommendationQuerySet
    from recommendations.search.facets.chains import Link
    from recommendations.search.facets.index import Index
    from recommendations.search.facets.record_set import Records
    from recommendations.search.filters import PublicFilterSet

STATUSES: tuple[str, ...] = tuple(STATUS_LABELS)
# Commendations expect no follow-up, so figures by status leave them out; lists filter by these kinds.
FOLLOWED_UP_KINDS: tuple[str, ...] = tuple(
    kind for kind in Recommendation.Kind.values if kind != Recommendation.Kind.COMMENDATION
)


# The number of links searched for examples of different issues.
CANDIDATES = 200
# The order of records in an index of the listing.
OLDEST = tuple(
    f"listing__{name}" for name in ("starts_on", "document_slug", "paragraph_position", "reference")
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One count: a value of a choice, its label, and the number."""

    value: str
    label: StrOrPromise
    number: int


def by_status(records: Records) -> list[Figure]:
    """Count these records by headline status, leaving out commendations."""
    found = records.expecting_follow_up().counts("status")
    return [Figure(status, STATUS_LABELS[status], found.get(status, 0)) for status in STATUSES]


def by_kind(records: Records) -> list[Figure]:
    """Count these records by kind."""
    found = records.counts("kind")
    return [Figure(kind, label, found.get(kind, 0)) for kind, label in Recommendation.Kind.choices]


def children_of(issue: Issue, records: Records) -> list[Issue]:
    """Return the child issues, each with `number`, its count of these records. One query."""
    children: list[Any] = list(issue.children.order_by("position", "name"))
    numbers = records.counts("issue", [child.path for child in children])
    for child in children:
        child.number = numbers.get(child.path, 0)
    return children


def cards(records: RecommendationQuerySet) -> list[Recommendation]:
    """Return these records with all that `public/partials/record_card.html` shows. Three queries."""
    found = list(
        records.with_status()
        .with_stakeholders()
        .annotate(answered=F("listing__answered"))
        .select_related("document__review__state", "paragraph__document")
    )
    attach_verdicts(found)
    return found


def first_cards(records: RecommendationQuerySet, limit: int) -> list[Recommendation]:
    """Return `cards()` of the first of these public records, oldest review first. Four queries."""
    # In the order of an index of the listing, so that only these are read, without sorting.
    ids = list(records.filter(listing__public=True).order_by(*OLDEST).values_list("pk", flat=True)[:limit])
    by_id = {record.pk: record for record in cards(records.filter(pk__in=ids).order_by())}
    return [by_id[pk] for pk in ids if pk in by_id]


def entries_by_assessor(index: Index) -> dict[int, int]:
    """Return the number of public entries by stakeholder id, counted once per version of the data."""

    def count() -> dict[int, int]:
        entries = FollowUp.objects.published().order_by().values("assessor").annotate(number=Count("pk"))
        return dict(entries.values_list("assessor", "number"))

    return index.remember("entries by assessor", count)


def count_of(filterset: PublicFilterSet) -> int:
    """Return the number of matching rows, from the sets if possible. One query."""
    if isinstance(filterset, RecommendationFilters):
        return facet_counts.of(filterset).total
    if isinstance(filterset, FollowUpFilters) and not any(given.asked for given in filterset.given.values()):
        return sum(entries_by_assessor(current()).values())
    return int(filterset.qs.count())


def overview_totals(index: Index) -> dict[str, int]:
    """Return the overview's counts other than of records. One query each, none for the entries."""
    return {
        "responses": StateResponse.objects.published().count(),
        "entries": sum(entries_by_assessor(index).values()),
        "reviews": Review.objects.published().count(),
        "stakeholders": Stakeholder.objects.published().count(),
        "documents": Document.objects.published().count(),
    }


def newest_entries() -> FollowUpQuerySet:
    """Return the standing public entries, newest first, with the related rows that their lines show."""
    entries: FollowUpQuerySet = FollowUp.objects.published().standing().with_grade_meaning().newest_first()
    return entries.select_related("assessor", "recommendation__document__review", "recommendation__paragraph")


def raised_again(index: Index, limit: int) -> list[tuple[RecommendationLink, Recommendation]]:
    """Return examples of records raised again in a later review, each on a different issue. Three queries.

    Each example is a link, with its earlier record and that record's status.
    """
    candidates = index.remember("raised again", lambda: _candidates(index.links))
    links = (
        RecommendationLink.objects.filter(pk__in=candidates)
        .select_related("earlier__document__review", "later__document__review")
        .prefetch_related(Prefetch("earlier__tags", IssueTag.objects.published().select_related("issue")))
        .order_by(
            "relation", "earlier__document__review__starts_on", "earlier__reference", "later__reference"
        )
    )
    examples: list[RecommendationLink] = []
    seen: set[str] = set()
    for link in links:
        about = {tag.issue.path.split("/")[0] for tag in link.earlier.tags.all()}
        if not about & seen:
            seen |= about or {link.earlier.reference}
            examples.append(link)
        if len(examples) == limit:
            break
    earlier = Recommendation.objects.with_status().in_bulk([link.earlier_id for link in examples])
    return [(link, earlier[link.earlier_id]) for link in examples]


def _candidates(links: list[Link]) -> list[int]:
    """Return the ids of the first links from one review to another."""
    again = (link for link in links if link.again and link.earlier_review != link.later_review)
    first = nsmallest(
        CANDIDATES, again, key=lambda link: (link.relation, link.earlier_place.starts_on, *link.references)
    )
    return [link.pk for link in first]


def stakeholders_of(records: Records) -> list[Stakeholder]:
    """Return the stakeholders who raised these records, each with `number`, most first. One query."""
    numbers = records.counts("stakeholder")
    found: list[Any] = list(Stakeholder.objects.published().filter(slug__in=numbers))
    for stakeholder in found:
        stakeholder.number = numbers[stakeholder.slug]
    return sorted(found, key=lambda stakeholder: (-stakeholder.number, stakeholder.name))


def records_by_issue(review: Review, limit: int) -> list[tuple[Issue, list[Recommendation]]]:
    """Return the first `limit` records of a review, grouped by the top-level issue of their first tag.

    Records without an issue are left out; the list has them. A fixed number of queries.
    """
    own = IssueTag.objects.exclude(origin=IssueTag.Origin.SUGGESTION).filter(recommendation=OuterRef("pk"))
    tagged = Recommendation.objects.published().filter(Exists(own), document__review=review)
    tags = Prefetch("tags", IssueTag.objects.published().select_related("issue"), to_attr="public_tags")
    records: list[Any] = first_cards(tagged.prefetch_related(tags), limit)
    roots = {issue.path: issue for issue in Issue.objects.filter(parent=None)}
    grouped: dict[str, list[Recommendation]] = {}
    for record in records:
        root = record.public_tags[0].issue.path.split("/")[0]
        grouped.setdefault(root, []).append(record)
    order = sorted(grouped, key=lambda root: (roots[root].position, roots[root].name))
    return [(roots[root], grouped[root]) for root in order]


@dataclass(frozen=True, slots=True)
class Chain:
    """The numbers of links between a review and another one, forward and backward in time."""

    review: Review
    earlier: bool
    number: int


def chains_of(review: Review) -> list[Chain]:
    """Return the other reviews to which records of this one are linked, oldest first. Three queries."""
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
