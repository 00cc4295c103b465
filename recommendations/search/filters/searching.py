"""The `q` parameter of the list of records: full-text search."""

from __future__ import annotations

from typing import Any

from recommendations.search.filters.base import Words
from recommendations.search.filters.values import Given, Option, Rows
from recommendations.search.text.engines import Matches, Relevance
from recommendations.search.text.query import TOKENS_MAX, Query, read
from recommendations.search.text.substring_search import LENGTH_MAX


def records_matching(rows: Rows, queries: list[Any]) -> Rows:
    """Return the records that match a query, with `relevance` to sort them by."""
    query: Query = queries[0]
    if query.tree is None:
        return rows.none()
    found: Rows = rows.filter(Matches(query)).alias(relevance=Relevance(query))
    return found


class Search(Words):
    """Words, phrases and operators; `by` gets the parsed query."""

    def read(self, raw: list[str]) -> Given:
        text = " ".join(" ".join(raw).split())
        if not text:
            return Given()
        query = read(text[:LENGTH_MAX])
        problems: tuple[str, ...] = ()
        if len(text) > LENGTH_MAX or query.cut:
            problems = (self.too_long(TOKENS_MAX),)
        return Given((Option(query.text, f"“{query.text}”", (query,)),), (), problems)
