"""Locates quoted words in their paragraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recommendations.reading.files.text import fold, mend_letters

if TYPE_CHECKING:
    from collections.abc import Iterable


def passages(text: str, quotes: Iterable[str]) -> list[tuple[int, int]]:
    """Return the (start, end) offsets of the quotes in the text; overlapping ones are merged.

    White space and letters are folded for the comparison as in `Paragraph.holds`, so every quote that
    could be saved is found. Quotes that do not occur in the text are left out.
    """
    found = [place for quote in quotes if (place := _passage(text, quote))]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _passage(text: str, quote: str) -> tuple[int, int] | None:
    # Nearly every quote occurs literally, and folding while tracking offsets is slow.
    if quote and (start := text.find(quote)) >= 0:
        return start, start + len(quote)
    words = fold(quote)
    folded, origin = _folded_with_origin(text)
    start = folded.find(words) if words else -1
    return (origin[start], origin[start + len(words) - 1] + 1) if start >= 0 else None


def _folded_with_origin(text: str) -> tuple[str, list[int]]:
    """Return the folded text, and for each of its characters the offset in the text it comes from."""
    letters: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(text):
        for letter in mend_letters(character):
            if letter.isspace():
                if not letters or letters[-1] == " ":
                    continue
                letter = " "
            letters.append(letter)
            origin.append(place)
    return "".join(letters), origin
