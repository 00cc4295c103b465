"""Small shapes, 16 pixels a side, that tell tones apart without colour."""

from __future__ import annotations

import re
from functools import cache

from recommendations.charts.drawing.model import Path, Step
from recommendations.charts.drawing.palette import TONES

SIZE = 16
# How far the handles of a Bézier curve stand for a quarter of a circle of radius 1.
HANDLE = 0.5523
NUMBERS = {"M": 2, "L": 2, "C": 6, "A": 7, "Z": 0}


def mark(tone: str, x: float, y: float, size: float) -> Path:
    """The shape of a tone, its upper left corner at (x, y)."""
    scale = size / SIZE
    steps = tuple(
        (letter, tuple((x if i % 2 == 0 else y) + scale * value for i, value in enumerate(at)))
        for letter, at in steps_of(TONES[tone].shape)
    )
    return Path(steps, fill=f"tone:{tone}")


@cache
def steps_of(path: str) -> tuple[Step, ...]:
    """The steps of an SVG path, of absolute M, L, C, Z and half circles (`A r r 0 0 1 x y`).

    Raises ValueError for any other.
    """
    found: list[Step] = []
    here: tuple[float, ...] = ()
    for letter, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        at = tuple(float(number) for number in rest.replace(",", " ").split())
        if len(at) != NUMBERS.get(letter):
            raise ValueError(f"a shape is made of absolute M, L, C, A and Z, not of “{letter}{rest}”")
        found += _half_circle(here, at) if letter == "A" else [(letter, at)]
        here = at[-2:]
    return tuple(found)


def _half_circle(start: tuple[float, ...], arc: tuple[float, ...]) -> list[Step]:
    """Half a circle, clockwise, as two curves."""
    (x1, y1), (rx, ry, *flags, x2, y2) = start, arc
    dx, dy = (x1 - x2) / 2, (y1 - y2) / 2
    if flags != [0, 0, 1] or rx != ry or abs(dx * dx + dy * dy - rx * rx) > 1e-6:
        raise ValueError(f"an arc is half a circle, clockwise (A r r 0 0 1 x y), not {arc}")
    # Where it has turned by a right angle.
    x, y = (x1 + x2) / 2 - dy, (y1 + y2) / 2 + dx
    h = HANDLE
    return [
        ("C", (x1 - h * dy, y1 + h * dx, x + h * dx, y + h * dy, x, y)),
        ("C", (x - h * dx, y - h * dy, x2 - h * dy, y2 + h * dx, x2, y2)),
    ]
