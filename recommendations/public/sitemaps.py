"""The map of the site for search engines: public pages only, each with the date of its last change."""

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
# Well under the 50,000 that the protocol allows, so that one file is quickly made.
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
    """One kind of page: its rows in a fixed order, and when a row last changed, if that is known."""

    rows: Callable[[], Any]
    changed: Callable[[Any], datetime.datetime | None] = lambda _row: None


def records() -> Rows:
    """Public records with the date on which their log last changed: an entry published or withdrawn."""
    entries = FollowUp.objects.public_places().filter(recommendation=OuterRef("pk")).order_by()
    changed = Max(Coalesce("withdrawn_at", "published_at"))
    newest = entries.values("recommendation").annotate(newest=changed).values("newest")
    found: Rows = Recommendation.objects.published().annotate(followed_up_at=Subquery(newest))
    return found.only("reference", "updated_at").order_by("pk")


def pages() -> list[str]:
    """The paths of the pages that are no row of a table; each chart of all records is one."""
    return [*map(reverse, PAGES), *(reverse("chart_detail", args=[name]) for name in NAMES)]


def last_change(record: Any) -> datetime.datetime:
    """The later of the last edit of a record and of its log."""
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
    """The rows of a section, cut into files."""
    return Paginator(section.rows(), PER_FILE)


def entry(section: Section, row: Any, base: str) -> dict[str, Any]:
    """One address, and when its page last changed, if that is known."""
    if isinstance(row, str):
        return {"location": base + row}
    return {"location": base + row.get_absolute_url(), "changed": section.changed(row)}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The list of the files."""
    base = site(request)["site_url"]
    files = [
        base + reverse("sitemap", args=[name, number])
        for name, section in SECTIONS.items()
        for number in files_of(section).page_range
    ]
    return render(request, "public/sitemap_index.xml", {"files": files}, content_type=XML)


@require_safe
def section(request: HttpRequest, section: str, page: int) -> HttpResponse:
    """One file of addresses."""
    if section not in SECTIONS:
        raise Http404(f"There is no section {section}.")
    files = files_of(SECTIONS[section])
    if page not in files.page_range:
        raise Http404(f"There is no page {page}.")
    base = site(request)["site_url"]
    rows: Any = files.page(page).object_list
    if isinstance(rows, QuerySet):
        # By ids: else what is looked up for each row would be for all rows before these as well.
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
    """What crawlers should leave alone: the staff's pages, files, and the same lists in another order."""
    address = site(request)["site_url"] + reverse("sitemap_index")
    return HttpResponse(ROBOTS.format(address), content_type="text/plain; charset=utf-8")
