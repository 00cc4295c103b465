"""The published data as tables: what the read API serves, and what the whole data set holds.

The lists' tables are the lists themselves (same rows, same columns, same loading); beside them stand the
tables that join them, which no list shows. Every table starts from what is public.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Subquery
from django.utils.translation import gettext_lazy as _

from recommendations.exports import columns
from recommendations.models import (
    Document,
    Evidence,
    IssueTag,
    Paragraph,
    PopulationGroup,
    Recommendation,
    RecommendationLink,
    ResponseLink,
    Review,
    Stakeholder,
    State,
    StateResponse,
)
from recommendations.public import lists
from recommendations.public.lists import number_of
from recommendations.public.record_list import RecommendationList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django_stubs_ext import StrOrPromise

    from recommendations.exports.columns import Column
    from recommendations.public.list_view import PublicList
    from recommendations.search.filters.values import Rows


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `order` is unique, never null and never changes, so that reading in parts is safe."""

    name: str
    title: StrOrPromise
    meaning: StrOrPromise  # what one row is
    columns: list[Column]
    rows: Rows
    order: tuple[str, ...]
    # The rows with these ids, in this order, with all that the columns need.
    load: Callable[[Sequence[int]], list[Any]]


def place_among_public() -> Subquery:
    """The place of a piece of public evidence among those of its entry, from 1."""
    before = Evidence.objects.published().filter(
        follow_up=OuterRef("follow_up"), position__lte=OuterRef("position")
    )
    return Subquery(before.order_by().values("follow_up").annotate(number=Count("pk")).values("number"))


def of_list(name: str, view: type[PublicList], meaning: StrOrPromise, key: str) -> Table:
    """The table of a public list."""

    def load(ids: Sequence[int]) -> list[Any]:
        return view().load(ids, full=True)

    return Table(name, view.title, meaning, view.columns, view.rows, (key,), load)


def joining(
    name: str,
    title: StrOrPromise,
    meaning: StrOrPromise,
    columns: list[Column],
    rows: Rows,
    order: tuple[str, ...],
) -> Table:
    """A table that no list shows; its rows come with all their columns need."""

    def load(ids: Sequence[int]) -> list[Any]:
        by_id = {row.pk: row for row in rows.filter(pk__in=ids)}
        return [by_id[id] for id in ids if id in by_id]

    return Table(name, title, meaning, columns, rows, order, load)


_records = Recommendation.objects.published()
_of_records = {"recommendation__published": True, "recommendation__document__published": True}
_made_from: Any = (
    Prefetch("recommendations", _records.order_by("reference"), to_attr="public_recommendations"),
    Prefetch(
        "stateresponses",
        StateResponse.objects.published().order_by("reference"),
        to_attr="public_responses",
    ),
)

TABLES: tuple[Table, ...] = (
    of_list(
        "recommendations",
        RecommendationList,
        _("One thing put to a State, and what became of it."),
        "reference",
    ),
    joining(
        "raised_by",
        _("Who raised what"),
        _("One stakeholder who raised one record; names that are withheld are left out."),
        columns.RAISED_BY,
        Recommendation.raised_by.through._default_manager.filter(
            **_of_records, stakeholder__in=Stakeholder.objects.published()
        ).select_related("recommendation", "stakeholder"),
        ("recommendation__reference", "stakeholder__slug"),
    ),
    joining(
        "issue_tags",
        _("Issues of records"),
        _("One issue of one record."),
        columns.ISSUE_TAGS,
        IssueTag.objects.published().select_related("recommendation", "issue"),
        ("recommendation__reference", "issue__path"),
    ),
    joining(
        "recommendation_groups",
        _("Groups of records"),
        _("One population group that one record is about."),
        columns.RECOMMENDATION_GROUPS,
        Recommendation.groups.through._default_manager.filter(**_of_records).select_related(
            "recommendation", "populationgroup"
        ),
        ("recommendation__reference", "populationgroup__slug"),
    ),
    joining(
        "recommendation_links",
        _("Chains"),
        _("One step of a chain: an earlier record, and a later one that asks the same or is related."),
        columns.RECOMMENDATION_LINKS,
        RecommendationLink.objects.published().select_related("earlier", "later"),
        ("earlier__reference", "later__reference"),
    ),
    of_list("responses", lists.ResponseList, _("What a State said, verbatim, on one subject."), "reference"),
    joining(
        "response_links",
        _("What responses answer"),
        _("One response answering one record, with the stance it takes."),
        columns.RESPONSE_LINKS,
        ResponseLink.objects.published().select_related("response", "recommendation"),
        ("response__reference", "recommendation__reference"),
    ),
    of_list(
        "follow_up",
        lists.FollowUpList,
        _("One dated entry of the log: an assessor’s status for a record, and why."),
        "reference",
    ),
    joining(
        "evidence",
        _("Evidence"),
        _("One public piece of evidence for an entry of the log."),
        columns.EVIDENCE,
        Evidence.objects.published()
        .annotate(place=place_among_public())
        .select_related("follow_up", "paragraph__document"),
        ("follow_up__reference", "position"),
    ),
    of_list("stakeholders", lists.StakeholderList, _("Whoever raises or assesses."), "slug"),
    of_list("issues", lists.IssueList, _("A theme, in a tree."), "path"),
    joining(
        "groups",
        _("Population groups"),
        _("Who is affected."),
        columns.GROUPS,
        PopulationGroup.objects.annotate(record_count=number_of(_records, "groups")),
        ("slug",),
    ),
    joining(
        "states",
        _("States"),
        _("A State with a public review."),
        columns.STATES,
        State.objects.filter(Exists(Review.objects.published().filter(state=OuterRef("pk")))).annotate(
            review_count=number_of(Review.objects.published(), "state"),
            record_count=number_of(_records, "document__review__state"),
        ),
        ("iso3",),
    ),
    of_list(
        "reviews",
        lists.ReviewList,
        _("One examination of one State by one mechanism at one session."),
        "slug",
    ),
    of_list("documents", lists.DocumentList, _("A source text of a review, as read."), "slug"),
    joining(
        "paragraphs",
        _("Paragraphs"),
        _("One numbered (in press releases: counted) unit of a document, verbatim."),
        columns.PARAGRAPHS,
        Paragraph.objects.filter(document__in=Document.objects.published())
        .select_related("document")
        .prefetch_related(*_made_from),
        ("document__slug", "position"),
    ),
)
TABLE = {table.name: table for table in TABLES}
