"""Recognises the State's position on recommendations in working-group reports and addenda."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from recommendations.reading.document import Position

if TYPE_CHECKING:
    from collections.abc import Iterator

_REFUSED = re.compile(
    r"\b(?:d(?:o|oes|id)|could|can|is|are|was|were|has|have|had|would|will)\s*n[o’']t\s+(?:\w+\s+){0,3}?"
    r"(?:enjoy(?:ed)?|accept(?:ed|able)?|support(?:ed)?|agree|approve|endorse|in\s+a\s+position|possible)\b"
    r"|\bcannot\b(?:\s+\w+){0,3}?\s+(?:accept|support|enjoy|be\s+(?:accepted|supported)|agree|commit)"
    r"|\bunable\s+to\s+(?:accept|support)|\breject(?:s|ed|ion)?\b|\bnot\s+(?:accepted|supported|enjoying)\b"
    r"|\b(?:took|takes?|taken|taking)\s+(?:due\s+)?note\b|\b(?:has|have|had|are|is|were|was)\s+(?:been\s+)?(?:only\s+)?noted\b"
    r"|\bnotes?\s+(?:the\s+|these\s+|this\s+|following\s+|above\s+)*recommendations?\b|\bdecline[sd]?\b"
    r"|^\W*noted\b|\brecommendations?\s+(?:\w+\s+){0,2}noted\b|\bnoted\s+recommendations?\b",
    re.IGNORECASE,
)
_IN_PART = re.compile(
    r"\b(?:partial(?:ly)?|in\s+part|partly)\b(?:\s+\w+){0,4}?\s*\b(?:support|accept|enjoy|agree)\w*"
    r"|\b(?:support|accept|agree)\w*\b(?:\s+\w+){0,3}?\s*\b(?:partial(?:ly)?|in\s+part|partly)\b",
    re.IGNORECASE,
)
_PENDING = re.compile(
    r"\b(?:will|would|shall|to)\s+be\s+(?:\w+\s+)?(?:examined|considered|studied|reviewed)\b"
    r"|\bwill\s+(?:\w+\s+)?(?:examine|consider|study|respond|provide\s+(?:its\s+|a\s+)?(?:responses?|answers?|repl))"
    r"|\b(?:responses?|repl(?:y|ies)|answers?)\b[^.;]{0,60}\bin\s+due\s+(?:time|course)\b|\bin\s+due\s+(?:time|course)\b"
    r"|\bunder\s+(?:examination|consideration|review)\b|\bpending\b|\bdeferred?\b",
    re.IGNORECASE,
)
_SUPPORTED = re.compile(
    r"\benjoy(?:s|ed)?\s+(?:the\s+|its\s+|full\s+)*support\b|\bsupport(?:s|ed)?\b|\baccept(?:s|ed|ance|able)?\b"
    r"|\bagree(?:s|d)?\s+(?:to|with)\b|\bendorse[sd]?\b"
    r"|\balready\s+(?:\w+\s+)?(?:been\s+)?implemented\b|\bin\s+the\s+process\s+of\s+(?:being\s+)?implement",
    re.IGNORECASE,
)
_NUMBERS_AFTER = re.compile(
    r"\brecommendations?\s*(?:Nos?\.?\s*|numbers?\s+|contained\s+in\s+paragraphs?\s+)?(?=\d)", re.I
)
_PLAIN_NUMBER = re.compile(
    r"\s*(?:,|;|and|&|or)*\s*(?:Nos?\.?\s*)?(\d{1,3})(?!\.?\d)(?:\s*[–-]\s*(\d{1,3})(?!\.?\d))?"
)
_DOTTED = re.compile(
    r"(?<![\w./-])(\d{1,3})\.(\d{1,3})(?![\w/]|\.\d)(?:\s*(?:[–-]|to)\s*(?:(\d{1,3})\.)?(\d{1,3})(?![\w./]\w))?"
)
_LONGEST_RANGE = 400
_MOST_NUMBERS = 2_000


def position_of(text: str) -> Position:
    """Return the position that the words state; UNKNOWN if they state none.

    "… have been examined by … and enjoy the support of …" is support; "… will be examined …, which will
    provide responses in due time" is pending; "did not enjoy the support" and "took note" are noted.
    """
    if _IN_PART.search(text):
        return Position.SUPPORTED_IN_PART
    if _REFUSED.search(text):
        return Position.NOTED
    if _PENDING.search(text):
        return Position.PENDING
    return Position.SUPPORTED if _SUPPORTED.search(text) else Position.UNKNOWN


def numbers_in(text: str, list_before: str = "") -> tuple[str, ...]:
    """Return the numbers of recommendations in a text: "95.12", "122.3–122.6", "Nos. 7, 8 and 9 above".

    Numbers without a paragraph number belong to the list before the text (`list_before`).
    """
    found = list(islice(_dotted_in(text), _MOST_NUMBERS))
    if not found and list_before:
        for match in _NUMBERS_AFTER.finditer(text):
            found += [f"{list_before}.{number}" for number in _plain_from(text, match.end())]
    return tuple(dict.fromkeys(found[:_MOST_NUMBERS]))


def _dotted_in(text: str) -> Iterator[str]:
    for match in _DOTTED.finditer(text):
        paragraph, first, same, last = match.groups()
        numbers = [int(first)]
        if last and same in (None, paragraph) and int(first) < int(last) <= int(first) + _LONGEST_RANGE:
            numbers = list(range(int(first), int(last) + 1))
        yield from (f"{int(paragraph)}.{number}" for number in numbers)


def _plain_from(text: str, position: int) -> Iterator[int]:
    while match := _PLAIN_NUMBER.match(text, position):
        first, last = int(match.group(1)), int(match.group(2) or match.group(1))
        if not first <= last <= first + _LONGEST_RANGE:
            last = first
        yield from range(first, last + 1)
        position = match.end()
