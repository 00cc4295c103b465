"""The lines of DOCX and HTML documents. Both hold their endnote marks as such.

Both are read as they are parsed, without a tree in memory: time and memory grow with the file and no
faster, however its elements are nested.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from lxml import etree, html

from recommendations.reading.lines import MOST_LINES, TOO_MUCH_TEXT, Line, mark
from recommendations.reading.records import DocumentError
from recommendations.reading.text import mend_letters

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LARGEST_PART = 8_000_000  # bytes of XML; the longest summaries have about 1,000,000
_BLOCKS = frozenset(
    re.split(
        " ",
        "address article aside blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6"
        " header hr li main nav ol p pre section table td th tr ul",
    )
)
_UNREAD = frozenset({"script", "style", "head", "noscript", "template"})
# What zipfile, zlib and lxml raise for broken files, as found by breaking them.
_BROKEN = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, etree.LxmlError),
    *(EOFError, LookupError, OSError, OverflowError, RuntimeError, ValueError),
)


def read_docx(path: Path) -> list[Line]:
    """The paragraphs of a Word document as lines, its endnotes after them. Raises DocumentError."""
    try:
        with zipfile.ZipFile(path) as archive:
            body = _part(archive, "word/document.xml")
            notes = _part(archive, "word/endnotes.xml") if "word/endnotes.xml" in archive.namelist() else None
    except _BROKEN:
        raise DocumentError("the file is not a Word document, or a broken one") from None
    lines = [Line(text) for text in body.paragraphs]
    if notes is not None:
        lines.append(Line("Notes"))
        for number, note in enumerate(notes.notes, start=1):
            texts = [text for text in note if text.strip()] or [""]
            lines += [Line(f"{mark(number)} {texts[0].strip()}"), *(Line(text) for text in texts[1:])]
    return lines


def _part(archive: zipfile.ZipFile, name: str) -> _WordText:
    """The text of one part. Raises DocumentError where it is too large, else one of _BROKEN."""
    if archive.getinfo(name).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DocumentError("the Word document is packed in a way that Word does not use")
    with archive.open(name) as part:
        # Not the size that the archive states: it may state any.
        data = part.read(_LARGEST_PART + 1)
    if len(data) > _LARGEST_PART:
        raise DocumentError("the Word document is too large to read")
    text = _WordText()
    # The stubs ask for more of a target than lxml does.
    parser = etree.XMLParser(
        target=text,  # type: ignore[arg-type]
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
    )
    etree.fromstring(data, parser)
    return text


class _WordText:
    """Takes the paragraphs, and those of each endnote, from the parser's events.

    A paragraph within another (a text box) is one of its own, after the one it stands in.
    """

    def __init__(self) -> None:
        self.paragraphs: list[str] = []
        self.notes: list[list[str]] = []
        self._tags: list[str] = []
        self._open: list[tuple[int, list[str]]] = []  # the paragraphs not yet closed, and their places
        self._note: list[str] | None = None
        self._references = 0
        self._raised = False
        self._words: list[str] | None = None
        self._unread = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        parent = self._tags[-1] if self._tags else ""
        self._tags.append(tag)
        if tag == _FALLBACK or self._unread:
            self._unread += 1
        elif tag == f"{_WORD}p":
            if len(self.paragraphs) == MOST_LINES:
                raise DocumentError(TOO_MUCH_TEXT)
            self._open.append((len(self.paragraphs), []))
            self.paragraphs.append("")
        elif tag == f"{_WORD}r":
            self._raised = False
        elif tag == f"{_WORD}vertAlign":
            self._raised = attributes.get(f"{_WORD}val") == "superscript"
        elif tag == f"{_WORD}endnote" and f"{_WORD}type" not in attributes:
            self._note = []
            self.notes.append(self._note)
        elif parent == f"{_WORD}r" and self._open:
            self._start_in_run(tag)

    def _start_in_run(self, tag: str) -> None:
        pieces = self._open[-1][1]
        if tag == f"{_WORD}endnoteReference":
            self._references += 1
            pieces.append(mark(self._references))
        elif tag == f"{_WORD}t":
            self._words = []
        elif tag in (f"{_WORD}tab", f"{_WORD}br"):
            pieces.append("  ")

    def data(self, text: str) -> None:
        if self._words is not None:
            self._words.append(text)

    def end(self, tag: str) -> None:
        self._tags.pop()
        if self._unread:
            self._unread -= 1
        elif tag == f"{_WORD}t" and self._words is not None:
            text = "".join(self._words)
            is_mark = self._raised and re.fullmatch(r"\d{1,3}", text.strip())
            self._open[-1][1].append(mark(text.strip()) if is_mark else text)
            self._words = None
        elif tag == f"{_WORD}p":
            place, pieces = self._open.pop()
            self.paragraphs[place] = mend_letters("".join(pieces))
            if self._note is not None:
                self._note.append(self.paragraphs[place])
        elif tag == f"{_WORD}endnote":
            self._note = None

    def close(self) -> None:
        """Nothing is left to do when the part ends."""


def read_html(text: str) -> list[Line]:
    """The text of a page as lines, one a block; raised digits are endnote marks."""
    page = _PageText()
    try:
        parser = html.HTMLParser(target=page, encoding="utf-8")  # type: ignore[arg-type]
        etree.fromstring(text.encode("utf-8"), parser)
    except _BROKEN:
        raise DocumentError("the HTML page holds no text") from None
    lines = mend_letters("".join(page.pieces)).split("\n")
    if len(lines) > MOST_LINES:
        raise DocumentError(TOO_MUCH_TEXT)
    return [Line(re.sub(r"\s+", " ", line).strip()) for line in lines]


class _PageText:
    """Takes the text of an HTML page from the parser's events, each block on lines of its own."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._unread = 0
        self._raised: int | None = None  # where the text of a <sup> begins, until a tag ends it

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._end_raised()
        self._unread += tag in _UNREAD
        if tag in _BLOCKS:
            self.pieces.append("\n")
        if tag == "sup":
            self._raised = len(self.pieces)

    def data(self, text: str) -> None:
        if not self._unread:
            self.pieces.append(re.sub(r"\s+", " ", text))

    def end(self, tag: str) -> None:
        self._end_raised()
        self._unread -= tag in _UNREAD
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def _end_raised(self) -> None:
        if self._raised is not None:
            text = "".join(self.pieces[self._raised :]).strip()
            if re.fullmatch(r"\d{1,3}", text):
                self.pieces[self._raised :] = [mark(text)]
            self._raised = None

    def close(self) -> None:
        """Nothing is left to do when the page ends."""
