"""The drawings themselves: whatever the figures, they are well formed, fit, and overlap nowhere."""

from __future__ import annotations

import datetime
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from recommendations.charts.drawing import palette
from recommendations.charts.drawing.bars import Bar, BarChart, BarGroup, Segment, draw_bars
from recommendations.charts.drawing.frame import About, framed
from recommendations.charts.drawing.heat_map import Cell, Column, HeatMap, Row, draw_heat_map
from recommendations.charts.drawing.lettering import fit, width_of, wrap
from recommendations.charts.drawing.marks import steps_of
from recommendations.charts.drawing.model import Drawing, Path, Rect, Text
from recommendations.charts.drawing.png import SCALE, file_png, flattened
from recommendations.charts.drawing.svg import file_svg, page_svg
from recommendations.charts.drawing.time_line import Arc, Event, Line, TimeLine, draw_time_line
from recommendations.models.statuses import STATUSES
from tests.amounts import examples

ALL = len(STATUSES)
SVG = "{http://www.w3.org/2000/svg}"
numbers = st.one_of(st.just(0), st.integers(0, 30), st.integers(0, 10**9))
words = st.text(max_size=60)
few = settings(max_examples=examples(20))


@st.composite
def heat_maps(draw: st.DrawFn) -> HeatMap:
    columns = tuple(Column(draw(words), status) for status in STATUSES)

    def row(label: str) -> Row:
        cells = tuple(
            Cell(n, f"/list?status={i}" if n else "", "to the list")
            for i, n in enumerate(draw(st.lists(numbers, min_size=ALL, max_size=ALL)))
        )
        total = Cell(sum(cell.number for cell in cells), "/list", "all")
        return Row(label, cells, total, url="/issue", indent=draw(st.booleans()))

    rows = tuple(row(draw(words)) for _ in range(draw(st.integers(0, 6))))
    return HeatMap("Issue", columns, rows, row("All records") if draw(st.booleans()) else None, draw(words))


@st.composite
def bar_charts(draw: st.DrawFn) -> BarChart:
    def bar() -> Bar:
        found = draw(st.lists(numbers, min_size=ALL, max_size=ALL))
        segments = zip(STATUSES, found, strict=True)
        return Bar(draw(words), tuple(Segment(s, n, "/list", "to the list") for s, n in segments), "/all")

    groups = tuple(
        BarGroup(draw(words), tuple(bar() for _ in range(draw(st.integers(0, 3)))), "/one", draw(words))
        for _ in range(draw(st.integers(0, 4)))
    )
    return BarChart(groups, ((draw(words), tuple((status, status) for status in STATUSES)),), draw(words))


@st.composite
def time_lines(draw: st.DrawFn) -> TimeLine:
    def one() -> Line:
        days = draw(st.lists(st.dates(datetime.date(1980, 1, 1), datetime.date(2080, 1, 1)), max_size=12))
        events = tuple(
            Event(key, day, draw(words), draw(words), "/review", "7 records", "/list", "7 records")
            for key, day in enumerate(sorted(days))
        )
        pairs = [(a, b) for a in range(len(events)) for b in range(a + 1, len(events))]
        chosen = draw(st.lists(st.sampled_from(pairs), max_size=8, unique=True)) if pairs else []
        arcs = tuple(
            Arc(
                a,
                b,
                draw(st.integers(1, 10**6)),
                ("12 links", "9 records"),
                "/list",
                "12",
                draw(st.booleans()),
            )
            for a, b in chosen
        )
        return Line(draw(words), events, arcs)

    return TimeLine(tuple(one() for _ in range(draw(st.integers(0, 3)))), draw(words))


def boxes(drawing: Drawing) -> list[tuple[float, float, float, float]]:
    """The filled rectangles: left, top, right, bottom."""
    return [
        (shape.x + dx, shape.y + dy, shape.x + dx + shape.width, shape.y + dy + shape.height)
        for shape, dx, dy in drawing.placed()
        if isinstance(shape, Rect)
    ]


