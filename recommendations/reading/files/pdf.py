"""Reads the lines of a PDF; endnote marks are recognised by their small type.

A PDF is opened only in a child process with limits on memory and time, so that a broken or hostile
file cannot crash the reader. Run as `python -m recommendations.reading.files.pdf PATH`, this module is
that child: it prints the lines as JSON, or one line with the reason why it cannot.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from recommendations.core import sandbox
from recommendations.reading.document import DocumentError
from recommendations.reading.files.lines import PAGE_BREAK, Line, Style, mark
from recommendations.reading.files.text import mend_letters

LIMITS = sandbox.Limits(seconds=30, memory=900 * 1024 * 1024)
MOST_PAGES = 500
_SMALL = 0.78  # of the line's own type size: smaller type is a mark
_SPACE = 0.16  # of the type size: a wider gap is a space
_COLUMN = 1.1  # of the type size: a wider gap separates columns
_LEAST_TEXT = 200  # characters; a scan has none, or only a stamp


def read_lines(path: Path) -> list[Line]:
    """Return the lines of the PDF, pages separated by PAGE_BREAK. Raise DocumentError if unreadable."""
    try:
        output = sandbox.run("recommendations.reading.files.pdf", str(path.resolve()), limits=LIMITS)
    except sandbox.OverrunError:
        raise DocumentError(f"the PDF takes more than {LIMITS.seconds} seconds to read") from None
    except sandbox.RefusedError as refusal:
        raise DocumentError(str(refusal)) from None
    except sandbox.CrashedError:
        raise DocumentError("the PDF is broken or needs more memory and time than is allowed") from None
    return [Line(text, Style(style)) for text, style in json.loads(output)]


def _extract(path: Path) -> list[Line]:
    """Read the PDF in this process. Raise DocumentError; broken files may cause any other error."""
    import pdfplumber  # imported here so that only the child loads it

    lines: list[Line] = []
    with pdfplumber.open(path) as document:
        if len(document.pages) > MOST_PAGES:
            raise DocumentError(f"the PDF has {len(document.pages)} pages; at most {MOST_PAGES} are read")
        for page in document.pages:
            if lines:
                lines.append(Line(PAGE_BREAK))
            lines += [
                _line(line["chars"] + _spaces_in(line, page.chars))
                for line in page.extract_text_lines(return_chars=True)
                if line["chars"]
            ]
            page.close()
    if sum(len(line.text) for line in lines) < _LEAST_TEXT:
        raise DocumentError("the PDF has no text layer: it seems to be a scan")
    return lines


def _spaces_in(line: dict[str, Any], characters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the spaces within the line, which pdfplumber leaves out."""
    return [
        character
        for character in characters
        if character["text"].isspace()
        and character["top"] > line["top"] - 2
        and character["bottom"] < line["bottom"] + 2
    ]


def _line(characters: list[dict[str, Any]]) -> Line:
    characters = sorted(characters, key=lambda character: character["x0"])
    size = Counter(round(c["size"], 1) for c in characters if not c["text"].isspace()).most_common(1)
    usual = max((round(c["size"], 1) for c in characters), default=10.0) if not size else size[0][0]
    pieces: list[str] = []
    small = ""
    before: dict[str, Any] | None = None
    after_space = False
    for character in characters:
        if character["text"].isspace():
            after_space = bool(pieces or small)
            continue
        gap = _gap(before, character, usual) or (" " if after_space else "")
        before, after_space = character, False
        if character["text"].isdigit() and character["size"] < _SMALL * usual:
            if gap and not small:
                pieces.append(gap)
            small += character["text"]
            continue
        if small:
            pieces.append(mark(small))
            small = ""
        pieces.append(gap + character["text"])
    if small:
        pieces.append(mark(small))
    return Line(mend_letters("".join(pieces)), _style(characters))


def _gap(before: dict[str, Any] | None, character: dict[str, Any], size: float) -> str:
    if before is None:
        return ""
    gap = character["x0"] - before["x1"]
    if gap > _COLUMN * size:
        return "  "
    return " " if gap > _SPACE * size else ""


def _style(characters: list[dict[str, Any]]) -> Style:
    """Return the style of most of the line."""
    fonts = Counter(
        Style.BOLD if "bold" in c["fontname"].lower() else Style.ITALIC if _is_italic(c) else Style.PLAIN
        for c in characters
        if not c["text"].isspace()
    )
    return fonts.most_common(1)[0][0] if fonts else Style.PLAIN


def _is_italic(character: dict[str, Any]) -> bool:
    return bool(re.search(r"italic|oblique", character["fontname"], re.IGNORECASE))


def main(path: str) -> int:
    """Run the child: print the lines as JSON and return 0, or print a one-line reason for refusal."""
    LIMITS.impose()
    try:
        lines = _extract(Path(path))
    except DocumentError as refusal:
        return sandbox.refuse(str(refusal))
    except MemoryError:
        return sandbox.refuse("the PDF needs more memory than is allowed")
    except Exception as fault:  # a broken file can cause any error; the parent names the file
        is_locked = "assword" in repr(fault) or "ncrypt" in repr(fault)
        reason = "is protected by a password" if is_locked else "is broken or truncated"
        return sandbox.refuse(f"the PDF {reason}")
    json.dump([(line.text, line.style) for line in lines], sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
