"""Bars cut into segments by status or kind, all of one chart on one scale."""

from __future__ import annotations

from dataclasses import dataclass

from recommendations.charts.drawing.lettering import fit, width_of, wrap
from recommendations.charts.drawing.marks import mark
from recommendations.charts.drawing.model import Drawing, Rect, Shape, Text, line, linked
from recommendations.charts.drawing.palette import TONES

BAR_HEIGHT = 26.0
# The hatched foot of a segment; the number stands on the tint above it.
FOOT = 8.0
BAR_STEP = 32.0
NARROW = 560
# No segment is narrower, so that none disappears; the others of its bar give way, its length stays true.
LEAST = 3.0
MARK = 11.0
LABEL_SIZE = 12.0


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: how many, of which tone, where it leads, and that in words."""

    tone: str
    number: int
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar; its length is the sum of its segments."""

    label: str
    segments: tuple[Segment, ...]
    url: str = ""
    total_label: str = ""

    @property
    def total(self) -> int:
        """The number behind the whole bar."""
        return sum(segment.number for segment in self.segments)


@dataclass(frozen=True, slots=True)
class BarGroup:
    """Bars that belong together, under a heading (or none)."""

    label: str
    bars: tuple[Bar, ...]
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class BarChart:
    """Groups of bars, and the tones to explain: lines of a heading (or none) and (tone, words)."""

    groups: tuple[BarGroup, ...]
    legend: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    # What the chart leaves out, if anything: "and 12 more in the table".
    rest: str = ""


@dataclass(frozen=True, slots=True)
class _Frame:
    width: float
    left: float  # where bars begin
    room: float  # for the longest bar
    most: int

    @property
    def is_narrow(self) -> bool:
        return self.width < NARROW


def draw_bars(chart: BarChart, name: str, title: str, description: str, width: float = 1000) -> Drawing:
    """The bars with their legend; in a narrow drawing the label stands above its bar."""
    bars = [bar for group in chart.groups for bar in group.bars]
    most = max((bar.total for bar in bars), default=0)
    longest = max((width_of(bar.label) for bar in bars), default=0.0)
    left = 0.0 if width < NARROW else min(0.32 * width, max(90.0, longest + 16))
    total = 0.0 if width < NARROW else width_of(f"{most:,}", bold=True) + 14
    frame = _Frame(width, left, width - left - total - 1, most)
    shapes: list[Shape] = []
    y = _legend(shapes, chart, width)
    cuts = []
    for number, group in enumerate(chart.groups):
        if number:
            cuts.append((len(shapes), y))
        y = _group(shapes, frame, group, y)
    if chart.rest:
        for words in wrap(chart.rest, width, 3):
            y += 20
            shapes.append(Text(0, y, words, fill="muted"))
        y += 6
    return Drawing(name, title, description, width, max(y, 1) + 2, tuple(shapes), tuple(cuts))


def _legend(shapes: list[Shape], chart: BarChart, width: float) -> float:
    """The tones that are used and their words; returns where the bars begin."""
    used = {segment.tone for group in chart.groups for bar in group.bars for segment in bar.segments}
    y = 4.0
    for heading, entries in chart.legend:
        shown = [(tone, words) for tone, words in entries if tone in used]
        if not shown:
            continue
        x = 0.0
        if heading:
            heading = fit(heading, width, LABEL_SIZE)
            shapes.append(Text(0, y + 13, heading, LABEL_SIZE, "muted"))
            x = width_of(heading, LABEL_SIZE) + 14
        for tone, words in shown:
            needed = 43 + width_of(words, LABEL_SIZE)
            if x and x + needed > width:
                x, y = 0.0, y + 24
            _box(shapes, tone, x, y, 20, 16)
            shapes.append(mark(tone, x + 26, y + 2, 12))
            words = fit(words, width - x - 43, LABEL_SIZE)
            shapes.append(Text(x + 43, y + 13, words, LABEL_SIZE, "muted"))
            x += needed + 20
        y += 24
    return y + 6 if y > 4 else 0


