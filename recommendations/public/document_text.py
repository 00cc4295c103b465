"""A document's paragraphs with the headings above them, for the document's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import slugify

from recommendations.models import Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable

# No speaker is shown for the document's own narration.
SILENT = ("", Paragraph.Speaker.NARRATOR)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the document; its top level is 2, because 1 is the page's own heading."""

    level: int
    title: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, the headings directly above it, and the words quoted from it."""

    headings: list[Heading]
    paragraph: Paragraph
    quotes: list[str]
    speaker_changes: bool


def with_headings(paragraphs: Iterable[Any]) -> list[Block]:
    """Return the paragraphs in order, each with the headings that differ from those of the previous one.

    The paragraphs must have `public_records` and `public_responses`.
    """
    blocks: list[Block] = []
    taken: dict[str, int] = {}
    section: list[str] = []
    speaker = ""
    for paragraph in paragraphs:
        headings = []
        same = True
        for depth, title in enumerate(paragraph.section):
            same = same and depth < len(section) and section[depth] == title
            if not same:
                headings.append(Heading(min(depth + 2, 6), title, _free_anchor(title, taken)))
        quotes = [quoted.text for quoted in (*paragraph.public_records, *paragraph.public_responses)]
        changes = paragraph.speaker not in SILENT and (bool(headings) or paragraph.speaker != speaker)
        blocks.append(Block(headings, paragraph, quotes, changes))
        section, speaker = paragraph.section, paragraph.speaker
    return blocks


def _free_anchor(title: str, taken: dict[str, int]) -> str:
    anchor = f"section-{slugify(title)[:60] or 'untitled'}"
    taken[anchor] = taken.get(anchor, 0) + 1
    return anchor if taken[anchor] == 1 else f"{anchor}-{taken[anchor]}"
