"""The result of reading a document: frozen dataclasses with plain data, no Django.

`ParsedDocument.as_dict()` is the JSON that `manage.py parse_document` prints; its shape is part of
the public interface. Fields that only some kinds of document have (a position, themes, a due date …) are
left out if they are empty. All text is in the document's own words, with white space folded and page
furniture and endnote marks removed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any


class DocumentError(Exception):
    """Raised when a document cannot be read. The message is one clear line without the file name."""


class Act(StrEnum):
    """The act of a statement. `commendation` credits progress, `information` reports a fact."""

    RECOMMENDATION = "recommendation"
    CONCERN = "concern"
    QUESTION = "question"
    COMMENDATION = "commendation"
    RESPONSE = "response"
    INFORMATION = "information"


class Position(StrEnum):
    """The State's answer to a recommendation; values of the Recommendation model's positions."""

    UNKNOWN = ""
    SUPPORTED = "supported"
    SUPPORTED_IN_PART = "supported_in_part"
    NOTED = "noted"
    PENDING = "pending"


class Speaker(StrEnum):
    """The speaker in a paragraph of a dialogue; empty if a document has no speakers."""

    NONE = ""
    EXPERTS = "experts"
    DELEGATION = "delegation"
    HEAD_OF_DELEGATION = "head_of_delegation"
    CHAIRPERSON = "chairperson"
    NARRATOR = "narrator"


@dataclass(frozen=True, slots=True)
class ParsedStakeholder:
    """A submitting or speaking party. `kind` is a value of the Stakeholder model's kinds.

    `members` holds the names of a joint submission's members; empty if the text lists none.
    """

    acronym: str
    name: str
    kind: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, or the part of a sentence that has a different speaker.

    `text` occurs verbatim in its paragraph's text. `stakeholders` are acronyms (or names, if a
    party has no acronym) as in `ParsedDocument.stakeholders`; `endnotes` are endnote numbers.

    A recommendation has the State's `position`. In a matrix it also has the source of the position
    (`position_source`), `themes`, `affected_persons`, `sdgs` and `assessment`, as written there. In
    concluding observations, `selected_for_follow_up` is set, and when the body wants the answer: `due_on`
    (ISO) or, if it gives no date, `due_within` ("two years"). `item` is the letter of a sub-item.
    `answers` are the numbers of the recommendations that a State's response is about.
    """

    text: str
    act: Act
    stakeholders: tuple[str, ...] = ()
    endnotes: tuple[int, ...] = ()
    position: Position = Position.UNKNOWN
    position_source: str = ""
    themes: tuple[str, ...] = ()
    affected_persons: tuple[str, ...] = ()
    sdgs: tuple[str, ...] = ()
    assessment: str = ""
    item: str = ""
    answers: tuple[str, ...] = ()
    selected_for_follow_up: bool = False
    due_on: str = ""
    due_within: str = ""


@dataclass(frozen=True, slots=True)
class ParsedParagraph:
    """A numbered (in press releases: counted) unit. `section` is the path of headings above it.

    In concluding observations, `pairs_with` are the numbers of the paragraphs with the concern for which
    this one recommends a remedy, or vice versa.
    """

    number: str
    section: tuple[str, ...]
    text: str
    statements: tuple[Statement, ...]
    speaker: Speaker = Speaker.NONE
    pairs_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document as read. Dates are ISO strings (`YYYY-MM-DD`), empty if the text gives none.

    `kind` is a value of the Document model's kinds, `state` the ISO 3166-1 alpha-3 code of the State,
    `session` the ordinal number of the session as digits, `body` the committee or working group.
    `endnotes` maps the number, as a string, to the note's text; empty if the file has no notes.
    `considers` is the symbol of the report that a dialogue was about, empty in other kinds.
    """

    symbol: str
    kind: str
    state: str
    session: str
    title: str
    published_on: str
    body: str
    stakeholders: tuple[ParsedStakeholder, ...]
    paragraphs: tuple[ParsedParagraph, ...]
    endnotes: dict[str, str] = field(default_factory=dict)
    considers: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return plain lists, dicts and strings, ready for JSON, in the order of the fields.

        Fields that some kinds of document do not have (`_OPTIONAL`) are left out if they are empty.
        """
        return asdict(self, dict_factory=_without_empty)


_OPTIONAL = {one.name for one in fields(Statement)[4:]} | {"pairs_with"}


def _without_empty(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in pairs if value or name not in _OPTIONAL}