def _box(shapes: list[Shape], tone: str, x: float, y: float, width: float, height: float) -> None:
    """A tinted box on a foot that is hatched as the tone is."""
    foot = min(FOOT, height)
    style = TONES[tone].texture
    fill = "paper" if style == "empty" else f"tint:{tone}"
    shapes.append(Rect(x, y, width, height, fill=fill))
    if style == "solid":
        shapes.append(Rect(x, y + height - foot, width, foot, fill=f"tone:{tone}"))
    elif style != "empty":
        shapes.append(Rect(x, y + height - foot, width, foot, fill="paper", texture=tone))
    inset = min(0.5, width / 4)
    shapes.append(Rect(x + inset, y + 0.5, width - 2 * inset, height - 1, stroke=f"tone:{tone}"))


def _group(shapes: list[Shape], frame: _Frame, group: BarGroup, y: float) -> float:
    if group.label:
        y += 6
        heading = fit(group.label, frame.width, 14, bold=True)
        shapes.append(linked(group.url, group.label, Text(0, y + 14, heading, 14, bold=True)))
        after = width_of(heading, 14, bold=True) + 12
        if group.note and frame.width - after > width_of(group.note, LABEL_SIZE):
            shapes.append(Text(after, y + 14, group.note, LABEL_SIZE, "muted"))
        elif group.note:
            y += 18
            shapes.append(Text(0, y + 14, fit(group.note, frame.width, LABEL_SIZE), LABEL_SIZE, "muted"))
        y += 24
    for bar in group.bars:
        y = _bar(shapes, frame, bar, y)
    return y


def _bar(shapes: list[Shape], frame: _Frame, bar: Bar, y: float) -> float:
    total = f"{bar.total:,}"
    if frame.is_narrow:
        room = width_of(total, bold=True)
        shapes.append(Text(0, y + 13, fit(bar.label, frame.width - room - 10)))
        number = Text(frame.width, y + 13, total, bold=True, anchor="end")
        shapes.append(linked(bar.url, bar.total_label, number))
        y += 19
    else:
        shapes.append(Text(0, y + BAR_HEIGHT / 2 + 4.5, fit(bar.label, frame.left - 14)))
    widths = _widths(frame, bar)
    x, end = frame.left, frame.left + sum(width for _, width in widths)
    beside = end + 8
    if not frame.is_narrow:
        at = Text(beside, y + BAR_HEIGHT / 2 + 4.5, total, bold=True)
        beside += width_of(total, bold=True) + 14
    for segment, width in widths:
        parts = _segment(segment, x, y, width)
        needed = MARK + 4 + _number_width(segment)
        if width < _number_width(segment) + 5 and beside + needed <= frame.width:
            parts += _marked_number(segment, beside, y + BAR_HEIGHT / 2 + 4.5)
            beside += needed + 10
        shapes.append(linked(segment.url, segment.label, *parts))
        x += width
    if not frame.is_narrow:
        shapes.append(linked(bar.url, bar.total_label, at))
    shapes.append(line(frame.left, y - 1, frame.left, y + BAR_HEIGHT + 1, "rule-strong"))
    return y + BAR_STEP


def _widths(frame: _Frame, bar: Bar) -> list[tuple[Segment, float]]:
    """The segments that have a number, and how wide each is; the bar as a whole is true to scale."""
    present = [segment for segment in bar.segments if segment.number]
    length = max(frame.room * bar.total / max(frame.most, 1), LEAST * len(present))
    spare = length - LEAST * len(present)
    return [(segment, LEAST + spare * segment.number / bar.total) for segment in present]


def _number_width(segment: Segment) -> float:
    return width_of(f"{segment.number:,}", LABEL_SIZE)


def _marked_number(segment: Segment, x: float, base: float) -> list[Shape]:
    """The mark of the tone and the number, within a segment or, where it is too narrow, beside its bar."""
    return [
        mark(segment.tone, x, base - 9.5, MARK),
        Text(x + MARK + 4, base, f"{segment.number:,}", LABEL_SIZE),
    ]


def _segment(segment: Segment, x: float, y: float, width: float) -> list[Shape]:
    shapes: list[Shape] = []
    _box(shapes, segment.tone, x + 0.5, y, width - 1, BAR_HEIGHT)
    words, needed = f"{segment.number:,}", _number_width(segment)
    base = y + (BAR_HEIGHT - FOOT) / 2 + 5
    if width >= needed + MARK + 14:
        shapes += _marked_number(segment, x + (width - needed - MARK - 4) / 2, base)
    elif width >= needed + 5:
        shapes.append(Text(x + width / 2, base, words, LABEL_SIZE, anchor="middle"))
    return shapes
