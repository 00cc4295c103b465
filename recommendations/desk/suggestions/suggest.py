"""Find suggestions for a stored record or a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from recommendations.desk.suggestions.corpus import ParagraphContext, corpus_of
from recommendations.desk.suggestions.learning import profiles
from recommendations.desk.suggestions.ranking import LIKELY, LIKELY_ISSUE, RankedIssue, rank_issues
from recommendations.desk.suggestions.reasons import (
    WordForms,
    issue_reasons,
    pair_reasons,
    shared_words,
    time_reason,
)
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
class Query:
    """The record to find suggestions for; `pk` is None for a draft."""

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
    """Suggest issues for a record, draft or text, except its own and those already decided on."""
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
    here, around = WordForms(text), WordForms(context, heading)
    suggestions = [
        Suggestion(
            Kind.ISSUE,
            pk,
            paths[pk],
            ranked.score,
            ranked.score >= LIKELY_ISSUE,
            shared_words(ranked.words, here, None),
            tuple(issue_reasons(ranked, here, around)),
            stored=pk in stored,
        )
        for pk in chosen
        for ranked in [found.get(pk) or RankedIssue(pk, 0)]
    ]
    return sorted(suggestions, key=lambda each: -each.score)


def _judged(pk: int | None) -> Any:
    return IssueTag.objects.exclude(origin=IssueTag.Origin.SUGGESTION).filter(recommendation=pk).order_by()


def suggest_responses(asked: Recommendation | Draft, *, limit: int = LIMIT) -> list[Suggestion]:
    """Suggest responses of the State that may answer the record, dated from the start of its review on."""
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
            shared=shared_words(each.words, WordForms(one.text), WordForms(row.text)),
            reasons=(*reasons, time_reason(one.review.starts_on, row.date, row.document.review.short_label)),
            rationale=rationale,
            default=ResponseLink.Stance.REPORTS_MEASURE,
            stored=row.pk in stored,
        )

    return with_reasons(one, corpus, ranked, rows, made)


def suggest_earlier(asked: Recommendation | Draft, *, limit: int = LIMIT) -> list[Suggestion]:
    """Suggest records of the State's earlier reviews that the record may repeat or relate to."""
    one, corpus = prepare(asked)
    among = [
        pk
        for pk, fact in corpus.words.facts.items()
        if fact.starts_on < one.review.starts_on and fact.review != one.review.pk
    ]
    return suggest_records(Kind.EARLIER, one, corpus, among, limit)


def suggest_taken_up(asked: Recommendation | Draft, *, limit: int = LIMIT) -> list[Suggestion]:
    """Suggest pairs of a stakeholder's ask and an examiner's record that took it up.

    For an examiner's record (of a recommending State or committee), suggests earlier or concurrent asks; for
    an ask, later or concurrent records of examiners.
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
    return suggest_records(Kind.TAKEN_UP, one, corpus, among, limit)


def suggest_records(
    kind: Kind, one: Query, corpus: Corpus, among: Iterable[int], limit: int
) -> list[Suggestion]:
    """Suggest links to other records among these candidates."""
    confirmed, stored = split_links(links_of(one.pk) if one.pk else [])
    left_out = confirmed | decided(one, "other")
    facts = corpus.words.facts
    among = [pk for pk in among if pk not in left_out and facts[pk].whole != one.whole]
    ranked = corpus.records.rank(one.passage, among, limit, stored)
    rows = Recommendation.objects.select_related("document__review").in_bulk([each.key for each in ranked])

    def made(each: Ranked, row: Any, reasons: list[str], rationale: str) -> Suggestion:
        review = row.document.review
        # Across reviews, four in five links of the shipped curation are "related".
        same = review.pk == one.review.pk
        relations = RecommendationLink.Relation
        return Suggestion(
            kind,
            row.pk,
            row.reference,
            each.score,
            each.score >= LIKELY,
            shared_words(each.words, WordForms(one.text), WordForms(row.text)),
            (*reasons, time_reason(one.review.starts_on, review.starts_on, review.short_label)),
            rationale,
            relations.TAKEN_UP if same else relations.RELATED,
            row.pk in stored,
        )

    return with_reasons(one, corpus, ranked, rows, made)


def with_reasons(
    one: Query,
    corpus: Corpus,
    ranked: list[Ranked],
    rows: dict[Any, Any],
    made: Callable[[Ranked, Any, list[str], str], Suggestion],
) -> list[Suggestion]:
    """Return suggestions, made by `made`, for the ranked candidates with their reasons."""
    here, around = WordForms(one.text), WordForms(one.text, one.context)
    wanted = {pk for each in ranked for pk in each.issues}
    issues = {issue.pk: str(issue) for issue in Issue.objects.filter(pk__in=wanted).select_related("parent")}
    place = one.passage.place[1] if isinstance(one.passage.place, tuple) else ""
    found = []
    for each in ranked:
        if each.key in rows:
            reasons, rationale = pair_reasons(each, here, around, issues, place)
            found.append(made(each, rows[each.key], reasons, rationale))
    return found


def split_links(links: Iterable[tuple[int, bool]]) -> tuple[set[int], set[int]]:
    """Return the ids at the other end of confirmed links, and of suggested ones."""
    confirmed: set[int] = set()
    stored: set[int] = set()
    for other, is_confirmed in links:
        (confirmed if is_confirmed else stored).add(other)
    return confirmed, stored


def links_of(pk: int) -> list[tuple[int, bool]]:
    """Return the id at the other end of each of a record's links, and whether the link is confirmed."""
    rows = RecommendationLink.objects.filter(Q(earlier=pk) | Q(later=pk)).order_by()
    return [
        (later if earlier == pk else earlier, confirmed)
        for earlier, later, confirmed in rows.values_list("earlier", "later", "confirmed")
    ]


def decided(one: Query, target: str) -> set[int]:
    """Return ids of accepted or dismissed targets; for records, decisions from either end count."""
    if one.pk is None:
        return set()
    rows = SuggestionDecision.objects.filter(recommendation=one.pk, **{f"{target}__isnull": False}).order_by()
    found = set(rows.values_list(target, flat=True))
    if target == "other":
        about = SuggestionDecision.objects.filter(other=one.pk).order_by()
        found |= set(about.values_list("recommendation", flat=True))
    return found


def prepare(asked: Recommendation | Draft) -> tuple[Query, Corpus]:
    """Return the query and the corpus of its State."""
    if isinstance(asked, Draft):
        words = passage(None, stems(asked.text), asked.context, asked.heading, asked.issues)
        one = Query(words, asked.text, asked.context, asked.review, None, None, None, "", asked.by_examiner)
        return one, corpus_of(asked.review.state_id)
    corpus = corpus_of(asked.document.review.state_id)
    known = corpus.records.passages.get(asked.pk)
    return _stored(asked, known or passage_of(asked), by_examiner=asked.pk in corpus.examined), corpus


def passage_of(record: Recommendation) -> Passage:
    """Return the passage of a record with its issues."""
    around = ParagraphContext([record.paragraph_id])
    found = around.passage(record.pk, stems(record.text), record.paragraph_id, record.document.kind)
    issues = frozenset(_judged(record.pk).values_list("issue", flat=True))
    return Passage(found.key, found.words, found.around, found.heading, issues, found.place)


def _stored(record: Recommendation, words: Passage, by_examiner: bool = False) -> Query:
    paragraph: Paragraph | None = record.paragraph
    return Query(
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
