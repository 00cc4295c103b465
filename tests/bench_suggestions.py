"""How good suggestions are, measured against the shipped curation. `python -m tests.bench_suggestions`.

The records are parted into five folds by paragraph, and each fold is suggested for with what was learned
from the others. Weights were tuned on one half of the paragraphs; figures are of the other half, the part
held out. Links are found in two situations: before anybody has given the record its issues, and after.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recommendations.desk.suggestions.corpus import Corpus
    from recommendations.desk.suggestions.terms import Passage, Profiles, Rarity

FOLDS = 5
AT = 5
Gold = dict[int, set[int]]


@dataclass
class World:
    """The shipped curation: the passages of the State, what was judged of them, and folds by paragraph."""

    records: dict[int, Passage]
    responses: dict[int, Passage]
    names: dict[int, list[str]]
    rarity: Rarity
    answers: Gold
    chains: Gold
    again: Gold
    taken_up: Gold
    earlier: list[int]
    asks: list[int]
    fold: dict[int, int]
    held_out: set[int]
    references: dict[int, str]


def load() -> World:
    """Read it from the database, which holds the shipped records."""
    from recommendations.desk.suggestions.corpus import corpus_of
    from recommendations.desk.suggestions.terms import content_stems
    from recommendations.models import Issue, Recommendation, RecommendationLink, ResponseLink, State
    from recommendations.search.text.stemming import stems

    corpus: Corpus = corpus_of(State.objects.get().pk)
    # Of the database, keys are ids.
    records: Any = dict(corpus.records.passages)
    responses: Any = dict(corpus.responses.passages)
    answers: Gold = defaultdict(set)
    for response, record in ResponseLink.objects.published().values_list("response", "recommendation"):
        answers[record].add(response)
    by_relation: dict[str, Gold] = defaultdict(lambda: defaultdict(set))
    chains: Gold = defaultdict(set)
    links = RecommendationLink.objects.published().values_list("earlier", "later", "relation")
    for earlier, later, relation in links:
        chains[later].add(earlier)
        by_relation["again" if relation != "related" else "related"][later].add(earlier)
        by_relation[relation][later].add(earlier)
    paragraphs = dict(Recommendation.objects.values_list("pk", "paragraph__position"))
    document = dict(Recommendation.objects.values_list("pk", "document"))
    place = {pk: (document[pk], paragraphs[pk]) for pk in records}
    order = sorted(set(place.values()))
    random.Random(7).shuffle(order)  # noqa: S311  (the same parts each time)
    number = {each: index for index, each in enumerate(order)}
    first = min(fact.starts_on for fact in corpus.words.facts.values())
    earlier_ones = sorted(pk for pk, fact in corpus.words.facts.items() if fact.starts_on == first)
    return World(
        records,
        responses,
        {pk: content_stems(stems(name)) for pk, name in Issue.objects.values_list("pk", "name")},
        corpus.words.rarity,
        answers,
        chains,
        by_relation["again"],
        by_relation["taken_up"],
        earlier_ones,
        [pk for pk in earlier_ones if corpus.words.facts[pk].kind != "commendation"],
        {pk: number[place[pk]] % FOLDS for pk in records},
        {pk for pk in records if number[place[pk]] % 2},
        {pk: fact.reference for pk, fact in corpus.words.facts.items()},
    )


def learned(world: World, without: int) -> Profiles:
    """The issues as learned from all folds but one."""
    from recommendations.desk.suggestions.terms import Profiles, Rarity, profile

    examples: dict[int, list[tuple[str, ...]]] = defaultdict(list)
    kept = [each for pk, each in world.records.items() if world.fold[pk] != without]
    for each in kept:
        for issue in each.issues:
            examples[issue].append(each.words)
    rarity = Rarity.of(each.words for each in kept)
    by_issue = {pk: profile(name, examples[pk], rarity) for pk, name in world.names.items()}
    return Profiles(by_issue, {pk: frozenset(name) for pk, name in world.names.items()}, rarity)


# Issues

Scores = dict[int, list[tuple[int, float]]]


def issue_scores(world: World) -> Scores:
    """For each record the issues suggested for it, with their scores, the best first."""
    from recommendations.desk.suggestions.ranking import rank_issues

    found: Scores = {}
    for fold in range(FOLDS):
        profiles = learned(world, fold)
        for pk, each in world.records.items():
            if world.fold[pk] == fold:
                asked = replace(each, issues=frozenset())
                found[pk] = [(row.issue, row.score) for row in rank_issues(asked, profiles)]
    return found


def issue_baselines(world: World) -> dict[str, Scores]:
    """The same by plain means: at random, the most frequent, the name alone, and the nearest record."""
    from recommendations.desk.suggestions.terms import vector

    rng = random.Random(1)  # noqa: S311
    issues = sorted(world.names)
    found: dict[str, Scores] = {"at random": {}, "the most frequent": {}, "the nearest record, TF-IDF": {}}
    for pk in world.records:
        found["at random"][pk] = [(issue, 0.0) for issue in rng.sample(issues, len(issues))]
        others = [each for other, each in world.records.items() if world.fold[other] != world.fold[pk]]
        frequent = Counter(issue for each in others for issue in each.issues)
        found["the most frequent"][pk] = [(issue, 0.0) for issue, _ in frequent.most_common()]
    vectors = {pk: vector(each.counts, world.rarity) for pk, each in world.records.items()}
    for pk in world.records:
        near = sorted(
            (other for other in world.records if world.fold[other] != world.fold[pk]),
            key=lambda other: -cosine(vectors[pk], vectors[other]),
        )
        ordered = dict.fromkeys(issue for other in near[:20] for issue in sorted(world.records[other].issues))
        found["the nearest record, TF-IDF"][pk] = [(issue, 0.0) for issue in ordered]
    return found


def cosine(one: dict[str, float], other: dict[str, float]) -> float:
    """Of vectors of length 1."""
    return sum(value * other[stem] for stem, value in one.items() if stem in other)


def micro_f1(world: World, scores: Scores, at_least: float | None, among: Iterable[int]) -> float:
    """Of the issues that score so much, the best one in any case; without a score, of the best one only."""
    right = wrong = missed = 0
    for pk in among:
        chosen = {issue for issue, score in scores[pk] if at_least is not None and score >= at_least}
        chosen |= {issue for issue, _ in scores[pk][:1]}
        gold = world.records[pk].issues
        right += len(chosen & gold)
        wrong += len(chosen - gold)
        missed += len(gold - chosen)
    return 2 * right / (2 * right + wrong + missed)


def issue_recall(world: World, scores: Scores, among: Iterable[int]) -> float:
    """Of the issues that records have, those among the first five suggested."""
    among = list(among)
    found = sum(len({issue for issue, _ in scores[pk][:AT]} & world.records[pk].issues) for pk in among)
    return found / sum(len(world.records[pk].issues) for pk in among)


# Links

Ranking = dict[int, list[int]]


def link_rankings(world: World, gold: Gold, among: Iterable[int], *, answers: bool, tagged: bool) -> Ranking:
    """For each record the five best of its links' other ends, with its issues known or not."""
    from recommendations.desk.suggestions.ranking import PassageIndex

    among = list(among)
    found: Ranking = {}
    for fold in range(FOLDS):
        profiles = learned(world, fold)
        rarity = world.rarity + profiles.rarity
        shelf = PassageIndex((world.responses if answers else world.records).values(), rarity, profiles)
        for pk in gold:
            if world.fold[pk] == fold:
                asked = world.records[pk] if tagged else replace(world.records[pk], issues=frozenset())
                found[pk] = [each.key for each in shelf.rank(asked, among, AT)]  # type: ignore[misc]  # keys are numbers here
    return found


