"""The one way in: a file's path in, a ParsedDocument out, or a DocumentError with one clear line.

The type of the file is known by its content, not its name; the kind of document by its words.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from recommendations.reading import dialogue, markup, pdf, stakeholder_summary
from recommendations.reading.language import foreign_language
from recommendations.reading.lines import MARK, PAGE_BREAK, lines_of
from recommendations.reading.records import DocumentError
from recommendations.reading.text import decode

if TYPE_CHECKING:
    from os import PathLike

    from recommendations.reading.lines import Line
    from recommendations.reading.records import ParsedDocument

DIALOGUE = "dialogue_summary"
KINDS = (stakeholder_summary.KIND, DIALOGUE)

_LARGEST_FILE = 50_000_000
_LARGEST_TEXT = 1_000_000  # characters; the longest summaries have about 150,000
_LONGEST_LINE = 200_000

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
    text = MARK.sub("", "\n".join(line.text for line in lines))
    if not text.strip():
        raise DocumentError("the document holds no text")
    if len(text) > _LARGEST_TEXT or any(len(line.text) > _LONGEST_LINE for line in lines):
        raise DocumentError(
            f"the text is too large: more than {_LARGEST_TEXT:,} characters, or endless lines"
        )
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
    data = _bytes(path)
    if data.startswith(b"%PDF-") or b"%PDF-" in data[:1024]:
        return pdf.read_lines(path)
    if data.startswith(b"PK\x03\x04"):
        return markup.read_docx(path)
    if data.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise DocumentError("old Word and RTF files are not read; save the document as DOCX, PDF or text")
    text = decode(data)
    if re.match(r"\s*(?:<!doctype\s+html|<html|<\?xml)", text, re.IGNORECASE):
        return markup.read_html(text)
    return lines_of(text)


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise DocumentError("this is a directory, not a document")
        if not path.exists():
            raise DocumentError("there is no such file")
        if not path.is_file():
            raise DocumentError("this is not a regular file")
        size = path.stat().st_size
        if size > _LARGEST_FILE:
            raise DocumentError(f"the file is too large: {size:,} bytes, at most {_LARGEST_FILE:,} are read")
        return path.read_bytes()
    except PermissionError:
        raise DocumentError("the file may not be read: permission denied") from None
    except (OSError, ValueError) as fault:
        raise DocumentError(f"the file cannot be read: {fault.__class__.__name__}") from None
