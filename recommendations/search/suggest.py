"""Help where nothing was found: words that are nearly those typed, and which word or filter is in the way.

Nothing is offered that does not find something public, so no word of a record that is not public, or
no longer, is ever shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recommendations.models import SearchWord

from .engines import Matches
from .query import Query, Words, read

if TYPE_CHECKING:
    from collections.abc import Iterable

# So many of the words typed are looked at, and so many known words are tried for each.
WORDS_TRIED = 6
TRIED = 3
# Known words of about the right length that are compared; the most used ones first.
COMPARED = 8_000
LENGTH_MIN = 3


@dataclass(frozen=True, slots=True)
class Help:
    """What to tell a reader who found nothing."""

    # (query, its count) with other words
    instead: tuple[str, int] | None
    # For each word how many public records have it, if there are several words
    counts: tuple[tuple[str, int], ...]
    # How many records match without the other filters; 0 if there are none, or none would
    without_filters: int


def help_for(query: Query, rows: Any, *, filtered: bool) -> Help:
    """Help for a query that found nothing among these rows; `filtered` if other filters narrowed them.

    `rows` are all that are public. A handful of queries, and only on a page without results.
    """
    wanted = query.wanted[:WORDS_TRIED]
    without_filters = count(rows, query) if filtered else 0
    if without_filters:
        return Help(None, (), without_filters)
    counts = [(words, count(rows, Query(words.text, words))) for words in wanted]
    shown = tuple((words.text, found) for words, found in counts) if len(counts) > 1 else ()
    return Help(did_you_mean(query, rows, [words for words, found in counts if not found]), shown, 0)


def count(rows: Any, query: Query) -> int:
    """How many of the rows match."""
    return int(rows.filter(Matches(query)).count()) if query.tree else 0


def did_you_mean(query: Query, rows: Any, unknown: Iterable[Words]) -> tuple[str, int] | None:
    """The query with the nearest known word for each unknown one, and what it finds; None for none."""
    text = query.text
    for words in unknown:
        better = [(form, near) for form in words.forms if (near := nearest(form, rows)) != form]
        if not better:
            return None
        fixed = words.text.lower()
        for form, near in better:
            if near:
                fixed = replaced(fixed, form, near)
        text = text.replace(words.text, fixed)
    if text == query.text:
        return None
    found = count(rows, read(text))
    return (text, found) if found else None


def replaced(text: str, form: str, near: str) -> str:
    """The text with the word of this form replaced; as a whole where the form is not literally in it."""
    return text.replace(form, near) if form in text else near


def nearest(form: str, rows: Any) -> str:
    """The word of public records that differs least from this one; itself if it is one, empty for none."""
    if len(form) < LENGTH_MIN or not form.isalpha():
        return form
    if count(rows, read(f'"{form}"')):
        return form
    most = 1 if len(form) <= 4 else 2
    near = SearchWord.objects.filter(length__range=(len(form) - most, len(form) + most))
    found = []
    for known, uses in near.order_by("-uses").values_list("form", "uses")[:COMPARED]:
        distance = edits(form, known, most)
        if distance <= most:
            found.append((distance, known[0] != form[0], -uses, known))
    for *_, known in sorted(found)[:TRIED]:
        if count(rows, read(f'"{known}"')):
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
