"""The list of records: filtered, searched, counted beside its filters, at any size."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import F, Prefetch, Value
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from recommendations.exports import atom, columns
from recommendations.exports.ical import due_dates
from recommendations.models import IssueTag, Recommendation
from recommendations.models.verdicts import attach_verdicts
from recommendations.public.list_view import PublicList, Sort
from recommendations.public.search_help import search_help
from recommendations.search import filters
from recommendations.search.filters import facet_counts
from recommendations.search.text.hits import attach_hits
from recommendations.search.text.reference_lookup import named

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponseBase
    from django_stubs_ext import StrOrPromise

    from recommendations.core.paging import Page
    from recommendations.search.filters.values import Rows

# At most so many matches are handed to the database by their ids, instead of asking again what matches.
BY_ID_MAX = 5_000
# More matches are sorted by date instead of by relevance.
RANKED_MAX = 20_000
# An order that an index of the listing has.
LISTED = ("listing__document_slug", "listing__paragraph_position", "listing__reference")


def rankable(rows: Rows) -> Rows:
    """The rows with a relevance: the same for all where nothing is searched for."""
    return rows if "relevance" in rows.query.annotations else rows.alias(relevance=Value(0.0))


class RecommendationList(PublicList):
    """What was put to States."""

    name = "recommendation_list"
    template_name = "public/recommendation_list.html"
    title = _("Recommendations")
    lead = _("Recommendations, concerns, questions and commendations put to States, and what became of each.")
    counted = ngettext_lazy("%(n)s record", "%(n)s records", "n")
    nothing = _("No records")
    filename = "recommendations"
    rows = Recommendation.objects.published()
    filterset = filters.RecommendationFilters
    columns = columns.RECOMMENDATIONS
    feed = atom.RECOMMENDATIONS
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

    def counts_by_value(self) -> facet_counts.Counts:
        return facet_counts.counts(self.query.filters)

    def offered_sorts(self) -> list[tuple[str, StrOrPromise, bool]]:
        """Without the order by relevance where nothing is searched for."""
        offered = super().offered_sorts()
        return offered if self.query.filters.query else offered[:-1]  # type: ignore[attr-defined]  # RecommendationFilters has it

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

    @property
    def sort_in_force(self) -> str:
        """The order asked for, or the usual one where that would rank too many."""
        return "newest" if self.too_many_to_rank else self.query.sort

    def in_order(self, rows: Rows) -> Rows:
        """The ids of these rows in order."""
        # Implied by what is published; said so that the listing's indexes can be walked in order.
        rows = self.sorts[self.sort_in_force].apply(rows).filter(listing__public=True)
        return rows.values_list("pk", flat=True)

    def sorted_ids(self) -> Rows:
        return self.in_order(self.query.rows)

    def records_of(self, page: Page, *, full: bool) -> list[Any]:
        if not page.count:
            return []
        start, size, sort = page.first - 1, self.query.per_page, self.sort_in_force
        found, days = facet_counts.of(self.query.filters).records, None
        among = len(found.index.public)
        if sort in ("newest", "oldest"):
            found, start, days = found.stretch(start, size, newest=sort == "newest")
            among = found.on(days).number
        rows = self.query.rows
        # Walking an index in order passes so many rows before the page is full.
        passed = (start + size) * among / max(1, found.number)
        if found.number <= BY_ID_MAX and (sort == "relevance" or passed > found.number):
            rows = (rows if sort == "relevance" else self.rows.all()).filter(listing__pk__in=found.ids)
        elif days:
            rows = rows.filter(listing__starts_on__range=(min(days), max(days)))
        return self.load(list(self.in_order(rows)[start : start + size]), full=full)

    def context(self, page: Page, records: list[Any]) -> dict[str, Any]:
        """With the hits of a search on its records, or help where it found none."""
        context = super().context(page, records)
        context["save_url"] = self.query.address(path=reverse("desk_view_new"), whole=True)
        context["charts_url"] = self.query.address(path=reverse("chart_list"), whole=True)
        if query := self.query.filters.query:  # type: ignore[attr-defined]  # RecommendationFilters has it
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
            rows.with_status()  # type: ignore[attr-defined]  # Rows names no model, so no QuerySet of ours
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
        return rows.with_status().with_context().select_related("parent__document")  # type: ignore[attr-defined,no-any-return]  # Rows names no model, so no QuerySet of ours

    def complete(self, records: list[Any]) -> None:
        attach_verdicts(records)
