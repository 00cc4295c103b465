"""Help when a search finds nothing: similar words, and the word or filter that excludes all results.

A suggestion is only offered if it finds something public, so words that occur only in records that are
not, or no longer, public are never shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from recommendations.models import SearchWord
from recommendations.search.text.engines import Matches
from recommendations.search.text.query import Query, Words, read

# Maximum number of words of the query to examine, and of known words to try for each.
WORDS_TRIED = 6
TRIED = 3
# Maximum number of known words of similar length to compare, the most frequent first.
COMPARED = 8_000
LENGTH_MIN = 3


@dataclass(frozen=True, slots=True)
class Alone:
    """One word of the query and its number of public records; if none, a similar word and its number."""

    text: str
    count: int
    near: str = ""
    near_count: int = 0


@dataclass(frozen=True, slots=True)
class Help:
    """Help for a reader whose search found nothing; only the first non-empty field is shown."""

    # Number of records that match without the other filters
    without_filters: int = 0
    # The query with other words, and the number of records it finds
    instead: tuple[str, int] | None = None
    # Each word separately, if there are several
    alone: tuple[Alone, ...] = ()


def help_for(query: Query, rows: Any, *, filtered: bool) -> Help:
    """Return help for a query that found nothing in these rows; `filtered` is True if other filters apply.

    `rows` are all public rows. Takes a few queries, and only on a page without results.
    """
    public = Rows(rows)
    if filtered and (found := public.count(query)):
        return Help(without_filters=found)
    wanted = query.wanted[:WORDS_TRIED]
    alone = tuple(look_at(words, public) for words in wanted)
    text = query.text
    for one in alone:
        if one.near:
            text = text.replace(one.text, one.near)
    if text != query.text and (found := public.count(read(text))):
        return Help(instead=(text, found))
    return Help(alone=alone if len(alone) > 1 else ())


class Rows:
    """All public rows, with cached counts, since often the same stems are counted again."""

    def __init__(self, rows: Any) -> None:
        self.rows = rows
        self.counted: dict[Any, int] = {}

    def count(self, query: Query) -> int:
        """Return the number of matching rows."""
        if not query.tree:
            return 0
        key = query.tree.stems if isinstance(query.tree, Words) else query.tree
        if key not in self.counted:
            self.counted[key] = int(self.rows.filter(Matches(query)).count())
        return self.counted[key]


def look_at(words: Words, rows: Rows) -> Alone:
    """Return the number of records with these words; if none, also with similar words for unknown ones."""
    if found := rows.count(Query(words.text, words)):
        return Alone(words.text, found)
    fixed = words.text.lower()
    for form in words.forms:
        near = nearest(form, rows)
        fixed = fixed.replace(form, near) if near and form in fixed else near or fixed
    found = rows.count(read(f'"{fixed}"'))
    return Alone(words.text, 0, fixed, found) if found else Alone(words.text, 0)


def nearest(form: str, rows: Rows) -> str:
    """Return the most similar word in public records, the word itself if it occurs, or an empty string."""
    if len(form) < LENGTH_MIN or not form.isalpha():
        return form
    if rows.count(read(f'"{form}"')):
        return form
    most = 1 if len(form) <= 4 else 2
    near = SearchWord.objects.filter(length__range=(len(form) - most, len(form) + most))
    found = []
    for known, uses in near.order_by("-uses").values_list("form", "uses")[:COMPARED]:
        distance = edits(form, known, most)
        if distance <= most:
            found.append((distance, known[0] != form[0], -uses, known))
    for *_, known in sorted(found)[:TRIED]:
        if rows.count(read(f'"{known}"')):
            return known
    return ""


def edits(one: str, other: str, most: int) -> int:
    """Return the restricted Damerau–Levenshtein distance; counting stops above `most`.

    It is the number of letters added, dropped, changed or swapped with a neighbour.
    """
    if abs(len(one) - len(other)) > most or len(set(one) - set(other)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, above = above, row
    return above[-1]
