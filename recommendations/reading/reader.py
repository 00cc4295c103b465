"""The one way in: a file's path in, a ParsedDocument out, or a DocumentError with one clear line.

The type of the file is known by its content, not its name; the kind of document by its words.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from recommendations.reading.document import DocumentError
from recommendations.reading.files import markup, pdf
from recommendations.reading.files.lines import (
    LONGEST_LINE,
    MARK,
    MOST_CHARACTERS,
    MOST_LINES,
    TOO_MUCH_TEXT,
    lines_of,
)
from recommendations.reading.files.text import decode
from recommendations.reading.prose.language_check import foreign_language
from recommendations.reading.recognition import recognise
from recommendations.reading.registry import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from recommendations.reading.document import ParsedDocument
    from recommendations.reading.files.lines import Line
    from recommendations.reading.recognition import Recognition

# Bytes, by the first bytes of the file. A PDF is read in a process with limits of its own, a Word document
# is unpacked to a limit; text and HTML take many times their size in memory.
_LARGEST_PDF = 50_000_000
_LARGEST_WORD = 20_000_000
_LARGEST_PLAIN = 5_000_000
_OLE = b"\xd0\xcf\x11\xe0"  # old Word files, and new ones under a password


def read(path: str | PathLike[str], kind: str | None = None) -> ParsedDocument:
    """Reads a document. `kind` (one of KINDS) skips the recognition of its kind.

    Raises DocumentError for whatever cannot be read; nothing else.
    """
    if kind is not None and kind not in KINDS:
        raise DocumentError(f"documents of the kind {kind!r} are not read; known are {', '.join(KINDS)}")
    lines = read_lines(path)
    return parse(lines, kind or recognise(lines).kind)


def read_recognised(
    path: str | PathLike[str], kind: str | None = None
) -> tuple[ParsedDocument, Recognition | None]:
    """Reads a document, and says what in it shows its kind: None where `kind` was given and nothing does.

    Where `kind` differs from the kind recognised, it goes before. Raises DocumentError, nothing else.
    """
    if kind is not None and kind not in KINDS:
        raise DocumentError(f"documents of the kind {kind!r} are not read; known are {', '.join(KINDS)}")
    lines = read_lines(path)
    try:
        recognition = recognise(lines)
    except DocumentError:
        if kind is None:
            raise
        return parse(lines, kind), None
    return parse(lines, kind or recognition.kind), recognition


def read_lines(path: str | PathLike[str]) -> list[Line]:
    """The lines of a file of any type. Raises DocumentError for what is no text, too much, or not English."""
    lines = _lines(Path(path))
    if len(lines) > MOST_LINES:
        raise DocumentError(TOO_MUCH_TEXT)
    text = _text(lines)
    if not text.strip():
        raise DocumentError("the document holds no text")
    if len(text) > MOST_CHARACTERS or any(len(line.text) > LONGEST_LINE for line in lines):
        raise DocumentError(TOO_MUCH_TEXT)
    language = foreign_language(text)
    if language:
        raise DocumentError(f"the document is in {language}; only English is read")
    return lines


def parse(lines: Sequence[Line], kind: str) -> ParsedDocument:
    """The document of this kind (one of KINDS) that the lines hold. Raises DocumentError."""
    return KINDS[kind].parse(lines)


def _text(lines: Sequence[Line]) -> str:
    return MARK.sub("", "\n".join(line.text for line in lines))


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
    if data.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        raise DocumentError("the Word document is protected by a password")
    if data.startswith((_OLE, b"{\\rtf")):
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
