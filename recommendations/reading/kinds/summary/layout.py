"""From the printed lines of a stakeholder summary to its header, numbered paragraphs and notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from recommendations.reading.document import DocumentError
from recommendations.reading.files.lines import MARK, PAGE_BREAK, Joiner, Line, Style
from recommendations.reading.files.text import fold
from recommendations.reading.prose.marks import set_marks_apart, without_marks

if TYPE_CHECKING:
    from collections.abc import Sequence

SYMBOL = re.compile(r"A\s*/HRC/WG\.6/(\d{1,3})/([A-Z]{3})/(\d)\b")

_SYMBOL_LINE = re.compile(r"^\s*A\s*/HRC/WG\.6/\d{1,3}/[A-Z]{3}/\d\s*$")
_PAGE_LINE = re.compile(r"^\s*[Pp]age\s+\d{1,3}\s*$")
_PRINT_LINE = re.compile(r"^\s*(?:\d{1,3}\s+)?GE\.\d\d-\d+.*$")
_FOOTNOTE_LINE = re.compile(r"^\s*\*\s*The present document (?:was not|is being)\b.*$")
_RULE_LINE = re.compile(r"^\s*[-_*\s]{1,60}$")
_NUMBER_LINE = re.compile(r"^\s*\d{1,3}\s*$")

_FIRST_HEADING = re.compile(r"^\s*I\.\s+background\b", re.IGNORECASE)
_FIRST_PARAGRAPH = re.compile(r"^\s*1\.\s+\S")
_NOTES_LINE = re.compile(r"^\s*(?:end\s?)?notes\s*$", re.IGNORECASE)
_PARAGRAPH = re.compile(r"^\s*(\d{1,3})(\.?)\s+(\S.*)$")
_ROMAN = re.compile(r"^\s*([IVX]{1,5})\.\s+(\S.*)$")
_LETTER = re.compile(r"^\s*([A-L])\.\s+(\S.*)$")
_NOTHING = re.compile(r"^\s*N/A\.?\s*$")
_ENDS_SENTENCE = re.compile(rf"[.!?:;…][”\"’)\]]*\s*(?:{MARK.pattern}[.,;)\s]*)*$")
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_LEVELS = 4
_MOST_HEADINGS = 20


@dataclass(frozen=True, slots=True)
class RawParagraph:
    """A numbered paragraph: its text without marks, and where the marks stood in it.

    Each mark is (offset, number); the offset is that of the end of the word the mark followed.
    """

    number: str
    section: tuple[str, ...]
    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The three parts of a stakeholder summary."""

    header: tuple[str, ...]
    paragraphs: tuple[RawParagraph, ...]
    notes: tuple[str, ...]


def lay_out(lines: Sequence[Line]) -> Layout:
    """Header, paragraphs and note lines of a summary.

    Raises DocumentError where no numbered paragraph stands, one is missing, or the text breaks off.
    """
    header = tuple(fold(line.text) for line in lines[: _body_start(lines)])
    kept = _without_furniture(lines)
    notes_at = next((i for i, line in enumerate(kept) if _NOTES_LINE.match(line.text)), len(kept))
    # The first mark may stand in the summary's introduction, before the first numbered paragraph.
    marked = _with_marks(kept[:notes_at])
    body = marked[_body_start(marked) :]
    reader = _Body(Joiner("\n".join(line.text for line in body)))
    reader.read(body)
    if not reader.paragraphs:
        raise DocumentError("the document has no numbered paragraph")
    notes = tuple(line.text for line in kept[notes_at + 1 :])
    reader.check_complete(has_end=bool(notes) or reader.closing_heading)
    return Layout(header, tuple(reader.paragraphs), notes)


def _body_start(lines: Sequence[Line]) -> int:
    """The index of the first heading or, where the text begins later, of paragraph 1."""
    for pattern in (_FIRST_HEADING, _FIRST_PARAGRAPH):
        for index, line in enumerate(lines):
            if pattern.match(line.text):
                return index
    return 0


