"""Treaty bodies' concluding observations (CCPR/C/NAM/CO/2): what worries them, what the State should do.

Paragraphs keep their printed numbers. Each statement is the committee's: a concern, a recommendation, a
commendation (positive aspects) or information; sub-items (a) to (z) are statements of their own. A
paragraph that recommends is paired with those that name the concern. Where the closing section selects
paragraphs for follow-up, their recommendations say so, with the date or the time set.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from recommendations.reading.document import (
    Act,
    DocumentError,
    ParsedDocument,
    ParsedParagraph,
    ParsedStakeholder,
    Statement,
)
from recommendations.reading.kinds.dialogue.layout import BODIES, BODY_NAME
from recommendations.reading.kinds.observations.follow_up import selections_in
from recommendations.reading.kinds.observations.statements import statements_of
from recommendations.reading.prose import state_names, title_page
from recommendations.reading.prose.dates import session_in
from recommendations.reading.prose.furniture import symbol_of, take_out
from recommendations.reading.prose.numbered import Numbered, lay_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recommendations.reading.files.lines import Line
    from recommendations.reading.kinds.observations.follow_up import Selection

CODE = "concluding_observations"
TITLE = re.compile(r"\bconcluding\s+observations\s+(?:on|of\s+the\s+(?:Human|Committee))\b", re.IGNORECASE)
SYMBOL = re.compile(
    r"\b(?P<body>CCPR|CAT|CEDAW|CERD|E|CMW|CRC|CRPD|CED)(?:/C(?:\.12)?(?:/[A-Z-]{2,7})?/(?P<state>[A-Z]{3})/CO/[\d-]+"
    r"|/C/(?:\d+/)?CO/\d+(?:/[A-Z]{3})?|/CO/\d+/(?P<old>[A-Z]{3}))(?:/Add\.\d+|/Rev\.\d+)?"
)
_REPORT = re.compile(r"\(((?:CCPR|CAT|CEDAW|CERD|CMW|CRC|CRPD|CED|E)/C[\w./-]*\w)[ ,;)]")
_ALL_BODIES = {acronym: name for name, acronym in reversed(BODIES.items())}


def parse(lines: Sequence[Line]) -> ParsedDocument:
    """The concluding observations that the lines hold.

    Raises DocumentError where no committee or no numbered paragraph is found, or the text is not complete.
    """
    text = take_out(lines)
    layout = lay_out(text.lines)
    symbol = symbol_of(lines, SYMBOL)
    top = " ".join([*layout.header, *text.star_notes, layout.paragraphs[0].text])
    committee = _committee(symbol, top)
    title = title_page.title(layout.header, TITLE)
    state = _state(symbol, title, layout.paragraphs[0].text)
    paragraphs = [
        ParsedParagraph(raw.number, raw.section, raw.text, statements_of(raw, committee))
        for raw in layout.paragraphs
    ]
    paragraphs = _paired(paragraphs)
    paragraphs = _selected(paragraphs, selections_in(layout.paragraphs))
    states = [ParsedStakeholder(state, state_names.NAMES[state], "state")] if state else []
    return ParsedDocument(
        symbol=symbol,
        kind=CODE,
        state=state,
        session=_session(text.star_notes, layout.paragraphs),
        title=title,
        published_on=title_page.published_on(layout.header),
        body=_ALL_BODIES[committee],
        stakeholders=(ParsedStakeholder(committee, _ALL_BODIES[committee], "committee"), *states),
        paragraphs=tuple(paragraphs),
        endnotes={str(number): note for number, note in text.notes.items()},
        considers=_considers(layout.paragraphs[0].text, symbol),
    )


def _committee(symbol: str, top: str) -> str:
    """The acronym of the committee's treaty: by the symbol, else by the name that the text has first."""
    acronym = symbol.split("/")[0].replace("E", "CESCR") if symbol.startswith("E/") else symbol.split("/")[0]
    if acronym in _ALL_BODIES:
        return acronym
    found = BODY_NAME.search(top)
    if found is None:
        raise DocumentError("the concluding observations do not say which committee's they are")
    return next(BODIES[name] for name in BODIES if name.casefold() == found.group().casefold())


def _state(symbol: str, title: str, opening: str) -> str:
    match = SYMBOL.fullmatch(symbol)
    by_symbol = (match["state"] or match["old"] or "") if match else ""
    return (
        by_symbol
        if by_symbol in state_names.NAMES
        else state_names.iso3_in(title) or state_names.iso3_in(opening)
    )


def _session(star_notes: Sequence[str], paragraphs: Sequence[Numbered]) -> str:
    """The session that adopted the observations, by the first page's footnote or the introduction."""
    adopted = [note for note in star_notes if "dopted" in note]
    texts = [*adopted, *(paragraph.text for paragraph in paragraphs[:2])]
    return next((found for text in texts if (found := session_in(text))), "")


def _considers(opening: str, own: str) -> str:
    """The symbol of the State's report, as the first paragraph gives it."""
    symbols = re.findall(
        r"\((?P<symbol>(?:CCPR|CAT|CEDAW|CERD|CMW|CRC|CRPD|CED|E)/C[\w./-]*\w)(?:[ ,;)])", opening
    )
    return next((symbol for symbol in symbols if symbol != own and "/SR" not in symbol), "")


def _acts(paragraph: ParsedParagraph) -> set[Act]:
    return {statement.act for statement in paragraph.statements}


def _paired(paragraphs: list[ParsedParagraph]) -> list[ParsedParagraph]:
    """Each paragraph that only names concerns with those that recommend after it, until the next concern.

    A heading between them parts them.
    """
    pairs: dict[str, list[str]] = {paragraph.number: [] for paragraph in paragraphs}
    concerns: list[ParsedParagraph] = []
    answered = False
    for paragraph in paragraphs:
        acts = _acts(paragraph)
        if concerns and concerns[-1].section != paragraph.section:
            concerns, answered = [], False
        if Act.RECOMMENDATION in acts:
            for concern in concerns:
                pairs[concern.number].append(paragraph.number)
                pairs[paragraph.number].append(concern.number)
            answered = bool(concerns)
        elif Act.CONCERN in acts:
            concerns = [paragraph] if answered else [*concerns, paragraph]
            answered = False
    return [replace(paragraph, pairs_with=tuple(pairs[paragraph.number])) for paragraph in paragraphs]


def _selected(paragraphs: list[ParsedParagraph], selections: list[Selection]) -> list[ParsedParagraph]:
    """The paragraphs, with the recommendations that the committee wants to hear of soon marked."""
    by_number = {selection.paragraph: selection for selection in selections}
    return [
        replace(
            paragraph,
            statements=tuple(_with_due(one, by_number[paragraph.number]) for one in paragraph.statements),
        )
        if paragraph.number in by_number
        else paragraph
        for paragraph in paragraphs
    ]


def _with_due(statement: Statement, selection: Selection) -> Statement:
    is_meant = not selection.items or statement.item in selection.items
    if statement.act is not Act.RECOMMENDATION or not is_meant:
        return statement
    return replace(
        statement,
        selected_for_follow_up=True,
        due_on=selection.due_on,
        due_within=selection.due_within,
    )
