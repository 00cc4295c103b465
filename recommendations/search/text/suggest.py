"""Help where nothing was found: words that are nearly those typed, and which word or filter is in the way.

Nothing is offered that does not find something public, so no word of a record that is not public, or
no longer, is ever shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from recommendations.models import SearchWord
from recommendations.search.text.engines import Matches
from recommendations.search.text.query import Query, Words, read

# So many of the words typed are looked at, and so many known words are tried for each.
WORDS_TRIED = 6
TRIED = 3
# Known words of about the right length that are compared; the most used ones first.
COMPARED = 8_000
LENGTH_MIN = 3


@dataclass(frozen=True, slots=True)
class Alone:
    """One of the words typed and how many public records have it; if none, one nearly so and its number."""

    text: str
    count: int
    near: str = ""
    near_count: int = 0


@dataclass(frozen=True, slots=True)
class Help:
    """What to tell a reader who found nothing; the first of these that is not empty."""

    # How many records match without the other filters
    without_filters: int = 0
    # The query with other words, and what it finds
    instead: tuple[str, int] | None = None
    # Each word by itself, if there are several
    alone: tuple[Alone, ...] = ()


def help_for(query: Query, rows: Any, *, filtered: bool) -> Help:
    """Help for a query that found nothing among these rows; `filtered` if other filters narrowed them.

    `rows` are all that are public. A handful of queries, and only on a page without results.
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
    """All that are public, and how many match what was asked before: often the same stems in other words."""

    def __init__(self, rows: Any) -> None:
        self.rows = rows
        self.counted: dict[Any, int] = {}

    def count(self, query: Query) -> int:
        """How many of the rows match."""
        if not query.tree:
            return 0
        key = query.tree.stems if isinstance(query.tree, Words) else query.tree
        if key not in self.counted:
            self.counted[key] = int(self.rows.filter(Matches(query)).count())
        return self.counted[key]


def look_at(words: Words, rows: Rows) -> Alone:
    """How many records have these words; where none, the same with near words for the unknown ones."""
    if found := rows.count(Query(words.text, words)):
        return Alone(words.text, found)
    fixed = words.text.lower()
    for form in words.forms:
        near = nearest(form, rows)
        fixed = fixed.replace(form, near) if near and form in fixed else near or fixed
    found = rows.count(read(f'"{fixed}"'))
    return Alone(words.text, 0, fixed, found) if found else Alone(words.text, 0)


def nearest(form: str, rows: Rows) -> str:
    """The word of public records that differs least from this one; itself if it is one, empty for none."""
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
    """How many letters are added, dropped, changed or swapped with a neighbour; not counted past `most`.

    The restricted Damerau–Levenshtein distance.
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
