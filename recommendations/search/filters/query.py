"""Parses the address of a list (filters, sort order, page) and builds the addresses of related lists."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext, ngettext

from recommendations.search.filters.values import Option, Rows, named, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import QueryDict
    from django_stubs_ext import StrOrPromise

    from recommendations.search.filters.base import PublicFilterSet

# Parameters that every list reads besides its filters.
CONTROLS = ("sort", "page", "per_page")
# Longer numbers are rejected without conversion: no list has that many pages.
DIGITS_MAX = 12
FAR_BEYOND: int = 10**DIGITS_MAX


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter value, and the address of the list without it."""

    label: str
    value: str
    url: str
    known: bool


class ListQuery:
    """The request that one address makes of a list. `problems` maps invalid parameters to sentences."""

    def __init__(
        self,
        data: QueryDict,
        *,
        filterset: Callable[[QueryDict, Rows], PublicFilterSet],
        rows: Rows,
        sorts: Mapping[str, StrOrPromise],
        path: str,
        per_page: int,
        also: tuple[str, ...] = (),
    ) -> None:
        self.data = data
        self.also = also  # parameters that this format of the list reads besides the filters
        self.path = path
        self.filters = filterset(data, rows)
        self.sorts = sorts
        self.default_sort = self.filters.usual_sort or next(iter(sorts))
        self.default_per_page = per_page
        self.problems: dict[str, list[str]] = self.unknown_parameters() | dict(self.filters.problems)
        self.sort = self.read_sort()
        self.per_page = self.read_per_page()
        self.page = self.read_page()

    def add_problem(self, name: str, sentence: str) -> None:
        """Add a sentence for the reader about a parameter."""
        self.problems.setdefault(name, []).append(sentence)

    def unknown_parameters(self) -> dict[str, list[str]]:
        """Return parameters that this list does not have, all in one sentence."""
        known = [*self.filters.filters, *CONTROLS, *self.also]
        unknown = [name for name in self.data if name not in known]
        if not unknown:
            return {}
        words = ngettext(
            "%(names)s is not a filter of this list and has no effect. Filters here: %(filters)s.",
            "%(names)s are not filters of this list and have no effect. Filters here: %(filters)s.",
            len(unknown),
        )
        sentence = words % {"names": named(unknown), "filters": ", ".join(known)}
        return {name[:40] or "(empty)": [sentence] for name in unknown[:20]}

    def last(self, name: str) -> str:
        """Return the last value of a parameter that takes one."""
        return str(self.data.get(name, "")).strip()

    def number(self, name: str) -> int | None:
        """Return the value as a whole number, or None."""
        value = self.last(name)
        plain = value.isascii() and value.isdigit() and len(value) <= DIGITS_MAX
        return int(value) if plain else None

    def read_sort(self) -> str:
        """Return the sort order, or the default one."""
        value = self.last("sort")
        if value and value not in self.sorts:
            sentence = gettext("Sort order %(value)s is not known. Allowed: %(allowed)s.")
            self.add_problem("sort", sentence % {"value": shown(value), "allowed": ", ".join(self.sorts)})
        return value if value in self.sorts else self.default_sort

    def read_per_page(self) -> int:
        """Return the page size, within its limits."""
        value, most = self.last("per_page"), settings.PER_PAGE_MAX
        if not value:
            return self.default_per_page
        size = self.number("per_page")
        if size is not None and 1 <= size <= most:
            return size
        large = size is not None and size > most
        used = most if large else self.default_per_page
        sentence = gettext("A page holds 1 to %(most)s rows, not %(value)s; shown are %(used)s on a page.")
        self.add_problem("per_page", sentence % {"most": most, "value": shown(value), "used": used})
        return used

    def read_page(self) -> int:
        """Return the page number, at least 1; whether the page exists depends on the rows."""
        value = self.last("page")
        if not value:
            return 1
        number = self.number("page")
        if number is None and value.isascii() and value.isdigit():
            return FAR_BEYOND
        if not number:
            sentence = gettext("There is no page %(value)s; pages count from 1.")
            self.add_problem("page", sentence % {"value": shown(value)})
        return number or 1

    @cached_property
    def rows(self) -> Rows:
        """Return the matching rows, not yet ordered."""
        return self.filters.qs

    def pairs(
        self, without: tuple[str, str] | None = None, *, known_only: bool = False
    ) -> list[tuple[str, str]]:
        """Return the active filters as parameters, in the order in which the list declares them."""
        found = []
        for name, given in self.filters.given.items():
            values = [option.value for option in given.chosen] if known_only else given.values
            found += [(name, value) for value in values if (name, value) != without]
        return found

    def address(
        self,
        *,
        page: int = 1,
        path: str = "",
        filters: list[tuple[str, str]] | None = None,
        whole: bool = False,
    ) -> str:
        """Return the address of a related list, without default values and, with `whole`, without paging."""
        pairs = list(self.pairs() if filters is None else filters)
        if self.sort != self.default_sort:
            pairs.append(("sort", self.sort))
        if not whole and self.per_page != self.default_per_page:
            pairs.append(("per_page", str(self.per_page)))
        if not whole and page > 1:
            pairs.append(("page", str(page)))
        return f"{path or self.path}?{urlencode(pairs)}" if pairs else path or self.path

    def canonical(self, page: int) -> str:
        """Return the canonical address: known filters sorted by name and value, and any page after the first.

        The sort order is left out, as it does not change the list; a page is kept only in the default order.
        """
        pairs = sorted(self.pairs(known_only=True))
        if page > 1 and self.sort == self.default_sort:
            if self.per_page != self.default_per_page:
                pairs.append(("per_page", str(self.per_page)))
            pairs.append(("page", str(page)))
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    def chips(self) -> list[Chip]:
        """Return a chip for every active filter value, with the address that drops it."""
        chips = []
        for name, given in self.filters.given.items():
            label = str(self.filters.filters[name].label)
            unknown = [Option(value, shown(value)) for value in given.unknown]
            for option in [*given.chosen, *unknown]:
                url = self.address(filters=self.pairs(without=(name, option.value)))
                chips.append(Chip(label, option.label, url, option not in unknown))
        return chips

    def hidden(self, *, with_order: bool) -> list[tuple[str, str]]:
        """Return the parameters that the filter form must keep besides its controls.

        With `with_order`, also the sort order and page size, for a form without selects for them.
        """
        pairs = self.filters.hidden()
        if with_order and self.sort != self.default_sort:
            pairs.append(("sort", self.sort))
        if with_order and self.per_page != self.default_per_page:
            pairs.append(("per_page", str(self.per_page)))
        return pairs

    def in_words(self) -> str:
        """Return the active filters in words: `State: Kazakhstan; Status: Implemented`."""
        return "; ".join(f"{chip.label}: {chip.value}" for chip in self.chips()) or gettext("none")
