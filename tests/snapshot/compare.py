"""What differs between two records: answers line by line, screenshots pixel by pixel."""

from __future__ import annotations

import json
from difflib import unified_diff
from itertools import takewhile
from typing import TYPE_CHECKING

from tests.snapshot import answers, looks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST = 240  # characters of a line that are shown
# Chromium does not round colours the same each time: a few pixels may be this much lighter or darker.
FAINT, FEW = 2, 100
DIFFERENCES = "differences"


def compare(before: Path, after: Path, shown: int = 30, pixels: int = 0) -> tuple[list[str], int]:
    """What to print, and how many addresses and screenshots differ.

    At most `shown` lines of a difference; a screenshot may differ in so many `pixels`.
    """
    said: list[str] = []
    names, differ = in_both(before, after, answers.LIST, said)
    for line in names:
        name = answers.file_name(line)
        old, new = ((folder / answers.FOLDER / name).read_bytes() for folder in (before, after))
        if old != new:
            differ += 1
            said += [f"≠ {line}", *cut(list(difference(old, new)), shown)]
    asked = len(names)
    names, differ_in_looks = [], 0
    if (before / looks.LIST).exists() and (after / looks.LIST).exists():
        names, differ_in_looks = in_both(before, after, looks.LIST, said)
    for line in names:
        if found := look_difference(before, after, looks.file_name(line), pixels):
            differ_in_looks += 1
            said.append(f"≠ {line}: {found}")
    said.append(f"{differ} of {asked} addresses differ, {differ_in_looks} of {len(names)} screenshots.")
    return said, differ + differ_in_looks


def in_both(before: Path, after: Path, name: str, said: list[str]) -> tuple[list[str], int]:
    """The lines that both lists have, and how many only one has, which is said."""
    old, new = ((folder / name).read_text().splitlines() for folder in (before, after))
    alone = [f"≠ only before: {line}" for line in old if line not in set(new)]
    alone += [f"≠ only after: {line}" for line in new if line not in set(old)]
    said += alone
    return [line for line in old if line in set(new)], len(alone)


def difference(old: bytes, new: bytes) -> Iterator[str]:
    """The lines that differ; of what is no text, from where on."""
    try:
        one, other = readable(old), readable(new)
    except UnicodeDecodeError:
        one = other = []
    if one == other:
        first = next(
            (n for n, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), "the end"
        )
        yield f"  {len(old)} bytes before, {len(new)} after; they differ from byte {first} on"
        return
    lines = list(unified_diff(one, other, lineterm="", n=1))[2:]
    for before, line, after in zip(["", *lines], lines, [*lines[1:], ""], strict=False):
        pair = line[:1] + (after if line.startswith("-") else before)[:1]
        yield f"  {about(line, {'-+': after, '+-': before}.get(pair, ''))}"


def about(line: str, other: str) -> str:
    """A line of a difference; of a long one what stands about the place where the other begins to differ."""
    begin = 1
    if len(line) > LONGEST and other:
        same = takewhile(lambda pair: pair[0] == pair[1], zip(line[1:], other[1:], strict=False))
        begin = max(1, 1 + sum(1 for _ in same) - LONGEST // 2)
    end = begin + LONGEST
    return f"{line[0]}{'…' * (begin > 1)}{line[begin:end]}{'…' * (end < len(line))}"


def readable(answer: bytes) -> list[str]:
    """An answer in lines, JSON and XML broken where a reader would."""
    above, _, body = answer.decode().partition("\n\n")
    try:
        body = json.dumps(json.loads(body), ensure_ascii=False, indent=1)
    except ValueError:
        if body.startswith("<"):
            body = body.replace("><", ">\n<")
    return [*above.splitlines(), *body.splitlines()]


def cut(lines: list[str], shown: int) -> list[str]:
    """The first lines, and how many more there are."""
    more = len(lines) - shown
    return [*lines[:shown], f"  … {more} more lines"] if more > 0 else lines


def look_difference(before: Path, after: Path, name: str, pixels: int) -> str:
    """What differs in a screenshot, drawn in red beside the later record; empty if nothing does."""
    from PIL import Image, ImageChops

    old, new = (Image.open(folder / looks.FOLDER / name).convert("RGB") for folder in (before, after))
    if old.size != new.size:
        return f"{old.size[0]} × {old.size[1]} pixels before, {new.size[0]} × {new.size[1]} after"
    red, green, blue = ImageChops.difference(old, new).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    counts = most.histogram()
    if sum(counts[FAINT + 1 :]) <= pixels and sum(counts[1:]) <= pixels + FEW:
        return ""
    off = most.point(lambda value: 255 if value else 0)
    drawn = Image.blend(new, Image.new("RGB", new.size, "white"), 0.7)
    drawn.paste("red", mask=off)
    path = after / DIFFERENCES / name
    path.parent.mkdir(exist_ok=True)
    drawn.save(path)
    return f"{sum(counts[1:])} pixels differ within {off.getbbox()}: {path}"
