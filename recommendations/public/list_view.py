"""The base of every public list: one address, five formats, the same filters."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from recommendations.charts.statistics import count_of
from recommendations.core.context_processors import site
from recommendations.core.paging import Page
from recommendations.exports.atom import NEWEST, Feed, feed_response
from recommendations.exports.citations import Citation, Site, cite_list
from recommendations.exports.spreadsheets import (
    choose,
    csv_response,
    file_name,
    headings,
    to_cells,
    to_json,
    xlsx_response,
)
from recommendations.public.cite import citation_file
from recommendations.public.read_only import ReadOnlyView
from recommendations.search.filters.query import ListQuery
from recommendations.search.filters.values import named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from django_stubs_ext import StrOrPromise, StrPromise

    from recommendations.exports.columns import Column
    from recommendations.search.filters import PublicFilterSet
    from recommendations.search.filters.values import Rows

# Rows that an export holds in memory at a time.
CHUNK = 500
SPREADSHEETS = ("csv", "xlsx")
PER_PAGE_CHOICES = (10, 25, 50, 100, 200)
CONTENT_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "atom": "application/atom+xml",
    "ics": "text/calendar",
}


@dataclass(frozen=True, slots=True)
class Sort:
    """One order of a list; `prepare` adds the annotations that it sorts by."""

    label: StrOrPromise
    order: Sequence[Any]
    prepare: Callable[[Rows], Rows] | None = None

    def apply(self, rows: Rows) -> Rows:
        """The rows in this order."""
        return (self.prepare(rows) if self.prepare else rows).order_by(*self.order)


class PublicList(ReadOnlyView):
    """A public list. Subclasses declare what it holds; `complete` loads what its rows show."""

    name: ClassVar[str]  # of the address: `recommendation_list`
    template_name: ClassVar[str]
    title: ClassVar[StrOrPromise]
    lead: ClassVar[StrOrPromise]
    counted: ClassVar[StrPromise]  # "%(n)s rows", to be filled in with `% {"n": …}`
    nothing: ClassVar[StrOrPromise]  # "No rows"
    filename: ClassVar[str]
    rows: ClassVar[Rows]  # what the public may see
    filterset: ClassVar[type[PublicFilterSet]]
    columns: ClassVar[list[Column]]
    sorts: ClassVar[dict[str, Sort]]
    feed: ClassVar[Feed | None] = None
    per_page: ClassVar[int] = settings.PER_PAGE

    # What a page shows of each row, and what an export needs (by default the same).
    def for_page(self, rows: Rows) -> Rows:
        """Load what a row of the page shows."""
        return rows

    def in_full(self, rows: Rows) -> Rows:
        """Load what JSON, spreadsheets and feeds need."""
        return self.for_page(rows)

    def complete(self, records: list[Any]) -> None:
        """Add to the loaded rows what no query of their own can."""

    @cached_property
    def query(self) -> ListQuery:
        """The address, read."""
        return ListQuery(
            self.request.GET,
            filterset=self.filterset,
            rows=self.rows.all(),
            sorts={value: sort.label for value, sort in self.sorts.items()},
            path=reverse(self.name),
            per_page=self.per_page,
            also=("columns",) if self.kwargs.get("format") in SPREADSHEETS else (),
        )

    @cached_property
    def exported(self) -> list[Column]:
        """The columns of a spreadsheet: those that the address chooses, or all."""
        chosen, unknown = choose(self.columns, self.request.GET.getlist("columns"))
        if unknown:
            allowed = ", ".join(column.name for column in self.columns if column.sheet)
            sentence = ngettext(
                "%(names)s is not a column of this list. Allowed: %(allowed)s.",
                "%(names)s are not columns of this list. Allowed: %(allowed)s.",
                len(unknown),
            )
            self.query.add_problem("columns", sentence % {"names": named(unknown), "allowed": allowed})
        return chosen

    def counts_by_value(self) -> dict[str, dict[str, int]]:
        """For filters of the panel, how many rows each value would leave; by default nothing is counted."""
        return {}

    def in_numbers(self, count: int) -> str:
        """So many rows in words: `12 records`."""
        return str(self.counted % {"n": count})

    def count(self) -> int:
        """How many rows match."""
        return count_of(self.query.filters)

    @cached_property
    def site_url(self) -> str:
        """The address readers see, without a slash at the end."""
        return str(site(self.request)["site_url"])

    def get(self, request: HttpRequest, format: str = "html") -> HttpResponseBase:
        """The list in the format that the address asks for."""
        if format == "html":
            return self.as_html()
        if format in SPREADSHEETS:
            self.exported  # noqa: B018  (names what it does not know among the problems)
        if self.query.problems:
            return self.refuse(format, HTTPStatus.BAD_REQUEST)
        return self.answers()[format]()

    def answers(self) -> dict[str, Callable[[], HttpResponseBase]]:
        """What answers in which format, beside the page."""
        return {
            "json": self.as_json,
            "csv": self.as_csv,
            "xlsx": self.as_xlsx,
            "atom": self.as_atom,
            "bib": self.as_citation,
            "ris": self.as_citation,
        }

    def refuse(self, format: str, status: HTTPStatus) -> HttpResponse:
        """The problems of the address: as JSON by field, else as lines of text."""
        problems = self.query.problems
        sentences = list(dict.fromkeys(one for many in problems.values() for one in many))
        if format == "json":
            detail = gettext("The address asks for something that this list does not have.")
            return JsonResponse({"detail": detail, "errors": problems}, status=status)
        return HttpResponse(
            "\n".join(sentences) + "\n", status=status, content_type="text/plain; charset=utf-8"
        )

    def sorted_ids(self) -> Rows:
        """The ids of all rows that match, in order."""
        return self.sorts[self.query.sort].apply(self.query.rows).values_list("pk", flat=True)

    def load(self, ids: Sequence[int], *, full: bool) -> list[Any]:
        """The rows with these ids, in this order, with all they show: the statuses only of these few."""
        if not ids:
            return []
        rows = (self.in_full if full else self.for_page)(self.rows.filter(pk__in=ids))
        by_id = {row.pk: row for row in rows}
        records = [by_id[id] for id in ids if id in by_id]
        self.complete(records)
        return records

    def page(self, count: int) -> Page:
        """The page asked for, or the nearest there is."""
        query = self.query
        pages = max(1, -(-count // query.per_page))
        number = min(query.page, pages)
        if query.page > pages:
            asked = query.last("page")
            sentence = ngettext(
                "There is only one page, so there is no page %(asked)s.",
                "There are only %(pages)s pages, so there is no page %(asked)s.",
                pages,
            )
            query.add_problem("page", sentence % {"pages": pages, "asked": asked[:20]})
        near = {1, pages, *range(max(1, number - 2), min(pages, number + 2) + 1)}
        links: list[tuple[int, str] | None] = []
        for one in sorted(near):
            if links and links[-1] and links[-1][0] + 1 < one:
                links.append(None)
            links.append((one, query.address(page=one)))
        first = (number - 1) * query.per_page
        return Page(
            number=number,
            pages=pages,
            count=count,
            first=min(first + 1, count),
            last=min(first + query.per_page, count),
            previous=query.address(page=number - 1) if number > 1 else None,
            next=query.address(page=number + 1) if number < pages else None,
            links=links,
        )

    def records_of(self, page: Page, *, full: bool) -> list[Any]:
        """The rows of a page."""
        if not page.count:
            return []
        start = page.first - 1
        return self.load(list(self.sorted_ids()[start : start + self.query.per_page]), full=full)

    def all_rows(self) -> Iterator[list[Any]]:
        """Every row that matches, as cells, loaded in chunks: only the ids are held at once."""
        ids = array("q", self.sorted_ids().iterator(chunk_size=10_000))
        for start in range(0, len(ids), CHUNK):
            for record in self.load(ids[start : start + CHUNK].tolist(), full=True):
                yield to_cells(self.exported, record, self.site_url)

    def as_html(self) -> HttpResponse:
        """The page; whatever the address says, an answer that helps."""
        page = self.page(self.count())
        records = self.records_of(page, full=False)
        response = render(self.request, self.template_name, self.context(page, records))
        # The short form of the address, for htmx to show: a form sends its empty fields too.
        response["HX-Push-Url"] = self.query.address(page=page.number)
        return response

    def context(self, page: Page, records: list[Any]) -> dict[str, Any]:
        """What the templates of all lists know."""
        query = self.query
        sizes = sorted({*PER_PAGE_CHOICES, self.per_page, query.per_page})
        sentences = dict.fromkeys(one for many in query.problems.values() for one in many)
        return {
            "list": self,
            "title": self.title,
            "lead": self.lead,
            "counted": self.in_numbers(page.count),
            "records": records,
            "page": page,
            "controls": query.filters.controls(self.counts_by_value()),
            # The selects for sorting are shown beside rows only.
            "hidden": query.hidden(with_order=not page.count),
            "chips": query.chips(),
            "clear_url": query.address(filters=[]),
            "problems": list(sentences),
            "sorts": self.offered_sorts(),
            "per_pages": [(size, size == query.per_page) for size in sizes],
            "downloads": self.downloads(),
            "canonical": self.site_url + query.canonical(page.number),
            "today": timezone.localdate(),
            "in_words": query.in_words(),
            "citation": self.citation(page.count),
            "kept": [*query.pairs(known_only=True), ("sort", query.sort)],
            "csv_url": reverse(f"{self.name}_as", args=["csv"]),
            "xlsx_url": reverse(f"{self.name}_as", args=["xlsx"]),
            "choices": [column for column in self.columns if column.sheet and not column.address],
            "columns": [column for column in self.columns if column.words],
            "table": self.table(records),
        }

    def offered_sorts(self) -> list[tuple[str, StrOrPromise, bool]]:
        """For the form each order: its value, its label, whether it is in force.

        The usual order has no value, so that sending the form does not choose it.
        """
        query = self.query
        return [
            ("" if value == query.default_sort else value, sort.label, value == query.sort)
            for value, sort in self.sorts.items()
        ]

    def table(self, records: list[Any]) -> list[list[tuple[Any, str]]]:
        """The rows of the page's table: for each cell its words and its link, if any."""
        return [
            [
                (column.words(record), column.link(record) if column.link else "")
                for column in self.columns
                if column.words
            ]
            for record in records
        ]

    def formats(self) -> list[str]:
        """The formats that this list answers in, beside the page."""
        return ["csv", "xlsx", "json", *(["atom"] if self.feed else [])]

    def downloads(self) -> list[tuple[str, str, str]]:
        """For each format its name, its address with the same filters, and its media type."""
        found = []
        for format in self.formats():
            path = reverse(f"{self.name}_as", args=[format])
            found.append((format, self.query.address(path=path, whole=True), CONTENT_TYPES[format]))
        return found

    def as_json(self) -> HttpResponse:
        """A page of the list as JSON."""
        page = self.page(self.count())
        if self.query.problems:
            return self.refuse("json", HTTPStatus.NOT_FOUND)
        base = self.site_url

        def full(number: int) -> str:
            return base + self.query.address(page=number, path=self.request.path)

        return JsonResponse(
            {
                "count": page.count,
                "next": full(page.number + 1) if page.next else None,
                "previous": full(page.number - 1) if page.previous else None,
                "results": [to_json(self.columns, row, base) for row in self.records_of(page, full=True)],
            }
        )

    def citation(self, count: int) -> Citation:
        """How to cite this list as it is today."""
        query = self.query
        files = {
            format: query.address(path=reverse(f"{self.name}_as", args=[format]), whole=True)
            for format in ("bib", "ris")
        }
        return cite_list(
            str(self.title),
            query.in_words() if query.chips() else "",
            self.in_numbers(count),
            query.canonical(1),
            Site(self.site_url, settings.SITE_NAME),
            files,
        )

    def as_citation(self) -> HttpResponse:
        """The list as an entry for a reference manager."""
        return citation_file(self.citation(self.count()), self.kwargs["format"])

    def download_name(self, ending: str) -> str:
        """What the file holds, and the date."""
        return file_name(self.filename, self.query.pairs(), ending, timezone.localdate())

    def as_csv(self) -> HttpResponseBase:
        """All rows that match as CSV."""
        return csv_response(headings(self.exported), self.all_rows(), self.download_name("csv"))

    def as_xlsx(self) -> HttpResponseBase:
        """All rows that match as a workbook that says what it holds."""
        about = [
            (gettext("Contents"), str(self.title)),
            (gettext("Filters"), self.query.in_words()),
            (gettext("Sort order"), str(self.sorts[self.query.sort].label)),
            (gettext("Date"), timezone.localdate()),
            (gettext("Source"), settings.SITE_NAME),
            (gettext("Address"), self.site_url + self.query.address(whole=True)),
            (gettext("Columns"), "; ".join(headings(self.exported))),
        ]
        return xlsx_response(
            str(self.title), headings(self.exported), self.all_rows(), about, self.download_name("xlsx")
        )

    def as_atom(self) -> HttpResponse:
        """The newest rows that match as a feed."""
        assert self.feed is not None  # noqa: S101  (no other list has such an address)
        ids = list(self.feed.order(self.query.rows).values_list("pk", flat=True)[:NEWEST])
        return feed_response(
            self.feed,
            self.load(ids, full=True),
            title=f"{settings.SITE_NAME}: {self.title}",
            subtitle=gettext("Filters: %(filters)s") % {"filters": self.query.in_words()},
            page=self.site_url + self.query.address(whole=True),
            address=self.site_url + self.query.address(path=self.request.path, whole=True),
            site_url=self.site_url,
        )
