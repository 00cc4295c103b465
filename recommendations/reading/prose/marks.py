"""Endnote marks in plain text: tells digits that are marks from digits of the sentence.

Plain text has lost the small type of the marks, but they still count 1, 2, 3 … through the whole
document. Every position where a mark could be is a candidate with a weight, and the heaviest series that
rises one by one gives the marks. Marks that a file sets apart by their type are certain; the series fills
the gaps between them, because in PDFs some marks are set in the type of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from recommendations.reading.files.lines import MARK, MARK_CLOSES, MARK_OPENS

_ALONE = 3.0
_GLUED = 2.0
_SPACED = 0.6
_UNLIKELY = 0.2
_SKIPPED = -1.0  # the weight of a number that has no mark
_FURTHEST_SKIP = 4

_ALONE_ON_LINE = re.compile(r"^[ \t]*(\d{1,3})[ \t]*$", re.MULTILINE)
_GLUED_DIGITS = re.compile(r"(?<=[^\s\d\ue000])(\d{1,4})(?![\d%])(?![.,]\d)")
_SPACED_DIGITS = re.compile(r"(?<=[.,;:”)] )(\d{1,3})(?=\s)")
_BEFORE_NUMBER = re.compile(r"(?:\b(?:No|Nos|Art|Arts|para|paras|pp?|vol|cf)\.|\b\d{4},) $", re.IGNORECASE)
_ACRONYM_BEFORE = re.compile(r"(?:\b[A-Z]{1,5}|\(JS\)|[-–/(“$€£])$")


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    number: int
    weight: float


def set_marks_apart(body: str) -> str:
    """Return the body with every endnote mark, old and new, between MARK_OPENS and MARK_CLOSES."""
    pieces = []
    position = 0
    for candidate in _heaviest_series(_candidates(body)):
        pieces.append(body[position : candidate.start])
        pieces.append(f"{MARK_OPENS}{candidate.number}{MARK_CLOSES}")
        position = candidate.end
    pieces.append(body[position:])
    return "".join(pieces)


def _candidates(body: str) -> list[_Candidate]:
    found = {}
    for match in _SPACED_DIGITS.finditer(body):
        before = body[max(0, match.start() - 8) : match.start()]
        weight = _UNLIKELY / 4 if _BEFORE_NUMBER.search(before) else _SPACED
        found[match.span(1)] = weight
    for match in _GLUED_DIGITS.finditer(body):
        found[match.span(1)] = _weight_of_glued(body[max(0, match.start() - 8) : match.start()])
        digits = match.group(1)
        for length in (1, 2):  # a mark attached to a number: "COVID-19" and 93
            if len(digits) > length:
                found[match.end() - length, match.end()] = _UNLIKELY / 2
    for match in _ALONE_ON_LINE.finditer(body):
        found[match.span(1)] = _ALONE
    candidates = [
        _Candidate(start, end, int(body[start:end]), weight)
        for (start, end), weight in found.items()
        if int(body[start:end]) > 0 and body[start] != "0"
    ]
    candidates += [_Candidate(*match.span(), int(match.group(1)), _ALONE) for match in MARK.finditer(body)]
    return sorted(candidates, key=lambda candidate: candidate.start)


def _weight_of_glued(before: str) -> float:
    if _ACRONYM_BEFORE.search(before):
        return _UNLIKELY
    if re.search(r"\d[.,:]$", before):  # "in 2020.99" rather than "11.1", but either is possible
        return _SPACED if re.search(r"(?:\b\d{4}|/\d+)[.,]$", before) else _UNLIKELY
    return _GLUED


def _heaviest_series(candidates: list[_Candidate]) -> list[_Candidate]:
    """Return the rising series of numbers with the greatest weight; skipped numbers reduce the weight."""
    by_number: dict[int, list[tuple[int, float, int]]] = {}
    came_from: list[int | None] = [None] * len(candidates)
    best_index: int | None = None
    best_weight = 0.0
    for index, candidate in enumerate(candidates):
        weight = candidate.weight + _SKIPPED * min(candidate.number - 1, _FURTHEST_SKIP)
        for skipped in range(_FURTHEST_SKIP):
            earlier = by_number.get(candidate.number - 1 - skipped)
            before = _best_before(earlier, candidate.start)
            if before is None:
                continue
            through = before[0] + candidate.weight + _SKIPPED * skipped
            if through > weight:
                weight, came_from[index] = through, before[1]
        _remember(by_number.setdefault(candidate.number, []), candidate.end, weight, index)
        if weight > best_weight:
            best_index, best_weight = index, weight
    series = []
    while best_index is not None:
        series.append(candidates[best_index])
        best_index = came_from[best_index]
    return _without_weak_ends(series[::-1])


def _best_before(earlier: list[tuple[int, float, int]] | None, start: int) -> tuple[float, int] | None:
    """Return the heaviest series that ends before this offset; the list is sorted by end and weight."""
    if not earlier:
        return None
    position = bisect_left(earlier, (start + 1,))
    return (earlier[position - 1][1], earlier[position - 1][2]) if position else None


def _remember(ends: list[tuple[int, float, int]], end: int, weight: float, index: int) -> None:
    if not ends or weight > ends[-1][1]:
        ends.append((end, weight, index))


def _without_weak_ends(series: list[_Candidate]) -> list[_Candidate]:
    """Drop uncertain marks from either end of the series, where no certain mark confirms them."""
    certain = [index for index, candidate in enumerate(series) if candidate.weight >= _SPACED]
    return series[certain[0] : certain[-1] + 1] if certain else []


def without_marks(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the text without its endnote marks, and the (offset, number) of each mark."""
    clean = ""
    marks: list[tuple[int, int]] = []
    position = 0
    for match in MARK.finditer(text):
        clean = _append(clean, text[position : match.start()], after_mark=bool(marks))
        marks.append((len(clean), int(match.group(1))))
        position = match.end()
    clean = _append(clean, text[position:], after_mark=bool(marks))
    return clean, tuple((min(offset, len(clean)), number) for offset, number in marks)


def _append(clean: str, piece: str, *, after_mark: bool) -> str:
    """Append the text after a mark: keep a space between words, but none before a stop or comma."""
    piece = piece.rstrip() if not after_mark else piece.strip()
    if not piece:
        return clean
    needs_space = after_mark and clean and piece[0] not in ".,;:)]”’"
    return f"{clean} {piece}" if needs_space else clean + piece
