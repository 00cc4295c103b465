"""The lines of a document of any file type, in the form that the parsers take."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# An endnote mark in the text is enclosed in these two characters (private use, in no document).
MARK_OPENS = "\ue000"
MARK_CLOSES = "\ue001"
MARK = re.compile(f"{MARK_OPENS}(\\d+){MARK_CLOSES}")
PAGE_BREAK = "\f"

# The longest summaries have about 150,000 characters on 4,000 lines.
MOST_CHARACTERS = 1_000_000
MOST_LINES = 100_000
LONGEST_LINE = 200_000
TOO_MUCH_TEXT = (
    f"the text is too large: more than {MOST_CHARACTERS:,} characters or {MOST_LINES:,} lines,"
    " or endless lines"
)


class Style(StrEnum):
    """The type style of a line, if the file specifies it (PDF, DOCX, HTML)."""

    UNKNOWN = ""
    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line. In files with type sizes its endnote marks are already set apart.

    `cell` is its row and column in a table, counted from 1, if the file specifies it.
    """

    text: str
    style: Style = Style.UNKNOWN
    cell: tuple[int, int] | None = None

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


def mark(number: int | str) -> str:
    """Return an endnote mark as it appears in a line's text."""
    return f"{MARK_OPENS}{number}{MARK_CLOSES}"


def lines_of(text: str) -> list[Line]:
    """Return the lines of plain text; a form feed becomes a line of its own."""
    text = text.replace(MARK_OPENS, "").replace(MARK_CLOSES, "")
    text = text.replace(PAGE_BREAK, f"\n{PAGE_BREAK}\n")
    return [Line(line) for line in re.split(r"\r\n?|\n|\u2028|\u2029|\x0b|\x85", text)]


class Joiner:
    """Joins printed lines to running text and rejoins words divided at the end of a line.

    In UN documents a hyphen at the end of a line nearly always belongs to the word
    ("Hindu-speaking", "CoE-Commissioner"). It is removed only if the document elsewhere has the word
    without the hyphen, and never with it.
    """

    def __init__(self, text: str) -> None:
        self._words = {word.lower() for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text)}

    def join(self, lines: Iterable[str]) -> str:
        pieces = [line.strip() for line in lines]
        pieces = [piece for piece in pieces if piece]
        if not pieces:
            return ""
        joined = [pieces[0]]
        for before, after in pairwise(pieces):
            joined.append(self._seam(before, after))
            joined.append(after)
        text = "".join(joined)
        return text.replace("-\x00", "").replace("\x00", "")

    def _seam(self, before: str, after: str) -> str:
        if before.endswith("–") and len(before) > 1 and before[-2].isdigit() and after[0].isdigit():
            return ""
        left = re.search(r"([^\W\d_]+)-$", before)
        right = re.match(r"[^\W_]+", after)
        if right is None or not re.search(r"\w-$", before):
            return " "
        if left is None or not right.group().islower():
            return ""
        with_hyphen = f"{left.group(1)}-{right.group()}".lower()
        without = f"{left.group(1)}{right.group()}".lower()
        divided = without in self._words and with_hyphen not in self._words
        return "\x00" if divided else ""
