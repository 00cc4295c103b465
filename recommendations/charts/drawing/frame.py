"""What a downloaded chart carries: its title, what it is of, its source, date and address."""

from __future__ import annotations

from dataclasses import dataclass

from recommendations.charts.drawing.lettering import wrap
from recommendations.charts.drawing.model import Drawing, Group, Shape, Text, line

MARGIN = 32.0
TITLE_SIZE = 21.0
SMALL = 12.0


@dataclass(frozen=True, slots=True)
class About:
    """The words around a chart: what it shows, the filter in words, notes on how to read it, its source."""

    lead: str
    filters: str
    notes: tuple[str, ...]
    source: str
    address: str


def framed(drawing: Drawing, about: About) -> Drawing:
    """The drawing with its title above and its source below."""
    width = drawing.width
    shapes: list[Shape] = []
    y = _words(shapes, [drawing.title], MARGIN + 4, width, (TITLE_SIZE, 27, "ink", True, 3))
    y = _words(shapes, [about.lead], y + 2, width, (14, 20, "ink", False, 4))
    y = _words(shapes, [about.filters], y + 2, width, (14, 20, "muted", False, 4))
    shapes.append(Group(MARGIN, y + 8, drawing.shapes))
    y += 8 + drawing.height + 14
    shapes.append(line(MARGIN, y, MARGIN + width, y, "rule-strong"))
    y = _words(shapes, about.notes, y + 20, width, (SMALL, 17, "muted", False, 4))
    y = _words(shapes, [about.source, about.address], y + 4, width, (SMALL, 17, "ink", False, 4))
    description = f"{drawing.description} {about.filters} {about.source}"
    return Drawing(
        drawing.name, drawing.title, description, width + 2 * MARGIN, y + MARGIN - 12, tuple(shapes)
    )


def _words(
    shapes: list[Shape],
    sentences: list[str] | tuple[str, ...],
    y: float,
    width: float,
    style: tuple[float, float, str, bool, int],
) -> float:
    """Sentences, each from a line of its own; `y` is the first base line less 1, returned is the next."""
    size, step, fill, bold, lines = style
    for sentence in sentences:
        for words in wrap(sentence, width, lines, size, bold):
            shapes.append(Text(MARGIN, y + size - 8, words, size, fill, bold))
            y += step
    return y
