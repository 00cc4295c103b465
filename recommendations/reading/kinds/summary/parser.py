"""OHCHR's summaries of stakeholders' submissions to the Universal Periodic Review (A/HRC/WG.6/…/3).

Two layouts are read: 2008–2012 (sections I to V, "A. Scope of international obligations") and
today's (a part for the national human rights institution, "Information provided by stakeholders",
headings without numbers). The endnotes tell who stands behind "four submissions"; where a text comes
without them, only what the sentences say is used.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from recommendations.reading.document import DocumentError, ParsedDocument, ParsedParagraph
from recommendations.reading.files.text import fold
from recommendations.reading.kinds.summary.layout import SYMBOL, lay_out
from recommendations.reading.kinds.summary.notes import find_listing, note_text, read_listing, read_notes
from recommendations.reading.kinds.summary.stakeholders import find_parties
from recommendations.reading.kinds.summary.statements import sentences_of, statements_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recommendations.reading.files.lines import Line

CODE = "stakeholder_summary"
BODY = "Working Group on the Universal Periodic Review"

_OTHER_REPORTS = {"1": "a national report", "2": "a compilation of United Nations information"}
_DATE = re.compile(
    r"\b(\d{1,2}\s+(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"\s+\d{4})\b"
)
_TITLE = re.compile(r"summary\s+of\s+stakeholders[’']\s+submissions\s+on\s+", re.IGNORECASE)


def refuse_other_reports(text: str) -> None:
    """Raises DocumentError for the two other reports of a review, which have the same symbols."""
    symbol = SYMBOL.search(text[:20_000])
    if symbol is not None and symbol.group(3) in _OTHER_REPORTS:
        what = _OTHER_REPORTS[symbol.group(3)]
        raise DocumentError(f"{_spelt(symbol)} is {what}, not a summary of stakeholders' submissions")


def parse(lines: Sequence[Line]) -> ParsedDocument:
    """The summary that the lines hold.

    Raises DocumentError where there is no numbered paragraph, or the text is not complete.
    """
    layout = lay_out(lines)
    note_lines = read_notes(layout.notes)
    notes = {number: note_text(note) for number, note in note_lines.items()}
    last_mark = max((number for paragraph in layout.paragraphs for _, number in paragraph.marks), default=0)
    if notes and max(notes) < last_mark:
        raise DocumentError(f"the text is truncated: it breaks off after endnote {max(notes)} of {last_mark}")
    sentences = [sentences_of(paragraph) for paragraph in layout.paragraphs]
    parties = find_parties(read_listing(note_lines), sentences)
    listing = find_listing(note_lines)
    citing = {number: text for number, text in notes.items() if number != listing}
    paragraphs = tuple(
        ParsedParagraph(raw.number, raw.section, raw.text, statements_of(raw, parts, parties, citing))
        for raw, parts in zip(layout.paragraphs, sentences, strict=True)
    )
    symbol = next((match for line in lines if (match := SYMBOL.search(line.text))), None)
    return ParsedDocument(
        symbol=_spelt(symbol) if symbol else "",
        kind=CODE,
        state=symbol.group(2) if symbol else "",
        session=symbol.group(1) if symbol else "",
        title=_title(layout.header),
        published_on=_published_on(layout.header),
        body=BODY,
        stakeholders=tuple(parties.by_acronym.values()),
        paragraphs=paragraphs,
        endnotes={str(number): text for number, text in notes.items()},
    )


def _spelt(symbol: re.Match[str]) -> str:
    """The symbol without the line's end that some texts put into it."""
    return re.sub(r"\s", "", symbol.group())


def _published_on(header: Sequence[str]) -> str:
    """The date of the document: the first in its header that is not the session's."""
    for line in header:
        match = _DATE.search(line)
        if match and not line.startswith("Geneva") and not re.search(r"\d[–-]\d", line):
            return datetime.strptime(fold(match.group(1)), "%d %B %Y").date().isoformat()  # noqa: DTZ007
    return ""


def _title(header: Sequence[str]) -> str:
    """The title as printed; the old layout's runs over several lines of capitals."""
    lines = [line.rstrip("* ") for line in header if line.strip("* ")]
    for index, line in enumerate(lines):
        if _TITLE.match(line):
            return line
        if line.upper().startswith("SUMMARY PREPARED BY"):
            words = [line]
            for following in lines[index + 1 : index + 5]:
                words.append(following)
                if not following.isupper() and not re.search(r"RESOLUTION|PARAGRAPH", following):
                    break
            return fold(" ".join(words))
    return ""
