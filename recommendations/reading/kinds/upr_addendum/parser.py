"""Addenda to the working group's reports: the State's later answers (A/HRC/14/10/Add.1).

Their forms differ. Read are: answers under the number of the recommendation ("97.4 Accepted. …",
"Recommendations 97.4 and 97.6: …", also as a table), and numbered paragraphs that list the numbers
("The following recommendations enjoy the support of …: 122.1, 122.3–122.6"). Each answer is a paragraph,
under the recommendation's number where it begins with it, else under its own; its statements are
responses with the numbers that they answer and the position. A position that stands only in the heading
or sentence above a list holds for the entries of the list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from recommendations.reading.document import (
    Act,
    DocumentError,
    ParsedDocument,
    ParsedParagraph,
    ParsedStakeholder,
    Position,
    Speaker,
    Statement,
)
from recommendations.reading.files.lines import Joiner, Line
from recommendations.reading.files.text import fold
from recommendations.reading.kinds.upr_report.parser import BODY, TITLE
from recommendations.reading.prose import state_names, title_page
from recommendations.reading.prose.furniture import symbol_of, take_out
from recommendations.reading.prose.marks import without_marks
from recommendations.reading.prose.numbered import GOES_ON, ends_sentence, headings_in, joined_numbers
from recommendations.reading.prose.positions import numbers_in, position_of
from recommendations.reading.prose.recommenders import Recommenders, last_bracket
from recommendations.reading.prose.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CODE = "addendum"

_SYMBOL = re.compile(r"\bA\s?/HRC/\d{1,3}/\d{1,3}/Add\.\d{1,2}(?![\w/])")
_ONE = r"\d{1,3}\.\d{1,3}(?![\w/]|\.\d)"
_ENTRY = re.compile(
    rf"^\s*(?:Recommendations?\s*(?:Nos?\.?|numbers?)?\s*)?(?P<numbers>{_ONE}(?:\s*(?:,|;|and|&|–|-|to)\s*{_ONE})*)"
    r"\s*[.:)–-]?(?:\s+(?P<rest>\S.*)?)?$",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"^\s*(\d{1,3})\.(?!\d)\s*(\S.*)$")
_MOST_HEADINGS = 2


@dataclass(slots=True)
class _Entry:
    """A paragraph or an answer as it is being read."""

    number: str
    answers: tuple[str, ...]
    section: tuple[str, ...]
    lines: list[Line] = field(default_factory=list)


def parse(lines: Sequence[Line]) -> ParsedDocument:
    """The addendum that the lines hold. Raises DocumentError where it answers no numbered recommendation."""
    text = take_out(lines)
    header, entries = _entries(joined_numbers(text.lines))
    reviewed = title_page.state_after_title(header, TITLE) or state_names.iso3_in(" ".join(header))
    joiner = Joiner("\n".join(line.text for line in lines))
    paragraphs = tuple(_paragraphs(entries, joiner, reviewed))
    if not any(statement.answers for paragraph in paragraphs for statement in paragraph.statements):
        raise DocumentError("no answer to a numbered recommendation was found in the addendum")
    under_review = [ParsedStakeholder(reviewed, state_names.NAMES[reviewed], "state")] if reviewed else []
    return ParsedDocument(
        symbol=symbol_of(lines, _SYMBOL),
        kind=CODE,
        state=reviewed,
        session="",
        title=title_page.title(header, re.compile(r"^Views\s+on\s+conclusions", re.IGNORECASE))
        or title_page.title(header, TITLE),
        published_on=title_page.published_on(header),
        body=BODY,
        stakeholders=tuple(under_review),
        paragraphs=paragraphs,
        endnotes={str(number): note for number, note in text.notes.items()},
    )


def _entries(lines: Iterable[Line]) -> tuple[list[str], list[_Entry]]:
    """The lines before the first number, and the entries in their order."""
    header: list[str] = []
    entries: list[_Entry] = []
    before: list[Line] = []  # of the open entry, or of the header
    paragraph = 0
    for line in lines:
        last = next((one.text for one in reversed(before) if not one.is_blank), "")
        opening = None if GOES_ON.search(last) else _ENTRY.match(line.text)
        counted = _PARAGRAPH.match(line.text)
        if opening:
            answers = numbers_in(opening["numbers"])
            entry = _Entry(answers[0], answers, (), [Line(opening["rest"] or "", line.style)])
        elif counted and int(counted.group(1)) == paragraph + 1:
            paragraph += 1
            entry = _Entry(str(paragraph), (), (), [Line(counted.group(2), line.style)])
        else:
            before.append(line)
            continue
        entry.section = _close(before, entries)
        if not entries:
            header = [fold(one.text) for one in before if not one.is_blank]
        entries.append(entry)
        before = entry.lines
    return header, entries


def _close(lines: list[Line], entries: list[_Entry]) -> tuple[str, ...]:
    """Takes the headings at the end of the open entry out of it; the section of the next entry."""
    after = next((i + 1 for i in range(len(lines) - 1, -1, -1) if ends_sentence(lines[i].text)), len(lines))
    if not entries:
        after = max(0, len(lines) - _MOST_HEADINGS)
    headings = headings_in(lines[after:])
    if not headings or (entries and not after):
        return entries[-1].section if entries else ()
    if entries:
        del lines[after:]
    return tuple(headings[-_MOST_HEADINGS:])


def _paragraphs(entries: list[_Entry], joiner: Joiner, reviewed: str) -> Iterable[ParsedParagraph]:
    recommenders = Recommenders(reviewed)
    state = (reviewed,) if reviewed else ()
    seen: dict[str, int] = {}
    stated = Position.UNKNOWN  # by the heading or the sentence that introduces the list
    section: tuple[str, ...] = ()
    for entry in entries:
        text, marks = without_marks(fold(joiner.join(line.text for line in entry.lines)))
        if entry.section != section:
            section = entry.section
            stated = position_of(" ".join(section))
        if not text:
            continue
        seen[entry.number] = seen.get(entry.number, 0) + 1
        number = entry.number if seen[entry.number] == 1 else f"{entry.number} ({seen[entry.number]})"
        endnotes = tuple(mark for _, mark in marks)
        if entry.answers:
            statements = _answer(text, entry.answers, stated, state, endnotes, recommenders)
        else:
            position = position_of(text)
            statements = tuple(
                _response(sentence, numbers_in(sentence), position_of(sentence) or position, state)
                for sentence in split_sentences(text)
            )
            if text.endswith(":") and position:
                stated = position
        yield ParsedParagraph(number, entry.section, text, statements, Speaker.DELEGATION)


def _answer(
    text: str,
    answers: tuple[str, ...],
    stated: Position,
    state: tuple[str, ...],
    endnotes: tuple[int, ...],
    recommenders: Recommenders,
) -> tuple[Statement, ...]:
    """The statements of an entry: the recommendation, where it is repeated, and what the State replies."""
    end = last_bracket(text, recommenders)
    repeated, reply = text[:end].rstrip(), re.sub(r"^[\s.;:,–-]+", "", text[end:])
    position = position_of(reply)
    if position in (Position.UNKNOWN, Position.PENDING):  # "will study it" says little beside a heading
        position = stated or position
    statements = [_response(sentence, answers, position, state) for sentence in split_sentences(reply)]
    if repeated and statements:
        statements.insert(0, Statement(repeated, Act.INFORMATION, recommenders.of(repeated), endnotes))
    elif not statements:
        statements = [_response(repeated or text, answers, position, state)]
    return tuple(statements)


def _response(text: str, answers: tuple[str, ...], position: Position, state: tuple[str, ...]) -> Statement:
    known = position if answers else Position.UNKNOWN
    return Statement(text, Act.RESPONSE, state, position=known, answers=answers)