def link_baselines(world: World, gold: Gold, among: Iterable[int], *, answers: bool) -> dict[str, Ranking]:
    """The same by plain means."""
    from recommendations.desk.suggestions.terms import vector

    shelf = world.responses if answers else world.records
    among, rng = list(among), random.Random(1)  # noqa: S311
    vectors = {pk: vector(shelf[pk].counts, world.rarity) for pk in among}
    found: dict[str, Ranking] = {"at random": {}, "the most linked": {}, "plain TF-IDF": {}}
    for pk in gold:
        found["at random"][pk] = rng.sample(among, AT)
        linked = Counter(end for other, ends in gold.items() if other != pk for end in ends)
        found["the most linked"][pk] = [end for end, _ in linked.most_common(AT)]
        own = vector(world.records[pk].counts, world.rarity)
        found["plain TF-IDF"][pk] = sorted(among, key=lambda end: -cosine(own, vectors[end]))[:AT]
    return found


def recall(gold: Gold, ranking: Ranking, among: Iterable[int]) -> tuple[float, float]:
    """Of all links those found, and of the records those with at least one found, among the first five."""
    hits = links = records = any_hit = 0
    for pk in among:
        if pk in gold:
            found = len(set(ranking[pk][:AT]) & gold[pk])
            hits, links = hits + found, links + len(gold[pk])
            records, any_hit = records + 1, any_hit + bool(found)
    return hits / links, any_hit / records


