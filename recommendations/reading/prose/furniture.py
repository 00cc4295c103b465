"""Removes page furniture and footnotes of UN documents from their running text.

A page begins with the document's symbol and its number. Its footnotes are at its foot. They are recognised
by their numbers, which run through the document, and by the mark in the text above them: small type in
PDFs, digits attached to a word in plain text.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from recommendations.reading.files.lines import MARK, PAGE_BREAK, Joiner, Line, mark
from recommendations.reading.files.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SYMBOL = re.compile(
    r"\b(?:A\s?/(?:HRC|\d{2})|CCPR|CAT|CEDAW|CERD|E/C\.12|CMW|CRC|CRPD|CED)/[A-Z0-9][\w./-]*\w", re.ASCII
)
# Footnotes without a number, which occur only on the first page.
STAR_NOTE = re.compile(r"^\s*\*{1,3}\s*(?=[A-Z])")

_PAGE_LINE = re.compile(r"^\s*[Pp]age\s+\d{1,3}\s*$")
_PRINT_LINE = re.compile(r"^\s*(?:\d{1,3}\s+)?GE\.\d\d-\d+.*$")
_RULE_LINE = re.compile(r"^[-_*\s]{0,60}$")
_NUMBER_LINE = re.compile(r"^\s*\d{1,3}\s*$")
_NOTES_LINE = re.compile(r"^\s*(?:end\s?|foot\s?)?notes?\s*:?\s*$", re.IGNORECASE)
_NOTE_START = re.compile(rf"^\s*(?:{MARK.pattern}|(\d{{1,3}})\s)\s*(\S.*)$")
_LONGEST_STAR_NOTE = 8  # lines
_MOST_NOTES = 999


@dataclass(slots=True)
class Text:
    """A document without its furniture.

    `lines` is the running text; `notes` are the footnotes by number, `star_notes` those without a number.
    The mark of each footnote in the text is set apart (see `lines.mark`), but no other digits are.
    """

    lines: list[Line] = field(default_factory=list)
    notes: dict[int, str] = field(default_factory=dict)
    star_notes: list[str] = field(default_factory=list)


def take_out(lines: Sequence[Line]) -> Text:
    """Return the document without headers, page numbers and footnotes. No other word is lost."""
    joiner = Joiner("\n".join(line.text for line in lines))
    text = Text()
    body = _endnotes(list(lines), text, joiner)
    pages = _pages(body)
    for page in pages:
        kept = _without_furniture(page, is_one_of_several=len(pages) > 1)
        kept = _star_notes(kept, text, joiner)
        text.lines += _footnotes(kept, text, joiner)
    text.lines = [_with_known_marks(line, text.notes) for line in text.lines]
    return text


def symbol_of(lines: Iterable[Line], pattern: re.Pattern[str] = SYMBOL) -> str:
    """Return the symbol most often alone on a line, else the first in the text; empty if there is none.

    A symbol that a PDF splits in two ("A", "/HRC/14/10") is found on a later page.
    """
    texts = [fold(MARK.sub("", line.text)) for line in lines]
    alone = Counter(text for text in texts if pattern.fullmatch(text))
    if alone:
        return alone.most_common(1)[0][0].replace(" ", "")
    found = pattern.search(fold(" ".join(texts[:60])))
    return found.group().replace(" ", "") if found else ""


def _is_symbol(line: Line) -> bool:
    return bool(SYMBOL.fullmatch(line.text.strip()))


def _pages(lines: Sequence[Line]) -> list[list[Line]]:
    pages: list[list[Line]] = [[]]
    for line in lines:
        if line.text == PAGE_BREAK or _is_symbol(line):
            if any(not kept.is_blank for kept in pages[-1]):
                pages.append([])
        else:
            pages[-1].append(line)
    return pages


def _without_furniture(page: list[Line], *, is_one_of_several: bool) -> list[Line]:
    kept = [line for line in page if not (_PAGE_LINE.match(line.text) or _PRINT_LINE.match(line.text))]
    if is_one_of_several:
        filled = [index for index, line in enumerate(kept) if not line.is_blank]
        # The number at the foot first, so that the index of the other does not change.
        for index in (*filled[-1:], *filled[:1]):
            if _NUMBER_LINE.match(kept[index].text):
                kept[index] = Line("")
    return kept


def _star_notes(page: list[Line], text: Text, joiner: Joiner) -> list[Line]:
    """Return the page without rules, and without the note at its foot that begins with a star."""
    stars = [index for index, line in enumerate(page) if line.text.strip().startswith("*")]
    last = stars[-1] if stars else len(page)
    end = next((index for index in range(last + 1, len(page)) if _is_note(page[index])), len(page))
    note = [line for line in page[last:end] if not line.is_blank]
    following = next((line.text for line in note if line.text.strip("* ")), "")
    if note and len(note) <= _LONGEST_STAR_NOTE and re.match(r"\s*\**\s*[A-Z]", following):
        while len(stars) > 1 and STAR_NOTE.match(page[stars[-2]].text) and last - stars[-2] <= 3:
            stars.pop()
            last = stars[-1]
        text.star_notes.append(fold(joiner.join(line.text.strip("* ") for line in page[last:end])))
        page = [*page[:last], Line(""), *page[end:]]
    return [line for line in page if line.is_blank or not _RULE_LINE.match(line.text)]


def _is_note(line: Line) -> bool:
    return bool(_NOTE_START.match(line.text))


def _footnotes(page: list[Line], text: Text, joiner: Joiner) -> list[Line]:
    """Return the page without footnotes, which go to `text.notes`; set marks in plain text apart."""
    number = len(text.notes) + 1
    start = next((index for index in range(1, len(page)) if _opens_note(page, index, number)), None)
    if start is None or number > _MOST_NOTES:
        return page
    body, foot = page[:start], page[start:]
    for line in foot:
        opening = _NOTE_START.match(line.text)
        following = len(text.notes) + 1
        if opening and int(opening.group(1) or opening.group(2)) == following:
            text.notes[following] = opening.group(3)
        elif not line.is_blank:
            text.notes[following - 1] = joiner.join([text.notes[following - 1], line.text])
    for known in range(number, len(text.notes) + 1):
        text.notes[known] = fold(text.notes[known])
        body = _with_mark(body, known)
    return body


def _opens_note(page: list[Line], index: int, number: int) -> bool:
    """True if the first footnote of the page begins here: its mark is in the text above."""
    opening = _NOTE_START.match(page[index].text)
    if opening is None or int(opening.group(1) or opening.group(2)) != number:
        return False
    above = page[:index]
    if opening.group(1):
        return any(mark(number) in line.text.lstrip()[1:] for line in above)
    return page[index - 1].is_blank and any(_glued(number).search(line.text) for line in above)


def _glued(number: int) -> re.Pattern[str]:
    """Return a pattern for the number directly after a word or full stop, the form of marks in plain text."""
    return re.compile(rf"(?<=[^\W\d_]|[.,;:”\"’)\]]){number}(?![\d%]|[.,]\d|[^\W_])")


def _with_mark(lines: list[Line], number: int) -> list[Line]:
    """Return the lines with the number's first attached occurrence set apart, unless a mark already is."""
    if any(mark(number) in line.text for line in lines):
        return lines
    for index, line in enumerate(lines):
        marked, found = _glued(number).subn(mark(number), line.text, count=1)
        if found:
            return [*lines[:index], Line(marked, line.style, line.cell), *lines[index + 1 :]]
    return lines


def _endnotes(lines: list[Line], text: Text, joiner: Joiner) -> list[Line]:
    """Return the lines before the notes at the end of the text, as in Word documents and web pages."""
    for index in range(len(lines) - 1, -1, -1):
        if _NOTES_LINE.match(lines[index].text):
            rest = [line for line in lines[index + 1 :] if not line.is_blank]
            if not rest or not MARK.match(rest[0].text.lstrip()):
                return lines[:index] if not rest else lines
            number = 0
            for line in rest:
                opening = MARK.match(line.text.lstrip())
                if opening and int(opening.group(1)) == number + 1:
                    number += 1
                    text.notes[number] = fold(MARK.sub("", line.text))
                elif number:
                    text.notes[number] = fold(joiner.join([text.notes[number], MARK.sub("", line.text)]))
            return lines[:index]
    return lines


def _with_known_marks(line: Line, notes: dict[int, str]) -> Line:
    """Return the line, turning marks that have no footnote back into plain digits."""
    if not MARK.search(line.text):
        return line
    known = MARK.sub(
        lambda found: found.group() if int(found.group(1)) in notes else found.group(1), line.text
    )
    return Line(known, line.style, line.cell)
