"""The base of every public list: one address and the same filters for five formats."""

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

# Number of rows that an export holds in memory at a time.
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
    """One sort order of a list; `prepare` adds the annotations it needs."""

    label: StrOrPromise
    order: Sequence[Any]
    prepare: Callable[[Rows], Rows] | None = None

    def apply(self, rows: Rows) -> Rows:
        """Return the rows in this order."""
        return (self.prepare(rows) if self.prepare else rows).order_by(*self.order)


class PublicList(ReadOnlyView):
    """A public list. Subclasses declare its contents; `complete` loads additional data for its rows."""

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

    # Related data for the page and for exports (the same by default).
    def for_page(self, rows: Rows) -> Rows:
        """Load the data that the page shows for a row."""
        return rows

    def in_full(self, rows: Rows) -> Rows:
        """Load the data that JSON, spreadsheets and feeds need."""
        return self.for_page(rows)

    def complete(self, records: list[Any]) -> None:
        """Add data to the loaded rows that their own query cannot load."""

    @cached_property
    def query(self) -> ListQuery:
        """Return the parsed address."""
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
        """Return the columns of a spreadsheet: those chosen in the address, or all."""
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
        """Return for filters in the panel the number of rows that each value would leave; none by default."""
        return {}

    def in_numbers(self, count: int) -> str:
        """Return the number of rows in words, such as `12 records`."""
        return str(self.counted % {"n": count})

    def count(self) -> int:
        """Return the number of matching rows."""
        return count_of(self.query.filters)

    @cached_property
    def site_url(self) -> str:
        """Return the public address of the site, without a trailing slash."""
        return str(site(self.request)["site_url"])

    def get(self, request: HttpRequest, format: str = "html") -> HttpResponseBase:
        """Return the list in the format given in the address."""
        if format == "html":
            return self.as_html()
        if format in SPREADSHEETS:
            self.exported  # noqa: B018  (names what it does not know among the problems)
        if self.query.problems:
            return self.refuse(format, HTTPStatus.BAD_REQUEST)
        return self.answers()[format]()

    def answers(self) -> dict[str, Callable[[], HttpResponseBase]]:
        """Return the method that answers each format other than the page."""
        return {
            "json": self.as_json,
            "csv": self.as_csv,
            "xlsx": self.as_xlsx,
            "atom": self.as_atom,
            "bib": self.as_citation,
            "ris": self.as_citation,
        }

    def refuse(self, format: str, status: HTTPStatus) -> HttpResponse:
        """Return the problems with the address: by field as JSON, otherwise as lines of text."""
        problems = self.query.problems
        sentences = list(dict.fromkeys(one for many in problems.values() for one in many))
        if format == "json":
            detail = gettext("The address asks for something that this list does not have.")
            return JsonResponse({"detail": detail, "errors": problems}, status=status)
        return HttpResponse(
            "\n".join(sentences) + "\n", status=status, content_type="text/plain; charset=utf-8"
        )

    def sorted_ids(self) -> Rows:
        """Return the ids of all matching rows, in order."""
        return self.sorts[self.query.sort].apply(self.query.rows).values_list("pk", flat=True)

    def load(self, ids: Sequence[int], *, full: bool) -> list[Any]:
        """Return the rows with these ids in this order, with all data shown; statuses only for these."""
        if not ids:
            return []
        rows = (self.in_full if full else self.for_page)(self.rows.filter(pk__in=ids))
        by_id = {row.pk: row for row in rows}
        records = [by_id[id] for id in ids if id in by_id]
        self.complete(records)
        return records

    def page(self, count: int) -> Page:
        """Return the requested page, or the nearest existing one."""
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
        """Return the rows of a page."""
        if not page.count:
            return []
        start = page.first - 1
        return self.load(list(self.sorted_ids()[start : start + self.query.per_page]), full=full)

    def all_rows(self) -> Iterator[list[Any]]:
        """Yield all matching rows as cells, loaded in chunks; only the ids are all held in memory."""
        ids = array("q", self.sorted_ids().iterator(chunk_size=10_000))
        for start in range(0, len(ids), CHUNK):
            for record in self.load(ids[start : start + CHUNK].tolist(), full=True):
                yield to_cells(self.exported, record, self.site_url)

    def as_html(self) -> HttpResponse:
        """Render the page; an invalid address still gets a helpful answer."""
        page = self.page(self.count())
        records = self.records_of(page, full=False)
        response = render(self.request, self.template_name, self.context(page, records))
        # Give htmx the short form of the address to show, because a form also sends its empty fields.
        response["HX-Push-Url"] = self.query.address(page=page.number)
        return response

    def context(self, page: Page, records: list[Any]) -> dict[str, Any]:
        """Return the context shared by the templates of all lists."""
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
            # The sort menu is shown only if there are rows.
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
        """Return value, label and whether it is in force, for each sort order in the form.

        The default order has an empty value, so that sending the form does not select it explicitly.
        """
        query = self.query
        return [
            ("" if value == query.default_sort else value, sort.label, value == query.sort)
            for value, sort in self.sorts.items()
        ]

    def table(self, records: list[Any]) -> list[list[tuple[Any, str]]]:
        """Return the rows of the page's table: text and link, if any, for each cell."""
        return [
            [
                (column.words(record), column.link(record) if column.link else "")
                for column in self.columns
                if column.words
            ]
            for record in records
        ]

    def formats(self) -> list[str]:
        """Return the formats of this list other than the page."""
        return ["csv", "xlsx", "json", *(["atom"] if self.feed else [])]

    def downloads(self) -> list[tuple[str, str, str]]:
        """Return for each format its name, its address with the same filters, and its media type."""
        found = []
        for format in self.formats():
            path = reverse(f"{self.name}_as", args=[format])
            found.append((format, self.query.address(path=path, whole=True), CONTENT_TYPES[format]))
        return found

    def as_json(self) -> HttpResponse:
        """Return a page of the list as JSON."""
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
        """Return the citation of this list as of today."""
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
        """Return the list's citation as a file for reference managers."""
        return citation_file(self.citation(self.count()), self.kwargs["format"])

    def download_name(self, ending: str) -> str:
        """Return a file name made from the contents and the date."""
        return file_name(self.filename, self.query.pairs(), ending, timezone.localdate())

    def as_csv(self) -> HttpResponseBase:
        """Return all matching rows as CSV."""
        return csv_response(headings(self.exported), self.all_rows(), self.download_name("csv"))

    def as_xlsx(self) -> HttpResponseBase:
        """Return all matching rows as a workbook that describes its contents."""
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
        """Return the newest matching rows as a feed."""
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
