"""A drawing as PNG at twice its size, for slides and documents that take no SVG."""

from __future__ import annotations

import io
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageChops, ImageDraw
from PIL.PngImagePlugin import PngInfo

from recommendations.charts.drawing import palette
from recommendations.charts.drawing.lettering import clean, font
from recommendations.charts.drawing.model import Drawing, Path, Rect, Step, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

SCALE = 2
# Slanted and curved edges are drawn so many times larger, and then made smooth.
SMOOTH = 4
DASH, GAP = 5.0, 4.0
# Straight pieces that a curve is drawn with.
PIECES = 48
Point = tuple[float, float]


def file_png(drawing: Drawing, said: Mapping[str, str]) -> bytes:
    """The drawing as the bytes of a PNG file; `said` are keywords (as PNG names them) and their texts."""
    size = (math.ceil(drawing.width * SCALE), math.ceil(drawing.height * SCALE))
    image = Image.new("RGB", size, palette.colour("paper"))
    canvas = ImageDraw.Draw(image)
    for shape, dx, dy in drawing.placed():
        if isinstance(shape, Rect):
            _rect(image, canvas, shape, dx, dy)
        elif isinstance(shape, Path):
            _path(image, shape, dx, dy)
        else:
            _text(canvas, shape, dx, dy)
    file, info = io.BytesIO(), PngInfo()
    for keyword, text in said.items():
        info.add_itxt(keyword, text)
    _few_colours(image).save(file, "PNG", dpi=(192, 192), pnginfo=info)
    return file.getvalue()


def _few_colours(image: Image.Image) -> Image.Image:
    """The image with a palette, which makes its file several times smaller.

    The palette is that of the most frequent colours, which are the drawing's own; to look for a better one
    among all pixels took ten times as long as the whole drawing.
    """
    counted: Any = image.getcolors(image.width * image.height)
    found = sorted(counted, reverse=True)[:256]
    colours = [band for _, colour in found for band in colour]
    palette_of = Image.new("P", (1, 1))
    palette_of.putpalette(colours + colours[:3] * (256 - len(found)))
    return image.quantize(palette=palette_of, dither=Image.Dither.NONE)


def _box(rect: Rect, dx: float, dy: float) -> tuple[int, int, int, int]:
    """The pixels of a rectangle: left, top, right, bottom, the last two outside."""
    left, top = round((rect.x + dx) * SCALE), round((rect.y + dy) * SCALE)
    return (
        left,
        top,
        max(left + 1, round((rect.x + dx + rect.width) * SCALE)),
        max(top + 1, round((rect.y + dy + rect.height) * SCALE)),
    )


def _rect(image: Image.Image, canvas: ImageDraw.ImageDraw, rect: Rect, dx: float, dy: float) -> None:
    left, top, right, bottom = _box(rect, dx, dy)
    pixels = (left, top, right - 1, bottom - 1)
    if rect.fill:
        canvas.rectangle(pixels, fill=palette.colour(rect.fill))
    if rect.texture and palette.TONES[rect.texture].texture in palette.TEXTURES:
        _hatch(image, rect.texture, (left, top, right, bottom))
    if rect.stroke:
        width = max(1, round(rect.stroke_width * SCALE))
        canvas.rectangle(pixels, outline=palette.colour(rect.stroke), width=width)


def _hatch(image: Image.Image, tone: str, box: tuple[int, int, int, int]) -> None:
    """Cover the box with the tone's tile, in step with its neighbours."""
    size, lines, width = palette.TEXTURES[palette.TONES[tone].texture]
    side, large = round(size * SCALE), SCALE * SMOOTH
    tile = Image.new("L", (side * SMOOTH, side * SMOOTH))
    draw = ImageDraw.Draw(tile)
    for x1, y1, x2, y2 in lines:
        draw.line(((x1 * large, y1 * large), (x2 * large, y2 * large)), fill=255, width=round(width * large))
    tile = tile.resize((side, side), Image.Resampling.BOX)
    left, top, right, bottom = box
    mask = Image.new("L", (right - left, bottom - top))
    for x in range(-(left % side), right - left, side):
        for y in range(-(top % side), bottom - top, side):
            mask.paste(tile, (x, y))
    image.paste(palette.colour(f"tone:{tone}"), (left, top, right, bottom), mask)