def _without_furniture(lines: Sequence[Line]) -> list[Line]:
    """The lines without the page headers, page numbers and first-page footnotes."""
    pages_are_named = any(_PAGE_LINE.match(line.text) for line in lines)
    kept: list[Line] = []
    after_break = False
    for line in lines:
        if line.text == PAGE_BREAK or _SYMBOL_LINE.match(line.text):
            # "Page 5" names the page in old documents; a number alone does in the others.
            if not pages_are_named:
                _drop_page_number(kept)
            after_break = True
        elif any(p.match(line.text) for p in (_PAGE_LINE, _PRINT_LINE, _FOOTNOTE_LINE)):
            continue
        elif after_break and not pages_are_named and _NUMBER_LINE.match(line.text):
            after_break = False
        elif line.is_blank or not _RULE_LINE.match(line.text):
            after_break = after_break and line.is_blank
            kept.append(line)
    if not pages_are_named and any(line.text == PAGE_BREAK for line in lines):
        _drop_page_number(kept)
    return kept


def _drop_page_number(kept: list[Line]) -> None:
    last = next((index for index in range(len(kept) - 1, -1, -1) if not kept[index].is_blank), None)
    if last is not None and _NUMBER_LINE.match(kept[last].text):
        del kept[last:]


def _with_marks(body: list[Line]) -> list[Line]:
    if not body:
        return []
    marked = set_marks_apart("\n".join(line.text for line in body)).split("\n")
    return [Line(text, line.style) for text, line in zip(marked, body, strict=True)]


