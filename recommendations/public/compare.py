"""The comparison: as a page with a form, and as JSON with the same figures."""

from __future__ import annotations

from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from recommendations.charts.comparison import LEAST, MOST, Comparison, compare
from recommendations.core.context_processors import site
from recommendations.core.text import join_and
from recommendations.exports.citations import FILES, Citation, cite_page
from recommendations.models import Recommendation
from recommendations.public.cite import citation_file, site_of
from recommendations.public.read_only import ReadOnlyView
from recommendations.search.filters import RecommendationFilters
from recommendations.search.filters.values import Given, named, shown

if TYPE_CHECKING:
    from recommendations.charts.comparison import Cell, Pair
    from recommendations.search.filters import ListFilter

# What can stand side by side: the parameter's value, which is also the name of the list's filter.
BY = {"review": _("Reviews"), "state": _("States"), "stakeholder": _("Stakeholders"), "issue": _("Issues")}
# Of these no record belongs to two, so that their records can be added up.
DISJOINT = {"review", "state"}


class Compare(ReadOnlyView):
    """`?by=review&item=…&item=…`: two to six of a kind, side by side."""

    @cached_property
    def by(self) -> str:
        """What is compared; reviews unless the address knows better."""
        asked = str(self.request.GET.get("by", "")).strip().lower()
        return asked if asked in BY else "review"

    @cached_property
    def filter(self) -> ListFilter:
        """The list's own filter, which knows the values."""
        filters = RecommendationFilters(self.request.GET, Recommendation.objects.none()).filters
        found: ListFilter = filters[self.by]
        return found

    @cached_property
    def given(self) -> Given:
        """The items of the address."""
        return self.filter.read(self.request.GET.getlist("item"))

    @cached_property
    def problems(self) -> dict[str, list[str]]:
        """What the address asks for and cannot have, by parameter."""
        found: dict[str, list[str]] = {}
        asked = str(self.request.GET.get("by", "")).strip()
        if asked and asked.lower() not in BY:
            sentence = gettext("%(value)s cannot be compared. Allowed: %(allowed)s.")
            found["by"] = [sentence % {"value": shown(asked), "allowed": ", ".join(BY)}]
        if unknown := [name for name in self.request.GET if name not in ("by", "item")]:
            sentence = gettext("%(names)s: not known here. The address takes by and item (two to six times).")
            sentence %= {"names": named(unknown)}
            found |= {name[:40] or "(empty)": [sentence] for name in unknown[:20]}
        items = [sentence.replace(f"({self.by})", "(item)") for sentence in self.given.problems]
        if len(self.given.chosen) > MOST:
            sentence = gettext("At most %(most)s stand side by side; the others are left out.")
            items.append(sentence % {"most": MOST})
        return found | ({"item": items} if items else {})

    @cached_property
    def comparison(self) -> Comparison | None:
        """The figures, if there are at least two to compare."""
        sides = self.given.chosen[:MOST]
        return compare(self.by, sides) if len(sides) >= LEAST else None

    def get(self, request: HttpRequest, format: str = "html") -> HttpResponseBase:
        """The comparison as a page, as JSON, or its citation as a file."""
        if format == "html":
            return self.as_html()
        if format in FILES and self.comparison is not None and not self.problems:
            return citation_file(self.citation(self.comparison), format)
        return self.as_json()

    def citation(self, comparison: Comparison) -> Citation:
        """How to cite it as it is today, by an address with nothing but what is compared."""
        asked = QueryDict(mutable=True)
        asked["by"] = comparison.by
        asked.setlist("item", [side.value for side in comparison.sides])
        number = sum(cell.number for cell in comparison.totals)
        counted = ngettext("%(n)s record", "%(n)s records", number) % {"n": number}
        return cite_page(
            gettext("Comparison: %(items)s") % {"items": join_and(side.label for side in comparison.sides)},
            counted if comparison.by in DISJOINT else "",
            f"{site(self.request)['site_url']}{reverse('compare')}?{asked.urlencode()}",
            site_of(self.request),
            {ending: f"{reverse('compare_cite', args=[ending])}?{asked.urlencode()}" for ending in FILES},
        )

    def as_html(self) -> HttpResponse:
        """The page; whatever the address says, an answer that helps."""
        control = self.filter.control(self.given)
        return render(
            self.request,
            "public/compare.html",
            {
                "by": self.by,
                "kinds_of_items": [(value, label, value == self.by) for value, label in BY.items()],
                "control": control,
                "comparison": self.comparison,
                "problems": list(dict.fromkeys(each for many in self.problems.values() for each in many)),
                "citation": self.citation(self.comparison) if self.comparison else None,
                "json_url": f"{reverse('compare_as_json')}?{self.request.GET.urlencode()}",
            },
        )

    def as_json(self) -> HttpResponse:
        """The same figures; 400 with the parameter named where the address makes no sense."""
        problems = dict(self.problems)
        if self.comparison is None:
            few = gettext("Give item at least %(least)s times: what to compare.") % {"least": LEAST}
            problems["item"] = [*problems.get("item", []), few]
        if problems or self.comparison is None:
            detail = gettext("The address asks for something that cannot be compared.")
            return JsonResponse({"detail": detail, "errors": problems}, status=HTTPStatus.BAD_REQUEST)
        return JsonResponse(to_json(self.comparison, site(self.request)["site_url"]))


def to_json(found: Comparison, base: str) -> dict[str, Any]:
    """`{by, items[], issues[] or reviews[], raised_again_count, raised_again[]}`; numbers as on the page."""

    def numbers(cells: list[Cell]) -> list[dict[str, Any]]:
        return [{"count": cell.number, "url": base + cell.url} for cell in cells]

    lines = "reviews" if found.by == "issue" else "issues"
    key = "slug" if found.by == "issue" else "path"
    return {
        "by": found.by,
        "items": [
            {
                "value": side.value,
                "label": side.label,
                "url": base + found.totals[n].url,
                "records": found.totals[n].number,
                "kinds": {line.value: line.cells[n].number for line in found.kinds},
                "expecting_follow_up": found.expecting[n].number,
                "answered": found.answered[n].number,
                "assessed": found.assessed[n].number,
                "statuses": {line.value: line.cells[n].number for line in found.statuses},
            }
            for n, side in enumerate(found.sides)
        ],
        lines: [{key: line.value, "name": line.label, "items": numbers(line.cells)} for line in found.lines],
        "raised_again_count": found.pair_count,
        "raised_again": [pair_to_json(pair, base) for pair in found.pairs],
    }


def pair_to_json(pair: Pair, base: str) -> dict[str, Any]:
    """The two ends of a link, and how they hang together."""

    def end(record: Any, side: str) -> dict[str, Any]:
        return {
            "reference": record.reference,
            "text": record.text,
            "status": record.status if record.expects_follow_up else None,
            "item": side,
            "url": base + record.get_absolute_url(),
        }

    return {
        "relation": pair.link.relation,
        "rationale": pair.link.rationale,
        "earlier": end(pair.earlier, pair.sides[0]),
        "later": end(pair.later, pair.sides[1]),
    }
