"""Passages as stems, rarity of stems, and profiles of issues as stem vectors. Pure functions.

Two passages are compared by their shared stems, weighted by rarity (BM25), with a lower weight for the
surrounding paragraphs. The profile of an issue is its name plus the mean of the passages tagged with it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from recommendations.search.text.stemming import stems

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

# Stop words: function words, question words and words frequent in every document.
_COMMON = """
    a an and are as at be been being by for from has have in into is it its of on or than that the their then
    there these they this those to was were with about after all also any because before but can could did do
    does during each had he her his how if may more most no not only other our out over own same she should
    so some such through under until up upon we what when where whether which while who whom why will within
    would you your s t
    state states party parties government committee
    и в во на с со по к о об от до для из у за что как а но или же бы не это его их при также
"""
COMMON = frozenset(_COMMON.split()) | frozenset(stems(_COMMON))
# Maximum number of stems taken from the surrounding paragraph.
AROUND_MAX = 600


def content_stems(found: Iterable[str]) -> list[str]:
    """Return the stems that are not stop words, in order."""
    return [stem for stem in found if stem not in COMMON]


@dataclass(frozen=True)
class Passage:
    """A text to compare: `words` are its content stems in order.

    `around` are the content stems of its paragraph with their counts, `heading` those of the heading above.
    `issues` are ids of its tags, `phrases` pairs of adjacent content stems. Passages with the same `place`
    (not None) are in the same round of a dialogue.
    """

    key: Hashable
    words: tuple[str, ...]
    around: Mapping[str, int] = field(default_factory=dict)
    heading: tuple[str, ...] = ()
    issues: frozenset[int] = frozenset()
    place: Hashable = None
    phrases: frozenset[tuple[str, str]] = frozenset()

    @cached_property
    def counts(self) -> Counter[str]:
        """Return the count of each stem."""
        return Counter(self.words)

    def weighted(self, around: float, heading: float = 0) -> dict[str, float]:
        """Return the weighted count of each stem, with these weights for paragraph and heading."""
        found: dict[str, float] = dict(self.counts)
        for stem, number in self.around.items():
            found[stem] = found.get(stem, 0) + around * number
        if heading:
            for stem in self.heading:
                found[stem] = found.get(stem, 0) + heading
        return found


def passage(
    key: Hashable,
    words: Iterable[str],
    around: str = "",
    heading: str = "",
    issues: Iterable[int] = (),
    place: Hashable = None,
) -> Passage:
    """Return a passage of these stems; paragraph (`around`) and heading are given as text."""
    words = list(words)
    side_by_side = ((one, two) for one, two in pairwise(words) if not {one, two} & COMMON)
    return Passage(
        key,
        tuple(content_stems(words)),
        Counter(content_stems(stems(around))[:AROUND_MAX]),
        tuple(content_stems(stems(heading))),
        frozenset(issues),
        place,
        frozenset(side_by_side),
    )


@dataclass(frozen=True)
class Rarity:
    """Document frequency: the number of passages that contain each stem, out of `total`."""

    passages: Mapping[str, int]
    total: int

    @classmethod
    def of(cls, many: Iterable[Iterable[str]]) -> Rarity:
        """Count the stems of these passages."""
        counts: Counter[str] = Counter()
        total = 0
        for words in many:
            counts.update(set(words))
            total += 1
        return cls(counts, total)

    def __add__(self, other: Rarity) -> Rarity:
        return Rarity(Counter(self.passages) + Counter(other.passages), self.total + other.total)

    @cached_property
    def _weights(self) -> dict[str, float]:
        return {}

    def weight(self, stem: str) -> float:
        """Return the inverse document frequency of a stem as in BM25, always above 0."""
        found = self._weights.get(stem)
        if found is None:
            number = min(self.passages.get(stem, 0), self.total)
            found = math.log(1 + (self.total - number + 0.5) / (number + 0.5)) + 0.01
            self._weights[stem] = found
        return found


# Weights of the surrounding paragraph and of the heading when a passage is compared with issues.
AROUND, HEADING = 0.3, 0.3
# Weight of the mean of the tagged passages, relative to the issue's name.
TAGGED = 2.0
# Maximum number of stems in a profile, the heaviest.
PROFILE_MAX = 400
# Maximum number of issues of an untagged passage.
ISSUES_MAX = 6

Vector = dict[str, float]


def normed(vector: Mapping[str, float]) -> Vector:
    """Return the vector scaled to length 1; an empty one stays empty."""
    length = math.sqrt(sum(value * value for value in vector.values()))
    return {key: value / length for key, value in vector.items()} if length else {}


def vector(counts: Mapping[str, float], rarity: Rarity) -> Vector:
    """Return the TF-IDF vector at length 1."""
    return normed(
        {
            stem: (1 + math.log(number) if number >= 1 else number) * rarity.weight(stem)
            for stem, number in counts.items()
        }
    )


def profile(name: Sequence[str], tagged: Iterable[Sequence[str]], rarity: Rarity) -> Vector:
    """Return the profile of an issue from the stems of its name and of the passages tagged with it."""
    sums: defaultdict[str, float] = defaultdict(float)
    number = 0
    for words in tagged:
        number += 1
        for stem, value in vector(Counter(words), rarity).items():
            sums[stem] += value
    found = {stem: TAGGED * value / (number + 1) for stem, value in sums.items()}
    for stem, value in vector(Counter(name), rarity).items():
        found[stem] = found.get(stem, 0) + value
    heaviest = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:PROFILE_MAX]
    return normed(dict(heaviest))


@dataclass(frozen=True)
class Profiles:
    """Profiles of all issues by id; `names` are the stems of their names."""

    by_issue: Mapping[int, Vector]
    names: Mapping[int, frozenset[str]]
    rarity: Rarity

    @cached_property
    def by_stem(self) -> dict[str, list[tuple[int, float]]]:
        """Return for each stem the issues with it and its weight in their profiles."""
        found: dict[str, list[tuple[int, float]]] = {}
        for issue, its in self.by_issue.items():
            for stem, value in its.items():
                found.setdefault(stem, []).append((issue, value))
        return found

    def scores(self, asked: Passage) -> dict[int, float]:
        """Return the cosine similarity, in (0, 1], with each issue that shares a stem with the passage."""
        found: dict[int, float] = {}
        for stem, value in vector(asked.weighted(AROUND, HEADING), self.rarity).items():
            for issue, other in self.by_stem.get(stem, ()):
                found[issue] = found.get(issue, 0) + value * other
        return found

    def about(self, asked: Passage) -> dict[int, float]:
        """Return the passage's issues as a vector of length 1: its tags, or else the most similar issues."""
        if asked.issues:
            each = 1 / math.sqrt(len(asked.issues))
            return dict.fromkeys(asked.issues, each)
        best = sorted(self.scores(asked).items(), key=lambda pair: (-pair[1], pair[0]))[:ISSUES_MAX]
        length = math.sqrt(sum(value * value for _, value in best)) or 1
        return {issue: value / length for issue, value in best}