@dataclass(frozen=True)
class Figures:
    """What a floor is set for: of the part held out, or of all where that is small."""

    issues_f1: float
    issues_recall: float
    responses: float
    responses_tagged: float
    chains: float
    chains_tagged: float
    taken_up: float


def link_tasks(world: World) -> dict[str, tuple[Gold, list[int], bool, set[int]]]:
    """What is linked: the links, the ends to choose from, whether these are responses, and what counts."""
    everything = set(world.records)
    return {
        "responses": (world.answers, sorted(world.responses), True, world.held_out),
        "chains, all links": (world.chains, world.earlier, False, world.held_out),
        "chains, taken up or repeated": (world.again, world.earlier, False, everything),
        "asks taken up": (world.taken_up, world.asks, False, everything),
    }


def measure(world: World) -> Figures:
    """The figures without the baselines."""
    from recommendations.desk.suggestions.ranking import LIKELY_ISSUE

    scores = issue_scores(world)
    found = {}
    for name, (gold, among, answers, counted) in link_tasks(world).items():
        for tagged in (False, True):
            ranking = link_rankings(world, gold, among, answers=answers, tagged=tagged)
            found[name, tagged] = recall(gold, ranking, counted)[0]
    return Figures(
        micro_f1(world, scores, LIKELY_ISSUE, world.held_out),
        issue_recall(world, scores, world.held_out),
        found["responses", False],
        found["responses", True],
        found["chains, all links", False],
        found["chains, all links", True],
        found["asks taken up", False],
    )


def table(world: World) -> list[str]:
    """The tables of docs/performance.md."""
    from recommendations.desk.suggestions.ranking import LIKELY_ISSUE

    held = world.held_out
    tuned = set(world.records) - held
    lines = ["| issues | micro-F1 | recall at 5 |", "|---|---|---|"]
    rows: list[tuple[str, Scores, float | None, set[int]]] = [
        (name, scores, None, held) for name, scores in issue_baselines(world).items()
    ]
    scores = issue_scores(world)
    rows += [
        ("**ours, held out**", scores, LIKELY_ISSUE, held),
        ("ours, part tuned on", scores, LIKELY_ISSUE, tuned),
    ]
    for name, each, at_least, among in rows:
        f1, at_five = micro_f1(world, each, at_least, among), issue_recall(world, each, among)
        lines.append(f"| {name} | {f1:.2f} | {at_five:.2f} |")
    for task, (gold, ends, answers, counted) in link_tasks(world).items():
        asked = [pk for pk in gold if pk in counted]
        number = sum(len(gold[pk]) for pk in asked)
        lines += ["", f"| {task}: {number} links of {len(asked)} records | links found in the first 5 |"]
        lines[-1] += " records with one found |"
        lines.append("|---|---|---|")
        found = link_baselines(world, gold, ends, answers=answers)
        for tagged in (False, True):
            name = "**ours, issues known**" if tagged else "**ours, words only**"
            found[name] = link_rankings(world, gold, ends, answers=answers, tagged=tagged)
        for name, ranking in found.items():
            links, records = recall(gold, ranking, counted)
            lines.append(f"| {name} | {links:.2f} | {records:.2f} |")
    return lines


def main() -> None:
    """Print the tables, from a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command
        from django.db import transaction

        from recommendations.importing.fixtures.load import load as load_fixtures

        call_command("migrate", verbosity=0)
        with transaction.atomic():
            load_fixtures(settings.BASE_DIR / "fixtures" / "built")
            sys.stdout.write("\n".join(table(load())) + "\n")
            transaction.set_rollback(True)


if __name__ == "__main__":
    main()
