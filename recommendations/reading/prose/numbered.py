"""Turns printed lines into numbered paragraphs, for reports of working groups and committees.

Paragraphs are numbered from 1. A paragraph that introduces a list ("… enjoy the support of …:") is followed
by items in one of two forms: with the paragraph's number before their own ("139.12") or, before 2012,
numbered only from 1 ("12."). Either way an item's number is read as "139.12". So item 95 of the list in
paragraph 95 is 95.95, and the first number that is not the next item's begins the paragraph after the list.

Headings are the lines between the end of a sentence and the next number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from recommendations.reading.document import DocumentError
from recommendations.reading.files.lines import MARK, Joiner, Line, Style
from recommendations.reading.files.text import fold
from recommendations.reading.prose.marks import without_marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_ALONE = re.compile(r"^\s*(?:\d{1,3}\.(?:\d{1,3}\.?)?|\([a-z]{1,3}\)|[A-Z]\.|[IVX]{1,5}\.)\s*$")
# The end of a line within a list of numbers or a reference: the next number begins no paragraph.
GOES_ON = re.compile(r"(?:,|\b(?:and|to|Nos?\.|arts?\.|paras?\.)|[–-])\s*$", re.IGNORECASE)
_SINGLE = re.compile(r"^\s*(\d{1,3})\.(?!\d)\s*(\S.*)$")
_DOTTED = re.compile(r"^\s*(\d{1,3})\.\s?(\d{1,3})\.?(?:\s+|(?=[A-ZÀ-Ý“]))(\S.*)$")
# A number inside a line in which two paragraphs have run together.
_RUN_TOGETHER = re.compile(
    r"\s(?=\d{1,3}\.\d{1,3}\.?\s+[A-ZÀ-Ý“])"
    r"|(?<=[;.)\]”:])\s(?=\d{1,3}\.\s+[A-ZÀ-Ý“])"
    r"|\s(?=\d{1,3}\.\s+(?:The\s+(?:Committee|State\s+party|following|recommendations)|While\s|In\s(?:accordance|the\s"
    r"light|line)|Recalling|Noting|Taking|With\s(?:reference|regard|respect)|Pursuant|All\sconclusions)\b)"
)
_HEADING_AT_END = re.compile(r"(?<=[.;:)])\s+(?=[A-ZÀ-Ý“][^.;:]{2,150}$)")
_ENDS_SENTENCE = re.compile(rf"(?:[.!?:;…][”\"’)\]*]*\s*(?:{MARK.pattern}[.,;)\s]*)*|[^\d\s][.;:]\d{{1,2}})$")
_ENDS_ITEM = re.compile(rf"[.;)][”\"’\]]*\s*(?:and)?\s*(?:{MARK.pattern}[.,;\s]*)*$")
_INTRODUCES_LIST = re.compile(r":[\s*”]*$")
_CLOSES_LIST = re.compile(
    r"(?:All\s+(?:the\s+)?(?:conclusions|recommendations)|The\s+(?:following\s+)?recommendations?\b|[^.;]{0,80}"
    r"\b(?:considers?\s+that\s+(?:the\s+)?recommendations?|recommendations?\s+(?:below|listed|formulated)))"
)
_ROMAN = re.compile(r"^\s*([IVX]{1,5})\.\s+(\S.*)$")
_LETTER = re.compile(r"^\s*([A-L])\.\s+(\S.*)$")
_END = re.compile(r"^\s*(?:Annex(?:es)?(?:\s+[IVX\d]{1,4})?|Appendix)\s*\.?\s*$", re.IGNORECASE)
_DOTS = re.compile(r"\.{6,}|…{3,}")
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_LEVELS = 4
_LONGEST_HEADING = 260
_FURTHEST_SKIP = 3


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paragraph, or an item of its list (then `parent` is the number of the paragraph).

    `marks` are the (offset, number) of footnote marks; the offset is the end of the preceding word.
    """

    number: str
    section: tuple[str, ...]
    text: str
    marks: tuple[tuple[int, int], ...]
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines before the first paragraph, and the paragraphs in order."""

    header: tuple[str, ...]
    paragraphs: tuple[Numbered, ...]


def lay_out(lines: Sequence[Line]) -> Layout:
    """Return header and numbered paragraphs of a text without furniture; annexes are left out.

    Raise DocumentError if there is no numbered paragraph, one is missing, or the text breaks off.
    """
    prepared = list(_split(joined_numbers(lines)))
    reader = _Reader(Joiner("\n".join(line.text for line in lines)))
    for line in prepared:
        if _END.match(line.text) and reader.paragraphs_begun > 1:
            break
        reader.take(line)
    reader.close()
    if not reader.paragraphs:
        raise DocumentError("the document has no numbered paragraph")
    last = reader.paragraphs[-1]
    if not _ENDS_SENTENCE.search(last.text) and not last.text.endswith(")"):
        raise DocumentError(f"the text is truncated: it breaks off in paragraph {last.number}")
    return Layout(tuple(reader.header), tuple(reader.paragraphs))


def joined_numbers(lines: Iterable[Line]) -> Iterator[Line]:
    """Join a number, letter or section number that is alone on a line to the next line."""
    waiting: Line | None = None
    before = ""
    for line in lines:
        if waiting is not None and line.is_blank:
            continue
        if waiting is not None:
            line = Line(f"{waiting.text.strip()}  {line.text.strip()}", line.style, line.cell)
            waiting = None
        elif _ALONE.match(line.text) and not GOES_ON.search(before):
            waiting = line
            continue
        before = before if line.is_blank else line.text
        yield line
    if waiting is not None:
        yield waiting


def _split(lines: Iterator[Line]) -> Iterator[Line]:
    """Split lines in which paragraphs may have run together, before each number."""
    for line in lines:
        *before, last = _RUN_TOGETHER.split(line.text)
        for part in before:
            # A heading before the number may have run together with the preceding sentence.
            yield from (Line(piece, line.style, line.cell) for piece in _HEADING_AT_END.split(part))
        yield Line(last, line.style, line.cell)


@dataclass(slots=True)
class _Reader:
    """Processes lines in order, and begins a paragraph or an item at its number."""

    joiner: Joiner
    paragraphs: list[Numbered] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    paragraphs_begun: int = 0
    _path: list[str] = field(default_factory=lambda: [""] * _LEVELS)
    _open: list[Line] = field(default_factory=list)
    _number: int = 0
    _item: int = 0  # number of the last item of the open list; 0 before the first
    _counts_alone: bool = False  # whether items of the open list are "12.", not "139.12"
    _in_item: bool = False
    _last_roman: int = 0
    _last_letter: str = ""

    def take(self, line: Line) -> None:
        """Process the next line."""
        dotted = _DOTTED.match(line.text)
        if dotted and self._is_item(int(dotted.group(1)), int(dotted.group(2))):
            self._begin_item(int(dotted.group(2)), Line(dotted.group(3), line.style), alone=False)
            return
        single = _SINGLE.match(line.text)
        if single and not _DOTS.search(line.text) and not single.group(2)[0].islower():
            number, rest = int(single.group(1)), Line(single.group(2), line.style)
            if self._is_item_alone(number, rest.text):
                self._begin_item(number, rest, alone=True)
                return
            if self._is_paragraph(number, rest.text):
                self._begin(number, rest)
                return
        if self.paragraphs_begun:
            self._open.append(line)
        elif not line.is_blank:
            self.header.append(fold(line.text))
            self._open.append(line)

    def close(self) -> None:
        """End the open paragraph."""
        if self.paragraphs_begun:
            self._close(len(self._open))

    def _is_item(self, paragraph: int, item: int) -> bool:
        if not self.paragraphs_begun:
            return item == 1 and paragraph > 0
        if self._counts_alone or paragraph != self._number:
            return False
        if item == self._item + 1:
            return True
        later = self._item < item <= self._item + _FURTHEST_SKIP
        return later and bool(self._item) and bool(_ENDS_ITEM.search(self._last_words()))

    def _is_item_alone(self, number: int, rest: str) -> bool:
        if not self.paragraphs_begun or (self._item and not self._counts_alone):
            return False
        if not self._item:
            return number == 1 and bool(_INTRODUCES_LIST.search(self._last_words()))
        if number != self._item + 1:
            return False
        # Item and paragraph sometimes have the same number; words or a full stop tell them apart.
        is_paragraph = number == self._number + 1 and (
            _CLOSES_LIST.match(rest) or re.search(r"\.\s*$", self._last_words())
        )
        return not is_paragraph

    def _is_paragraph(self, number: int, rest: str) -> bool:
        if not self.paragraphs_begun:
            # An excerpt may begin at a later number; a table of contents or an address never has this form.
            return number > 0 and (number == 1 or len(rest) > 30)
        is_later = self._number + 1 < number <= self._number + _FURTHEST_SKIP
        if is_later and len(rest) > 60 and not self._item and self._sentence_is_over():
            raise DocumentError(f"the text is not complete: paragraph {self._number + 1} is missing")
        return number == self._number + 1 and (self._sentence_is_over() or bool(_strong_opening(rest)))

    def _last_words(self) -> str:
        return next((line.text for line in reversed(self._open) if not line.is_blank), "")

    def _sentence_is_over(self) -> bool:
        """True if the open paragraph may end here, with or without headings after its last sentence."""
        after = self._open[self._end_of_text() :]
        return all(line.is_blank for line in after) or bool(headings_in(after))

    def _end_of_text(self) -> int:
        """Return the index in the open lines after the last one that ends a sentence."""
        for index in range(len(self._open) - 1, -1, -1):
            if _ENDS_SENTENCE.search(self._open[index].text) and not _may_be_heading_alone(self._open[index]):
                return index + 1
        return 0 if not self.paragraphs_begun else len(self._open)

    def _begin(self, number: int, rest: Line) -> None:
        end = self._end_of_text()
        headings = headings_in(self._open[end:])
        if not self.paragraphs_begun:  # the lines above are the title page
            headings = [words for words in self.header[-2:] if _is_first_heading(words)]
        self._close(end if headings else len(self._open))
        self._take_headings(headings)
        self._number, self._item, self._counts_alone, self._in_item = number, 0, False, False
        self.paragraphs_begun += 1
        self._open = [rest]

    def _begin_item(self, number: int, rest: Line, *, alone: bool) -> None:
        if not self.paragraphs_begun:  # an excerpt that begins within a list
            self._open = []
        end = self._end_of_text()
        headings = headings_in(self._open[end:]) if self._item else []
        self._close(end if headings else len(self._open))
        self._take_headings(headings)
        self._item, self._counts_alone, self._in_item = number, alone, True
        self.paragraphs_begun += 1
        self._open = [rest]

    def _close(self, end: int) -> None:
        if not self.paragraphs_begun:
            return
        text, marks = without_marks(fold(self.joiner.join(line.text for line in self._open[:end])))
        number = f"{self._number}.{self._item}" if self._in_item else str(self._number)
        parent = str(self._number) if self._in_item else ""
        section = tuple(heading for heading in self._path if heading)
        self.paragraphs.append(Numbered(number, section, text, marks, parent))

    def _take_headings(self, headings: list[str]) -> None:
        level = 2
        for heading in headings:
            roman, letter = _ROMAN.match(heading), _LETTER.match(heading)
            follows = letter is not None and letter.group(1) == _after(self._last_letter)
            place = _ROMANS.index(roman.group(1)) + 1 if roman and roman.group(1) in _ROMANS else 0
            if place > self._last_roman and not follows:
                level, self._last_roman, self._last_letter = 0, place, ""
            elif letter:
                level, self._last_letter = 1, letter.group(1)
            elif re.fullmatch(r"Introduction|Conclusions?|Methodology", heading):
                level = 0
            self._path[level:] = [heading] + [""] * (_LEVELS - level - 1)
            level = min(max(level + 1, 2), _LEVELS - 1)


def _is_first_heading(words: str) -> bool:
    return bool(_ROMAN.match(words) or _LETTER.match(words) or words == "Introduction")


def _after(letter: str) -> str:
    return chr(ord(letter) + 1) if letter else "A"


def _strong_opening(text: str) -> re.Match[str] | None:
    """Match words that begin a committee's paragraphs but hardly any other line."""
    return re.match(r"(?:The\s+(?:Committee|State\s+party)\b|While\s+\w+ing\b|In\s+accordance\s+with)", text)


