"""Paints by name: as colours for a file on light ground, and as CSS classes for a page in any theme.

A tone never stands alone: it has a hatching and a mark of its own, so that a print without
colour and a reader without colour vision tell it apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Tone:
    """A colour on light ground, as on the pages in light mode, the name of its hatching, and its mark.

    The mark (`shape`) is an SVG path of 16 by 16 pixels; `marks.steps_of` says which.
    """

    colour: str
    texture: str
    shape: str


# By name. Which there are is for those to say who draw (`charts/tones.py`).
TONES: dict[str, Tone] = {}

# Hatchings: the size of the tile, its lines as (x1, y1, x2, y2), and their width.
Lines = tuple[tuple[float, float, float, float], ...]
TEXTURES: dict[str, tuple[float, Lines, float]] = {
    "rising": (6, ((-1, 7, 7, -1), (-1, 1, 1, -1), (5, 7, 7, 5)), 2.2),
    "falling": (6, ((-1, -1, 7, 7), (5, -1, 7, 1), (-1, 5, 1, 7)), 2.2),
    "crossed": (6, ((-1, 7, 7, -1), (-1, -1, 7, 7)), 1.5),
    "upright": (5, ((1.5, 0, 1.5, 5),), 2.4),
    "level": (4, ((0, 1, 4, 1),), 2),
    "dotted": (5, ((1, 2.2, 3.4, 2.2),), 2.4),
}

PLAIN = {
    "ink": "#1d2126",
    "muted": "#575d65",
    "paper": "#ffffff",
    "rule": "#dfdbd0",
    "rule-strong": "#8f8a7d",
    "accent": "#0d5c6e",
}
SHADES = 5
# How much of the accent each shade holds; the page's style sheet mixes the same.
SHADE_MIX = (0.08, 0.17, 0.28, 0.41, 0.56)
TINT_MIX = 0.14


def mixed(colour: str, share: float, ground: str = "#ffffff") -> str:
    """`share` of the colour on the ground, as a colour."""
    parts = [(int(colour[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in parts)


@cache
def colour(paint: str) -> str:
    """The colour of a paint in a file: `ink`, `shade-3`, `tone:implemented`, `tint:implemented` …

    Raises KeyError for a paint that does not exist.
    """
    kind, _, tone = paint.partition(":")
    if tone:
        own = TONES[tone].colour
        return own if kind == "tone" else mixed(own, TINT_MIX)
    if kind.startswith("shade-"):
        return mixed(PLAIN["accent"], SHADE_MIX[int(kind[6:]) - 1])
    return PLAIN[kind]


@cache
def classes(fill: str, stroke: str) -> str:
    """The CSS classes that paint a shape on a page."""
    found: list[str] = []
    for letter, paint in (("f", fill), ("s", stroke)):
        if not paint:
            continue
        kind, _, tone = paint.partition(":")
        if tone:
            found.append(f"tone-{tone}")
        found.append(f"{letter}-{kind}")
    return " ".join(dict.fromkeys(found))


def shade(share: float) -> int:
    """The step, 1 to 5, of a share above 0 and up to 1: up to 10, 25, 50, 75 and 100 per cent."""
    return next((step for step, edge in enumerate((0.1, 0.25, 0.5, 0.75), 1) if share <= edge), SHADES)


SHADE_WORDS = (_("up to 10%"), _("to 25%"), _("to 50%"), _("to 75%"), _("to 100%"))
