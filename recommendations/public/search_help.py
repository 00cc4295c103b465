"""What a page offers where a search found nothing."""

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
    """What to try, as partials/search_no_result.html shows it; `address` searches for a text alone.

    `rows` are all that are public; `filtered` if other filters narrowed them.
    """
    found = help_for(query, rows, filtered=filtered)
    return {
        "found": found,
        "instead_url": address(found.instead[0]) if found.instead else "",
        "without_filters_url": address(query.text),
        "alone": [(one, address(one.near or one.text)) for one in found.alone],
    }
