"""The pictures of any filtered records: on one page, and each as a file to take away."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from recommendations.charts.frame import About, framed
from recommendations.charts.png import file_png
from recommendations.charts.svg import file_svg
from recommendations.context import site
from recommendations.exports import file_name
from recommendations.filters import RecommendationFilters
from recommendations.filters.base import OPTIONS_MAX, Option
from recommendations.list_query import ListQuery
from recommendations.models import Recommendation
from recommendations.pictures import NAMES, Picture, Selection, build
from recommendations.views.read_only import ReadOnlyView

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

FORMATS = {"svg": "image/svg+xml", "png": "image/png"}
# What the page offers to choose by; any other filter of the list of records is kept and can be dropped.
OFFERED = ("state", "review", "issue", "kind", "stakeholder")
EVERYTHING = "All public records"


def query_of(data: QueryDict) -> ListQuery:
    """An address of pictures, read as one of the list of records."""
    return ListQuery(
        data,
        filterset=RecommendationFilters,
        rows=Recommendation.objects.published(),
        # A list's address can be copied; the order of its rows changes no picture.
        sorts=dict.fromkeys(("newest", "oldest", "reference", "state", "status", "due", "updated"), ""),
        path=reverse("pictures"),
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


class PictureView(ReadOnlyView):
    """What the page and the files share."""

    @cached_property
    def query(self) -> ListQuery:
        """The address, read."""
        return query_of(self.request.GET)


class Pictures(PictureView):
    """All pictures of the records that the address asks for."""

    template_name: ClassVar[str] = "pictures/index.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        selection = Selection.of(self.query)
        context = {
            "query": self.query,
            "pictures": [build(name, selection) for name in NAMES],
            "address": self.query.address(filters=self.query.pairs(known_only=True), whole=True),
            "problems": sentences(self.query),
            "chips": self.query.chips(),
            "clear_url": reverse("pictures"),
            "choices": self.choices(),
            "kept": self.kept(),
            "list_url": self.query.address(path=reverse("recommendation_list"), whole=True),
            "number": sum(tally.number for tally in selection.tallies),
        }
        return render(request, self.template_name, context)

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
                    item.label,
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


class PictureFile(PictureView):
    """One picture as SVG or PNG, with its title, filter, source, date and address on it."""

    def get(self, request: HttpRequest, name: str, format: str) -> HttpResponse:
        if self.query.problems:
            return HttpResponse(
                "\n".join(sentences(self.query)) + "\n",
                status=HTTPStatus.BAD_REQUEST,
                content_type="text/plain; charset=utf-8",
            )
        picture = build(name, Selection.of(self.query))
        drawing = framed(picture.draw(1000), self.about(picture))
        body: str | bytes = file_svg(drawing) if format == "svg" else file_png(drawing)
        stem = file_name(f"picture-{name}", self.query.pairs(), format, timezone.localdate())
        return HttpResponse(
            body,
            content_type=FORMATS[format],
            headers={"Content-Disposition": f'inline; filename="{stem}"'},
        )

    def about(self, picture: Picture) -> About:
        """The words around the picture."""
        today = timezone.localdate()
        words = f"Filter: {self.query.in_words()}" if self.query.chips() else EVERYTHING
        address = f"{site(self.request)['site_url']}{self.query.address(whole=True)}#picture-{picture.name}"
        return About(
            picture.lead,
            words,
            picture.notes,
            f"Source: {settings.SITE_NAME}, {today.day} {today:%B %Y}",
            address,
        )
