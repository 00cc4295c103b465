"""The one way in: a file's path in, a ParsedDocument out, or a DocumentError with one clear line.

The type of the file is known by its content, not its name; the kind of document by its words.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from recommendations.reading import dialogue, markup, pdf, stakeholder_summary
from recommendations.reading.language import foreign_language
from recommendations.reading.lines import (
    LONGEST_LINE,
    MARK,
    MOST_CHARACTERS,
    MOST_LINES,
    PAGE_BREAK,
    TOO_MUCH_TEXT,
    lines_of,
)
from recommendations.reading.records import DocumentError
from recommendations.reading.text import decode

if TYPE_CHECKING:
    from os import PathLike

    from recommendations.reading.lines import Line
    from recommendations.reading.records import ParsedDocument

DIALOGUE = "dialogue_summary"
KINDS = (stakeholder_summary.KIND, DIALOGUE)

# Bytes, by the first bytes of the file. A PDF is read in a process with limits of its own, a Word document
# is unpacked to a limit; text and HTML take many times their size in memory.
_LARGEST_PDF = 50_000_000
_LARGEST_WORD = 20_000_000
_LARGEST_PLAIN = 5_000_000

_DIALOGUE = re.compile(
    r"\b(?:Human Rights Committee|Committee\s+(?:against|on)\s+[A-Z][^.]{3,120}?)\s+(?:\w+\s+){0,3}?"
    r"(?:conclud|consider|complet|review|open|beg[au]n|examin|start)\w*\b[^.]{0,200}\breports?\b",
    re.IGNORECASE,
)
_DIALOGUE_HEADING = re.compile(
    r"\b(?:(?:Questions|Comments)[^\n]{0,40}by\s+(?:the\s+)?Committee\s+(?:Experts|Members)"
    r"|Responses\s+by\s+the\s+Delegation)",
    re.IGNORECASE,
)


def read(path: str | PathLike[str], kind: str | None = None) -> ParsedDocument:
    """Reads a document. `kind` (one of KINDS) skips the recognition of its kind.

    Raises DocumentError for whatever cannot be read; nothing else.
    """
    if kind is not None and kind not in KINDS:
        raise DocumentError(f"documents of the kind {kind!r} are not read; known are {', '.join(KINDS)}")
    lines = _lines(Path(path))
    if len(lines) > MOST_LINES:
        raise DocumentError(TOO_MUCH_TEXT)
    text = MARK.sub("", "\n".join(line.text for line in lines))
    if not text.strip():
        raise DocumentError("the document holds no text")
    if len(text) > MOST_CHARACTERS or any(len(line.text) > LONGEST_LINE for line in lines):
        raise DocumentError(TOO_MUCH_TEXT)
    language = foreign_language(text)
    if language:
        raise DocumentError(f"the document is in {language}; only English is read")
    if (kind or recognise(text)) == DIALOGUE:
        return dialogue.parse(text.replace(PAGE_BREAK, "\n"))
    return stakeholder_summary.parse(lines)


def recognise(text: str) -> str:
    """The kind of the document, by what it says of itself. Raises DocumentError where it is neither."""
    stakeholder_summary.refuse_other_reports(text)
    if stakeholder_summary.recognise(text):
        return stakeholder_summary.KIND
    start = text[:20_000]
    if _DIALOGUE.search(start) or _DIALOGUE_HEADING.search(start):
        return DIALOGUE
    raise DocumentError(
        "this is neither a summary of stakeholders' submissions nor an account of a committee's dialogue"
    )


def _lines(path: Path) -> list[Line]:
    """The lines of the file, by its content."""
    start, size = _start(path)
    if b"%PDF-" in start:
        _refuse_larger(size, _LARGEST_PDF)
        return pdf.read_lines(path)
    if start.startswith(b"PK\x03\x04"):
        _refuse_larger(size, _LARGEST_WORD)
        return markup.read_docx(path)
    _refuse_larger(size, _LARGEST_PLAIN)
    data = _bytes(path)
    if data.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise DocumentError("old Word and RTF files are not read; save the document as DOCX, PDF or text")
    text = decode(data)
    if re.match(r"\s*(?:<!doctype\s+html|<html|<\?xml)", text, re.IGNORECASE):
        return markup.read_html(text)
    if len(text) > MOST_CHARACTERS:
        raise DocumentError(TOO_MUCH_TEXT)
    return lines_of(text)


def _start(path: Path) -> tuple[bytes, int]:
    """The first bytes of the file, and its size."""
    try:
        if path.is_dir():
            raise DocumentError("this is a directory, not a document")
        if not path.exists():
            raise DocumentError("there is no such file")
        if not path.is_file():
            raise DocumentError("this is not a regular file")
    except (OSError, ValueError) as fault:
        raise _unreadable(fault) from None
    return _bytes(path, 1024), path.stat().st_size


def _refuse_larger(size: int, most: int) -> None:
    if size > most:
        raise DocumentError(
            f"the file is too large: {size:,} bytes, at most {most:,} are read of a file of its type"
        )


def _bytes(path: Path, count: int = _LARGEST_PLAIN) -> bytes:
    """The file from its start, at most so many bytes."""
    try:
        with path.open("rb") as file:
            return file.read(count)
    except (OSError, ValueError) as fault:
        raise _unreadable(fault) from None


def _unreadable(fault: Exception) -> DocumentError:
    if isinstance(fault, PermissionError):
        return DocumentError("the file may not be read: permission denied")
    return DocumentError(f"the file cannot be read: {fault.__class__.__name__}")