def text_boxes(drawing: Drawing) -> list[tuple[float, float, float, float, str]]:
    """Where each text stands, from its cap height to its base line."""
    found = []
    for shape, dx, dy in drawing.placed():
        if isinstance(shape, Text) and shape.text:
            width = width_of(shape.text, shape.size, shape.bold)
            left = shape.x + dx - {"start": 0, "middle": width / 2, "end": width}[shape.anchor]
            y = shape.y + dy
            found.append((left, y - 0.7 * shape.size, left + width, y, shape.text))
    return found


def assert_inside(drawing: Drawing) -> None:
    slack = 0.6
    for left, top, right, bottom, *_ in [*boxes(drawing), *text_boxes(drawing)]:
        assert left >= -slack, (left, drawing.width)
        assert top >= -slack
        assert right <= drawing.width + slack, (right, drawing.width)
        assert bottom <= drawing.height + slack
    for shape, dx, dy in drawing.placed():
        if isinstance(shape, Path):
            for x, y in (point for points in flattened(shape.steps) for point in points):
                assert -slack <= x + dx <= drawing.width + slack
                assert -slack <= y + dy <= drawing.height + slack


def assert_apart(found: list[tuple]) -> None:
    """No two boxes share more than an edge. Sorted by height, so that long charts stay quick."""
    found = sorted(found, key=lambda box: box[1])
    for place, (left, _, right, bottom, *words) in enumerate(found):
        for left2, top2, right2, _bottom, *words2 in found[place + 1 :]:
            if top2 >= bottom - 0.1:
                break
            assert right2 <= left + 0.6 or left2 >= right - 0.6, (
                words,
                words2,
                (left, right),
                (left2, right2),
            )


