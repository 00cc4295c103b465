"""What is compared: passages as stems, how telling each stem is, and issues by their stems. Pure.

Two passages are held together by the words that both have, weighted by how rare these are (BM25), with
the paragraph around them in the background. An issue is its name and the mean of what was tagged with it.
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

# Words that hold a sentence together and say nothing of its subject; questions have many of them.
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
# Of a long paragraph only so many words are looked at.
AROUND_MAX = 600


def telling(found: Iterable[str]) -> list[str]:
    """The stems that can say something of the subject, in order."""
    return [stem for stem in found if stem not in COMMON]


@dataclass(frozen=True)
class Passage:
    """A piece of text to compare: `words` are the telling stems of its own words, in order.

    `around` are those of the paragraph that it stands in, `heading` those above it. `issues` are the
    issues that somebody gave it, `phrases` telling stems that stand side by side. Two passages with the
    same `place` (not None) stand in one round of a dialogue.
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
        """How often it has each stem."""
        return Counter(self.words)

    def weighted(self, around: float, heading: float = 0) -> dict[str, float]:
        """How much there is of each stem, of which the paragraph and the heading count for less."""
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
    """A passage of these stems, the paragraph around it and the heading above it as text."""
    words = list(words)
    side_by_side = ((one, two) for one, two in pairwise(words) if not {one, two} & COMMON)
    return Passage(
        key,
        tuple(telling(words)),
        Counter(telling(stems(around))[:AROUND_MAX]),
        tuple(telling(stems(heading))),
        frozenset(issues),
        place,
        frozenset(side_by_side),
    )


@dataclass(frozen=True)
class Rarity:
    """In how many of so many passages each stem stands."""

    passages: Mapping[str, int]
    total: int

    @classmethod
    def of(cls, many: Iterable[Iterable[str]]) -> Rarity:
        """Counted over these."""
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
        """Above 0; the rarer, the more. As in BM25."""
        found = self._weights.get(stem)
        if found is None:
            number = min(self.passages.get(stem, 0), self.total)
            found = math.log(1 + (self.total - number + 0.5) / (number + 0.5)) + 0.01
            self._weights[stem] = found
        return found


# How much the paragraph around and the heading above count in what a passage is about.
AROUND, HEADING = 0.3, 0.3
# Against the name of an issue: the mean of what was tagged with it.
TAGGED = 2.0
# Stems of an issue that are kept, the heaviest.
PROFILE_MAX = 400
# A passage is about so many issues at most, where nobody has said.
ISSUES_MAX = 6

Vector = dict[str, float]


def normed(vector: Mapping[str, float]) -> Vector:
    """At length 1; empty stays empty."""
    length = math.sqrt(sum(value * value for value in vector.values()))
    return {key: value / length for key, value in vector.items()} if length else {}


def vector(counts: Mapping[str, float], rarity: Rarity) -> Vector:
    """TF-IDF at length 1."""
    return normed(
        {
            stem: (1 + math.log(number) if number >= 1 else number) * rarity.weight(stem)
            for stem, number in counts.items()
        }
    )


def profile(name: Sequence[str], tagged: Iterable[Sequence[str]], rarity: Rarity) -> Vector:
    """What an issue sounds like: its name, and the mean of the passages tagged with it."""
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
    """All issues by what they sound like; `names` are the stems of their names."""

    by_issue: Mapping[int, Vector]
    names: Mapping[int, frozenset[str]]
    rarity: Rarity

    @cached_property
    def by_stem(self) -> dict[str, list[tuple[int, float]]]:
        """For each stem the issues that have it."""
        found: dict[str, list[tuple[int, float]]] = {}
        for issue, its in self.by_issue.items():
            for stem, value in its.items():
                found.setdefault(stem, []).append((issue, value))
        return found

    def scores(self, asked: Passage) -> dict[int, float]:
        """How close the passage is to each issue that it shares a word with: above 0, at most 1."""
        found: dict[int, float] = {}
        for stem, value in vector(asked.weighted(AROUND, HEADING), self.rarity).items():
            for issue, other in self.by_stem.get(stem, ()):
                found[issue] = found.get(issue, 0) + value * other
        return found

    def about(self, asked: Passage) -> dict[int, float]:
        """What the passage is about, at length 1: the issues it was given, or what it sounds like."""
        if asked.issues:
            each = 1 / math.sqrt(len(asked.issues))
            return dict.fromkeys(asked.issues, each)
        best = sorted(self.scores(asked).items(), key=lambda pair: (-pair[1], pair[0]))[:ISSUES_MAX]
        length = math.sqrt(sum(value * value for _, value in best)) or 1
        return {issue: value / length for issue, value in best}
