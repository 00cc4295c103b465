"""Reads the United Nations' press releases on a treaty body's dialogue with a State.

Such an account has a title, a date, an opening summary and, in the newer ones, headings: the report,
its presentation, rounds of experts' questions and the delegation's responses, closing remarks.

Paragraphs are counted from 1 in the order of the account, the first after title and date. `section` is
empty in the opening summary; elsewhere it is the printed heading, and in rounds of questions a second
element names the round, because the same headings come again: ("Questions by Committee Experts",
"First round"), ("Responses by the Delegation", "First round"), ("Follow-Up Questions by Committee
Experts", "First round"), ("Responses by the Delegation", "First round", "Follow-up"), ("Questions by
Committee Experts", "Second round") … The second element is the same in a block of questions and in the
answers to it; the third tells the answers to follow-up questions from those before. A heading inside a
block that announces no part of its own ("Articles 1 to 5") is added at the end.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recommendations.reading.document import (
    DocumentError,
    ParsedDocument,
    ParsedParagraph,
    ParsedStakeholder,
    Speaker,
    Statement,
)
from recommendations.reading.files.lines import MARK, PAGE_BREAK
from recommendations.reading.kinds.dialogue.acts import COMMITTEE, STATE, statements_of
from recommendations.reading.kinds.dialogue.layout import BODIES, BODY_NAME, Passage, layout
from recommendations.reading.kinds.dialogue.speakers import Floor
from recommendations.reading.prose import state_names
from recommendations.reading.prose.dates import DATES, SESSION, iso_date, ordinal
from recommendations.reading.prose.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recommendations.reading.files.lines import Line

CODE = "dialogue_summary"

_SYMBOL = re.compile(
    r"\b(?:(?:CCPR|CAT|CEDAW|CERD|CMW|CRC|CRPD|CED)/C|E/C\.12)(?:/(?:OPSC|OPAC|[A-Z]+-OP))?"
    r"/(?:[A-Z]{3}-)?(?P<iso3>[A-Z]{3})/\d+(?:-\d+)?(?:/Add\.\d+)?\b"
)
_NEXT_BUSINESS = re.compile(r"\bwill (?:next|begin|meet|resume|reconvene|consider|hold)\b", re.IGNORECASE)
_REPORT_OF = re.compile(
    r"\b(?:reports? (?:of|from|submitted by|by)|situation in|dialogue with"
    r"|implement\w* .{0,120}? (?:in|by))\b(?P<whose>.*)",
    re.IGNORECASE,
)


def parse_lines(lines: Sequence[Line]) -> ParsedDocument:
    """The account that the lines hold. Raises DocumentError as `parse`."""
    text = MARK.sub("", "\n".join(line.text for line in lines))
    return parse(text.replace(PAGE_BREAK, "\n"))


def parse(text: str) -> ParsedDocument:
    """Read the decoded text of a press release.

    Raises DocumentError for what is not an account of a treaty body's dialogue with a State, names no
    State, or breaks off at once. `symbol` is empty (press releases have none); `considers` is the symbol
    of the State's report, where the account gives it.
    """
    preamble, passages = layout(text)
    lead = passages[0].text
    body = _body(lead)
    named = _state_named(lead) or _state_named(" ".join(preamble))
    considers = _report_symbol(passages, named)
    iso3 = named or (considers and _SYMBOL.fullmatch(considers)["iso3"])  # type: ignore[index]  # found by the same pattern
    if iso3 not in state_names.NAMES:
        raise DocumentError("the account's opening sentence names no State")
    committee = BODIES[body]
    return ParsedDocument(
        symbol="",
        kind=CODE,
        state=iso3,
        session=_session(passages),
        title=_title(preamble),
        published_on=_published_on(preamble, lead),
        body=body,
        stakeholders=(
            ParsedStakeholder(acronym=committee, name=body, kind="committee"),
            ParsedStakeholder(acronym=iso3, name=state_names.NAMES[iso3], kind="state"),
        ),
        paragraphs=tuple(_paragraphs(passages, committee=committee, iso3=iso3)),
        considers=considers,
    )


def _paragraphs(passages: list[Passage], *, committee: str, iso3: str) -> list[ParsedParagraph]:
    split = [split_sentences(passage.text) for passage in passages]
    floor = Floor((passage.block, sentences) for passage, sentences in zip(passages, split, strict=True))
    paragraphs = []
    for number, (passage, sentences) in enumerate(zip(passages, split, strict=True), start=1):
        # The opening sentence names experts ("with Committee Experts commending"), yet it is the narrator's.
        speakers = (
            [Speaker.NARRATOR] * len(sentences)
            if number == 1
            else floor.speakers(passage.section, passage.block, sentences)
        )
        paragraphs.append(
            ParsedParagraph(
                number=str(number),
                section=passage.section,
                text=passage.text,
                speaker=speakers[0],
                statements=tuple(
                    Statement(text=part, act=act, stakeholders=_party(speaker, committee, iso3))
                    for sentence, speaker in zip(sentences, speakers, strict=True)
                    for part, act in statements_of(sentence, speaker)
                ),
            )
        )
    return paragraphs


def _party(speaker: Speaker, committee: str, iso3: str) -> tuple[str, ...]:
    if speaker in COMMITTEE:
        return (committee,)
    return (iso3,) if speaker in STATE else ()


def _body(lead: str) -> str:
    """The committee's name in its usual spelling; the layout has found one in the lead."""
    found = BODY_NAME.search(lead)
    if found is None:
        raise DocumentError("the account's opening sentence names no committee")
    return next(name for name in BODIES if name.casefold() == found.group().casefold())


def _state_named(text: str) -> str:
    """The code of the State whose report the text names, else of the first State in it."""
    found = _REPORT_OF.search(text)
    return (state_names.iso3_in(found["whose"]) if found else "") or state_names.iso3_in(text)


def _report_symbol(passages: list[Passage], iso3: str) -> str:
    """The symbol of the report considered: the State's, and not one announced for the next meeting."""
    for passage in passages:
        for sentence in split_sentences(passage.text):
            if _NEXT_BUSINESS.search(sentence):
                continue
            for symbol in _SYMBOL.finditer(sentence):
                if iso3 in ("", symbol["iso3"]):
                    return symbol.group()
    return ""


def _title(preamble: list[str]) -> str:
    """The first line before the opening that is no date and says what the account is of."""
    lines = [line for line in preamble if not _is_date(line) and not BODY_NAME.fullmatch(line)]
    telling = [line for line in lines if re.search(r"\b(?:committee|dialogue)\b", line, re.IGNORECASE)]
    return next(iter([*telling, *lines]), "")


def _is_date(line: str) -> bool:
    return any(pattern.fullmatch(line) for pattern in DATES)


def _published_on(preamble: list[str], lead: str) -> str:
    """The date that stands alone before the account, else the first before it, else a dateline's."""
    dateline = lead[: BODY_NAME.search(lead).start()]  # type: ignore[union-attr]  # _body has found it
    for line in [*filter(_is_date, preamble), *preamble, dateline]:
        for pattern in DATES:
            if (found := pattern.search(line)) and (iso := iso_date(found.groupdict())):
                return iso
    return ""


def _session(passages: list[Passage]) -> str:
    """The number of the committee's session in digits, from words or digits; empty where not given."""
    for passage in passages:
        for sentence in split_sentences(passage.text):
            found = SESSION.search(sentence)
            if found and "Committee" in sentence and (number := ordinal(found["number"].lower())):
                return str(number)
    return ""
