"""The two writers of a drawing show the same: PNG is compared with the SVG as resvg renders it."""

from __future__ import annotations

import datetime
import io

import pytest
import resvg_py
from PIL import Image, ImageChops

from recommendations.charts import tones  # noqa: F401  (registers the tones)
from recommendations.charts.drawing.bars import Bar, BarChart, BarGroup, Segment, draw_bars
from recommendations.charts.drawing.frame import About, framed
from recommendations.charts.drawing.heat_map import Cell, Column, HeatMap, Row, draw_heat_map
from recommendations.charts.drawing.lettering import FONTS
from recommendations.charts.drawing.marks import mark
from recommendations.charts.drawing.model import Drawing, Group
from recommendations.charts.drawing.palette import TONES
from recommendations.charts.drawing.png import SCALE, file_png
from recommendations.charts.drawing.svg import file_svg
from recommendations.charts.drawing.time_line import Arc, Event, Line, TimeLine, draw_time_line

KAZAKH = "Әділет, ғылым, қаржы, аңшы, өмір, ұлт, үкімет, сүйіспеншілік, шаһар"
# Pixels a side of the squares that are compared: hinting moves letters by a pixel or two.
SQUARE = 32
# Of 255; the largest that letters make is about 35, a mark that is missing makes 100 and more.
DIFFERENCE_MAX = 45


def heat_map() -> Drawing:
    cells = tuple(Cell(n * n, "/list" if n else "", "to the list") for n in range(7))
    rows = tuple(Row(f"{n} {KAZAKH}"[:40], cells, Cell(91), url="/issue", indent=n > 2) for n in range(5))
    columns = tuple(Column(status.replace("_", " "), status) for status in list(TONES)[:7])
    return draw_heat_map(HeatMap("Issue", columns, rows, rows[0]), "heat", KAZAKH[:24], "What it shows")


def bars() -> Drawing:
    segments = tuple(Segment(tone, 20 + n, "/list", "to the list") for n, tone in enumerate(TONES))
    groups = (
        BarGroup(KAZAKH, (Bar("Concerns", segments), Bar("Questions", segments[:2])), "/one", "A note"),
    )
    return draw_bars(
        BarChart(groups, (("Legend", tuple((tone, tone) for tone in TONES)),)), "bars", "Title", ""
    )


def time_line() -> Drawing:
    events = tuple(
        Event(n, datetime.date(2010 + 4 * n, 2, 1), "2010", KAZAKH[:20], "/review", "7", "/list", "7 records")
        for n in range(4)
    )
    arcs = (
        Arc(0, 2, 3, ("3 asked", "again"), "/chains", "3 chains", again=True),
        Arc(1, 3, 1, ("1 related",), "/chains", "1 chain", again=False),
    )
    return draw_time_line(TimeLine((Line("UPR", events, arcs),)), "line", "Title", "What it shows")


def marks() -> Drawing:
    shapes = tuple(mark(tone, 20 + 60 * n, 20, 40) for n, tone in enumerate(TONES))
    return Drawing("marks", "Title", "", 60 * len(TONES), 80, (Group(4, 8, shapes),))


def rendered(drawing: Drawing) -> Image.Image:
    """The drawing's SVG as resvg renders it with our typeface alone."""
    files = [str(FONTS / f"LiberationSans-{weight}.ttf") for weight in ("Regular", "Bold")]
    content = resvg_py.svg_to_bytes(
        svg_string=file_svg(drawing), zoom=SCALE, skip_system_fonts=True, font_files=files
    )
    return Image.open(io.BytesIO(content)).convert("RGB")


@pytest.mark.parametrize("draw", [heat_map, bars, time_line, marks])
def test_png_shows_what_svg_shows(draw) -> None:
    about = About(KAZAKH, "Filter: none", ("A note.",), "Source: a place", "https://example.org/")
    drawing = framed(draw(), about)
    ours = Image.open(io.BytesIO(file_png(drawing, {}))).convert("RGB")
    svg = rendered(drawing)
    assert ours.size == svg.size
    squares = (ours.width // SQUARE, ours.height // SQUARE)
    first, second = (image.resize(squares, Image.Resampling.BOX) for image in (ours, svg))
    difference = ImageChops.difference(first, second).convert("L")
    assert difference.getextrema()[1] < DIFFERENCE_MAX
    assert first.getextrema()[0][0] < 240, "nothing is drawn"