@dataclass(slots=True)
class _Body:
    """Reads body lines in order: opens a paragraph at its number, closes it at a heading."""

    joiner: Joiner
    paragraphs: list[RawParagraph] = field(default_factory=list)
    closing_heading: bool = False
    _path: list[str] = field(default_factory=lambda: [""] * _LEVELS)
    _section: tuple[str, ...] = ()
    _open: list[str] = field(default_factory=list)
    _number: int = 0
    _roman: int = 0

    def read(self, body: list[Line]) -> None:
        index = 0
        while index < len(body):
            line = body[index]
            found = self._paragraph_start(line)
            if found is not None:
                self._close()
                self._number += 1
                self._open = [found]
                self._section = tuple(heading for heading in self._path if heading)
                index += 1
                continue
            size = self._heading_size(body, index)
            if size:
                self._close()
                self._take_headings(body[index : index + size])
                index += size
                continue
            if self._open and not _NOTHING.match(line.text):
                self._open.append(line.text)
            index += 1
        self._close()

    def check_complete(self, *, has_end: bool) -> None:
        last = self.paragraphs[-1]
        if not has_end and not _ENDS_SENTENCE.search(last.text):
            raise DocumentError(f"the text is truncated: it breaks off in paragraph {last.number}")

    def _paragraph_start(self, line: Line) -> str | None:
        """The text after a paragraph's number, where the line opens the next paragraph."""
        match = _PARAGRAPH.match(line.text)
        if match is None or line.style in (Style.BOLD, Style.ITALIC):
            return None
        number, dot, rest = int(match.group(1)), match.group(2), match.group(3)
        opens_sentence = not rest[0].islower()
        if number == self._number + 1 and opens_sentence and (dot or self._sentence_is_over()):
            return rest
        is_later = self._number + 1 < number <= self._number + 4
        if is_later and dot and opens_sentence and len(rest) > 60 and self._sentence_is_over():
            raise DocumentError(f"the text is not complete: paragraph {self._number + 1} is missing")
        return None

    def _sentence_is_over(self) -> bool:
        """Whether what stands before may be the end of a paragraph."""
        last = next((text for text in reversed(self._open) if text.strip()), "")
        return not last or bool(_ENDS_SENTENCE.search(last)) or bool(MARK.search(last[-8:]))

    def _heading_size(self, body: list[Line], index: int) -> int:
        """How many lines from here are headings: 0 where the line is running text."""
        line = body[index]
        if line.is_blank:
            return 0
        if not (self._is_numbered_heading(line) or self._may_be_plain_heading(line)):
            return 0
        size = 1
        for following in body[index + 1 : index + 14]:
            if self._paragraph_start(following) is not None:
                return size
            if self._is_numbered_heading(following) or following.is_blank:
                size += 1
            elif _ENDS_SENTENCE.search(following.text) or _NOTHING.match(following.text):
                break
            else:
                size += 1
        return size if self._is_numbered_heading(line) else 0

    def _is_numbered_heading(self, line: Line) -> bool:
        text = MARK.sub("", line.text)
        if _ENDS_SENTENCE.search(text):
            return False
        roman = _ROMAN.match(text)
        if roman and roman.group(1) in _ROMANS:
            return _ROMANS.index(roman.group(1)) in (self._roman, self._roman + 1)
        if not self._sentence_is_over():
            return False
        numbered = _PARAGRAPH.match(text)
        if numbered and numbered.group(2) and int(numbered.group(1)) <= _MOST_HEADINGS:
            return not numbered.group(3)[0].islower()
        return bool(_LETTER.match(text))

    def _may_be_plain_heading(self, line: Line) -> bool:
        """A heading without a number: between two paragraphs, and not a sentence."""
        text = line.text.strip()
        if line.style == Style.PLAIN or not text or not (text[0].isupper() or text[0].isdigit()):
            return False
        return not _ENDS_SENTENCE.search(text) and self._sentence_is_over() and len(text) < 130

    def _take_headings(self, lines: list[Line]) -> None:
        for level, heading in self._headings(lines):
            self._path[level:] = [heading] + [""] * (_LEVELS - level - 1)
            self.closing_heading = level == 0 and self._roman > 2

    def _headings(self, lines: list[Line]) -> list[tuple[int, str]]:
        """Level and words of each heading; a heading that runs over two lines is joined."""
        grouped: list[tuple[int, list[str], Style]] = []
        after_blank = False
        for line in lines:
            if line.is_blank:
                after_blank = True
                continue
            text = MARK.sub("", line.text).strip()
            level = self._level(line, text)
            runs_on = bool(grouped) and level == _LEVELS - 1 and self._runs_on(grouped[-1], line, after_blank)
            if runs_on:
                grouped[-1][1].append(text)
            else:
                grouped.append((level, [text], line.style))
            after_blank = False
        headings = [(level, fold(self.joiner.join(words))) for level, words, _ in grouped]
        return [self._raised(headings, index) for index in range(len(headings))]

    def _level(self, line: Line, text: str) -> int:
        roman = _ROMAN.match(text)
        if roman and roman.group(1) in _ROMANS and self._is_numbered_heading(line):
            self._roman = max(self._roman, _ROMANS.index(roman.group(1)) + 1)
            return 0
        if _LETTER.match(text):
            return 1
        numbered = _PARAGRAPH.match(text)
        return 2 if numbered and numbered.group(2) else 3

    @staticmethod
    def _runs_on(before: tuple[int, list[str], Style], line: Line, after_blank: bool) -> bool:
        """Whether the line goes on with the heading before it."""
        level, words, style = before
        first = line.text.strip()[0]
        if first.islower() or first in "(“":
            return True
        if style and style != line.style:
            return False
        ends_capitals = words[-1].isupper() and not line.text.strip().isupper()
        return level == 0 and not after_blank and not ends_capitals

    def _raised(self, headings: list[tuple[int, str]], index: int) -> tuple[int, str]:
        """An unnumbered heading with numbered ones below it stands where a lettered one would."""
        level, words = headings[index]
        below = headings[index + 1][0] if index + 1 < len(headings) else None
        above = headings[index - 1][0] if index else None
        return (1, words) if level == _LEVELS - 1 and below == 2 and above == 0 else (level, words)

    def _close(self) -> None:
        if self._open:
            text, marks = without_marks(fold(self.joiner.join(self._open)))
            self.paragraphs.append(RawParagraph(str(self._number), self._section, text, marks))
            self.closing_heading = False
        self._open = []
