"""The charts of any filtered records: on one page, and each as a file to take away."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from recommendations.charts.build import NAMES, build
from recommendations.charts.drawing.frame import About, framed
from recommendations.charts.drawing.png import file_png
from recommendations.charts.drawing.svg import file_svg
from recommendations.charts.model import FILE, IMAGES, Chart
from recommendations.charts.selection import Selection
from recommendations.core.context_processors import site
from recommendations.core.dates import day_in_words
from recommendations.exports.citations import cite
from recommendations.exports.spreadsheets import file_name
from recommendations.models import Recommendation
from recommendations.public.cite import citation_file, site_of
from recommendations.public.read_only import ReadOnlyView
from recommendations.search.filters import RecommendationFilters
from recommendations.search.filters.base import OPTIONS_MAX
from recommendations.search.filters.query import ListQuery

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

    from recommendations.search.filters.values import Option

# What the page offers to choose by; any other filter of the list of records is kept and can be dropped.
OFFERED = ("state", "review", "issue", "kind", "stakeholder")


def query_of(data: QueryDict, path: str = "") -> ListQuery:
    """An address of charts (by default of all), read as one of the list of records."""
    return ListQuery(
        data,
        filterset=RecommendationFilters,
        rows=Recommendation.objects.published(),
        # A list's address can be copied; the order of its rows changes no chart.
        sorts=dict.fromkeys(("newest", "oldest", "reference", "state", "status", "due", "updated"), ""),
        path=path or reverse("chart_list"),
        per_page=settings.PER_PAGE,
    )


def sentences(query: ListQuery) -> list[str]:
    """What to tell the reader about the address."""
    return list(dict.fromkeys(one for many in query.problems.values() for one in many))


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter that the page offers: its options, and whether each is chosen."""

    name: str
    label: str
    options: list[tuple[Option, bool]]
    typed: bool  # too many options to choose from a list
    value: str


class ChartView(ReadOnlyView):
    """What the pages and the files share."""

    @cached_property
    def query(self) -> ListQuery:
        """The address, read."""
        name = self.kwargs.get("name")
        return query_of(self.request.GET, reverse("chart_detail", args=[name]) if name else "")

    @cached_property
    def selection(self) -> Selection:
        """The records that the charts are of."""
        return Selection.of(self.query)


class ChartPage(ChartView):
    """A page of charts: what to choose by, and what is chosen."""

    template_name: ClassVar[str]

    def page(self, **context: Any) -> HttpResponse:
        """The page; whatever the address says, an answer that helps."""
        query = self.query
        context |= {
            "query": query,
            "canonical": site(self.request)["site_url"] + query.canonical(1),
            "problems": sentences(query),
            "chips": query.chips(),
            "in_words": self.selection.words,
            "clear_url": query.path,
            "choices": self.choices(),
            "kept": self.kept(),
            "list_url": query.address(path=reverse("recommendation_list"), whole=True),
            "number": self.selection.records.number,
        }
        return render(self.request, self.template_name, context)

    def choices(self) -> list[Choice]:
        """The filters to choose by, with what is chosen."""
        found = []
        for name in OFFERED:
            item, given = self.query.filters.filters[name], self.query.filters.given[name]
            options = item.options()
            single = given.chosen[0] if len(given.values) == 1 and given.chosen else None
            known = [*options, *(one for one in given.chosen if one not in options)]
            found.append(
                Choice(
                    name,
                    str(item.label),
                    [(option, option == single) for option in known],
                    len(options) > OPTIONS_MAX,
                    single.value if single else "",
                )
            )
        return found

    def kept(self) -> list[tuple[str, str]]:
        """Filters that the form does not show as chosen, and must not lose."""
        given = self.query.filters.given
        return [
            (name, value)
            for name, value in self.query.pairs(known_only=True)
            if name not in OFFERED or len(given[name].values) > 1
        ]


class ChartList(ChartPage):
    """All charts of the records that the address asks for."""

    template_name = "public/chart_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(charts=[build(name, self.selection) for name in NAMES])


class ChartDetail(ChartPage):
    """One chart at its permanent address, with how to cite it."""

    template_name = "public/chart_detail.html"

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        return self.page(chart=build(name, self.selection))


class ChartFile(ChartView):
    """One chart as SVG or PNG, with its title, filter, source, date and address on it; or its citation."""

    def get(self, request: HttpRequest, name: str, format: str) -> HttpResponse:
        if self.query.problems:
            return HttpResponse(
                "\n".join(sentences(self.query)) + "\n",
                status=HTTPStatus.BAD_REQUEST,
                content_type="text/plain; charset=utf-8",
            )
        chart = build(name, self.selection)
        if format not in IMAGES:
            return citation_file(cite(chart, site_of(request)), format)
        about = self.about(chart)
        drawing = framed(chart.draw(FILE), about)
        said = {"Title": chart.title, "Description": about.filters, "Source": about.source}
        body: str | bytes = (
            file_svg(drawing) if format == "svg" else file_png(drawing, said | {"URL": about.address})
        )
        stem = file_name(f"picture-{name}", self.query.pairs(), format, timezone.localdate())
        return HttpResponse(
            body,
            content_type=IMAGES[format],
            headers={"Content-Disposition": f'inline; filename="{stem}"'},
        )

    def about(self, chart: Chart) -> About:
        """The words around the chart."""
        today = timezone.localdate()
        filters = gettext("Filter: %(filters)s") % {"filters": chart.filters}
        words = filters if chart.filters else gettext("All public records")
        address = site(self.request)["site_url"] + chart.get_absolute_url()
        return About(
            chart.lead,
            words,
            chart.notes,
            gettext("Source: %(site)s, %(when)s") % {"site": settings.SITE_NAME, "when": day_in_words(today)},
            address,
        )
