"""Rank passages and issues that match a passage, each with the signals that explain it. Pure functions."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from recommendations.desk.suggestions.terms import AROUND, HEADING, vector

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable

    from recommendations.desk.suggestions.terms import Passage, Profiles, Rarity

# BM25 parameters k1 (saturation of term frequency) and b (length normalisation).
SATURATION, LENGTH = 1.2, 0.5
# Maximum count of a stem in the query passage.
REPEATED_MAX = 1.5
# Maximum number of shared stems per result, the rarest first.
SHARED_MAX = 8


@dataclass(frozen=True)
class Weights:
    """Weights of the signals besides shared stems (docs/performance.md describes the tuning)."""

    phrases: float = 0.15
    issues: float = 0.5
    place: float = 0.1
    # Weight of the surrounding paragraph: of the query passage, and of the candidates.
    around_asked: float = 0.25
    around: float = 0.3


WEIGHTS = Weights()
# Above these scores, a link between records or an issue is right more often than not. No score achieves that
# for responses: of several on the same subject, people linked the one that says most.
LIKELY = 0.75
LIKELY_ISSUE = 0.26


@dataclass(frozen=True)
class Ranked:
    """A candidate with its score and signals, the strongest first.

    `words` are stems in both texts, `phrases` adjacent stems in both, `around` shared stems of which at least
    one occurrence is only in the paragraph. `issues` are shared issues; `tagged` is True if both passages are
    tagged, not only similar to the issues. `same_place` means the same round of a dialogue.
    """

    key: Hashable
    score: float
    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, str], ...] = ()
    around: tuple[str, ...] = ()
    issues: tuple[int, ...] = ()
    tagged: bool = False
    same_place: bool = False


class PassageIndex:
    """Candidate passages with precomputed weights of their stems."""

    def __init__(
        self, passages: Iterable[Passage], rarity: Rarity, profiles: Profiles, weights: Weights = WEIGHTS
    ) -> None:
        """Store the passages by key; weights are computed on first use, some microseconds per stem."""
        self.passages = {each.key: each for each in passages}
        self.rarity = rarity
        self.profiles = profiles
        self.weights = weights

    @cached_property
    def _weighed(self) -> dict[Hashable, dict[str, float]]:
        counts = {key: each.weighted(self.weights.around) for key, each in self.passages.items()}
        lengths = {key: sum(found.values()) for key, found in counts.items()}
        mean = sum(lengths.values()) / (len(lengths) or 1) or 1
        flat, steep = SATURATION * (1 - LENGTH), SATURATION * LENGTH / mean
        return {
            key: {
                stem: number * (SATURATION + 1) / (number + flat + steep * lengths[key])
                for stem, number in found.items()
            }
            for key, found in counts.items()
        }

    @cached_property
    def _about(self) -> dict[Hashable, dict[int, float]]:
        return {key: self.profiles.about(each) for key, each in self.passages.items()}

    @cached_property
    def _phrase_uses(self) -> Counter[tuple[str, str]]:
        return Counter(phrase for each in self.passages.values() for phrase in each.phrases)

    def rank(
        self,
        asked: Passage,
        among: Iterable[Hashable] | None = None,
        limit: int = 5,
        always: Collection[Hashable] = (),
    ) -> list[Ranked]:
        """Return the best matching passages, best first; each shares a stem or an issue with `asked`.

        `among` limits the candidates to these keys; candidates in `always` are returned whatever their score.
        Ties are sorted by key.
        """
        weights = self.weights
        query = {
            stem: min(number, REPEATED_MAX) * self.rarity.weight(stem)
            for stem, number in asked.weighted(weights.around_asked).items()
        }
        # The highest possible sum, to normalise scores.
        most = sum(query.values()) or 1
        about = self.profiles.about(asked)
        keys = self.passages if among is None else among
        scores: list[tuple[float, Hashable]] = []
        for key in keys:
            each = self.passages.get(key)
            if each is None or each is asked:
                continue
            weighed = self._weighed[key]
            words = sum(value * weighed[stem] for stem, value in query.items() if stem in weighed) / most
            other = self._about[key]
            issues = sum(value * other[issue] for issue, value in about.items() if issue in other)
            if not words and not issues and key not in always:
                continue
            score = words + weights.issues * issues + weights.phrases * self._phrases(asked, each)
            score += weights.place * self._same_place(asked, each)
            scores.append((score, key))
        scores.sort(key=lambda pair: (-pair[0], str(pair[1])))
        chosen = [pair for pair in scores if pair[1] in always]
        chosen += [pair for pair in scores if pair[1] not in always][: max(0, limit - len(chosen))]
        chosen.sort(key=lambda pair: -pair[0])
        return [self._explained(asked, key, score) for score, key in chosen]

    def _phrases(self, asked: Passage, other: Passage) -> float:
        shared = asked.phrases & other.phrases
        rare = sum(1 / math.log(2 + self._phrase_uses[phrase]) for phrase in shared)
        return rare / (1 + math.log(1 + len(asked.phrases)))

    @staticmethod
    def _same_place(asked: Passage, other: Passage) -> bool:
        return asked.place is not None and asked.place == other.place

    def _explained(self, asked: Passage, key: Hashable, score: float) -> Ranked:
        other = self.passages[key]

        def by_rarity(stems: Iterable[str]) -> tuple[str, ...]:
            return tuple(sorted(stems, key=lambda stem: (-self.rarity.weight(stem), stem))[:SHARED_MAX])

        words = asked.counts.keys() & other.counts.keys()
        wide = (asked.counts.keys() | asked.around.keys()) & (other.counts.keys() | other.around.keys())
        about, of_other = self.profiles.about(asked), self._about[key]
        both = sorted(
            about.keys() & of_other.keys(), key=lambda issue: (-about[issue] * of_other[issue], issue)
        )
        tagged = bool(asked.issues and other.issues)
        return Ranked(
            key,
            score,
            words=by_rarity(words),
            phrases=tuple(sorted(asked.phrases & other.phrases)),
            around=by_rarity(wide - words),
            issues=tuple(both if tagged else both[:2]),
            tagged=tagged,
            same_place=self._same_place(asked, other),
        )


@dataclass(frozen=True)
class RankedIssue:
    """An issue for a passage with its score and shared stems; `named` are those in the issue's name."""

    issue: int
    score: float
    words: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def rank_issues(asked: Passage, profiles: Profiles, left_out: Collection[int] = ()) -> list[RankedIssue]:
    """Return issues similar to the passage, best first, except its own and those in `left_out`."""
    found = profiles.scores(asked)
    weighed = vector(asked.weighted(AROUND, HEADING), profiles.rarity)
    ranked = []
    for issue, score in sorted(found.items(), key=lambda pair: (-pair[1], pair[0])):
        if issue in asked.issues or issue in left_out:
            continue
        its = profiles.by_issue[issue]
        shared = sorted(
            (stem for stem in weighed if stem in its), key=lambda stem: (-weighed[stem] * its[stem], stem)
        )[:SHARED_MAX]
        named = tuple(stem for stem in shared if stem in profiles.names[issue])
        ranked.append(RankedIssue(issue, score, tuple(shared), named))
    return ranked
