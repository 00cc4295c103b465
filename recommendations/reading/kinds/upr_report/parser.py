"""Reports of the Working Group on the Universal Periodic Review (A/HRC/14/10).

Each recommendation is an item of a list under a paragraph that says how the State answers: "… enjoy the
support of …", "… will be examined …, which will provide responses in due time", "… did not enjoy the
support of …". It becomes a paragraph of its own, numbered as the UN cites it (95.12), with one statement:
its act is `recommendation`, its stakeholders are the States in its brackets, its position is its list's.

What States and the delegation said in the dialogue is kept paragraph by paragraph as information and
response. Nothing in it is read as a recommendation: the report lists them all.
"""

from __future__ import annotations

import re
from itertools import pairwise
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
from recommendations.reading.prose import state_names, title_page
from recommendations.reading.prose.dates import session_in
from recommendations.reading.prose.furniture import symbol_of, take_out
from recommendations.reading.prose.numbered import Layout, Numbered, lay_out
from recommendations.reading.prose.positions import numbers_in, position_of
from recommendations.reading.prose.recommenders import Recommenders
from recommendations.reading.prose.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recommendations.reading.files.lines import Line

CODE = "working_group_report"
BODY = "Working Group on the Universal Periodic Review"
TITLE = re.compile(r"report\s+of\s+the\s+working\s+group\s+on\s+the\s+universal\s+periodic", re.IGNORECASE)

_SYMBOL = re.compile(r"\bA\s?/HRC/(?:WG\.6/\d{1,3}/L\.\d{1,3}|\d{1,3}/\d{1,3})(?:/Add\.\d{1,2})?(?![\w/])")
_REVIEW_OF = re.compile(r"\breview\s+of\s+(?P<state>[^.;]{3,80}?)\s+was\s+held\b", re.IGNORECASE)
_DELEGATION = re.compile(
    r"(?:[^.;]{0,80},\s+)?(?:the\s+(?:head\s+of\s+the\s+)?delegation\b|the\s+(?:\w+\s+){0,3}minister\b|in\s+conclusion\b)",
    re.IGNORECASE,
)
_OPENS_LIST = re.compile(
    r"\brecommendations\b[^.;]{0,200}\b(?:enjoy(?:ed)?\s+the\s+support|will\s+be\s+examined\s+by|been\s+noted\s+by)\b"
)
_PRESENTATION = re.compile(r"\bpresentation\s+by\s+the\s+State\b", re.IGNORECASE)
_DIALOGUE = re.compile(r"\binteractive\s+dialogue\b", re.IGNORECASE)


def parse(lines: Sequence[Line]) -> ParsedDocument:
    """The report that the lines hold.

    Raises DocumentError where no recommendation with a number stands in it, or it is not complete.
    """
    text = take_out(lines)
    layout = lay_out(text.lines)
    reviewed = _reviewed(layout)
    _refuse_lost_lists(layout)
    recommenders = Recommenders(reviewed)
    paragraphs = tuple(_paragraphs(layout, recommenders, reviewed))
    if not any(paragraph.parent for paragraph in layout.paragraphs):
        raise DocumentError("no numbered list of recommendations was found in the report")
    under_review = [ParsedStakeholder(reviewed, state_names.NAMES[reviewed], "state")] if reviewed else []
    return ParsedDocument(
        symbol=symbol_of(lines, _SYMBOL),
        kind=CODE,
        state=reviewed,
        session=session_in(layout.paragraphs[0].text),
        title=title_page.title(layout.header, TITLE),
        published_on=title_page.published_on(layout.header),
        body=BODY,
        stakeholders=(*recommenders.parties.values(), *under_review),
        paragraphs=paragraphs,
        endnotes={str(number): note for number, note in text.notes.items()},
    )


def _refuse_lost_lists(layout: Layout) -> None:
    """Raises DocumentError where an item holds the words that open the next list: its items are lost."""
    for item in layout.paragraphs:
        if item.parent and _OPENS_LIST.search(item.text):
            raise DocumentError(
                f"the text is not complete: item {item.number} runs on into the next list of recommendations"
            )


