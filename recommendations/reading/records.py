"""What a reader of documents returns: frozen records, plain data, no Django.

`ParsedDocument.as_dict()` is the JSON that `manage.py parse_document` prints; its shape is part of
the public interface. Everything textual is the document's own words with white space folded,
page furniture and endnote marks taken out.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
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
    """

    text: str
    act: Act
    stakeholders: tuple[str, ...] = ()
    endnotes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedParagraph:
    """A numbered (in press releases: counted) unit. `section` is the path of headings above it."""

    number: str
    section: tuple[str, ...]
    text: str
    statements: tuple[Statement, ...]
    speaker: Speaker = Speaker.NONE


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
        """Plain lists, dicts and strings, ready for JSON, in the order of the fields."""
        return asdict(self)
