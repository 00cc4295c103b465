"""Which kind of document a text is, and the words in it that say so.

Each kind has its signs: phrases with a weight. A title weighs most, the wording that only this kind uses
less; the kind with the heaviest signs is recognised, and the signs found are the evidence, with their
places. A person can always say otherwise (`--kind`, or on the page of an import).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from recommendations.reading.document import DocumentError
from recommendations.reading.files.lines import MARK
from recommendations.reading.files.text import fold
from recommendations.reading.registry import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recommendations.reading.files.lines import Line
    from recommendations.reading.kind import Sign

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


def recognise(lines: Sequence[Line]) -> Recognition:
    """The kind of the document, with its evidence. Raises DocumentError where it is none of KINDS."""
    texts = [MARK.sub("", line.text) for line in lines]
    text = "\n".join(texts)
    begins = [0, *accumulate(len(one) + 1 for one in texts)]
    weights = dict.fromkeys(KINDS, 0)
    found: dict[str, list[tuple[Sign, Evidence]]] = {code: [] for code in KINDS}
    for code, kind in KINDS.items():
        for sign in kind.signs:
            match = sign.pattern.search(text, 0, sign.within or len(text))
            if match:
                weights[code] += sign.weight
                place = f"line {bisect_right(begins, match.start() + _leading_space(match.group()))}"
                found[code].append((sign, Evidence(_shortened(match.group()), place)))
    heaviest = max(KINDS, key=lambda code: weights[code])
    for code, kind in KINDS.items():
        if kind.refuse_others and (code == heaviest or weights[heaviest] < _STRONG):
            kind.refuse_others(text)
    if weights[heaviest] < _ENOUGH:
        names = _list_of(kind.name for kind in KINDS.values())
        raise DocumentError(f"this is none of the documents that are read: {names}")
    of_kind = sorted(found[heaviest], key=lambda pair: -pair[0].weight)
    return Recognition(heaviest, tuple(evidence for _, evidence in of_kind[:_MOST_EVIDENCE]))


def _leading_space(words: str) -> int:
    return len(words) - len(words.lstrip())


def _shortened(words: str) -> str:
    words = fold(words)
    return words if len(words) <= _LONGEST_WORDS else f"{words[:_LONGEST_WORDS].rsplit(' ', 1)[0]} …"


def _list_of(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}"
