"""How to cite what stands here, and where quoted words stand in their paragraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recommendations.reading.text import fold, mend_letters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recommendations.models import Document, Recommendation, Stakeholder, StateResponse


# A recommendation or question is put to a State; these are said of it.
PREPOSITIONS = {"concern": "about", "commendation": "of"}


def join_and(words: Iterable[object]) -> str:
    """The words as a list in a sentence: `A`, `A and B`, `A, B and C`; empty for none."""
    found = [str(word) for word in words]
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} and {found[-1]}"


def passages(text: str, quotes: Iterable[str]) -> list[tuple[int, int]]:
    """Where the quotes stand in the text, as (start, end) in it; overlapping ones are merged.

    White space and letters are folded for the comparison as `Paragraph.holds` folds them, so every
    quote that could be saved is found; one that does not stand there is left out.
    """
    found = [place for quote in quotes if (place := _passage(text, quote))]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _passage(text: str, quote: str) -> tuple[int, int] | None:
    # Nearly every quote stands there letter by letter, and folding with its origins is slow.
    if quote and (start := text.find(quote)) >= 0:
        return start, start + len(quote)
    words = fold(quote)
    folded, origin = _folded_with_origin(text)
    start = folded.find(words) if words else -1
    return (origin[start], origin[start + len(words) - 1] + 1) if start >= 0 else None


def _folded_with_origin(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place in the text that it comes from."""
    letters: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(text):
        for letter in mend_letters(character):
            if letter.isspace():
                if not letters or letters[-1] == " ":
                    continue
                letter = " "
            letters.append(letter)
            origin.append(place)
    return "".join(letters), origin


def cite_recommendation(
    record: Recommendation, raised_by: Iterable[Stakeholder], address: str, site: str
) -> str:
    """A reference to a record for a footnote, in plain text.

    `raised_by` are the stakeholders that may be named, `address` the permanent address in full.
    """
    who = join_and(stakeholder.name for stakeholder in raised_by)
    kind = record.get_kind_display()
    about = f"{PREPOSITIONS.get(record.kind, 'to')} {record.document.review.state.name}"
    what = f"{who}, {kind.lower()} {about}" if who else f"{kind} {about}"
    return f"{what}, in {cite_place(record)}. Record {record.reference}, {site}, {address}"


def cite_response(response: StateResponse, address: str, site: str) -> str:
    """A reference to what the State said, in plain text."""
    state = response.document.review.state.name
    said = f"{response.date.day} {response.date:%B %Y}"
    return (
        f"{state} ({response.get_speaker_display().lower()}), statement of {said},"
        f" in {cite_place(response)}. Record {response.reference}, {site}, {address}"
    )


def cite_document(document: Document) -> str:
    """The document as a source: symbol, title and date, no more exactly than known."""
    date = (
        f"{document.published_on.day} {document.published_on:%B %Y}"
        if document.published_on
        else document.review.when
    )
    symbol = f", {document.symbol}" if document.symbol else ""
    return f"“{document.title}”{symbol} ({date})"


def cite_place(quoted: Recommendation | StateResponse) -> str:
    """The document and the paragraph, or the row of a data set."""
    where = f"para. {quoted.paragraph.number}" if quoted.paragraph else quoted.locator
    return f"{cite_document(quoted.document)}, {where}"
