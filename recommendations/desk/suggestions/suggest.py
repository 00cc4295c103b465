"""Suggestions for a record, or for one that is not stored yet, from what the database holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from recommendations.desk.suggestions.corpus import Surroundings, corpus_of
from recommendations.desk.suggestions.learning import profiles
from recommendations.desk.suggestions.ranking import LIKELY, LIKELY_ISSUE, RankedIssue, rank_issues
from recommendations.desk.suggestions.reasons import Forms, of_issue, of_pair, of_time, shared_words
from recommendations.desk.suggestions.results import Draft, Kind, Suggestion
from recommendations.desk.suggestions.terms import Passage, passage
from recommendations.models import (
    Issue,
    IssueTag,
    Paragraph,
    Recommendation,
    RecommendationLink,
    ResponseLink,
    Review,
    StateResponse,
)
from recommendations.models.suggestions import SuggestionDecision
from recommendations.search.text.stemming import stems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from recommendations.desk.suggestions.corpus import Corpus
    from recommendations.desk.suggestions.ranking import Ranked

LIMIT = 5


@dataclass(frozen=True)
class Asked:
    """What suggestions are asked for, stored (`pk`) or not."""

    passage: Passage
    text: str
    context: str
    review: Review
    pk: int | None
    whole: int | None
    document: int | None
    kind: str
    by_examiner: bool


def suggest_issues(
    asked: Recommendation | Draft | str, *, context: str = "", heading: str = "", limit: int = LIMIT
) -> list[Suggestion]:
    """Issues for a record or for bare words; without those it has, and those that were decided on."""
    stored: set[int] = set()
    if isinstance(asked, Recommendation):
        one = _stored(asked, passage_of(asked))
        left_out = decided(one, "issue") | one.passage.issues
        suggested = IssueTag.objects.filter(recommendation=asked.pk, origin=IssueTag.Origin.SUGGESTION)
        stored = set(suggested.values_list("issue", flat=True)) - left_out
        words, text, context = one.passage, one.text, one.context
    else:
        if isinstance(asked, Draft):
            context, heading = asked.context, asked.heading
        text = asked.text if isinstance(asked, Draft) else asked
        left_out = set(asked.issues) if isinstance(asked, Draft) else set()
        words = passage(None, stems(text), context, heading, left_out)
    found = {each.issue: each for each in rank_issues(words, profiles(), left_out)}
    others = [issue for issue in found if issue not in stored]
    chosen = [*sorted(stored), *others[: max(0, limit - len(stored))]]
    paths = dict(Issue.objects.filter(pk__in=chosen).values_list("pk", "path"))
    here, around = Forms(text), Forms(context, heading)
    suggestions = [
        Suggestion(
            Kind.ISSUE,
            pk,
            paths[pk],
            ranked.score,
            ranked.score >= LIKELY_ISSUE,
            shared_words(ranked.words, here, None),
            tuple(of_issue(ranked, here, around)),
            stored=pk in stored,
        )
        for pk in chosen
        for ranked in [found.get(pk) or RankedIssue(pk, 0)]
    ]
    return sorted(suggestions, key=lambda each: -each.score)


def _judged(pk: int | None) -> Any:
    return IssueTag.objects.exclude(origin=IssueTag.Origin.SUGGESTION).filter(recommendation=pk).order_by()


def suggest_responses(asked: Recommendation | Draft, *, limit: int = LIMIT) -> list[Suggestion]:
    """Responses of the State, from the record's review or a later one, that may answer it."""
    one, corpus = prepare(asked)
    said = corpus.words.said
    links = ResponseLink.objects.filter(recommendation=one.pk).values_list("response", "confirmed")
    confirmed, stored = split_links(links if one.pk else [])
    left_out = confirmed | decided(one, "response")
    among = [pk for pk, each in said.items() if each.date >= one.review.starts_on and pk not in left_out]
    ranked = corpus.responses.rank(one.passage, among, limit, stored)
    rows = StateResponse.objects.select_related("document__review").in_bulk([each.key for each in ranked])

    def made(each: Ranked, row: Any, reasons: list[str], rationale: str) -> Suggestion:
        return Suggestion(
            Kind.RESPONSE,
            row.pk,
            row.reference,
            each.score,
            likely=False,
            shared=shared_words(each.words, Forms(one.text), Forms(row.text)),
            reasons=(*reasons, of_time(one.review.starts_on, row.date, row.document.review.short_label)),
            rationale=rationale,
            default=ResponseLink.Stance.REPORTS_MEASURE,
            stored=row.pk in stored,
        )

    return explained(one, corpus, ranked, rows, made)


def suggest_earlier(asked: Recommendation | Draft, *, limit: int = LIMIT) -> list[Suggestion]:
    """Records of earlier reviews of the State that the record repeats or belongs to."""
    one, corpus = prepare(asked)
    among = [
        pk
        for pk, fact in corpus.words.facts.items()
        if fact.starts_on < one.review.starts_on and fact.review != one.review.pk
    ]
    return linked(Kind.EARLIER, one, corpus, among, limit)


