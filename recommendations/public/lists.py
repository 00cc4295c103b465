"""The public lists, declared: what each holds, how it is filtered, sorted and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from recommendations.charts.build import build
from recommendations.charts.selection import Selection
from recommendations.charts.statistics import entries_by_assessor
from recommendations.exports import atom, columns
from recommendations.models import (
    Document,
    Evidence,
    FollowUp,
    Issue,
    Paragraph,
    Recommendation,
    ResponseLink,
    Review,
    Stakeholder,
    StateResponse,
)
from recommendations.public.list_view import PublicList, Sort
from recommendations.search import filters
from recommendations.search.facets.index import current
from recommendations.search.facets.record_set import Records

if TYPE_CHECKING:
    from recommendations.core.paging import Page
    from recommendations.search.filters.values import Rows

PLACE = ("document", "paragraph__position", "reference")


def number_of(rows: QuerySet[Any], link: str) -> Coalesce:
    """An annotation: how many of these rows each row of the outer query has, by the field that names it."""
    counted = rows.filter(**{link: OuterRef("pk")}).order_by().values(link).annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), Value(0), output_field=IntegerField())


class ResponseList(PublicList):
    """What States answered."""

    name = "response_list"
    template_name = "public/response_list.html"
    title = _("State responses")
    lead = _("What States said to what was put to them, verbatim, with the records each answer speaks to.")
    counted = ngettext_lazy("%(n)s response", "%(n)s responses", "n")
    nothing = _("No responses")
    filename = "responses"
    rows = StateResponse.objects.published()
    filterset = filters.ResponseFilters
    columns = columns.RESPONSES
    feed = atom.RESPONSES
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
    template_name = "public/follow_up_list.html"
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
    feed = atom.FOLLOW_UPS
    sorts = {
        "newest": Sort(_("Newest first"), ("-as_of", "-published_at", "-pk")),
        "published": Sort(_("Last published first"), ("-published_at", "-pk")),
        "oldest": Sort(_("Oldest first"), ("as_of", "published_at", "pk")),
        "reference": Sort(_("Record"), ("recommendation__reference", "-as_of", "-pk")),
    }

    def for_page(self, rows: Rows) -> Rows:
        evidence = Evidence.objects.published().select_related("paragraph__document")
        entries: Rows = rows.with_grade_meaning()  # type: ignore[attr-defined]  # Rows names no model, so no QuerySet of ours
        return entries.select_related(
            "assessor", "recommendation__document__review__state", "replaces", "replaced_by"
        ).prefetch_related(Prefetch("evidence", evidence, to_attr="public_evidence"))


class StakeholderList(PublicList):
    """Who raises and assesses."""

    name = "stakeholder_list"
    template_name = "public/stakeholder_list.html"
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
                review_is_public=Exists(public),
            )
            .select_related("state", "review")
            .prefetch_related(Prefetch("members", Stakeholder.objects.published(), to_attr="public_members"))
        )
        return found

    def complete(self, records: list[Any]) -> None:
        index = current()
        numbers, entries = index.totals["stakeholder"], entries_by_assessor(index)
        for stakeholder in records:
            stakeholder.record_count = numbers.get(stakeholder.slug, 0)
            stakeholder.entry_count = entries.get(stakeholder.pk, 0)


StakeholderList.sorts = {
    "name": Sort(_("Name"), ("name", "slug")),
    "kind": Sort(_("Kind"), ("kind", "name", "slug")),
    "records": Sort(_("Most records first"), ("-number", "name", "slug"), StakeholderList.with_records),
}


class DocumentList(PublicList):
    """Source texts."""

    name = "document_list"
    template_name = "public/document_list.html"
    title = _("Documents")
    lead = _("The source texts that every record quotes, paragraph by paragraph.")
    counted = ngettext_lazy("%(n)s document", "%(n)s documents", "n")
    nothing = _("No documents")
    filename = "documents"
    rows = Document.objects.published()
    filterset = filters.DocumentFilters
    columns = columns.DOCUMENTS
    feed = atom.DOCUMENTS
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
        return atom.with_last_change(self.for_page(rows))


class ReviewList(PublicList):
    """Examinations."""

    name = "review_list"
    template_name = "public/review_list.html"
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
        records = Records.all()
        if states:
            records = records.having("state", *(one.value for one in states))
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
    template_name = "public/issue_list.html"
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
        numbers = current().totals["issue"]
        for issue in records:
            issue.record_count = numbers.get(issue.path, 0)
