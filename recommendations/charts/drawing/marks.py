"""Small shapes, 16 pixels a side, that tell statuses and kinds apart without colour."""

from __future__ import annotations

from recommendations.charts.drawing.model import Path, Step

SIZE = 16
# How far the handles of a Bézier curve stand for a quarter of a circle of radius 1.
HANDLE = 0.5523


def _polygon(*points: tuple[float, float]) -> list[Step]:
    first, *rest = points
    return [("M", first), *(("L", point) for point in rest), ("Z", ())]


def _circle(x: float, y: float, r: float) -> list[Step]:
    h = r * HANDLE
    return [
        ("M", (x, y - r)),
        ("C", (x + h, y - r, x + r, y - h, x + r, y)),
        ("C", (x + r, y + h, x + h, y + r, x, y + r)),
        ("C", (x - h, y + r, x - r, y + h, x - r, y)),
        ("C", (x - r, y - h, x - h, y - r, x, y - r)),
        ("Z", ()),
    ]


def _half_disc(x: float, y: float, r: float) -> list[Step]:
    h = r * HANDLE
    return [
        ("M", (x, y - r)),
        ("C", (x + h, y - r, x + r, y - h, x + r, y)),
        ("C", (x + r, y + h, x + h, y + r, x, y + r)),
        ("Z", ()),
    ]


def _square(inset: float) -> list[Step]:
    low, high = inset, SIZE - inset
    return _polygon((low, low), (high, low), (high, high), (low, high))


TICK = _polygon((12.3, 5.7), (7.1, 11.8), (3.6, 8.6), (4.9, 7.1), (6.9, 9), (10.7, 4.4))
CROSS = _polygon(
    (3.4, 4.8), (6.6, 8), (3.4, 11.2), (4.8, 12.6), (8, 9.4), (11.2, 12.6),
    (12.6, 11.2), (9.4, 8), (12.6, 4.8), (11.2, 3.4), (8, 6.6), (4.8, 3.4),
)  # fmt: skip
HOOK: list[Step] = [
    ("M", (5, 6.2)),
    ("C", (5, 4.4, 6.2, 3.3, 8, 3.3)),
    ("C", (9.8, 3.3, 11, 4.3, 11, 5.9)),
    ("C", (11, 7.1, 10.4, 7.7, 9.7, 8.3)),
    ("C", (9.2, 8.7, 9, 8.9, 9, 9.5)),
    ("L", (9, 10)),
    ("L", (7.1, 10)),
    ("L", (7.1, 9.3)),
    ("C", (7.1, 8.1, 7.7, 7.6, 8.3, 7.1)),
    ("C", (8.8, 6.7, 9.1, 6.4, 9.1, 5.9)),
    ("C", (9.1, 5.3, 8.7, 4.9, 8, 4.9)),
    ("C", (7.3, 4.9, 6.9, 5.4, 6.9, 6.2)),
    ("Z", ()),
]
# The statuses as in icons.svg, the kinds as their badges.
MARKS: dict[str, list[Step]] = {
    "implemented": [*_circle(8, 8, 8), *TICK],
    "partially_implemented": [*_circle(8, 8, 8), *_half_disc(8, 8, 6)],
    "in_progress": [
        *_polygon((1, 1.2), (8.6, 8), (1, 14.8)),
        *_polygon((8.6, 1.2), (15.6, 8), (8.6, 14.8), (8.6, 8)),
    ],
    "not_implemented": [*_square(0), *CROSS],
    "regressed": _polygon((0, 1.5), (16, 1.5), (8, 15.5)),
    "no_information": [
        *_circle(8, 8, 8),
        *_circle(8, 8, 6.2),
        *HOOK,
        *_polygon((7, 11), (9, 11), (9, 13), (7, 13)),
    ],
    "not_assessed": _polygon((2, 7), (14, 7), (14, 9), (2, 9)),
    "recommendation": _square(1),
    "concern": [*_square(1), *_square(3.5)],
    "question": [*_circle(8, 8, 7), *_circle(8, 8, 4.5)],
    "commendation": _circle(8, 8, 7),
    "yes": [*_circle(8, 8, 8), *TICK],
    "no": _polygon((2, 7), (14, 7), (14, 9), (2, 9)),
}


def mark(tone: str, x: float, y: float, size: float) -> Path:
    """The shape of a status or kind, its upper left corner at (x, y)."""
    scale = size / SIZE
    steps = tuple(
        (letter, tuple((x if i % 2 == 0 else y) + scale * value for i, value in enumerate(at)))
        for letter, at in MARKS[tone]
    )
    return Path(steps, fill=f"tone:{tone}")
