"""OHCHR's thematic lists: a review's recommendations in a matrix, by theme.

A row holds the recommendation with its number ("121.1 Ratify … (France) (Lithuania);") and where its
position is from, the position, its themes, SDGs and affected persons, and a column for the assessment,
often empty. Each row becomes a paragraph under its number; its section is the theme it is listed under.

In Word documents and pages the columns are known by their cells; in plain text by the words that begin
them, and the assessment cannot be told from the rest. PDFs mix the columns: they are refused.
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
    Statement,
)
from recommendations.reading.files.lines import MARK
from recommendations.reading.files.text import fold
from recommendations.reading.prose import state_names
from recommendations.reading.prose.recommenders import Recommenders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recommendations.reading.files.lines import Line

CODE = "thematic_list"
BODY = "Working Group on the Universal Periodic Review"

_HEADING = re.compile(r"^(?:Main\s+)?Theme\s*:\s*(?P<theme>\S.*)$", re.IGNORECASE)
_ITEM = re.compile(r"^(?P<number>\d{1,3}\.\d{1,3})\.?\s+(?P<rest>\S.*)$")
_SOURCE = re.compile(r"^Source\s+of\s+Position\s*:\s*(?P<source>.*)$", re.IGNORECASE)
_POSITIONS = {
    "supported": Position.SUPPORTED,
    "accepted": Position.SUPPORTED,
    "supported/noted": Position.SUPPORTED_IN_PART,
    "partially supported": Position.SUPPORTED_IN_PART,
    "supported in part": Position.SUPPORTED_IN_PART,
    "partially accepted": Position.SUPPORTED_IN_PART,
    "noted": Position.NOTED,
    "not supported": Position.NOTED,
    "rejected": Position.NOTED,
    "pending": Position.PENDING,
}
_PART = re.compile(r"^(?P<part>Full list of themes|Themes|SDGs?|Affected persons)\s*:?$", re.IGNORECASE)
_BULLET = re.compile(r"^[-–•·]\s+")
_SYMBOL = re.compile(r"\bA/HRC/\d{1,3}/\d{1,3}(?!/Add)\b")
_TITLE = re.compile(
    r"\bUPR\s+of\s+(?P<state>[^(\n]{3,60}?)\s*\((?P<about>[^)]{0,80})\)(?:\s+Thematic\s+list\s+of\s+recommendations)?",
    re.IGNORECASE,
)
_SESSION = re.compile(r"\b(\d{1,3})(?:st|nd|rd|th)\s+session\b", re.IGNORECASE)
_COLUMNS = {
    "recommendation": re.compile(r"^recommendations?\b", re.IGNORECASE),
    "position": re.compile(r"^position\b", re.IGNORECASE),
    "themes": re.compile(r"\bthemes\b", re.IGNORECASE),
    "assessment": re.compile(r"\bassessment|\bcomments\b", re.IGNORECASE),
}
_LONGEST_HEADER = 20  # lines
_FEWEST_WITH_POSITION = 0.8


@dataclass(slots=True)
class _Row:
    """One recommendation of the matrix, part by part, in the document's words."""

    number: str
    section: tuple[str, ...]
    text: list[str]
    position: list[str] = field(default_factory=list)
    source: list[str] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)
    sdgs: list[str] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)
    assessment: list[str] = field(default_factory=list)


def parse(lines: Sequence[Line]) -> ParsedDocument:
    """The list that the lines hold. Raises DocumentError where its rows cannot be told apart."""
    reader = _Reader(_columns(lines))
    for line in lines:
        reader.take(fold(MARK.sub("", line.text)), line.cell)
    rows = _without_repeated(reader.rows)
    if not rows:
        raise DocumentError("the list holds no recommendation with a number")
    with_position = sum(bool(_position(row)) for row in rows)
    if with_position < len(rows) * _FEWEST_WITH_POSITION:
        raise DocumentError(
            f"the columns of the list cannot be told apart: only {with_position} of its {len(rows)} "
            "recommendations have a position; import the Word document"
        )
    top = " ".join(fold(line.text) for line in lines[:40])
    title = _TITLE.search(top)
    state = state_names.iso3_in(title["state"]) if title else ""
    recommenders = Recommenders(state)
    paragraphs = tuple(_paragraph(row, recommenders) for row in rows)
    session = _SESSION.search(title["about"]) if title else None
    states = [ParsedStakeholder(state, state_names.NAMES[state], "state")] if state else []
    report = _SYMBOL.search(" ".join(row.source[0] for row in rows if row.source))
    return ParsedDocument(
        symbol="",
        kind=CODE,
        state=state,
        session=session.group(1) if session else "",
        title=title.group() if title else "",
        published_on="",
        body=BODY,
        stakeholders=(*recommenders.parties.values(), *states),
        paragraphs=paragraphs,
        considers=report.group() if report else "",
    )


