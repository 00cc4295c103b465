"""The reviews of a State down a line of time, and arcs where later ones come back to earlier ones."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from recommendations.charts.drawing.lettering import fit, width_of, wrap
from recommendations.charts.drawing.model import Drawing, Path, Rect, Shape, Text, line, linked

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

NARROW = 560
# Pixels for a year, and the least and most between two reviews.
YEAR, LEAST, MOST = 12.0, 66.0, 190.0
DAYS = 365.25
THICKEST, THINNEST = 16.0, 1.5
SMALL = 12.0
# From this distance on there is room between two reviews to say how much later.
ROOMY = 96.0
NESTED = 14.0
# No arc reaches further: it would look flat.
REACH = 330.0


@dataclass(frozen=True, slots=True)
class Event:
    """A review: when it began, that in words, its name and how many records it has."""

    key: int
    date: datetime.date
    when: str
    label: str
    url: str
    count: str
    count_url: str
    count_label: str


@dataclass(frozen=True, slots=True)
class Arc:
    """Links between two reviews: how many, where they lead, and that in words."""

    earlier: int
    later: int
    number: int
    words: tuple[str, ...]
    url: str
    label: str
    again: bool  # asked again; else only related


@dataclass(frozen=True, slots=True)
class Line:
    """One State's reviews, oldest first, and the arcs between them."""

    label: str
    events: tuple[Event, ...]
    arcs: tuple[Arc, ...]


@dataclass(frozen=True, slots=True)
class TimeLine:
    """A line for each State."""

    lines: tuple[Line, ...]
    rest: str = ""


def draw_time_line(chart: TimeLine, name: str, title: str, description: str, width: float = 1000) -> Drawing:
    """The lines one below another, with the legend of the arcs."""
    shapes: list[Shape] = []
    heaviest = max((arc.number for one in chart.lines for arc in one.arcs), default=0)
    y = _legend(shapes, chart, width)
    cuts = []
    for number, one in enumerate(chart.lines):
        if number:
            cuts.append((len(shapes), y))
        y = _line(shapes, one, y, width, heaviest)
    for words in wrap(chart.rest, width, 3):
        y += 20
        shapes.append(Text(0, y, words, fill="muted"))
    return Drawing(name, title, description, width, max(y, 1) + 8, tuple(shapes), tuple(cuts))


def _legend(shapes: list[Shape], chart: TimeLine, width: float) -> float:
    kinds = {arc.again for one in chart.lines for arc in one.arcs}
    y = 0.0
    entries = []
    if True in kinds:
        entries.append((gettext("asked again: repeated or taken up"), False))
    if False in kinds:
        entries.append((gettext("related"), True))
    x = 0.0
    for words, dashed in entries:
        needed = 46 + width_of(words, SMALL) + 20
        if x and x + needed > width:
            x, y = 0.0, y + 22
        steps = (("M", (x, y + 9)), ("L", (x + 32, y + 9)))
        stroke = "muted" if dashed else "accent"
        if dashed:
            shapes.append(Path(steps, stroke="rule", stroke_width=9))
        shapes.append(Path(steps, stroke=stroke, stroke_width=1.5 if dashed else 4, dashed=dashed))
        shapes.append(Text(x + 40, y + 13, fit(words, width - x - 40, SMALL), SMALL, "muted"))
        x += needed
    if not entries:
        return 0
    about = gettext("the thicker, the more links")
    if x + width_of(about, SMALL) > width:
        x, y = 0.0, y + 22
    shapes.append(Text(x, y + 13, about, SMALL, "muted"))
    return y + 30


def _places(events: Sequence[Event], top: float) -> dict[int, float]:
    """The height of each review: by time, but never so near that words would collide."""
    places: dict[int, float] = {}
    y, before = top, None
    for event in events:
        if before is not None:
            years = (event.date - before).days / DAYS
            y += min(MOST, max(LEAST, years * YEAR))
        places[event.key] = y
        before = event.date
    return places


def _line(shapes: list[Shape], one: Line, y: float, width: float, heaviest: int) -> float:
    narrow = width < NARROW
    if one.label:
        shapes.append(Text(0, y + 18, fit(one.label, width, 15, bold=True), 15, bold=True))
        y += 34
    places = _places(one.events, y + 16)
    if not places:
        return y
    rail = 8.0 if narrow else 170.0
    labels = [
        max(
            width_of(event.label, 14, bold=True),
            width_of(event.count, SMALL),
            narrow * width_of(event.when, SMALL),
        )
        for event in one.events
    ]
    words_end = min(rail + 18 + max(labels) + 14, width * 0.62)
    ends = (min(places.values()), max(places.values()))
    shapes.append(line(rail, ends[0], rail, ends[1], "rule-strong", 2))
    _arcs(shapes, one, places, (words_end, width), heaviest)
    for event in one.events:
        _event(shapes, event, places[event.key], rail, words_end, narrow=narrow)
    for before, after in pairwise(one.events):
        span = (places[before.key], places[after.key])
        _years(shapes, (after.date - before.date).days / DAYS, span, rail, narrow=narrow)
    return ends[1] + 50


