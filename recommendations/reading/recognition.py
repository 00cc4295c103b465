"""Which kind of document a text is, and the words in it that say so.

Each kind has its signs: phrases with a weight. A title weighs most, the wording that only this kind uses
less; the kind with the heaviest signs is recognised, and the signs found are the evidence, with their
places. A person can always say otherwise (`--kind`, or on the page of an import).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from recommendations.reading.document import DocumentError
from recommendations.reading.files.lines import MARK
from recommendations.reading.files.text import fold
from recommendations.reading.kinds.observations import concluding_observations
from recommendations.reading.kinds.summary import stakeholder_summary
from recommendations.reading.kinds.upr import thematic_list, upr_addendum, upr_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recommendations.reading.files.lines import Line

DIALOGUE = "dialogue_summary"
KINDS = (
    stakeholder_summary.KIND,
    DIALOGUE,
    upr_report.KIND,
    upr_addendum.KIND,
    concluding_observations.KIND,
    thematic_list.KIND,
)
NAMES = {
    stakeholder_summary.KIND: "a summary of stakeholders' submissions",
    DIALOGUE: "an account of a committee's dialogue",
    upr_report.KIND: "a report of the UPR working group",
    upr_addendum.KIND: "a State's addendum to one",
    concluding_observations.KIND: "concluding observations",
    thematic_list.KIND: "a thematic list of recommendations",
}

_START = 20_000  # characters: titles and openings
_TITLE_PAGE = 4_000
_ENOUGH = 6
_STRONG = 10  # enough for a document that only refers to another report's symbol
_LONGEST_WORDS = 160
_MOST_EVIDENCE = 5


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of the document that speak for its kind, and where they stand: "line 12"."""

    words: str
    place: str


@dataclass(frozen=True, slots=True)
class Recognition:
    """The kind of a document (one of KINDS) and what in the document says so."""

    kind: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class _Sign:
    """A phrase that speaks for a kind. `within` is how far from the start it counts; 0 is anywhere."""

    kind: str
    weight: int
    pattern: re.Pattern[str]
    within: int = _START


def _sign(kind: str, weight: int, pattern: str, within: int = _START, *, exact: bool = False) -> _Sign:
    return _Sign(
        kind, weight, re.compile(pattern, re.MULTILINE if exact else re.MULTILINE | re.IGNORECASE), within
    )


_COMMITTEE = r"(?:Human\s+Rights\s+Committee|Committee\s+(?:against|on)\s+[A-Z][^.]{3,120}?)"
_SIGNS = (
    _sign(
        stakeholder_summary.KIND,
        12,
        r"\bsummary\s+of\s+(?:[\w-]+\s+){0,4}stakeholders[’']\s+(?:submissions|information)",
    ),
    _sign(
        stakeholder_summary.KIND,
        12,
        r"\bsummary\s+prepared\s+by\s+the\s+office\s+of\s+the\s+high\s+commissioner",
    ),
    _sign(stakeholder_summary.KIND, 10, r"A\s*/HRC/WG\.6/\d{1,3}/[A-Z]{3}/3\b", _TITLE_PAGE, exact=True),
    _sign(
        DIALOGUE,
        8,
        rf"\b{_COMMITTEE}\s+(?:\w+\s+){{0,3}}?"
        r"(?:conclud|consider|complet|review|open|beg[au]n|examin|start)\w*\b[^.]{0,200}\breports?\b",
    ),
    _sign(
        DIALOGUE,
        6,
        r"\b(?:(?:Questions|Comments)[^\n]{0,40}by\s+(?:the\s+)?Committee\s+(?:Experts|Members)"
        r"|Responses\s+by\s+the\s+Delegation)",
    ),
    _sign(upr_report.KIND, 11, upr_report.TITLE.pattern, _TITLE_PAGE),
    _sign(
        upr_report.KIND,
        6,
        r"\brecommendations?\s+(?:formulated|made|put\s+forward)\s+during\s+the\s+interactive\s+dialogue",
        0,
    ),
    _sign(upr_report.KIND, 4, r"\benjoy(?:ed|s)?\s+(?:the\s+|its\s+)?support\s+of\b", 0),
    _sign(
        upr_addendum.KIND,
        14,
        r"\bviews\s+on\s+conclusions\s+and/or\s+recommendations,?\s+voluntary\s+commitments\s+and\s+replies",
        _TITLE_PAGE,
    ),
    _sign(upr_addendum.KIND, 8, r"\bA\s?/HRC/\d{1,3}/\d{1,3}/Add\.1\b(?!\s*[-–])", 600, exact=True),
    _sign(upr_addendum.KIND, 6, r"^\s*Addendum\s*\*?\s*$", _TITLE_PAGE),
    _sign(concluding_observations.KIND, 12, concluding_observations.TITLE.pattern, _TITLE_PAGE),
    _sign(
        concluding_observations.KIND,
        8,
        rf"^\s*{concluding_observations.SYMBOL.pattern}\s*$",
        _TITLE_PAGE,
        exact=True,
    ),
    _sign(
        concluding_observations.KIND,
        5,
        r"\bThe\s+Committee\s+(?:is|remains)\s+(?:\w+\s+)?concerned\b",
        0,
        exact=True,
    ),
    _sign(concluding_observations.KIND, 4, r"\bThe\s+State\s+party\s+should\b", 0, exact=True),
    _sign(thematic_list.KIND, 14, r"\bthematic\s+list\s+of\s+recommendations\b", _TITLE_PAGE),
    _sign(thematic_list.KIND, 10, r"\bfull\s+list\s+of\s+themes\b", _TITLE_PAGE),
    _sign(
        thematic_list.KIND,
        5,
        r"\bassessment\s*/\s*comments\s+on\s+level\s+of\b",
        _TITLE_PAGE,
    ),
    _sign(thematic_list.KIND, 5, r"\bsource\s+of\s+position\s*:", 0),
)


def recognise(lines: Sequence[Line]) -> Recognition:
    """The kind of the document, with its evidence. Raises DocumentError where it is none of KINDS."""
    texts = [MARK.sub("", line.text) for line in lines]
    text = "\n".join(texts)
    begins = [0, *accumulate(len(one) + 1 for one in texts)]
    weights = dict.fromkeys(KINDS, 0)
    found: list[tuple[_Sign, Evidence]] = []
    for sign in _SIGNS:
        match = sign.pattern.search(text, 0, sign.within or len(text))
        if match:
            weights[sign.kind] += sign.weight
            place = f"line {bisect_right(begins, match.start() + _leading_space(match.group()))}"
            found.append((sign, Evidence(_shortened(match.group()), place)))
    kind = max(KINDS, key=lambda one: weights[one])
    if kind == stakeholder_summary.KIND or weights[kind] < _STRONG:
        stakeholder_summary.refuse_other_reports(text)
    if weights[kind] < _ENOUGH:
        raise DocumentError(f"this is none of the documents that are read: {_list_of(NAMES.values())}")
    of_kind = sorted((pair for pair in found if pair[0].kind == kind), key=lambda pair: -pair[0].weight)
    return Recognition(kind, tuple(evidence for _, evidence in of_kind[:_MOST_EVIDENCE]))


def _leading_space(words: str) -> int:
    return len(words) - len(words.lstrip())


def _shortened(words: str) -> str:
    words = fold(words)
    return words if len(words) <= _LONGEST_WORDS else f"{words[:_LONGEST_WORDS].rsplit(' ', 1)[0]} …"


def _list_of(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}"
