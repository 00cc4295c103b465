"""The sitemap for search engines: public pages only, each with the date of its last change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from recommendations.charts.build import NAMES
from recommendations.core.context_processors import site
from recommendations.models import (
    Document,
    FollowUp,
    Issue,
    Recommendation,
    Review,
    Stakeholder,
    StateResponse,
)
from recommendations.public.chain_detail import all_chains

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from recommendations.search.filters.values import Rows

XML = "application/xml; charset=utf-8"
# Well under the protocol's limit of 50,000, so that each file is generated quickly.
PER_FILE = 2_000
PAGES = (
    "overview",
    "methodology",
    "recommendation_list",
    "response_list",
    "issue_list",
    "stakeholder_list",
    "review_list",
    "document_list",
    "follow_up_list",
    "chain_list",
    "compare",
    "chart_list",
    "data",
)


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of page: its rows in a fixed order, and a function giving a row's last change, or None."""

    rows: Callable[[], Any]
    changed: Callable[[Any], datetime.datetime | None] = lambda _row: None


def records() -> Rows:
    """Return public records with the date on which an entry of their log was last published or withdrawn."""
    entries = FollowUp.objects.public_places().filter(recommendation=OuterRef("pk")).order_by()
    changed = Max(Coalesce("withdrawn_at", "published_at"))
    newest = entries.values("recommendation").annotate(newest=changed).values("newest")
    found: Rows = Recommendation.objects.published().annotate(followed_up_at=Subquery(newest))
    return found.only("reference", "updated_at").order_by("pk")


def pages() -> list[str]:
    """Return the paths of pages that do not belong to a database row, including each chart of all records."""
    return [*map(reverse, PAGES), *(reverse("chart_detail", args=[name]) for name in NAMES)]


def last_change(record: Any) -> datetime.datetime:
    """Return the date of the last change to a record or its log."""
    edited: datetime.datetime = record.updated_at
    return max(edited, record.followed_up_at or edited)


SECTIONS: dict[str, Section] = {
    "pages": Section(pages),
    "recommendations": Section(records, last_change),
    "responses": Section(
        lambda: StateResponse.objects.published().only("reference", "updated_at").order_by("pk"),
        lambda response: response.updated_at,
    ),
    "chains": Section(all_chains),
    "issues": Section(lambda: Issue.objects.only("path").order_by("path")),
    "stakeholders": Section(lambda: Stakeholder.objects.published().only("slug").order_by("pk")),
    "reviews": Section(lambda: Review.objects.published().only("slug").order_by("pk")),
    "documents": Section(lambda: Document.objects.published().only("slug").order_by("pk")),
}


def files_of(section: Section) -> Paginator[Any]:
    """Return the rows of a section, divided into files."""
    return Paginator(section.rows(), PER_FILE)


def entry(section: Section, row: Any, base: str) -> dict[str, Any]:
    """Return one address and the last change of its page, if known."""
    if isinstance(row, str):
        return {"location": base + row}
    return {"location": base + row.get_absolute_url(), "changed": section.changed(row)}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Return the list of sitemap files."""
    base = site(request)["site_url"]
    files = [
        base + reverse("sitemap", args=[name, number])
        for name, section in SECTIONS.items()
        for number in files_of(section).page_range
    ]
    return render(request, "public/sitemap_index.xml", {"files": files}, content_type=XML)


@require_safe
def section(request: HttpRequest, section: str, page: int) -> HttpResponse:
    """Return one sitemap file."""
    if section not in SECTIONS:
        raise Http404(f"There is no section {section}.")
    files = files_of(SECTIONS[section])
    if page not in files.page_range:
        raise Http404(f"There is no page {page}.")
    base = site(request)["site_url"]
    rows: Any = files.page(page).object_list
    if isinstance(rows, QuerySet):
        # Select by id, or the database would run the subqueries for all preceding rows as well.
        ids = list(rows.values_list("pk", flat=True))
        rows = SECTIONS[section].rows().filter(pk__in=ids)
    entries = [entry(SECTIONS[section], row, base) for row in rows]
    return render(request, "public/sitemap.xml", {"entries": entries}, content_type=XML)


ROBOTS = """\
User-agent: *
Disallow: /admin/
Disallow: /desk/
Disallow: /*.csv
Disallow: /*.xlsx
Disallow: /*.bib
Disallow: /*.ris
Disallow: /*sort=

Sitemap: {}
"""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Exclude crawlers from staff pages, files, and other sort orders of the same lists."""
    address = site(request)["site_url"] + reverse("sitemap_index")
    return HttpResponse(ROBOTS.format(address), content_type="text/plain; charset=utf-8")
