"""The shape of a press release on a committee's dialogue: furniture, opening, headings, rounds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from recommendations.reading.document import DocumentError
from recommendations.reading.files.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BODIES = {
    "Human Rights Committee": "CCPR",
    "Committee against Torture": "CAT",
    "Committee on the Elimination of Discrimination against Women": "CEDAW",
    "Committee on the Elimination of Racial Discrimination": "CERD",
    "Committee on Economic, Social and Cultural Rights": "CESCR",
    "Committee on the Protection of the Rights of All Migrant Workers and Members of Their Families": "CMW",
    "Committee on Migrant Workers": "CMW",
    "Committee on the Rights of the Child": "CRC",
    "Committee on the Rights of Persons with Disabilities": "CRPD",
    "Committee on Enforced Disappearances": "CED",
}
"""The treaty bodies' names and the acronyms of their treaties."""

BODY_NAME = re.compile("|".join(re.escape(name) for name in BODIES), re.IGNORECASE)

_LEAD_TIME = re.compile(
    r"\b(?:today|yesterday|this (?:morning|afternoon|evening|week)|on (?:Mon|Tues|Wednes|Thurs|Fri)day)\b",
    re.IGNORECASE,
)
_LEAD_ACT = re.compile(
    r"\b(?:concluded|completed|considered|reviewed|examined|finished|ended|closed|began|started|held)\b"
    r".{0,300}?\b(?:reports?|situation|dialogue with|implementation|implements)\b",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"skip to (?:main )?content|pasar al contenido principal|passer au contenu principal|home|>|news|latest"
    r"|press releases?(?: treaty bodies)?|treaty bodies|meeting summar(?:y|ies)|share(?: this page)?|print"
    r"|read more|back to top|tags|related.{0,30}|view this page in:?.{0,80}|follow us.{0,120}|ends"
    r"|[_*\-–— ]{3,}"
    r"|(?:produced by the united nations information service|for use of the (?:information )?media).*"
    r"|(?:not an official record|english and french versions of our releases).*"
    r"|(?:HR/)?(?:CCPR|CAT|CEDAW|CERD|CESCR|CMW|CRC|CRPD|CED|CT)/?\d{2}[./]\d{1,4}E?",
    re.IGNORECASE,
)
_BULLET = re.compile(r"[•·▪]\s*")
_UNWRAPPED = 200  # characters: a line longer than this is not a line of hard-wrapped text
_HEADING_LENGTH = 80
_HEADING_WORDS = 12
_OTHER_HEADING_LENGTH = 60
_FEWEST_BLOCKS = 3


class Block(Enum):
    """What the paragraphs under a heading are, by the heading's key words."""

    OPENING = auto()
    REPORT = auto()
    PRESENTATION = auto()
    QUESTIONS = auto()
    FOLLOW_UP = auto()
    ANSWERS = auto()
    DISCUSSION = auto()
    CLOSING = auto()
    STATEMENT = auto()
    OTHER = auto()


