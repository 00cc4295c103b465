"""The public lists, declared: what each holds, how it is filtered, sorted and shown."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from recommendations import columns, facets, feeds, filters
from recommendations.calendars import due_dates
from recommendations.models import (
    Document,
    Evidence,
    FollowUp,
    Issue,
    IssueTag,
    Paragraph,
    Recommendation,
    ResponseLink,
    Review,
    Stakeholder,
    StateResponse,
)
from recommendations.pictures import Selection, build
from recommendations.search.hits import attach_hits
from recommendations.search.jump import named
from recommendations.verdicts import attach_verdicts

from .listing import PublicList, Sort
from .search_help import search_help

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponseBase
    from django_stubs_ext import StrOrPromise

    from recommendations.filters.base import Rows

    from .listing import Page

# More matches are sorted by date instead of by relevance.
RANKED_MAX = 20_000
PLACE = ("document", "paragraph__position", "reference")
# The same for records, in the order of an index of the listing.
LISTED = ("listing__document_slug", "listing__paragraph_position", "listing__reference")


def number_of(rows: QuerySet[Any], link: str) -> Coalesce:
    """An annotation: how many of these rows each row of the outer query has, by the field that names it."""
    counted = rows.filter(**{link: OuterRef("pk")}).order_by().values(link).annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), Value(0), output_field=IntegerField())


def rankable(rows: Rows) -> Rows:
    """The rows with a relevance: the same for all where nothing is searched for."""
    return rows if "relevance" in rows.query.annotations else rows.alias(relevance=Value(0.0))


class RecommendationList(PublicList):
    """What was put to States."""

    name = "recommendation_list"
    template_name = "recommendations/recommendation_list.html"
    title = _("Recommendations")
    lead = _("Recommendations, concerns, questions and commendations put to States, and what became of each.")
    counted = ngettext_lazy("%(n)s record", "%(n)s records", "n")
    nothing = _("No records")
    filename = "recommendations"
    rows = Recommendation.objects.published()
    filterset = filters.RecommendationFilters
    columns = columns.RECOMMENDATIONS
    feed = feeds.RECOMMENDATIONS
    sorts = {
        "newest": Sort(_("Newest review first"), ("-listing__starts_on", *LISTED)),
        "oldest": Sort(_("Oldest review first"), ("listing__starts_on", *LISTED)),
        "reference": Sort(_("Reference"), ("reference",)),
        "state": Sort(_("State"), ("listing__state_name", "-listing__starts_on", *LISTED)),
        "status": Sort(_("Newest status first"), ("-listing__status_order", "listing__reference")),
        "due": Sort(_("Due date"), (F("listing__due_on").asc(nulls_last=True), "listing__reference")),
        "updated": Sort(_("Last changed first"), ("-updated_at", "reference")),
        "relevance": Sort(_("Best match first"), ("-relevance", "-listing__starts_on", *LISTED), rankable),
    }

    def count(self) -> int:
        return facets.of(self.query.filters).total  # type: ignore[arg-type]

    def counts_by_value(self) -> facets.Counts:
        return facets.counts(self.query.filters)  # type: ignore[arg-type]

    def offered_sorts(self) -> list[tuple[str, StrOrPromise, bool]]:
        """Without the order by relevance where nothing is searched for."""
        offered = super().offered_sorts()
        return offered if self.query.filters.query else offered[:-1]  # type: ignore[attr-defined]

    def as_html(self) -> HttpResponse:
        """The page; or, where nothing but the reference of a record is asked for, the way to it."""
        if self.query.pairs() == [("q", text := self.query.last("q"))] and (record := named(text)):
            if self.request.headers.get("HX-Request"):  # a redirect would put the page into the list
                return HttpResponse(headers={"HX-Redirect": record.get_absolute_url()})
            return redirect(record)
        return super().as_html()

    def page(self, count: int) -> Page:
        self.total = count
        return super().page(count)

    @cached_property
    def total(self) -> int:
        """How many records match."""
        return self.count()

    @property
    def too_many_to_rank(self) -> bool:
        """Whether so many records match that the best of them would not stand out, and take long to find."""
        return self.query.sort == "relevance" and self.total > RANKED_MAX

    def sorted_ids(self) -> Rows:
        sort = self.sorts["newest" if self.too_many_to_rank else self.query.sort]
        # Implied by what is published; said so that the listing's indexes can be walked in order.
        return sort.apply(self.query.rows).filter(listing__public=True).values_list("pk", flat=True)

    def context(self, page: Page, records: list[Any]) -> dict[str, Any]:
        """With the hits of a search on its records, or help where it found none."""
        context = super().context(page, records)
        context["save_url"] = self.query.address(path=reverse("desk_view_new"), whole=True)
        context["pictures_url"] = self.query.address(path=reverse("pictures"), whole=True)
        if query := self.query.filters.query:  # type: ignore[attr-defined]
            attach_hits(records, query.wanted)
            context["looked_for"] = query.in_words
            context["ranked_max"] = RANKED_MAX if self.too_many_to_rank else None
            if not page.count:
                address = self.address_of
                others = any(name != "q" for name, _value in self.query.pairs())
                context["search_help"] = search_help(query, self.rows.all(), address, filtered=others)
        return context

    def address_of(self, text: str) -> str:
        """The address that searches for a text alone."""
        return self.query.address(filters=[("q", text)])

    def formats(self) -> list[str]:
        """With the due dates as a calendar."""
        return [*super().formats(), "ics"]

    def answers(self) -> dict[str, Callable[[], HttpResponseBase]]:
        return super().answers() | {"ics": self.as_ics}

    def as_ics(self) -> HttpResponseBase:
        """The published due dates of the records that match."""
        filters = f" ({self.query.in_words()})" if self.query.chips() else ""
        name = f"{settings.SITE_NAME}: {self.title}{filters}"
        return due_dates(self.query.rows, name, self.site_url, self.download_name("ics"))

    def for_page(self, rows: Rows) -> Rows:
        found: Rows = (
            rows.with_status()  # type: ignore[attr-defined]
            .with_stakeholders()
            .annotate(answered=F("listing__answered"))
            .select_related("document__review__state", "paragraph__document")
            .prefetch_related(
                Prefetch(
                    "tags",
                    IssueTag.objects.published().select_related("issue__parent"),
                    to_attr="public_tags",
                ),
            )
        )
        return found

    def in_full(self, rows: Rows) -> Rows:
        return rows.with_status().with_context().select_related("parent__document")  # type: ignore[attr-defined, no-any-return]

    def complete(self, records: list[Any]) -> None:
        attach_verdicts(records)


class ResponseList(PublicList):
    """What States answered."""

    name = "response_list"
    template_name = "recommendations/response_list.html"
    title = _("State responses")
    lead = _("What States said to what was put to them, verbatim, with the records each answer speaks to.")
    counted = ngettext_lazy("%(n)s response", "%(n)s responses", "n")
    nothing = _("No responses")
    filename = "responses"
    rows = StateResponse.objects.published()
    filterset = filters.ResponseFilters
    columns = columns.RESPONSES
    feed = feeds.RESPONSES
    sorts = {
        "newest": Sort(_("Newest first"), ("-date", *PLACE)),
        "oldest": Sort(_("Oldest first"), ("date", *PLACE)),
        "reference": Sort(_("Reference"), ("reference",)),
        "state": Sort(_("State"), ("document__review__state__name", "-date", *PLACE)),
    }

    def for_page(self, rows: Rows) -> Rows:
        links = ResponseLink.objects.published().select_related("recommendation")
        return rows.select_related("document__review__state", "paragraph__document").prefetch_related(
            Prefetch("links", links.order_by("recommendation__reference"), to_attr="public_links")
        )


class FollowUpList(PublicList):
    """The log: newest entries first."""

    name = "follow_up_list"
    template_name = "recommendations/follow_up_list.html"
    title = _("Follow-up")
    lead = _(
        "The log of what happened since: who says so, as of when, and on what evidence."
        " Entries are never changed, only corrected by new ones."
    )
    counted = ngettext_lazy("%(n)s entry", "%(n)s entries", "n")
    nothing = _("No entries")
    filename = "follow-up"
    rows = FollowUp.objects.published()
    filterset = filters.FollowUpFilters
    columns = columns.FOLLOW_UPS
    feed = feeds.FOLLOW_UPS
    sorts = {
        "newest": Sort(_("Newest first"), ("-as_of", "-published_at", "-pk")),
        "published": Sort(_("Last published first"), ("-published_at", "-pk")),
        "oldest": Sort(_("Oldest first"), ("as_of", "published_at", "pk")),
        "reference": Sort(_("Record"), ("recommendation__reference", "-as_of", "-pk")),
    }

    def for_page(self, rows: Rows) -> Rows:
        evidence = Evidence.objects.published().select_related("paragraph__document")
        entries: Rows = rows.with_grade_meaning()  # type: ignore[attr-defined]
        return entries.select_related(
            "assessor", "recommendation__document__review__state", "replaces", "replaced_by"
        ).prefetch_related(Prefetch("evidence", evidence, to_attr="public_evidence"))


class StakeholderList(PublicList):
    """Who raises and assesses."""

    name = "stakeholder_list"
    template_name = "recommendations/stakeholder_list.html"
    title = _("Stakeholders")
    lead = _("Whoever raises or assesses: organisations, joint submissions, committees, States.")
    counted = ngettext_lazy("%(n)s stakeholder", "%(n)s stakeholders", "n")
    nothing = _("No stakeholders")
    filename = "stakeholders"
    rows = Stakeholder.objects.published()
    filterset = filters.StakeholderFilters
    columns = columns.STAKEHOLDERS

    @staticmethod
    def with_records(rows: Rows) -> Rows:
        """Annotate how many public records each raised, to sort by."""
        raised = Recommendation.raised_by.through._default_manager.filter(
            recommendation__listing__public=True
        )
        found: Rows = rows.annotate(number=number_of(raised, "stakeholder"))
        return found

    def for_page(self, rows: Rows) -> Rows:
        public = Review.objects.published().filter(pk=OuterRef("review"))
        found: Rows = (
            rows.annotate(
                entry_count=number_of(FollowUp.objects.published(), "assessor"),
                review_is_public=Exists(public),
            )
            .select_related("state", "review")
            .prefetch_related(Prefetch("members", Stakeholder.objects.published(), to_attr="public_members"))
        )
        return found

    def complete(self, records: list[Any]) -> None:
        numbers = facets.totals("stakeholder")
        for stakeholder in records:
            stakeholder.record_count = numbers.get(stakeholder.slug, 0)


StakeholderList.sorts = {
    "name": Sort(_("Name"), ("name", "slug")),
    "kind": Sort(_("Kind"), ("kind", "name", "slug")),
    "records": Sort(_("Most records first"), ("-number", "name", "slug"), StakeholderList.with_records),
}


class DocumentList(PublicList):
    """Source texts."""

    name = "document_list"
    template_name = "recommendations/document_list.html"
    title = _("Documents")
    lead = _("The source texts that every record quotes, paragraph by paragraph.")
    counted = ngettext_lazy("%(n)s document", "%(n)s documents", "n")
    nothing = _("No documents")
    filename = "documents"
    rows = Document.objects.published()
    filterset = filters.DocumentFilters
    columns = columns.DOCUMENTS
    feed = feeds.DOCUMENTS
    sorts = {
        "newest": Sort(_("Newest review first"), ("-review__starts_on", "slug")),
        "oldest": Sort(_("Oldest review first"), ("review__starts_on", "slug")),
        "dated": Sort(_("Newest document first"), (F("published_on").desc(nulls_last=True), "slug")),
        "symbol": Sort(_("Symbol"), ("symbol", "slug")),
        "state": Sort(_("State"), ("review__state__name", "-review__starts_on", "slug")),
    }

    def for_page(self, rows: Rows) -> Rows:
        found: Rows = rows.select_related("review__state").annotate(
            paragraph_count=number_of(Paragraph.objects.all(), "document"),
            record_count=number_of(Recommendation.objects.published(), "document"),
            response_count=number_of(StateResponse.objects.published(), "document"),
        )
        return found

    def in_full(self, rows: Rows) -> Rows:
        return feeds.with_last_change(self.for_page(rows))


class ReviewList(PublicList):
    """Examinations."""

    name = "review_list"
    template_name = "recommendations/review_list.html"
    title = _("Reviews")
    lead = _("Each examination of a State by one mechanism at one session.")
    counted = ngettext_lazy("%(n)s review", "%(n)s reviews", "n")
    nothing = _("No reviews")
    filename = "reviews"
    rows = Review.objects.published()
    filterset = filters.ReviewFilters
    columns = columns.REVIEWS
    sorts = {
        "newest": Sort(_("Newest first"), ("-starts_on", "slug")),
        "oldest": Sort(_("Oldest first"), ("starts_on", "slug")),
        "state": Sort(_("State"), ("state__name", "-starts_on", "slug")),
        "mechanism": Sort(_("Mechanism"), ("mechanism", "-starts_on", "slug")),
    }

    def context(self, page: Page, records: list[Any]) -> dict[str, Any]:
        return super().context(page, records) | {"time_line": build("time-line", self.selection())}

    def selection(self) -> Selection:
        """The records of the States that the address names, or of all: the time line is of whole States."""
        states = self.query.filters.given["state"].chosen
        records = Recommendation.objects.published()
        if states:
            records = records.filter(document__review__state__in=[key for one in states for key in one.keys])
        pairs = tuple(("state", one.value) for one in states)
        return Selection(records, pairs, "; ".join(f"State: {one.label}" for one in states))

    def for_page(self, rows: Rows) -> Rows:
        found: Rows = rows.select_related("state").annotate(
            document_count=number_of(Document.objects.published(), "review"),
            record_count=number_of(Recommendation.objects.published(), "document__review"),
            response_count=number_of(StateResponse.objects.published(), "document__review"),
        )
        return found


class IssueList(PublicList):
    """The tree of issues; a whole tree stands on one page."""

    name = "issue_list"
    template_name = "recommendations/issue_list.html"
    title = _("Issues")
    lead = _("The themes that records are about, in the words that the United Nations use.")
    counted = ngettext_lazy("%(n)s issue", "%(n)s issues", "n")
    nothing = _("No issues")
    filename = "issues"
    rows = Issue.objects.all()
    filterset = filters.IssueFilters
    columns = columns.ISSUES
    per_page = 200
    sorts = {
        "tree": Sort(
            _("As in the tree"),
            (
                Coalesce("parent__position", "position"),
                Coalesce("parent__path", "path"),
                F("parent").asc(nulls_first=True),
                "position",
                "path",
            ),
        ),
        "name": Sort(_("Name"), ("name", "path")),
    }

    def for_page(self, rows: Rows) -> Rows:
        found: Rows = rows.select_related("parent")
        return found

    def complete(self, records: list[Any]) -> None:
        numbers = facets.totals("issue")
        for issue in records:
            issue.record_count = numbers.get(issue.path, 0)
