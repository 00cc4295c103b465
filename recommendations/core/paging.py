"""Pagination of lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest


PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its number, the number of pages, the rows it shows and the neighbouring pages."""

    number: int
    pages: int
    count: int
    first: int
    last: int
    previous: str | None
    next: str | None
    # (page number, address); None where page numbers are elided
    links: list[tuple[int, str] | None]


def paged(
    request: HttpRequest, rows: QuerySet[Any, Any], per_page: int = PER_PAGE
) -> tuple[Page, Sequence[Any]]:
    """Return the requested page, or the nearest one that exists, and its rows. Two queries."""
    return page_of(request, Paginator(rows, per_page))


def page_of(request: HttpRequest, paginator: Paginator[Any]) -> tuple[Page, Sequence[Any]]:
    """Return the requested page, or the nearest one that exists, and its rows."""
    page = paginator.get_page(request.GET.get("page"))

    def address(number: int) -> str:
        query = request.GET.copy()
        query.pop("page", None)
        if number > 1:
            query["page"] = str(number)
        return f"?{query.urlencode()}"

    links = [
        (number, address(number)) if isinstance(number, int) else None
        for number in paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]
    shown = Page(
        number=page.number,
        pages=paginator.num_pages,
        count=paginator.count,
        first=page.start_index(),
        last=page.end_index(),
        previous=address(page.number - 1) if page.has_previous() else None,
        next=address(page.number + 1) if page.has_next() else None,
        links=links if paginator.num_pages > 1 else [],
    )
    return shown, list(page.object_list)
