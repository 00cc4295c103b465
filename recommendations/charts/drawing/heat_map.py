"""A cross-table as a heat map: every cell its number, the darker the larger its share of the row."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from recommendations.charts.drawing.lettering import fit, width_of, wrap
from recommendations.charts.drawing.marks import mark
from recommendations.charts.drawing.model import Drawing, Rect, Shape, Text, line, linked
from recommendations.charts.drawing.palette import SHADE_WORDS, SHADES, shade

# In a row of fewer records a share says little, so it is not shaded.
ROW_MIN = 5
ROW_HEIGHT = 30
HEAD_SIZE = SMALL = 12
GAP = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, where it leads, and that in words. `agrees` outlines the cell."""

    number: int
    url: str = ""
    label: str = ""
    agrees: bool = False

    @property
    def words(self) -> str:
        """The number as it stands in a cell."""
        return f"{self.number:,}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its words, and the tone whose mark stands above them."""

    label: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the heat map; `total` counts each of its records once."""

    label: str
    cells: tuple[Cell, ...]
    total: Cell
    url: str = ""
    tone: str = ""
    indent: bool = False

    def shade(self, cell: Cell) -> int:
        """0 for no shade, else the step, 1 to 5, of the cell's share of the row."""
        if not cell.number or self.total.number < ROW_MIN:
            return 0
        return shade(min(1.0, cell.number / self.total.number))


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Rows × columns. `corner` is what the rows are; `totals` the last line, or None."""

    corner: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: Row | None = None
    outlined: str = ""  # what the outlined cells mean; empty where there are none


def draw_heat_map(heat: HeatMap, name: str, title: str, description: str, width: float = 1000) -> Drawing:
    """The heat map with its legend."""
    left = max(150.0, min(0.3 * width, 60 + max((width_of(row.label) for row in heat.rows), default=0)))
    step = (width - left) / (len(heat.columns) + 1)
    shapes: list[Shape] = []
    top = _head(shapes, heat, left, step)
    y = top
    for row in heat.rows:
        _row(shapes, heat, row, (left, y, step), width)
        y += ROW_HEIGHT
    if heat.totals:
        shapes.append(line(0, y + 1, width, y + 1, "rule-strong", 1.5))
        _row(shapes, heat, heat.totals, (left, y + 3, step), width, shaded=False)
        y += ROW_HEIGHT + 3
    y = _legend(shapes, heat, y, width)
    return Drawing(name, title, description, width, y, tuple(shapes))


def _head(shapes: list[Shape], heat: HeatMap, left: float, step: float) -> float:
    """The heads of the columns; returns where the rows begin."""
    columns = [*heat.columns, Column(gettext("All"))]
    wrapped = [wrap(column.label, step - 8, 3, HEAD_SIZE, bold=True) for column in columns]
    lines = max(map(len, wrapped))
    bottom = 26 + lines * 15
    for number, (column, words) in enumerate(zip(columns, wrapped, strict=True)):
        middle = left + (number + 0.5) * step
        if column.tone:
            shapes.append(mark(column.tone, middle - 7, 0, 14))
        for place, words_of_line in enumerate(words):
            # Short heads stand at the foot of the row of heads.
            y = 30 + 15 * (place + lines - len(words))
            shapes.append(Text(middle, y, words_of_line, HEAD_SIZE, bold=True, anchor="middle"))
    corner = fit(heat.corner, left - 12, HEAD_SIZE, bold=True)
    shapes.append(Text(0, 30 + 15 * (lines - 1), corner, HEAD_SIZE, bold=True))
    shapes.append(line(0, bottom, left + step * len(columns), bottom, "rule-strong", 1.5))
    return bottom + 4


def _row(
    shapes: list[Shape],
    heat: HeatMap,
    row: Row,
    at: tuple[float, float, float],
    width: float,
    *,
    shaded: bool = True,
) -> None:
    left, y, step = at
    base = y + ROW_HEIGHT / 2 + 4.5
    start = 16.0 if row.indent else 0.0
    if row.tone:
        shapes.append(mark(row.tone, 0, y + ROW_HEIGHT / 2 - 7, 13))
        start = 20
    label = Text(start, base, fit(row.label, left - start - 12), bold=not shaded)
    shapes.append(linked(row.url, row.label, label))
    for number, cell in enumerate(row.cells):
        x = left + number * step
        words = fit(cell.words if cell.number else "·", step - 10)
        tint = row.shade(cell) if shaded else 0
        box = Rect(
            x + GAP / 2,
            y + GAP / 2,
            step - GAP,
            ROW_HEIGHT - GAP,
            fill=f"shade-{tint}" if tint else "paper",
            stroke="ink" if cell.agrees else "",
            stroke_width=1.5,
        )
        ink = "ink" if cell.number else "muted"
        text = Text(x + step / 2, base, words, fill=ink, bold=not shaded, anchor="middle")
        shapes.append(linked(cell.url, cell.label, box, text))
    total = fit(row.total.words, step - 10, bold=True)
    middle = left + (len(row.cells) + 0.5) * step
    shapes.append(
        linked(row.total.url, row.total.label, Text(middle, base, total, bold=True, anchor="middle"))
    )
    shapes.append(line(0, y + ROW_HEIGHT, width, y + ROW_HEIGHT))


def _legend(shapes: list[Shape], heat: HeatMap, y: float, width: float) -> float:
    """What the shades and outlines mean, in as many lines as it takes; returns where it ends."""
    words = gettext("Share of the row:")
    base, x = y + 32, width_of(words, SMALL) + 12
    shapes.append(Text(0, base, words, SMALL, "muted"))
    entries = [(f"shade-{step}", "rule-strong", str(SHADE_WORDS[step - 1])) for step in range(1, SHADES + 1)]
    if heat.outlined:
        entries.append(("paper", "ink", heat.outlined))
    for fill, stroke, entry in entries:
        if x and x + 28 + width_of(entry, SMALL) > width:
            x, base = 0.0, base + 24
        entry = fit(entry, width - x - 28, SMALL)
        shapes.append(Rect(x, base - 12, 22, 15, fill=fill, stroke=stroke, stroke_width=1.2))
        shapes.append(Text(x + 28, base, entry, SMALL, "muted"))
        x += 28 + width_of(entry, SMALL) + 16
    return base + 8
