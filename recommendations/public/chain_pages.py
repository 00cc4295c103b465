"""Chains: the list of them, and one page for each."""

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
from recommendations.public.chain_detail import CHAIN_MAX, NEIGHBOURS_MAX, Chain, cite_chain, related_links
from recommendations.public.cite import citation_file, site_of
from recommendations.public.list_view import CHUNK, PublicList, Sort
from recommendations.public.read_only import ReadOnlyView
from recommendations.public.redirects import redirect_to_current
from recommendations.search.facets.declared import FACETS
from recommendations.search.filters import PublicFilterSet, facet_counts
from recommendations.search.filters.model_filters import IssueFilter, ReviewFilter, StateFilter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recommendations.core.paging import Page
    from recommendations.search.facets.chains import FamilyLine


class ChainFilters(PublicFilterSet):
    """The list of chains: those with a record that matches."""

    state = StateFilter(_("State"), "document__review__state__in")
    review = ReviewFilter(_("Review"), "document__review__in", help=_("With a record of this review."))
    issue = IssueFilter(_("Issue"), FACETS["issue"].narrow)

    class Meta:
        model = Recommendation
        fields: list[str] = []


COLUMNS = [
    Column("reference", _("First record"), lambda chain: chain.reference),
    Column("title", _("What it is about"), lambda chain: chain.first.title),
    Column("state", _("State"), lambda chain: chain.first.document.review.state.iso3),
    Column("size", _("Records"), lambda chain: chain.size),
    Column("from", _("From"), lambda chain: chain.starts[0].year),
    Column("to", _("To"), lambda chain: chain.starts[-1].year),
    Column(
        "records",
        _("References"),
        lambda chain: [
            {
                "reference": record.reference,
                "review": record.document.review.slug,
                "status": status_of(record),
            }
            for record in chain.records
        ],
        cell=lambda chain: [record.reference for record in chain.records],
    ),
    Column("status_then", _("Status of the first"), lambda chain: status_of(chain.first)),
    Column("status_now", _("Status of the last"), lambda chain: status_of(chain.last)),
    Column("url", _("Address"), lambda chain: chain.get_absolute_url(), address=True),
]


def status_of(record: Any) -> str | None:
    """The headline status; None for a commendation, which asks for nothing."""
    return record.verdicts.status if record.expects_follow_up else None


class ChainList(PublicList):
    """Every chain of two or more records."""

    name = "chain_list"
    template_name = "public/chain_list.html"
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
        "longest": lambda chain: (-chain.size, -chain.span, chain.reference),
        "span": lambda chain: (-chain.span, -chain.size, chain.reference),
        "newest": lambda chain: (-chain.starts[-1].toordinal(), -chain.size, chain.reference),
        "reference": lambda chain: chain.reference,
    }

    def found(self) -> list[FamilyLine]:
        """The chains that match, in order; links are read once for each version of the data."""
        if "_found" not in self.__dict__:
            matching = facet_counts.of(self.query.filters)
            chains = matching.index.families
            if self.query.pairs():
                members = matching.records.bits
                chains = [chain for chain in chains if any(one in members for one in chain.ids)]
            self._found = sorted(chains, key=self.ORDERS[self.query.sort])
        return self._found

    def count(self) -> int:
        return len(self.found())

    def filled(self, chains: list[FamilyLine]) -> list[FamilyLine]:
        """The chains with their records. A fixed number of queries."""
        ids = [one for chain in chains for one in chain.ids]
        records = {record.pk: record for record in statistics.cards(self.rows.filter(pk__in=ids))}
        return [chain.with_records(records) for chain in chains]

    def records_of(self, page: Page, *, full: bool) -> list[Any]:
        start = max(0, page.first - 1)
        return self.filled(self.found()[start : start + self.query.per_page])

    def all_rows(self) -> Iterator[list[Any]]:
        chains = self.found()
        for start in range(0, len(chains), CHUNK):
            for chain in self.filled(chains[start : start + CHUNK]):
                yield to_cells(self.exported, chain, self.site_url)


def chain_of(reference: str) -> Chain:
    """The chain of a public record that has any public link; else 404."""
    record = get_object_or_404(Recommendation.objects.published(), reference=reference)
    chain = Chain(record)
    if len(chain.records) < 2 and not related_links().touching([record.pk]).exists():
        raise Http404("This record stands alone.")
    return chain


class ChainDetail(ReadOnlyView):
    """One chain. It stands at the address of its earliest record; those of the others lead there."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """The page, or the way to it."""
        try:
            chain = chain_of(reference)
        except Http404:
            return redirect_to_current(request, Recommendation.objects.all(), "reference")
        if reference != chain.first.reference:
            return HttpResponseRedirect(f"{chain.get_absolute_url()}#{reference}")
        chain.attach_verdicts()
        return render(
            request,
            "public/chain_detail.html",
            {
                "chain": chain,
                "neighbours": chain.neighbours[:NEIGHBOURS_MAX],
                "more_neighbours": max(0, len(chain.neighbours) - NEIGHBOURS_MAX),
                "most": CHAIN_MAX,
                "state": chain.first.document.review.state,
                "citation": cite_chain(chain, site_of(request)),
            },
        )


class CiteChain(ReadOnlyView):
    """The citation of a chain as a file."""

    def get(self, request: HttpRequest, reference: str, format: str) -> HttpResponse:
        """The file, the same from whichever record it is asked for."""
        try:
            chain = chain_of(reference)
        except Http404:
            return redirect_to_current(request, Recommendation.objects.all(), "reference")
        return citation_file(cite_chain(chain, site_of(request)), format)