def _path(image: Image.Image, path: Path, dx: float, dy: float) -> None:
    lines = [[(x + dx, y + dy) for x, y in points] for points in flattened(path.steps)]
    if not any(lines):
        return
    edge = path.stroke_width if path.stroke else 0
    xs, ys = zip(*(point for points in lines for point in points), strict=True)
    left, top = math.floor((min(xs) - edge) * SCALE) - 1, math.floor((min(ys) - edge) * SCALE) - 1
    right, bottom = math.ceil((max(xs) + edge) * SCALE) + 1, math.ceil((max(ys) + edge) * SCALE) + 1
    large = SCALE * SMOOTH
    size = ((right - left) * SMOOTH, (bottom - top) * SMOOTH)
    local = [[(x * large - left * SMOOTH, y * large - top * SMOOTH) for x, y in points] for points in lines]
    for paint, mask in (
        (path.fill, _filled(size, local) if path.fill else None),
        (path.stroke, _drawn(size, local, path.stroke_width * large, path.dashed) if path.stroke else None),
    ):
        if mask is not None:
            small = mask.resize((right - left, bottom - top), Image.Resampling.BOX)
            image.paste(palette.colour(paint), (left, top), small)


def _filled(size: tuple[int, int], lines: list[list[Point]]) -> Image.Image:
    """The mask of an area by the even-odd rule."""
    mask = Image.new("1", size)
    for points in lines:
        part = Image.new("1", size)
        ImageDraw.Draw(part).polygon(points, fill=1)
        mask = ImageChops.logical_xor(mask, part)
    return mask.convert("L")


def _drawn(size: tuple[int, int], lines: list[list[Point]], width: float, dashed: bool) -> Image.Image:
    """The mask of a line."""
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    for points in lines:
        for piece in _dashes(points) if dashed else [points]:
            draw.line(piece, fill=255, width=max(1, round(width)), joint="curve")
    return mask


def _dashes(points: list[Point]) -> list[list[Point]]:
    """A line cut into dashes; lengths as those of the SVG."""
    long, short = DASH * SCALE * SMOOTH, GAP * SCALE * SMOOTH
    found: list[list[Point]] = []
    drawing, left, piece = True, long, [points[0]]
    for (x1, y1), (x2, y2) in pairwise(points):
        length, done = math.hypot(x2 - x1, y2 - y1), 0.0
        while length - done > left:
            done += left
            cut = (x1 + (x2 - x1) * done / length, y1 + (y2 - y1) * done / length)
            if drawing:
                found.append([*piece, cut])
            drawing, piece = not drawing, [cut]
            left = long if drawing else short
        left -= length - done
        piece.append((x2, y2))
    return [*found, piece] if drawing and len(piece) > 1 else found


def flattened(steps: tuple[Step, ...]) -> list[list[Point]]:
    """The path as lines of points, curves cut into straight pieces."""
    lines: list[list[Point]] = []
    for letter, at in steps:
        if letter == "M":
            lines.append([(at[0], at[1])])
        elif letter == "L":
            lines[-1].append((at[0], at[1]))
        elif letter == "C":
            lines[-1].extend(_curve(lines[-1][-1], at))
        elif letter == "Z":
            lines[-1].append(lines[-1][0])
    return lines


def _curve(start: Point, at: tuple[float, ...]) -> list[Point]:
    x1, y1, x2, y2, x3, y3 = at
    found = []
    for piece in range(1, PIECES + 1):
        t = piece / PIECES
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        found.append((a * start[0] + b * x1 + c * x2 + d * x3, a * start[1] + b * y1 + c * y2 + d * y3))
    return found


def _text(canvas: ImageDraw.ImageDraw, text: Text, dx: float, dy: float) -> None:
    anchor = {"start": "ls", "middle": "ms", "end": "rs"}[text.anchor]
    canvas.text(
        ((text.x + dx) * SCALE, (text.y + dy) * SCALE),
        clean(text.text),
        fill=palette.colour(text.fill),
        font=font(text.size * SCALE, text.bold),
        anchor=anchor,
    )
