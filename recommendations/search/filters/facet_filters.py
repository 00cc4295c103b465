"""The filters that facets declare."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from recommendations.search.facets.declared import FACETS
from recommendations.search.facets.facet import ColumnFacet
from recommendations.search.filters.base import Choices, Flag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recommendations.search.filters.base import ListFilter
    from recommendations.search.filters.panel import Control
    from recommendations.search.filters.values import Given


class NullableChoices(Choices):
    """Values of a column that is null for records about which nothing is said."""

    null = ""

    def control(self, given: Given, counts: Mapping[str, int] | None = None) -> Control:
        """Return the control, without values if the column is null for all of the records."""
        control = super().control(given, counts)
        silent = counts is not None and not set(counts) - {self.null}
        return replace(control, values=[], empty=[]) if silent and not given.asked else control


def facet_filter(name: str) -> ListFilter:
    """Return the filter of a facet that is declared with a label."""
    facet = FACETS[name]
    if not isinstance(facet, ColumnFacet):
        return Choices(facet.label, facet.narrow, facet.choices)
    how = facet.filtered
    if not facet.choices:
        return Flag(facet.label, facet.narrow, yes=how.yes, no=how.no)
    made = NullableChoices if how.null else Choices
    found = made(facet.label, facet.narrow, facet.choices, help=how.help, open=how.open)
    if isinstance(found, NullableChoices):
        found.null = how.null
    return found


def not_among(names: Iterable[str]) -> list[str]:
    """Return the facets declared with a label, except these."""
    placed = set(names)
    return [name for name, facet in FACETS.items() if facet.label and name not in placed]
