"""The walks of `docs/extending.md`: their blocks of code, and what becomes of a file by them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tests.reading_quality import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs" / "extending.md"


class Block(NamedTuple):
    """A block of code: its language, the file that it is of, and its lines."""

    language: str
    path: str
    text: str


def blocks(section: str) -> list[Block]:
    """The blocks below a heading of the page, each with a first line that names its file."""
    page = PAGE.read_text(encoding="utf-8")
    _before, _heading, rest = page.partition(f"\n## {section}\n")
    below = rest.split("\n## ")[0]
    return [
        Block(*found)
        for found in re.findall(r"^```(\w+)\n(?:# )?(\S+)\n(.*?)^```$", below, flags=re.M | re.S)
    ]


def changed(source: str, diff: str) -> str:
    """A file with the lines that begin with `+`, between the others, which must stand there once."""
    lines = diff.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if not line.startswith("+"))
    assert source.count(before) == 1, (
        f"the lines around a change stand {source.count(before)} times:\n{before}"
    )
    return source.replace(before, "".join(line[1:] for line in lines))


def write(root: Path, section: str) -> list[str]:
    """Apply the blocks of a section to the files below `root`; the paths of what was touched."""
    touched = []
    for language, path, text in blocks(section):
        file = root / path
        if language == "diff":
            text = changed(file.read_text(encoding="utf-8"), text)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        touched.append(path)
    return list(dict.fromkeys(touched))
