"""The published data as tables: what the read API serves, and what the whole data set holds.

The lists' tables are the lists themselves (same rows, same columns, same loading); beside them stand the
tables that join them, which no list shows. Every table starts from what is public.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommendations.exports.column import Column, address, own
from recommendations.exports.columns import cited, evidence_source
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


def narrowed_to(parameter: str, key: str) -> Column:
    """The address of the list of records, narrowed to a row that has no page of its own."""

    def path(row: Any) -> str:
        return f"{reverse('recommendation_list')}?{parameter}={getattr(row, key)}"

    return Column("url", _("Address"), path, address=True)


def reference_of(name: str, heading: StrOrPromise) -> Column:
    """The reference of the row at one end of a link."""
    return Column(name, heading, lambda row: getattr(row, name).reference)


def references(name: str, heading: StrOrPromise) -> Column:
    """The references of the public rows made from a paragraph."""
    return Column(name, heading, lambda row: [one.reference for one in getattr(row, f"public_{name}")])


RECORD = reference_of("recommendation", _("Record"))
PARAGRAPHS: list[Column] = [
    Column("document", _("Document"), lambda row: cited(row.document)),
    own(Paragraph, "number"),
    own(Paragraph, "position"),
    own(Paragraph, "section"),
    own(Paragraph, "speaker"),
    own(Paragraph, "text"),
    references("recommendations", _("Records")),
    references("responses", _("Responses")),
    address(),
]
EVIDENCE: list[Column] = [
    reference_of("follow_up", _("Entry")),
    # Not the stored one: its gaps would tell how much evidence is private.
    own(Evidence, "position", value=attrgetter("place")),
    own(Evidence, "kind"),
    own(Evidence, "stance"),
    own(Evidence, "title"),
    own(Evidence, "date"),
    own(Evidence, "text"),
    Column("document", _("Document"), lambda row: cited(row.paragraph.document) if row.paragraph else None),
    Column("paragraph", _("Paragraph"), lambda row: row.paragraph.number if row.paragraph else None),
    Column("source", _("Link"), evidence_source),
]
STATES: list[Column] = [
    own(State, "iso3"),
    own(State, "name"),
    own(State, "region"),
    Column("reviews", _("Reviews"), lambda row: row.review_count),
    Column("recommendations", _("Records"), lambda row: row.record_count),
    narrowed_to("state", "iso3"),
]
GROUPS: list[Column] = [
    own(PopulationGroup, "slug"),
    own(PopulationGroup, "name"),
    Column("recommendations", _("Records"), lambda row: row.record_count),
    narrowed_to("group", "slug"),
]

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
        [RECORD, Column("stakeholder", _("Stakeholder"), lambda row: row.stakeholder.slug)],
        Recommendation.raised_by.through._default_manager.filter(
            **_of_records, stakeholder__in=Stakeholder.objects.published()
        ).select_related("recommendation", "stakeholder"),
        ("recommendation__reference", "stakeholder__slug"),
    ),
    joining(
        "issue_tags",
        _("Issues of records"),
        _("One issue of one record."),
        [RECORD, Column("issue", _("Issue"), lambda row: row.issue.path), own(IssueTag, "origin")],
        IssueTag.objects.published().select_related("recommendation", "issue"),
        ("recommendation__reference", "issue__path"),
    ),
    joining(
        "recommendation_groups",
        _("Groups of records"),
        _("One population group that one record is about."),
        [RECORD, Column("group", _("Population group"), lambda row: row.populationgroup.slug)],
        Recommendation.groups.through._default_manager.filter(**_of_records).select_related(
            "recommendation", "populationgroup"
        ),
        ("recommendation__reference", "populationgroup__slug"),
    ),
    joining(
        "recommendation_links",
        _("Chains"),
        _("One step of a chain: an earlier record, and a later one that asks the same or is related."),
        [
            reference_of("earlier", _("Earlier record")),
            reference_of("later", _("Later record")),
            own(RecommendationLink, "relation"),
            own(RecommendationLink, "rationale"),
        ],
        RecommendationLink.objects.published().select_related("earlier", "later"),
        ("earlier__reference", "later__reference"),
    ),
    of_list("responses", lists.ResponseList, _("What a State said, verbatim, on one subject."), "reference"),
    joining(
        "response_links",
        _("What responses answer"),
        _("One response answering one record, with the stance it takes."),
        [
            reference_of("response", _("Response")),
            RECORD,
            own(ResponseLink, "stance"),
            own(ResponseLink, "rationale"),
        ],
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
        EVIDENCE,
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
        GROUPS,
        PopulationGroup.objects.annotate(record_count=number_of(_records, "groups")),
        ("slug",),
    ),
    joining(
        "states",
        _("States"),
        _("A State with a public review."),
        STATES,
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
        PARAGRAPHS,
        Paragraph.objects.filter(document__in=Document.objects.published())
        .select_related("document")
        .prefetch_related(*_made_from),
        ("document__slug", "position"),
    ),
)
TABLE = {table.name: table for table in TABLES}
