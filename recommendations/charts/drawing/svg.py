"""A drawing as SVG: within a page, painted by its style sheet; or as a file that stands alone."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from recommendations.charts.drawing import palette
from recommendations.charts.drawing.lettering import FAMILY, clean, printable
from recommendations.charts.drawing.model import Drawing, Group, Link, Path, Rect, Shape, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

TEXT_SIZE = 13


def page_svg(drawing: Drawing) -> str:
    """The drawing for a page: classes instead of colours, so that it follows the theme, and no scripts.

    Each of its bands is an element of its own, because a browser cuts an image for paper anywhere.
    """
    name, writer = escape(drawing.name), _Writer(drawing, alone=False)
    description = f'<desc id="{name}-desc">{escape(printable(drawing.description))}</desc>'
    bands: list[str] = []
    for top, height, shapes in drawing.bands():
        box = f"0 {_n(top)} {_n(drawing.width)} {_n(height)}"
        bands.append(
            f'<svg role="none" width="{_n(drawing.width)}" height="{_n(height)}" viewBox="{box}"'
            f' preserveAspectRatio="xMinYMin" font-size="{TEXT_SIZE}">'
            f"{'' if bands else description}{writer.content(shapes)}</svg>"
        )
    # A group, not an image: what stands within an image is hidden from screen readers, links too.
    return (
        f'<div class="drawing" role="group" aria-label="{escape(clean(drawing.title))}"'
        f' aria-describedby="{name}-desc">{"".join(bands)}</div>'
    )


def file_svg(drawing: Drawing) -> str:
    """The drawing as a file: every colour and the typeface in it, on white ground."""
    size = f'width="{_n(drawing.width)}" height="{_n(drawing.height)}"'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}'
        f' viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}"'
        f' font-family="{FAMILY}" font-size="{TEXT_SIZE}" role="img" aria-labelledby="title desc">'
        f'<title id="title">{escape(clean(drawing.title))}</title>'
        f'<desc id="desc">{escape(printable(drawing.description))}</desc>'
        f'<rect width="100%" height="100%" fill="{palette.colour("paper")}"/>'
        f"{_Writer(drawing, alone=True).content(drawing.shapes)}</svg>\n"
    )


def _n(value: float) -> str:
    """A number, short."""
    return f"{value:.1f}".removesuffix(".0")


class _Writer:
    def __init__(self, drawing: Drawing, *, alone: bool) -> None:
        self.drawing = drawing
        self.alone = alone
        self.used: dict[str, None] = {}

    def content(self, shapes: Iterable[Shape]) -> str:
        """The shapes, after the hatchings that they are the first to use."""
        known = len(self.used)
        body = "".join(self.shape(shape) for shape in shapes)
        patterns = "".join(self.pattern(tone) for tone in list(self.used)[known:])
        return f"<defs>{patterns}</defs>{body}" if patterns else body

    def paint(self, fill: str, stroke: str = "", width: float = 1) -> str:
        """The attributes that paint a shape."""
        thick = f' stroke-width="{_n(width)}"' if stroke and width != 1 else ""
        if not self.alone:
            none = ' fill="none"' if not fill else ""
            return f' class="{palette.classes(fill, stroke)}"{none}{thick}'
        line = f' stroke="{palette.colour(stroke)}"' if stroke else ""
        return f' fill="{palette.colour(fill) if fill else "none"}"{line}{thick}'

    def pattern(self, tone: str) -> str:
        """The tile of a tone's hatching."""
        size, lines, width = palette.TEXTURES[palette.TONES[tone].texture]
        strokes = "".join(f"M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}" for x1, y1, x2, y2 in lines)
        return (
            f'<pattern id="{self.pattern_id(tone)}" width="{_n(size)}" height="{_n(size)}"'
            f' patternUnits="userSpaceOnUse"><path d="{strokes}"{self.paint("", f"tone:{tone}", width)}/>'
            "</pattern>"
        )

    def pattern_id(self, tone: str) -> str:
        return f"{escape(self.drawing.name)}-{tone}"

    def shape(self, shape: Shape) -> str:
        match shape:
            case Rect():
                return self.rect(shape)
            case Path():
                dash = ' stroke-dasharray="5 4"' if shape.dashed else ""
                rule = ' fill-rule="evenodd"' if shape.fill else ""
                steps = "".join(letter + " ".join(map(_n, at)) for letter, at in shape.steps)
                paint = self.paint(shape.fill, shape.stroke, shape.stroke_width)
                return f'<path d="{steps}"{paint}{rule}{dash}/>'
            case Text():
                return self.text(shape)
            case Link():
                inner = "".join(self.shape(one) for one in shape.shapes)
                label = escape(clean(shape.label))
                return f'<a href="{escape(shape.url)}" aria-label="{label}"><title>{label}</title>{inner}</a>'
            case Group():
                inner = "".join(self.shape(one) for one in shape.shapes)
                moved = (
                    f' transform="translate({_n(shape.dx)} {_n(shape.dy)})"' if shape.dx or shape.dy else ""
                )
                return f"<g{moved}>{inner}</g>" if moved else inner

    def rect(self, rect: Rect) -> str:
        place = f'x="{_n(rect.x)}" y="{_n(rect.y)}" width="{_n(rect.width)}" height="{_n(rect.height)}"'
        found = ""
        if rect.fill or rect.stroke:
            found = f"<rect {place}{self.paint(rect.fill, rect.stroke, rect.stroke_width)}/>"
        if rect.texture and palette.TONES[rect.texture].texture in palette.TEXTURES:
            self.used[rect.texture] = None
            found += f'<rect {place} fill="url(#{self.pattern_id(rect.texture)})"/>'
        return found

    def text(self, text: Text) -> str:
        size = f' font-size="{_n(text.size)}"' if text.size != TEXT_SIZE else ""
        bold = ' font-weight="700"' if text.bold else ""
        anchor = f' text-anchor="{text.anchor}"' if text.anchor != "start" else ""
        return (
            f'<text x="{_n(text.x)}" y="{_n(text.y)}"{size}{bold}{anchor}{self.paint(text.fill)}>'
            f"{escape(clean(text.text))}</text>"
        )