def _may_be_heading_alone(line: Line) -> bool:
    """True if a line that ends in a full stop is only the number of a heading."""
    return bool(re.fullmatch(r"\s*[A-Z]\.\s*|\s*[IVX]+\.\s*", line.text))


def ends_sentence(text: str) -> bool:
    """True if a line ends a sentence, or a clause of a list."""
    return bool(_ENDS_SENTENCE.search(text))


def headings_in(lines: Sequence[Line]) -> list[str]:
    """Return the headings in lines between two paragraphs; none if the lines are running text."""
    grouped: list[tuple[list[str], Style]] = []
    after_blank = True
    for line in lines:
        if line.is_blank:
            after_blank = True
            continue
        text = fold(MARK.sub("", line.text)).strip("* ")
        if not text:
            continue
        numbered = _ROMAN.match(text) or _LETTER.match(text)
        goes_on = (
            bool(grouped)
            and not numbered
            and (
                not (text[0].isupper() or text[0].isdigit())
                or (not after_blank and line.style == grouped[-1][1] != Style.UNKNOWN)
            )
        )
        if goes_on:
            grouped[-1][0].append(text)
        else:
            grouped.append(([text], line.style))
        after_blank = False
    headings = [(" ".join(words), style) for words, style in grouped]
    return [words for words, _ in headings] if all(_is_heading(*one) for one in headings) else []


def _is_heading(words: str, style: Style) -> bool:
    if len(words) > _LONGEST_HEADING or not (words[0].isupper() or words[0].isdigit() or words[0] in "“"):
        return False
    is_numbered = _ROMAN.match(words) or _LETTER.match(words)
    return bool(is_numbered) or (
        style is not Style.PLAIN
        and words[-1] not in ",-"
        and not re.search(r"\b(?:the|of|and|to|in)$", words)
    )