def assert_well_formed(drawing: Drawing) -> None:
    alone = etree.fromstring(file_svg(drawing).encode())
    assert alone.tag == f"{SVG}svg"
    assert float(alone.get("width")) == pytest.approx(drawing.width, abs=0.06)
    within = etree.fromstring(page_svg(drawing).encode())
    for element in within.iter():
        # The security policy forbids both on a page.
        assert element.tag != "style"
        assert "style" not in element.attrib
    ids = [element.get("id") for element in within.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    used = {
        element.get("fill")[5:-1] for element in within.iter() if (element.get("fill") or "")[:4] == "url("
    }
    assert used <= set(ids)


@few
@given(heat_maps(), st.sampled_from([500, 1000]))
def test_any_heat_map_fits_without_overlap(heat: HeatMap, width: int):
    drawing = draw_heat_map(heat, "heat", "Title", "What it shows", width)
    assert_well_formed(drawing)
    assert_inside(drawing)
    assert_apart(text_boxes(drawing))
    assert_apart(boxes(drawing))


@few
@given(bar_charts(), st.sampled_from([300, 1000]))
def test_any_bar_chart_fits_without_overlap(chart: BarChart, width: int):
    drawing = draw_bars(chart, "bars", "Title", "What it shows", width)
    assert_well_formed(drawing)
    assert_inside(drawing)
    assert_apart(text_boxes(drawing))
    # The outlines of segments: a box for each number above 0, none over another.
    outlines = [
        (shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
        for shape, _, _ in drawing.placed()
        if isinstance(shape, Rect) and shape.stroke
    ]
    assert_apart(outlines)
    numbers_above_0 = sum(s.number > 0 for g in chart.groups for b in g.bars for s in b.segments)
    used = len({s.tone for g in chart.groups for b in g.bars for s in b.segments})
    assert len(outlines) == numbers_above_0 + used


@few
@given(time_lines(), st.sampled_from([300, 1000]))
def test_any_time_line_fits_without_overlap(time_line: TimeLine, width: int):
    drawing = draw_time_line(time_line, "line", "Title", "What it shows", width)
    assert_well_formed(drawing)
    assert_inside(drawing)
    assert_apart(text_boxes(drawing))
    arcs = sum(len(line.arcs) for line in time_line.lines)
    events = sum(len(line.events) for line in time_line.lines)
    assert len(list(drawing.links())) == arcs + 2 * events


def test_heat_map_of_200_rows_fits_and_renders():
    cells = tuple(Cell(n, "/list", "to the list") for n in range(ALL))
    rows = tuple(Row(f"Issue {n}", cells, Cell(sum(range(ALL)))) for n in range(200))
    heat = HeatMap("Issue", tuple(Column(status, status) for status in STATUSES), rows)
    drawing = draw_heat_map(heat, "heat", "Title", "What it shows")
    assert_inside(drawing)
    assert_apart(text_boxes(drawing))
    image = Image.open(io.BytesIO(file_png(drawing, {})))
    image.load()
    assert image.format == "PNG"
    assert image.size == (round(drawing.width * SCALE), round(drawing.height * SCALE))


@settings(max_examples=examples(4))
@given(bar_charts(), time_lines(), words)
def test_any_framed_chart_renders_at_its_size(chart: BarChart, time_line: TimeLine, text: str):
    about = About(
        text, text, (text, "A note."), "Source: a place, 1 May 2026", f"https://example.org/?q={text}"
    )
    for drawing in (draw_bars(chart, "a", text, text), draw_time_line(time_line, "b", text, text)):
        whole = framed(drawing, about)
        assert_well_formed(whole)
        assert_inside(whole)
        image = Image.open(io.BytesIO(file_png(whole, {})))
        image.load()
        assert abs(image.width - whole.width * SCALE) < 1
        assert abs(image.height - whole.height * SCALE) < 1


def test_svg_file_has_own_colours_and_page_svg_classes():
    bar = Bar("Concerns", (Segment("regressed", 3, "/list", "three"), Segment("not_assessed", 1)))
    chart = BarChart((BarGroup("", (bar,)),), (("", (("regressed", "Regressed"),)),))
    drawing = draw_bars(chart, "bars", "Title", "What it shows")
    alone, within = file_svg(drawing), page_svg(drawing)
    assert "class=" not in alone
    assert palette.TONES["regressed"].colour in alone
    assert "#" not in within.replace("url(#bars-regressed)", "").replace("&#", "")
    assert "tone-regressed" in within


def test_bars_of_equal_total_have_equal_length():
    many = Bar("By status", tuple(Segment(status, 3) for status in STATUSES))
    one = Bar("In one piece", (Segment("implemented", 3 * ALL),))
    longest = Bar("Twice as many", (Segment("regressed", 6 * ALL),))
    drawing = draw_bars(BarChart((BarGroup("", (many, one, longest)),), ()), "bars", "Title", "What it shows")
    outlines = [shape for shape, _, _ in drawing.placed() if isinstance(shape, Rect) and shape.stroke]
    ends: dict[float, float] = {}
    for outline in outlines:
        ends[outline.y] = max(ends.get(outline.y, 0), outline.x + outline.width)
    start = min(outline.x for outline in outlines)
    first, second, third = (end - start for _, end in sorted(ends.items()))
    assert first == pytest.approx(second)
    # Outlines stand a pixel inside the ends of their bar.
    assert third + 2 == pytest.approx(2 * (first + 2))


def test_each_number_is_drawn_in_segment_or_beside_bar():
    bar = Bar("Few", tuple(Segment(status, n) for n, status in enumerate(STATUSES, 1)))
    long = Bar("Many", (Segment("implemented", 900),))
    for width in (300, 1000):
        drawing = draw_bars(BarChart((BarGroup("All", (bar, long)),), ()), "bars", "Title", "What", width)
        said = {shape.text for shape, _, _ in drawing.placed() if isinstance(shape, Text)}
        assert {"900", *(str(n) for n in range(1, ALL + 1))} <= said
        assert_inside(drawing)
        assert_apart(text_boxes(drawing))


@few
@given(bar_charts(), st.sampled_from([300, 1000]))
def test_bands_hold_whole_groups_and_all_shapes(chart: BarChart, width: int):
    drawing = draw_bars(chart, "bars", "Title", "What it shows", width)
    bands = list(drawing.bands())
    assert len(bands) == max(1, len(chart.groups))
    assert tuple(shape for _, _, shapes in bands for shape in shapes) == drawing.shapes
    for top, height, shapes in bands:
        part = Drawing("part", "", "", width, top + height, shapes)
        for _, above, _, below, *_ in [*boxes(part), *text_boxes(part)]:
            assert top - 0.6 <= above
            assert below <= top + height + 0.6


def test_page_svg_has_one_image_per_band():
    bars = (Bar("Concerns", (Segment("regressed", 3),)),)
    chart = BarChart(tuple(BarGroup(name, bars) for name in ("One", "Two", "Three")), ())
    within = etree.fromstring(page_svg(draw_bars(chart, "bars", "Title", "What it shows")))
    images = within.findall("svg")
    assert [image.xpath("string(.//text)") for image in images] == ["One", "Two", "Three"]
    tops, heights = zip(
        *((float(box[1]), float(box[3])) for box in (image.get("viewBox").split() for image in images)),
        strict=True,
    )
    assert tops == pytest.approx((0, heights[0], heights[0] + heights[1]), abs=0.2)


def test_larger_share_is_never_lighter():
    steps = [palette.shade(n / 100) for n in range(1, 101)]
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (1, 5)


def test_row_of_few_records_is_not_shaded():
    row = Row("Issue", (Cell(4),), Cell(4))
    assert row.shade(row.cells[0]) == 0
    row = Row("Issue", (Cell(5), Cell(0)), Cell(5))
    assert [row.shade(cell) for cell in row.cells] == [5, 0]


def test_each_status_has_own_hatching_and_mark():
    textures = [palette.TONES[status].texture for status in STATUSES]
    assert len(set(textures)) == len(STATUSES)
    assert len({steps_of(palette.TONES[status].shape) for status in STATUSES}) == len(STATUSES)


def test_half_circles_become_two_curves() -> None:
    h = 0.5523 * 8
    assert steps_of("M8 0A8 8 0 0 1 8 16Z") == (
        ("M", (8, 0)),
        ("C", (8 + h, 0, 16, 8 - h, 16, 8)),
        ("C", (16, 8 + h, 8 + h, 16, 8, 16)),
        ("Z", ()),
    )


@pytest.mark.parametrize(
    "path", ["M0 0h16", "M0 0A8 8 0 1 0 0 16Z", "M0 0A8 8 0 0 1 8 8Z", "M0 0Q1 1 2 2", "M0"]
)
def test_path_that_charts_cannot_draw_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="not"):
        steps_of(path)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize(
    "ground", [*(f"shade-{n}" for n in range(1, 6)), *(f"tint:{tone}" for tone in palette.TONES), "paper"]
)
def test_numbers_contrast_with_their_background(ground: str):
    light, dark = luminance(palette.colour(ground)), luminance(palette.colour("ink"))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


@given(words, st.floats(0, 300))
def test_cut_text_fits_the_width(text: str, width: float):
    cut = fit(text, width)
    assert width_of(cut) <= width or cut == ""
    if cut and cut != " ".join(cut.split()):
        pytest.fail("white space at an end")


def test_cut_text_ends_with_ellipsis_and_whole_text_unchanged():
    assert fit("Freedom of expression", 500) == "Freedom of expression"
    cut = fit("Freedom of expression", 70)
    assert cut.endswith("…")
    assert "Freedom of expression".startswith(cut[:-1])


@given(words, st.integers(1, 5))
def test_wrapped_lines_fit_the_width(text: str, lines: int):
    found = wrap(text, 90, lines)
    assert len(found) <= lines
    assert all(width_of(line) <= 90 or len(line) == 1 for line in found)


def test_wrapping_loses_no_words_where_there_is_room():
    assert " ".join(wrap("The State should place a moratorium on libel", 90, 9)) == (
        "The State should place a moratorium on libel"
    )


def test_letters_of_other_scripts_have_a_width():
    assert width_of("Қазақстан") > 40
    assert width_of("Ελλάδα") > 30
