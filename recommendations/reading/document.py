"""What a reader of documents returns: frozen records, plain data, no Django.

`ParsedDocument.as_dict()` is the JSON that `manage.py parse_document` prints; its shape is part of
the public interface. What only some kinds of document hold (a position, themes, a due date …) stands in
it where there is any, and is left out where there is none. Everything textual is the document's own
words with white space folded, page furniture and endnote marks taken out.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any


class DocumentError(Exception):
    """A document that cannot be read. The message is one clear line without the file's name."""


class Act(StrEnum):
    """What a statement does. `commendation` credits progress, `information` reports a fact."""

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
    """Who speaks in a paragraph of a dialogue; empty where a document has no speakers."""

    NONE = ""
    EXPERTS = "experts"
    DELEGATION = "delegation"
    HEAD_OF_DELEGATION = "head_of_delegation"
    CHAIRPERSON = "chairperson"
    NARRATOR = "narrator"


@dataclass(frozen=True, slots=True)
class ParsedStakeholder:
    """A submitting or speaking party. `kind` is a value of the Stakeholder model's kinds.

    `members` holds the names of a joint submission's members, empty where the text lists none.
    """

    acronym: str
    name: str
    kind: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, or the part of one that a different speaker makes.

    `text` stands verbatim in its paragraph's text. `stakeholders` are acronyms (or names, where a
    party has no acronym) as in `ParsedDocument.stakeholders`; `endnotes` are endnote numbers.

    Of a recommendation: the State's `position`; in a matrix also where the position is from
    (`position_source`), the `themes`, `affected_persons`, `sdgs` and the `assessment`, as written there;
    in concluding observations whether it is `selected_for_follow_up`, and by when the body wants the
    answer: `due_on` (ISO) or, where it gives no date, `due_within` ("two years"). `item` is the letter of
    a sub-item. `answers` are the numbers of the recommendations that a State's response is about.
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

    In concluding observations `pairs_with` are the numbers of the paragraphs that name the concern to
    which this one recommends a remedy, or the other way round.
    """

    number: str
    section: tuple[str, ...]
    text: str
    statements: tuple[Statement, ...]
    speaker: Speaker = Speaker.NONE
    pairs_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document as read. Dates are ISO strings (`YYYY-MM-DD`), empty where the text gives none.

    `kind` is a value of the Document model's kinds, `state` the ISO 3166-1 alpha-3 code of the State,
    `session` the ordinal number of the session as digits, `body` the committee or working group.
    `endnotes` maps the number, as a string, to the note's text; empty where the notes are not held.
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
        """Plain lists, dicts and strings, ready for JSON, in the order of the fields.

        What some kinds of document do not have (`_OPTIONAL`) is left out where it is empty.
        """
        return asdict(self, dict_factory=_without_empty)


_OPTIONAL = {one.name for one in fields(Statement)[4:]} | {"pairs_with"}


def _without_empty(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in pairs if value or name not in _OPTIONAL}
