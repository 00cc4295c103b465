"""Chains: the list of families of linked records, and one page for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from recommendations.charts import statistics
from recommendations.exports.columns import Column
from recommendations.exports.spreadsheets import to_cells
from recommendations.models import Recommendation
from recommendations.public.chain_detail import FAMILY_MAX, NEIGHBOURS_MAX, Family, cite_chain, related_links
from recommendations.public.cite import citation_file, site_of
from recommendations.public.list_view import CHUNK, PublicList, Sort
from recommendations.public.read_only import ReadOnlyView
from recommendations.public.redirects import lead_on
from recommendations.search.filters import PublicFilterSet, facet_counts
from recommendations.search.filters.model_filters import IssueFilter, ReviewFilter, StateFilter
from recommendations.search.filters.sets import tagged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recommendations.core.paging import Page
    from recommendations.search.facets.chains import FamilyLine


class ChainFilters(PublicFilterSet):
    """The list of chains: those with a record that matches."""

    state = StateFilter(_("State"), "document__review__state__in")
    review = ReviewFilter(_("Review"), "document__review__in", help=_("With a record of this review."))
    issue = IssueFilter(_("Issue"), lambda rows, issues: rows.filter(pk__in=tagged(issues)))

    class Meta:
        model = Recommendation
        fields: list[str] = []


COLUMNS = [
    Column("reference", _("First record"), lambda family: family.reference),
    Column("title", _("What it is about"), lambda family: family.first.title),
    Column("state", _("State"), lambda family: family.first.document.review.state.iso3),
    Column("size", _("Records"), lambda family: family.size),
    Column("from", _("From"), lambda family: family.starts[0].year),
    Column("to", _("To"), lambda family: family.starts[-1].year),
    Column(
        "records",
        _("References"),
        lambda family: [
            {
                "reference": record.reference,
                "review": record.document.review.slug,
                "status": status_of(record),
            }
            for record in family.records
        ],
        cell=lambda family: [record.reference for record in family.records],
    ),
    Column("status_then", _("Status of the first"), lambda family: status_of(family.first)),
    Column("status_now", _("Status of the last"), lambda family: status_of(family.last)),
    Column("url", _("Address"), lambda family: family.get_absolute_url(), address=True),
]


def status_of(record: Any) -> str | None:
    """The headline status; None for a commendation, which asks for nothing."""
    return record.verdicts.status if record.expects_follow_up else None


class ChainList(PublicList):
    """Every chain of two or more records."""

    name = "chain_list"
    template_name = "recommendations/chain_list.html"
    title = _("Chains")
    lead = _("What was put to a State and then again: records of different times that ask the same.")
    counted = ngettext_lazy("%(n)s chain", "%(n)s chains", "n")
    nothing = _("No chains")
    filename = "chains"
    rows = Recommendation.objects.published()
    filterset = ChainFilters
    columns = COLUMNS
    sorts = {
        "longest": Sort(_("Most records first"), ()),
        "span": Sort(_("Longest time first"), ()),
        "newest": Sort(_("Last raised first"), ()),
        "reference": Sort(_("Reference"), ()),
    }
    ORDERS = {
        "longest": lambda family: (-family.size, -family.span, family.reference),
        "span": lambda family: (-family.span, -family.size, family.reference),
        "newest": lambda family: (-family.starts[-1].toordinal(), -family.size, family.reference),
        "reference": lambda family: family.reference,
    }

    def found(self) -> list[FamilyLine]:
        """The families that match, in order; links are read once for each version of the data."""
        if "_found" not in self.__dict__:
            matching = facet_counts.of(self.query.filters)
            families = matching.index.families
            if self.query.pairs():
                members = matching.records.members
                families = [family for family in families if any(one in members for one in family.ids)]
            self._found = sorted(families, key=self.ORDERS[self.query.sort])
        return self._found

    def count(self) -> int:
        return len(self.found())

    def filled(self, families: list[FamilyLine]) -> list[FamilyLine]:
        """The families with their records. A fixed number of queries."""
        ids = [one for family in families for one in family.ids]
        records = {record.pk: record for record in statistics.cards(self.rows.filter(pk__in=ids))}
        return [family.with_records(records) for family in families]

    def records_of(self, page: Page, *, full: bool) -> list[Any]:
        start = max(0, page.first - 1)
        return self.filled(self.found()[start : start + self.query.per_page])

    def all_rows(self) -> Iterator[list[Any]]:
        families = self.found()
        for start in range(0, len(families), CHUNK):
            for family in self.filled(families[start : start + CHUNK]):
                yield to_cells(self.exported, family, self.site_url)


def family_of(reference: str) -> Family:
    """The family of a public record that has any public link; else 404."""
    record = get_object_or_404(Recommendation.objects.published(), reference=reference)
    family = Family(record)
    if len(family.records) < 2 and not related_links().touching([record.pk]).exists():
        raise Http404("This record stands alone.")
    return family


class ChainDetail(ReadOnlyView):
    """One chain. It stands at the address of its earliest record; those of the others lead there."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """The page, or the way to it."""
        try:
            family = family_of(reference)
        except Http404:
            return lead_on(request, Recommendation.objects.all(), "reference")
        if reference != family.first.reference:
            return HttpResponseRedirect(f"{family.get_absolute_url()}#{reference}")
        family.attach_verdicts()
        return render(
            request,
            "recommendations/chain_detail.html",
            {
                "family": family,
                "neighbours": family.neighbours[:NEIGHBOURS_MAX],
                "more_neighbours": max(0, len(family.neighbours) - NEIGHBOURS_MAX),
                "most": FAMILY_MAX,
                "state": family.first.document.review.state,
                "citation": cite_chain(family, site_of(request)),
            },
        )


class CiteChain(ReadOnlyView):
    """The citation of a chain as a file."""

    def get(self, request: HttpRequest, reference: str, format: str) -> HttpResponse:
        """The file, the same from whichever record it is asked for."""
        try:
            family = family_of(reference)
        except Http404:
            return lead_on(request, Recommendation.objects.all(), "reference")
        return citation_file(cite_chain(family, site_of(request)), format)
