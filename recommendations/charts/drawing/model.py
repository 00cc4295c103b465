"""What a chart consists of: a few kinds of shapes with coordinates in pixels, y downwards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# A step of a path: a letter of SVG (M, L, C or Z, absolute) and its coordinates.
Step = tuple[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle. Paints are names of `palette`; empty paints nothing."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    stroke: str = ""
    stroke_width: float = 1
    # The tone whose hatching covers the rectangle.
    texture: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """A path, filled by the even-odd rule, or drawn as a line."""

    steps: tuple[Step, ...]
    fill: str = ""
    stroke: str = ""
    stroke_width: float = 1
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; `x` is its start, middle or end, `y` its base line."""

    x: float
    y: float
    text: str
    size: float = 13
    fill: str = "ink"
    bold: bool = False
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Group:
    """Shapes moved together."""

    dx: float
    dy: float
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Shapes that lead somewhere; `label` says where and how many, for those who do not see them."""

    url: str
    label: str
    shapes: tuple[Shape, ...]


Shape = Rect | Path | Text | Group | Link


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart: its size, its shapes, and its name and what it shows in words."""

    name: str
    title: str
    description: str
    width: float
    height: float
    shapes: tuple[Shape, ...]
    # Where paper may cut it: how many shapes stand above each cut, and the height of the cut.
    cuts: tuple[tuple[int, float], ...] = ()

    def bands(self) -> Iterator[tuple[float, float, tuple[Shape, ...]]]:
        """The drawing as bands one below another: the top, the height and the shapes of each."""
        start, top = 0, 0.0
        for end, bottom in (*self.cuts, (len(self.shapes), self.height)):
            yield top, bottom - top, self.shapes[start:end]
            start, top = end, bottom

    def placed(self) -> Iterator[tuple[Rect | Path | Text, float, float]]:
        """Every rectangle, path and text with the offset of the groups around it, in drawing order."""
        yield from _placed(self.shapes, 0, 0)

    def links(self) -> Iterator[Link]:
        """Every link, in drawing order."""
        yield from _links(self.shapes)

    def named(self, name: str) -> Drawing:
        """The same drawing under another name, for a page that shows it twice."""
        return replace(self, name=name)


def line(x1: float, y1: float, x2: float, y2: float, stroke: str = "rule", width: float = 1) -> Path:
    """A straight line."""
    return Path((("M", (x1, y1)), ("L", (x2, y2))), stroke=stroke, stroke_width=width)


def linked(url: str, label: str, *shapes: Shape) -> Shape:
    """The shapes as a link, or for want of an address as they are."""
    return Link(url, label, shapes) if url else Group(0, 0, shapes)


def _placed(
    shapes: tuple[Shape, ...], dx: float, dy: float
) -> Iterator[tuple[Rect | Path | Text, float, float]]:
    for shape in shapes:
        if isinstance(shape, Group):
            yield from _placed(shape.shapes, dx + shape.dx, dy + shape.dy)
        elif isinstance(shape, Link):
            yield from _placed(shape.shapes, dx, dy)
        else:
            yield shape, dx, dy


def _links(shapes: tuple[Shape, ...]) -> Iterator[Link]:
    for shape in shapes:
        if isinstance(shape, Link):
            yield shape
        elif isinstance(shape, Group):
            yield from _links(shape.shapes)
