"""How wide words are, and how they are cut and broken to fit.

Liberation Sans comes with the project and has the widths of Arial, which nearly every browser has: what
fits here fits there.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Liberation Sans, Arial, Helvetica, Arimo, sans-serif"
ELLIPSIS = "…"
# What XML cannot hold, and what would break a line.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u2028\u2029]+")
# No label is longer; what comes after would be cut anyway.
LENGTH_MAX = 400


@cache
def font(size: float, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The typeface at a size in pixels."""
    file = FONTS / f"LiberationSans-{'Bold' if bold else 'Regular'}.ttf"
    # The plain engine: it is there on every platform, and no sequence of letters makes it fail.
    return ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.BASIC)


def printable(text: str) -> str:
    """The text in one line, of characters that every format can hold."""
    return " ".join(UNPRINTABLE.sub(" ", text).split())


def clean(text: str) -> str:
    """The same, no longer than any label is."""
    return printable(text[:LENGTH_MAX])


@lru_cache(maxsize=8192)
def width_of(text: str, size: float = 13, bold: bool = False) -> float:
    """The width of a line in pixels."""
    # Measured large, so that hinting of small letters does not round.
    return font(100, bold).getlength(clean(text)) * size / 100


def fit(text: str, width: float, size: float = 13, bold: bool = False) -> str:
    """The text, cut with an ellipsis where it is wider than `width`; empty where not even that fits."""
    text = clean(text)
    if width_of(text, size, bold) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(text[:middle].rstrip() + ELLIPSIS, size, bold) <= width:
            low = middle
        else:
            high = middle - 1
    cut = text[:low].rstrip() + ELLIPSIS
    return cut if width_of(cut, size, bold) <= width else ""


def wrap(text: str, width: float, lines: int, size: float = 13, bold: bool = False) -> list[str]:
    """The text in at most `lines` lines, broken between words; the last one is cut where needed."""
    words = clean(text).split()
    found: list[str] = []
    while words and len(found) < lines - 1:
        taken = 1
        while taken < len(words) and width_of(" ".join(words[: taken + 1]), size, bold) <= width:
            taken += 1
        row = " ".join(words[:taken])
        if taken == 1 and width_of(row, size, bold) > width:
            head = _head(row, width, size, bold)
            row, rest = row[:head], row[head:]
            words[1:1] = [rest] if rest else []
        found.append(row)
        words = words[taken:]
    if words:
        found.append(fit(" ".join(words), width, size, bold))
    return found


def _head(word: str, width: float, size: float, bold: bool) -> int:
    """How many letters of a word that is too long fit, at least one."""
    length = len(word)
    while length > 1 and width_of(word[:length], size, bold) > width:
        length -= 1
    return length