def _columns(lines: Sequence[Line]) -> dict[int, str]:
    """What the columns hold, by the first row; empty where the lines stand in no table."""
    in_table = [line for line in lines if line.cell is not None and line.text.strip()]
    columns: dict[int, str] = {}
    for line in in_table[:_LONGEST_HEADER]:
        row, column = line.cell or (0, 0)
        if in_table[0].cell and row == in_table[0].cell[0]:
            name = next((name for name, words in _COLUMNS.items() if words.search(fold(line.text))), "")
            columns.setdefault(column, name)
    return columns


class _Reader:
    """Takes the lines in order and gives each to the part of the row that it belongs to."""

    def __init__(self, columns: dict[int, str]) -> None:
        self.rows: list[_Row] = []
        self._columns = columns
        self._section: tuple[str, ...] = ()
        self._part: list[str] | None = None

    def take(self, text: str, cell: tuple[int, int] | None) -> None:
        """One line; `cell` is its place in the matrix, where that is known."""
        heading, item = _HEADING.match(text), _ITEM.match(text)
        column = self._columns.get(cell[1], "") if cell else ""
        if not text:
            return
        if heading:
            self._section, self._part = (heading["theme"],), None
        elif item and column in ("", "recommendation"):
            self.rows.append(_Row(item["number"], self._section, [item["rest"]]))
            self._part = self.rows[-1].text
        elif self.rows:
            self._take_part(self.rows[-1], text, column)

    def _take_part(self, row: _Row, text: str, column: str) -> None:
        source, part = _SOURCE.match(text), _PART.match(text)
        if column == "assessment":
            self._part = row.assessment
            row.assessment.append(text)
        elif source:
            self._part = row.source
            row.source.append(source["source"])
        elif column == "position" or (not column and text.lower() in _POSITIONS):
            self._part = row.themes
            row.position.append(text)
        elif part:
            name = part["part"].lower()
            self._part = row.sdgs if "sdg" in name else row.persons if "persons" in name else row.themes
        elif column == "themes" and self._part not in (row.themes, row.sdgs, row.persons):
            self._part = row.themes
            row.themes.append(_BULLET.sub("", text))
        elif self._part is not None and _BULLET.match(text):
            self._part.append(_BULLET.sub("", text))
        elif self._part:
            self._part[-1] = f"{self._part[-1]} {text}"


def _position(row: _Row) -> Position:
    stated = " ".join(row.position).strip(" .").lower()
    return _POSITIONS.get(re.sub(r"\s*/\s*", "/", stated), Position.UNKNOWN)


def _without_repeated(rows: list[_Row]) -> list[_Row]:
    """Each recommendation once: lists by theme may repeat one under another theme."""
    first: dict[str, _Row] = {}
    for row in rows:
        first.setdefault(row.number, row)
    return list(first.values())


def _paragraph(row: _Row, recommenders: Recommenders) -> ParsedParagraph:
    text = fold(" ".join(row.text))
    words = text.rstrip(" ;") or text
    statement = Statement(
        words,
        Act.RECOMMENDATION,
        recommenders.of(words),
        position=_position(row),
        position_source=" ".join(row.source).strip(),
        themes=tuple(row.themes),
        affected_persons=tuple(row.persons),
        sdgs=tuple(row.sdgs),
        assessment="\n".join(row.assessment),
    )
    return ParsedParagraph(row.number, row.section, text, (statement,))
