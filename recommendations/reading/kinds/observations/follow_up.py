"""The paragraphs of concluding observations that a committee selects for follow-up, and by when.

The Human Rights Committee: "… requested to provide, by 5 July 2027, information on the implementation of
the recommendations made by the Committee in paragraphs 8 (…), 16 (…) and 20 (…) above". The Committee
against Torture: "… to provide, by 7 December 2018, information on follow-up to … paragraphs 9, 13 (a) and
21". The Committee on the Elimination of Discrimination against Women: "… to provide, within two years,
written information on the steps taken to implement the recommendations contained in paragraphs 12 and 20
(a) above". The Committee on the Rights of the Child selects none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recommendations.reading.prose.dates import date_in
from recommendations.reading.prose.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recommendations.reading.prose.numbered import Numbered

_ASKS = re.compile(
    r"\b(?:request\w*|should|invit\w*|asks?|urge[sd]?)\b.{0,200}?\b(?:provide|submit|furnish|report|inform)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"\b(?:information|report\w*|steps|follow[- ]up|implement\w*)\b", re.IGNORECASE)
_BY = re.compile(
    r"\b(?:by|not?\s+later\s+than|before|on\s+or\s+before)\s+(?=\d{1,2}\s|[A-Z])(?P<date>.{8,24})"
)
_WITHIN = re.compile(
    r"\bwithin\s+(?:a\s+period\s+of\s+)?(?P<time>(?:one|two|three|four|five|six|\d{1,2}|a|twelve|eighteen)\s+"
    r"(?:\(\d\)\s+)?(?:years?|months?))\b",
    re.IGNORECASE,
)
_WORDS = ("one", "two", "three", "four", "five", "six")
_NUMBERS = {word: number for number, word in enumerate(_WORDS, 1)} | {"a": 1, "twelve": 12, "eighteen": 18}
_PARAGRAPHS = re.compile(r"\bpara(?:graph)?s?\.?\s+(?=\d)", re.IGNORECASE)
# "rule 75, paragraph 1, of the rules of procedure": another text's paragraph.
_OF_ANOTHER = re.compile(
    r"\s*,?\s*(?:of|in)\s+(?:the\s+|its\s+|article\s+)?(?:Committee[’']s\s+(?:rules|guidelines|general)|rules|Convention"
    r"|Covenant|(?:Optional\s+)?Protocol|article|resolution|General\s+Assembly|general\s+(?:comment|recommendation))",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?P<number>\d{1,3})(?!\d)(?P<items>(?:\s*(?:,|and|to|–|-)?\s*\([a-z]\))*)")
_ASIDE = re.compile(r"\s*\([^()]{3,300}\)")
_JOIN = re.compile(r"\s*(?:,\s*and|,|;\s*and|;|and|as well as)\s*(?:para(?:graph)?s?\.?\s*)?(?=\d)")
_RANGE = re.compile(r"\s*(?:–|-|to)\s*(?=\d)")


@dataclass(frozen=True, slots=True)
class Selection:
    """A paragraph that is followed up: which of its items (none: all), and by when or within what time."""

    paragraph: str
    items: tuple[str, ...]
    due_on: str
    due_within: str


def selections_in(paragraphs: Sequence[Numbered]) -> list[Selection]:
    """The selected paragraphs, as the last paragraphs of the observations name them."""
    places = {paragraph.number: place for place, paragraph in enumerate(paragraphs)}
    found: dict[str, Selection] = {}
    for place, paragraph in enumerate(paragraphs):
        for sentence in split_sentences(paragraph.text):
            due_on, due_within = _due(sentence)
            if not (due_on or due_within) or not _ASKS.search(sentence) or not _ABOUT.search(sentence):
                continue
            for number, items in _named_in(sentence):
                if places.get(number, place) < place:
                    found.setdefault(number, Selection(number, items, due_on, due_within))
    return list(found.values())


def months_in(time: str) -> int:
    """How many months a `due_within` is: 24 for "two years"; 0 for words that are none."""
    number, _space, unit = time.partition(" ")
    count = int(number) if number.isdecimal() else _NUMBERS.get(number, 0)
    return count * (12 if "year" in unit else 1)


def _due(sentence: str) -> tuple[str, str]:
    """The date (ISO) and the time that the sentence sets; each empty where it sets none."""
    by = _BY.search(sentence)
    within = _WITHIN.search(sentence)
    return (date_in(by["date"]) if by else ""), (within["time"].lower() if within else "")


def _named_in(sentence: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(number, letters of items) of each paragraph of this document that the sentence names."""
    for match in _PARAGRAPHS.finditer(sentence):
        named = list(_list_from(sentence, match.end()))
        if named and not _OF_ANOTHER.match(sentence, named[-1][2]):
            yield from ((number, items) for number, items, _ in named)


def _list_from(sentence: str, position: int) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """(number, items, end) of each number in the list that begins at a place."""
    last = 0
    is_range = False
    while match := _NUMBER.match(sentence, position):
        number = int(match["number"])
        if is_range and last < number <= last + 20:
            yield from ((str(between), (), match.end()) for between in range(last + 1, number))
        yield str(number), _letters(match["items"]), match.end()
        last, position = number, match.end()
        if aside := _ASIDE.match(sentence, position):
            position = aside.end()
        joined = _JOIN.match(sentence, position) or _RANGE.match(sentence, position)
        if joined is None:
            return
        is_range = bool(_RANGE.fullmatch(joined.group()))
        position = joined.end()


def _letters(items: str) -> tuple[str, ...]:
    """The letters of "(a) and (b)", and those between of "(a)–(d)"."""
    letters = re.findall(r"\(([a-z])\)", items)
    if len(letters) == 2 and re.search(r"–|-|\bto\b", items):
        letters = [chr(code) for code in range(ord(letters[0]), ord(letters[1]) + 1)]
    return tuple(letters)