_HEADINGS = (
    (Block.CLOSING, re.compile(r"\b(?:closing|concluding|conclusions?)\b(?! observations)")),
    (
        Block.DISCUSSION,
        re.compile(r"\bquestions?\b.*\b(?:responses?|repl(?:y|ies)|answers?)\b|\bcontinu.*dialogue\b"),
    ),
    (Block.ANSWERS, re.compile(r"\b(?:responses?|repl(?:y|ies)|answers?)\b")),
    (
        Block.FOLLOW_UP,
        re.compile(r"\b(?:follow[- ]?up|further|additional|supplementary)\b.*\b(?:questions?|comments?)\b"),
    ),
    (
        Block.QUESTIONS,
        re.compile(r"\b(?:questions?|issues raised|(?:comments|observations|remarks) by .*expert)"),
    ),
    (Block.DISCUSSION, re.compile(r"\b(?:discussions?|interactive dialogue)\b")),
    (
        Block.PRESENTATION,
        re.compile(r"\bpresent(?:ation|ing)\b|\bintroduct|\b(?:opening|introductory) .*\bdelegation\b"),
    ),
    (Block.STATEMENT, re.compile(r"\b(?:statements?|remarks)\b")),
    (Block.REPORT, re.compile(r"^(?:the )?reports?(?: of .*)?$|^delegation$|^documentation$")),
)
_ROUNDS = {Block.QUESTIONS, Block.FOLLOW_UP, Block.ANSWERS, Block.DISCUSSION}
_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph of the account, folded, with its heading path and what kind of block it stands in."""

    section: tuple[str, ...]
    block: Block
    text: str


def layout(text: str) -> tuple[list[str], list[Passage]]:
    """What stands before the account's first sentence, and the account's paragraphs in order.

    Raises DocumentError where no opening sentence says which committee considered whose report, and
    where nothing follows it.
    """
    blocks = list(_blocks(text))
    if not blocks:
        raise DocumentError("the document holds no text")
    start = next((number for number, block in enumerate(blocks) if _is_lead(block)), None)
    if start is None:
        raise DocumentError(
            "not an account of a treaty body's dialogue: no opening sentence says which committee considered "
            "which State's report"
        )
    passages = list(_passages(blocks[start:]))
    if len(passages) == 1:
        raise DocumentError("the account breaks off after its opening paragraph")
    return [block for block in blocks[:start] if not _BULLET.match(block)], passages


def _is_lead(block: str) -> bool:
    return all(pattern.search(block) for pattern in (BODY_NAME, _LEAD_TIME, _LEAD_ACT))


def _blocks(text: str) -> Iterator[str]:
    """Folded blocks of text: what blank lines separate, or every line where hardly any line is blank."""
    groups: list[list[str]] = [[]]
    for line in map(fold, text.splitlines()):
        if line:
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    groups = [group for group in groups if group]
    if len(groups) < _FEWEST_BLOCKS:
        groups = [[line] for group in groups for line in group]
    for group in groups:
        yield from (block for block in _join(group) if not _FURNITURE.fullmatch(block))


def _join(lines: list[str]) -> Iterator[str]:
    """The blocks in lines without a blank line between: wrapped lines joined, paragraphs kept apart."""
    unwrapped = any(len(line) > _UNWRAPPED for line in lines)
    if len(lines) > 1 and _is_glued_heading(lines[0], lines[1]):
        yield lines[0]
        lines = lines[1:]
    current = ""
    for line in lines:
        apart = _BULLET.match(line) or _FURNITURE.fullmatch(line) or (unwrapped and _ends_sentence(current))
        if current and apart:
            yield current
            current = line
        else:
            current = f"{current} {line}".strip()
    if current:
        yield current


def _is_glued_heading(line: str, following: str) -> bool:
    """A heading with its paragraph on the very next line; the margin keeps a wrapped line from passing."""
    return (
        len(line) <= _OTHER_HEADING_LENGTH
        and len(following) > len(line) + 15
        and following[0].isupper()
        and is_heading(line)
        and heading_kind(line) is not Block.OTHER
    )


def _ends_sentence(text: str) -> bool:
    return text.rstrip("”\"’')]").endswith((".", "?", "!"))


def heading_kind(heading: str) -> Block:
    """What a heading announces, by its key words."""
    lowered = heading.casefold()
    return next((block for block, words in _HEADINGS if words.search(lowered)), Block.OTHER)


def is_heading(text: str) -> bool:
    """Whether a block is a heading: short, with a capital, without a final stop.

    A line whose words announce no known part must be shorter still, so that a short paragraph that
    lost its full stop is not lost with it.
    """
    words = text.split()
    if not words or not words[0][0].isupper() or _ends_sentence(text) or text[-1] in ";,…":
        return False
    if heading_kind(text) is Block.OTHER:
        return len(text) <= _OTHER_HEADING_LENGTH and len(words) <= _HEADING_WORDS - 4
    return len(text) <= _HEADING_LENGTH and len(words) <= _HEADING_WORDS


def _passages(blocks: Iterable[str]) -> Iterator[Passage]:
    rounds = _Rounds()
    path: tuple[str, ...] = ()
    block = Block.OPENING
    for position, text in enumerate(blocks):
        if position and is_heading(text):
            heading = text.rstrip(" :")
            kind = heading_kind(heading)
            if kind is Block.OTHER and block in _ROUNDS | {Block.PRESENTATION}:
                path = (*rounds.parent, heading)
            else:
                path, block = rounds.path(kind, heading), kind
        elif unmarked := _BULLET.sub("", text, count=1) if _BULLET.match(text) else text:
            yield Passage(path, block, unmarked)


class _Rounds:
    """Counts the rounds of questions, so that blocks under the same heading can be told apart."""

    def __init__(self) -> None:
        self.parent: tuple[str, ...] = ()
        self._round = 0
        self._follow_up = 0
        self._answered = True

    def path(self, kind: Block, heading: str) -> tuple[str, ...]:
        """The path of a heading: itself, then its round, then which follow-up of the round, if any.

        Questions open a new round once the round before has been answered, so two blocks of questions
        in a row ("by Country Rapporteurs", "by Experts") are one round. Follow-up questions stay in
        their round; the answers to them are marked.
        """
        if kind in {Block.QUESTIONS, Block.DISCUSSION} and self._answered:
            self._round, self._follow_up = self._round + 1, 0
        elif kind is Block.FOLLOW_UP and self._answered:
            self._round, self._follow_up = max(self._round, 1), self._follow_up + 1
        elif kind is Block.ANSWERS:
            self._round = max(self._round, 1)
        self.parent = (heading, *self._labels(kind)) if kind in _ROUNDS else (heading,)
        if kind in _ROUNDS:
            self._answered = kind in {Block.ANSWERS, Block.DISCUSSION}
        return self.parent

    def _labels(self, kind: Block) -> Iterator[str]:
        yield f"{_ordinal(self._round)} round"
        if self._follow_up > 1:
            yield f"{_ordinal(self._follow_up)} follow-up"
        elif self._follow_up == 1 and kind is Block.ANSWERS:
            yield "Follow-up"


def _ordinal(number: int) -> str:
    return _ORDINALS[number - 1] if number <= len(_ORDINALS) else f"{number}th"
