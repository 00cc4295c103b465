"""Reads the lines of DOCX and HTML documents, in which endnote marks are marked up as such.

Both are processed while parsing, without a tree in memory, so time and memory grow linearly with the file
size, however its elements are nested.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from lxml import etree, html

from recommendations.reading.document import DocumentError
from recommendations.reading.files.lines import MOST_LINES, TOO_MUCH_TEXT, Line, mark
from recommendations.reading.files.text import mend_letters
from recommendations.reading.files.word_package import part, refuse_long_lists, refuse_others

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADER = re.compile(r"word/header\d{0,3}\.xml")
_MOST_HEADERS = 6
# Placeholder for a footnote reference, until it is known whether the notes are the footnotes.
_FOOTNOTE = re.compile("\ue002(\\d+)\ue003")
_NOTE_TAGS = (f"{_WORD}endnote", f"{_WORD}footnote")
_TABLE_TAGS = {f"{_WORD}tbl": "table", f"{_WORD}tr": "row", f"{_WORD}tc": "cell"}
_HTML_TABLE_TAGS = {"table": "table", "tr": "row", "td": "cell", "th": "cell"}
_LARGEST_PART = 8_000_000  # bytes of XML; the longest summaries have about 1,000,000
_BLOCKS = frozenset(
    re.split(
        " ",
        "address article aside blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6"
        " header hr li main nav ol p pre section table td th tr ul",
    )
)
_UNREAD = frozenset({"script", "style", "head", "noscript", "template"})
# Exceptions of zipfile, zlib and lxml for broken files, found by testing with such files.
_BROKEN = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, etree.LxmlError),
    *(EOFError, LookupError, OSError, OverflowError, RuntimeError, ValueError),
)


def read_docx(path: Path) -> list[Line]:
    """Return the paragraphs of a Word document as lines, after its page headers and before its notes.

    Its notes are its endnotes or, if it has none, its footnotes. Raise DocumentError if it is unreadable.
    """
    try:
        refuse_long_lists(path)
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            refuse_others(names)
            body = _read_part(archive, "word/document.xml")
            headers = [_read_part(archive, name) for name in names if _HEADER.fullmatch(name)][:_MOST_HEADERS]
            what = "endnote" if body.endnotes or not body.footnotes else "footnote"
            notes = _read_part(archive, f"word/{what}s.xml") if f"word/{what}s.xml" in names else None
    except _BROKEN:
        raise DocumentError("the file is not a Word document, or a broken one") from None
    repeated = dict.fromkeys(text for header in headers for text in header.paragraphs if text.strip())
    lines = [Line(_without_footnotes(text)) for text in repeated]
    mend = _without_footnotes if what == "endnote" else _with_footnotes
    lines += [Line(mend(text), cell=cell) for text, cell in zip(body.paragraphs, body.cells, strict=True)]
    texts = notes.in_order(body.footnotes if what == "footnote" else []) if notes else []
    if texts:
        lines.append(Line("Notes"))
    for number, note in enumerate(texts, start=1):
        filled = [text for text in note if text.strip()] or [""]
        lines += [Line(f"{mark(number)} {filled[0].strip()}"), *(Line(text) for text in filled[1:])]
    return lines


def _read_part(archive: zipfile.ZipFile, name: str) -> _WordText:
    """Return the text of one part. Raise DocumentError if it is too large, one of _BROKEN if it is broken."""
    text = _WordText()
    # The stubs require more methods of a target than lxml does.
    parser = etree.XMLParser(
        target=text,  # type: ignore[arg-type]  # lxml asks for less than its stubs
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
    )
    etree.fromstring(part(archive, name, _LARGEST_PART), parser)
    return text


def _with_footnotes(text: str) -> str:
    return _FOOTNOTE.sub(lambda found: mark(found.group(1)), text)


def _without_footnotes(text: str) -> str:
    return _FOOTNOTE.sub("", text)


class _Table:
    """Counts rows and columns. A nested table belongs to the cell that contains it."""

    def __init__(self) -> None:
        self._depth = 0
        self._row = 0  # keeps counting from table to table
        self._column = 0

    @property
    def cell(self) -> tuple[int, int] | None:
        return (self._row, self._column) if self._depth and self._column else None

    def start(self, what: str) -> None:
        """Handle the start of a "table", "row" or "cell"."""
        self._depth += what == "table"
        if self._depth <= 1 and what == "row":
            self._row, self._column = self._row + 1, 0
        elif self._depth <= 1 and what == "cell":
            self._column += 1

    def end(self, what: str) -> None:
        """Handle the end of a "table", "row" or "cell"."""
        if what == "table":
            self._depth = max(0, self._depth - 1)
            self._column = self._column if self._depth else 0


class _WordText:
    """Collects the paragraphs, and those of each endnote, from the parser's events.

    A paragraph within another (a text box) becomes a separate one, after the one that contains it.
    """

    def __init__(self) -> None:
        self.paragraphs: list[str] = []
        self.cells: list[tuple[int, int] | None] = []  # row and column of each paragraph in its table
        self._table = _Table()
        self.notes: list[list[str]] = []
        self._tags: list[str] = []
        self._open: list[tuple[int, list[str]]] = []  # paragraphs not yet closed, with their indexes
        self._note: list[str] | None = None
        self.endnotes = 0  # number of references to endnotes
        self.footnotes: list[str] = []  # ids of the footnotes that the text refers to by number
        self._note_ids: list[str] = []
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
            self.cells.append(self._table.cell)
        elif tag in _TABLE_TAGS:
            self._table.start(_TABLE_TAGS[tag])
        elif tag == f"{_WORD}r":
            self._raised = False
        elif tag == f"{_WORD}vertAlign":
            self._raised = attributes.get(f"{_WORD}val") == "superscript"
        elif tag in _NOTE_TAGS and f"{_WORD}type" not in attributes:
            self._note = []
            self.notes.append(self._note)
            self._note_ids.append(attributes.get(f"{_WORD}id", ""))
        elif parent == f"{_WORD}r" and self._open:
            self._start_in_run(tag, attributes)

    def in_order(self, ids: list[str]) -> list[list[str]]:
        """Return the notes with these ids, in that order; without ids, all in the order of the part."""
        by_id = dict(zip(self._note_ids, self.notes, strict=True))
        return [by_id.get(one, []) for one in ids] if ids else self.notes

    def _start_in_run(self, tag: str, attributes: Mapping[str, str]) -> None:
        pieces = self._open[-1][1]
        if tag == f"{_WORD}endnoteReference":
            self.endnotes += 1
            pieces.append(mark(self.endnotes))
        elif tag == f"{_WORD}footnoteReference" and f"{_WORD}customMarkFollows" not in attributes:
            self.footnotes.append(attributes.get(f"{_WORD}id", ""))
            pieces.append(f"\ue002{len(self.footnotes)}\ue003")
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
        elif tag in _NOTE_TAGS:
            self._note = None
        elif tag in _TABLE_TAGS:
            self._table.end(_TABLE_TAGS[tag])

    def close(self) -> None:
        """Do nothing: required by the parser."""


def read_html(text: str) -> list[Line]:
    """Return the text of a page as lines, one per block; superscript digits are endnote marks."""
    page = _PageText()
    try:
        parser = html.HTMLParser(target=page, encoding="utf-8")  # type: ignore[arg-type]  # lxml asks for less than its stubs
        etree.fromstring(text.encode("utf-8"), parser)
    except _BROKEN:
        raise DocumentError("the HTML page holds no text") from None
    lines: list[Line] = []
    for text, cell in page.blocks():
        lines += [
            Line(re.sub(r"\s+", " ", line).strip(), cell=cell) for line in mend_letters(text).split("\n")
        ]
        if len(lines) > MOST_LINES:
            raise DocumentError(TOO_MUCH_TEXT)
    return lines


class _PageText:
    """Collects the text of an HTML page from the parser's events, with each block on its own lines."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._cells: list[tuple[int, tuple[int, int] | None]] = [(0, None)]  # cells by index of first piece
        self._table = _Table()
        self._unread = 0
        self._raised: int | None = None  # start of the text of a <sup>, until a tag ends it

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._end_raised()
        self._unread += tag in _UNREAD
        if tag in _BLOCKS:
            self.pieces.append("\n")
        if tag in _HTML_TABLE_TAGS:
            self._table.start(_HTML_TABLE_TAGS[tag])
            self._enter_cell()
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
        if tag in _HTML_TABLE_TAGS:
            self._table.end(_HTML_TABLE_TAGS[tag])
            self._enter_cell()

    def blocks(self) -> Iterator[tuple[str, tuple[int, int] | None]]:
        """Yield (text, cell) for each stretch of text within one cell or outside of any."""
        ends = [start for start, _ in self._cells[1:]] + [len(self.pieces)]
        for (start, cell), end in zip(self._cells, ends, strict=True):
            if start < end:
                yield "".join(self.pieces[start:end]).removeprefix("\n"), cell

    def _enter_cell(self) -> None:
        if self._table.cell != self._cells[-1][1]:
            self._cells.append((len(self.pieces), self._table.cell))

    def _end_raised(self) -> None:
        if self._raised is not None:
            text = "".join(self.pieces[self._raised :]).strip()
            if re.fullmatch(r"\d{1,3}", text):
                self.pieces[self._raised :] = [mark(text)]
            self._raised = None

    def close(self) -> None:
        """Do nothing: required by the parser."""