def _years(
    shapes: list[Shape], years: float, span: tuple[float, float], rail: float, *, narrow: bool
) -> None:
    """How much later, where there is room: the line is not to scale over long times."""
    if years < 1 or span[1] - span[0] < ROOMY:
        return
    words = ngettext("%(n)s year later", "%(n)s years later", round(years)) % {"n": f"{years:.0f}"}
    middle = (span[0] + span[1]) / 2 + 4.5
    if narrow:
        shapes.append(Text(rail + 18, middle + 8, words, SMALL, "muted"))
    else:
        shapes.append(Text(rail - 16, middle, words, SMALL, "muted", anchor="end"))


def _event(shapes: list[Shape], event: Event, y: float, rail: float, end: float, *, narrow: bool) -> None:
    shapes.append(Rect(rail - 5, y - 5, 10, 10, fill="accent", stroke="paper", stroke_width=2))
    x = rail + 18
    room = end - x - 8
    if narrow:
        shapes.append(Text(x, y - 8, fit(event.when, room, SMALL), SMALL, "muted"))
    else:
        when = Text(rail - 16, y + 4.5, fit(event.when, rail - 16, SMALL), SMALL, "muted", anchor="end")
        shapes.append(when)
    name = fit(event.label, room, 14, bold=True)
    base = y + (8 if narrow else 5)
    shapes.append(linked(event.url, event.label, Text(x, base, name, 14, "accent", bold=True)))
    count = Text(x, base + 18, fit(event.count, room, SMALL), SMALL)
    shapes.append(linked(event.count_url, event.count_label, count))


def _arcs(
    shapes: list[Shape], one: Line, places: dict[int, float], room: tuple[float, float], heaviest: int
) -> None:
    """The arcs, the widest first, each with its words where they touch no others."""
    start, end = room
    widest = max((width_of(word, SMALL) for arc in one.arcs for word in arc.words), default=0.0)
    reach = min(REACH, max(24.0, end - start - widest - THICKEST / 2 - 14))
    span = max((places[arc.later] - places[arc.earlier] for arc in one.arcs), default=1.0) or 1.0
    order = sorted(one.arcs, key=lambda arc: (places[arc.earlier] - places[arc.later], not arc.again))
    taken: list[tuple[float, float, float, float]] = []
    for arc in order:
        # What is only related stays inside what was asked again, from end to end.
        inset = 0 if arc.again else NESTED
        top, bottom = places[arc.earlier] + inset, places[arc.later] - inset
        # An arc over a longer time reaches further.
        bulge = reach * (0.35 + 0.65 * (bottom - top) / span) * (1 if arc.again else 0.45)
        handle = start + bulge * 4 / 3
        steps = (("M", (start, top)), ("C", (handle, top, handle, bottom, start, bottom)))
        thick = max(THINNEST, THICKEST * arc.number / max(heaviest, 1))
        curve = Path(steps, stroke="accent" if arc.again else "rule", stroke_width=thick)
        core = () if arc.again else (Path(steps, stroke="muted", stroke_width=1.5, dashed=True),)
        place = _free_place(arc, (start, bulge, top, bottom), thick, end, taken)
        if place is not None:
            taken.append(place)
        shapes.append(linked(arc.url, arc.label, curve, *core, *(_plate(arc, place) if place else ())))


def _free_place(
    arc: Arc,
    curve: tuple[float, float, float, float],
    thick: float,
    end: float,
    taken: list[tuple[float, float, float, float]],
) -> tuple[float, float, float, float] | None:
    """Where along the arc its words fit: left, top, right, bottom; None where they would cover others."""
    start, bulge, top, bottom = curve
    width = max(width_of(word, SMALL) for word in arc.words) + 8
    height = 16.0 * len(arc.words) + 4
    for t in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74):
        x = start + 4 * bulge * t * (1 - t) + thick / 2 + 3
        y = top * (1 - t) ** 2 * (1 + 2 * t) + bottom * t * t * (3 - 2 * t)
        box = (x, y - height / 2, x + width, y + height / 2)
        free = all(
            box[2] <= other[0] or box[0] >= other[2] or box[3] <= other[1] or box[1] >= other[3]
            for other in taken
        )
        if free and box[2] <= end:
            return box
    return None


def _plate(arc: Arc, box: tuple[float, float, float, float]) -> list[Shape]:
    left, top, right, bottom = box
    ground = Rect(left, top, right - left, bottom - top, fill="paper")
    words = [
        Text(left + 4, top + 14 + 16 * number, word, SMALL, bold=number == 0)
        for number, word in enumerate(arc.words)
    ]
    return [ground, *words]