def suggest_taken_up(asked: Recommendation | Draft, *, limit: int = LIMIT) -> list[Suggestion]:
    """For what an examiner (a recommending State, a committee) put: the stakeholders' asks that it took up.

    For what a stakeholder asked: the examiners' records that took it up. Of the same review or,
    what was asked before, of another one.
    """
    one, corpus = prepare(asked)
    facts, examined = corpus.words.facts, corpus.examined
    begins = one.review.starts_on
    among = [
        pk
        for pk, fact in facts.items()
        if (pk in examined) != one.by_examiner
        and fact.document != one.document
        and (fact.starts_on <= begins if one.by_examiner else fact.starts_on >= begins)
        and fact.kind != Recommendation.Kind.COMMENDATION
    ]
    return linked(Kind.TAKEN_UP, one, corpus, among, limit)


def linked(kind: Kind, one: Asked, corpus: Corpus, among: Iterable[int], limit: int) -> list[Suggestion]:
    """Suggestions of another record, of these."""
    confirmed, stored = split_links(links_of(one.pk) if one.pk else [])
    left_out = confirmed | decided(one, "other")
    facts = corpus.words.facts
    among = [pk for pk in among if pk not in left_out and facts[pk].whole != one.whole]
    ranked = corpus.records.rank(one.passage, among, limit, stored)
    rows = Recommendation.objects.select_related("document__review").in_bulk([each.key for each in ranked])

    def made(each: Ranked, row: Any, reasons: list[str], rationale: str) -> Suggestion:
        review = row.document.review
        # Between reviews four in five links of the shipped curation are "related".
        same = review.pk == one.review.pk
        relations = RecommendationLink.Relation
        return Suggestion(
            kind,
            row.pk,
            row.reference,
            each.score,
            each.score >= LIKELY,
            shared_words(each.words, Forms(one.text), Forms(row.text)),
            (*reasons, of_time(one.review.starts_on, review.starts_on, review.short_label)),
            rationale,
            relations.TAKEN_UP if same else relations.RELATED,
            row.pk in stored,
        )

    return explained(one, corpus, ranked, rows, made)


def explained(
    one: Asked,
    corpus: Corpus,
    ranked: list[Ranked],
    rows: dict[Any, Any],
    made: Callable[[Ranked, Any, list[str], str], Suggestion],
) -> list[Suggestion]:
    """The suggestions of what was ranked, with their reasons."""
    here, around = Forms(one.text), Forms(one.text, one.context)
    wanted = {pk for each in ranked for pk in each.issues}
    issues = {issue.pk: str(issue) for issue in Issue.objects.filter(pk__in=wanted).select_related("parent")}
    place = one.passage.place[1] if isinstance(one.passage.place, tuple) else ""
    found = []
    for each in ranked:
        if each.key in rows:
            reasons, rationale = of_pair(each, here, around, issues, place)
            found.append(made(each, rows[each.key], reasons, rationale))
    return found


def split_links(links: Iterable[tuple[int, bool]]) -> tuple[set[int], set[int]]:
    """The ids at the other end of confirmed links, and of those that are only suggested."""
    confirmed: set[int] = set()
    stored: set[int] = set()
    for other, is_confirmed in links:
        (confirmed if is_confirmed else stored).add(other)
    return confirmed, stored


def links_of(pk: int) -> list[tuple[int, bool]]:
    """The other ends of a record's links, and whether each is confirmed."""
    rows = RecommendationLink.objects.filter(Q(earlier=pk) | Q(later=pk)).order_by()
    return [
        (later if earlier == pk else earlier, confirmed)
        for earlier, later, confirmed in rows.values_list("earlier", "later", "confirmed")
    ]


def decided(one: Asked, target: str) -> set[int]:
    """The ids of what was accepted or dismissed for the record; of two records either way round."""
    if one.pk is None:
        return set()
    rows = SuggestionDecision.objects.filter(recommendation=one.pk, **{f"{target}__isnull": False}).order_by()
    found = set(rows.values_list(target, flat=True))
    if target == "other":
        about = SuggestionDecision.objects.filter(other=one.pk).order_by()
        found |= set(about.values_list("recommendation", flat=True))
    return found


def prepare(asked: Recommendation | Draft) -> tuple[Asked, Corpus]:
    """What is asked for, and the corpus of its State."""
    if isinstance(asked, Draft):
        words = passage(None, stems(asked.text), asked.context, asked.heading, asked.issues)
        one = Asked(words, asked.text, asked.context, asked.review, None, None, None, "", asked.by_examiner)
        return one, corpus_of(asked.review.state_id)
    corpus = corpus_of(asked.document.review.state_id)
    known = corpus.records.passages.get(asked.pk)
    return _stored(asked, known or passage_of(asked), by_examiner=asked.pk in corpus.examined), corpus


def passage_of(record: Recommendation) -> Passage:
    """The passage of a record, with the issues that it has."""
    around = Surroundings([record.paragraph_id])
    found = around.passage(record.pk, stems(record.text), record.paragraph_id, record.document.kind)
    issues = frozenset(_judged(record.pk).values_list("issue", flat=True))
    return Passage(found.key, found.words, found.around, found.heading, issues, found.place)


def _stored(record: Recommendation, words: Passage, by_examiner: bool = False) -> Asked:
    paragraph: Paragraph | None = record.paragraph
    return Asked(
        words,
        record.text,
        paragraph.text if paragraph else "",
        record.document.review,
        record.pk,
        record.parent_id or record.pk,
        record.document_id,
        record.kind,
        by_examiner,
    )
