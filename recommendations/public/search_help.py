"""The help shown when a search finds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recommendations.search.text.suggest import help_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from recommendations.search.filters.values import Rows
    from recommendations.search.text.query import Query


def search_help(
    query: Query, rows: Rows, address: Callable[[str], str], *, filtered: bool = False
) -> dict[str, Any]:
    """Return suggestions for partials/search_no_result.html; `address` gives the address of a text search.

    `rows` are all public rows; `filtered` is True if other filters were applied.
    """
    found = help_for(query, rows, filtered=filtered)
    return {
        "found": found,
        "instead_url": address(found.instead[0]) if found.instead else "",
        "without_filters_url": address(query.text),
        "alone": [(one, address(one.near or one.text)) for one in found.alone],
    }
