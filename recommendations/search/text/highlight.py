"""Marks hits in a text, which is escaped and otherwise unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from recommendations.search.text.stemming import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recommendations.search.text.query import Words

# Maximum characters in a passage before its first hit.
BEFORE = 90


class Hit(NamedTuple):
    """The position of a hit, and the index of the wanted words that it matches."""

    start: int
    end: int
    which: int


def hits(text: str, wanted: Iterable[Words]) -> list[Hit]:
    """Return the positions of the wanted words in order, without overlaps; a phrase is one hit."""
    found = list(tokens(text))
    stems = [token.stem for token in found]
    places: list[Hit] = []
    for which, words in enumerate(wanted):
        size = len(words.stems)
        places += [
            Hit(found[at].start, found[at + size - 1].end, which)
            for at in range(len(stems) - size + 1)
            if stems[at] == words.stems[0] and tuple(stems[at : at + size]) == words.stems
        ]
    apart: list[Hit] = []
    for hit in sorted(places, key=lambda hit: (hit.start, -hit.end)):
        if not apart or hit.start >= apart[-1].end:
            apart.append(hit)
    return apart


def marked(text: str, places: Sequence[Hit], start: int = 0, end: int | None = None) -> SafeString:
    """Return the text between two positions, escaped, with each hit in <mark>."""
    end = len(text) if end is None else end
    parts: list[str] = []
    done = start
    for hit in places:
        if start <= hit.start and hit.end <= end:
            parts.append(escape(text[done : hit.start]))
            parts.append(format_html("<mark>{}</mark>", text[hit.start : hit.end]))
            done = hit.end
    parts.append(escape(text[done:end]))
    return mark_safe("".join(parts))  # noqa: S308  (each part is escaped)


def highlight(text: str, wanted: Iterable[Words]) -> SafeString:
    """Return the whole text, escaped, with its hits marked."""
    return marked(text, hits(text, wanted))


def passage(text: str, wanted: Sequence[Words], characters: int = 280) -> SafeString:
    """Return about `characters` characters around the first place with the most wanted words.

    White space is collapsed, and an ellipsis shows where text was cut off.
    """
    text = " ".join(text.split())
    places = hits(text, wanted)
    start, end = window(text, places, characters)
    shown = marked(text, places, start, end)
    return mark_safe(f"{'… ' if start else ''}{shown}{' …' if end < len(text) else ''}")  # noqa: S308


def window(text: str, places: Sequence[Hit], characters: int) -> tuple[int, int]:
    """Return the start and end of a passage, at word boundaries."""
    if len(text) <= characters:
        return 0, len(text)
    start = 0
    if places:
        reach = characters - BEFORE

        def different(at: int) -> int:
            begin = places[at].start
            return len({hit.which for hit in places if begin <= hit.start and hit.end <= begin + reach})

        first = max(range(len(places)), key=lambda at: (different(at), -at))
        start = max(0, places[first].start - BEFORE)
        if start + characters >= len(text):
            start = len(text) - characters
        elif places[first].end <= characters:
            start = 0
        if start:
            start = text.find(" ", start - 1, places[first].start) + 1 or places[first].start
    end = min(len(text), start + characters)
    if end < len(text) and not text[end].isspace():
        space = text.rfind(" ", start + 1, end)
        end = space if space > start else end
    return start, end