def _reviewed(layout: Layout) -> str:
    """The code of the State under review: under the title, else as the introduction names it."""
    if found := title_page.state_after_title(layout.header, TITLE):
        return found
    for paragraph in layout.paragraphs:
        if found_in := _REVIEW_OF.search(paragraph.text):
            return state_names.iso3_in(found_in["state"])
    supporters = (p.text for p in layout.paragraphs if not p.parent and position_of(p.text))
    return next((code for text in supporters if (code := state_names.iso3_in(text))), "")


def _paragraphs(layout: Layout, recommenders: Recommenders, reviewed: str) -> list[ParsedParagraph]:
    parsed: list[ParsedParagraph] = []
    position, last_list = Position.UNKNOWN, ""
    followed = [*layout.paragraphs[1:], None]
    for paragraph, following in zip(layout.paragraphs, followed, strict=True):
        opens_list = following is not None and following.parent == paragraph.number
        if paragraph.parent:
            last_list = paragraph.parent
            parsed.append(_item(paragraph, recommenders, position))
        elif opens_list:
            position = position_of(paragraph.text)
            answer = Statement(
                paragraph.text, Act.RESPONSE, (reviewed,) if reviewed else (), _marks(paragraph)
            )
            parsed.append(_of(paragraph, (answer,)))
        else:
            before = parsed[-1] if parsed and parsed[-1].section == paragraph.section else None
            floor = before.speaker if before else Speaker.NONE
            parsed.append(_narrative(paragraph, recommenders, reviewed, last_list, floor))
    return parsed


def _item(item: Numbered, recommenders: Recommenders, position: Position) -> ParsedParagraph:
    text = item.text.rstrip(" ;") or item.text
    statement = Statement(text, Act.RECOMMENDATION, recommenders.of(text), _marks(item), position=position)
    return _of(item, (statement,))


def _narrative(
    paragraph: Numbered, recommenders: Recommenders, reviewed: str, last_list: str, floor: Speaker
) -> ParsedParagraph:
    """What was said in the dialogue, or about recommendations after they are listed.

    `floor` is who spoke in the paragraph before: a delegation goes on until a State is named.
    """
    sentences = split_sentences(paragraph.text)
    speaker, who = _speaker(paragraph, recommenders, reviewed)
    if floor is Speaker.DELEGATION and not who:
        speaker, who = floor, (reviewed,) if reviewed else ()
    answers = numbers_in(paragraph.text, last_list) if last_list else ()
    if answers and not who and reviewed:
        speaker, who = Speaker.DELEGATION, (reviewed,)
    act = Act.RESPONSE if speaker is Speaker.DELEGATION else Act.INFORMATION
    starts = [0]
    for sentence in sentences:
        starts.append(starts[-1] + len(sentence) + 1)
    statements = tuple(
        Statement(
            sentence,
            act,
            who,
            tuple(number for offset, number in paragraph.marks if start < offset <= end),
            answers=numbers_in(sentence, last_list) if answers else (),
        )
        for sentence, (start, end) in zip(sentences, pairwise(starts), strict=True)
    )
    return _of(paragraph, statements, speaker)


def _speaker(
    paragraph: Numbered, recommenders: Recommenders, reviewed: str
) -> tuple[Speaker, tuple[str, ...]]:
    """Who speaks in a paragraph of the dialogue, by its section and its first words."""
    heading = " ".join(paragraph.section)
    state = (reviewed,) if reviewed else ()
    if _PRESENTATION.search(heading) or (_DIALOGUE.search(heading) and _DELEGATION.match(paragraph.text)):
        return Speaker.DELEGATION, state
    if not _DIALOGUE.search(heading):
        return Speaker.NONE, ()
    code = recommenders.first_in(paragraph.text)
    if code == reviewed and reviewed:
        return Speaker.DELEGATION, state
    return Speaker.NONE, (code,) if code else ()


def _marks(paragraph: Numbered) -> tuple[int, ...]:
    return tuple(number for _, number in paragraph.marks)


def _of(
    paragraph: Numbered, statements: tuple[Statement, ...], speaker: Speaker = Speaker.NONE
) -> ParsedParagraph:
    return ParsedParagraph(paragraph.number, paragraph.section, paragraph.text, statements, speaker)
