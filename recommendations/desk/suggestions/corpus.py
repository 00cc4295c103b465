"""Records and responses of one State as passages, cached in the memory of each process.

Suggestions for a record come only from its own State, so only that State's rows are loaded: some hundreds, at
most the newest `ROWS_MAX`. Texts are reloaded when a record or response of the State changes, tags and
stakeholders with each version of the data.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from django.db.models import Count, Max, Min

from recommendations.desk.suggestions.learning import profiles
from recommendations.desk.suggestions.ranking import PassageIndex
from recommendations.desk.suggestions.terms import Passage, Rarity, passage
from recommendations.models import (
    IssueTag,
    ListingVersion,
    Paragraph,
    Recommendation,
    Stakeholder,
    StateResponse,
)
from recommendations.reading.kinds import dialogue
from recommendations.search.text.stemming import stems

if TYPE_CHECKING:
    import datetime
    from collections.abc import Hashable, Iterable

    from recommendations.desk.suggestions.terms import Profiles

Kept = TypeVar("Kept")
ROWS_MAX = 5_000
# Maximum number of States in the cache.
STATES_MAX = 8
# Kinds of stakeholders that examine the State; their records can take up what others asked.
EXAMINERS = frozenset({Stakeholder.Kind.RECOMMENDING_STATE, Stakeholder.Kind.COMMITTEE})


class RecordFacts(NamedTuple):
    """Fields of a record besides its text."""

    reference: str
    kind: str
    review: int
    starts_on: datetime.date
    document: int
    # Id of the compound record that it is a part of, or its own id.
    whole: int


class ResponseFacts(NamedTuple):
    """Fields of a response besides its text."""

    reference: str
    date: datetime.date
    document: int


@dataclass(frozen=True)
class Texts:
    """The passages of a State's records and responses, and their facts, by id."""

    stamp: tuple[Any, ...]
    records: dict[int, Passage]
    responses: dict[int, Passage]
    facts: dict[int, RecordFacts]
    said: dict[int, ResponseFacts]

    @cached_property
    def rarity(self) -> Rarity:
        """Return the rarity of stems in this State."""
        return Rarity.of(each.words for some in (self.records, self.responses) for each in some.values())


@dataclass(frozen=True)
class Corpus:
    """Data for the suggestions of one State; `examined` are ids of records raised by examiners."""

    token: str
    words: Texts
    profiles: Profiles
    records: PassageIndex
    responses: PassageIndex
    examined: frozenset[int]


_lock = threading.Lock()
_words: OrderedDict[int, Texts] = OrderedDict()
_corpora: OrderedDict[int, Corpus] = OrderedDict()


def corpus_of(state: int) -> Corpus:
    """Return the current corpus of a State, from the cache if nothing has changed."""
    learned = profiles()
    token = ListingVersion.objects.values_list("token", flat=True).first() or ""
    stamp = stamp_of(state)
    with _lock:
        known = _corpora.get(state)
        if known and token and known.token == token and known.words.stamp == stamp:
            _corpora.move_to_end(state)
            return known
        words = _words.get(state)
        if words is None or words.stamp != stamp:
            words = load_texts(state, stamp)
        found = build_corpus(state, token, words, learned)
        cache(_words, state, words)
        cache(_corpora, state, found)
        return found


def cache(kept: OrderedDict[int, Kept], state: int, value: Kept) -> None:
    """Store a value in the cache and drop the least recently used ones."""
    kept[state] = value
    kept.move_to_end(state)
    while len(kept) > STATES_MAX:
        kept.popitem(last=False)


def stamp_of(state: int) -> tuple[Any, ...]:
    """Return a value that changes whenever a record or response of the State is written. Two queries."""
    found: list[Any] = []
    for model in (Recommendation, StateResponse):
        rows = model.objects.filter(document__review__state=state).order_by()
        found += rows.aggregate(Count("pk"), Min("pk"), Max("pk"), Max("updated_at")).values()
    return tuple(found)


def build_corpus(state: int, token: str, words: Texts, learned: Profiles) -> Corpus:
    """Return the corpus of these texts, with the issues of each record and the examined records."""
    issues: defaultdict[int, set[int]] = defaultdict(set)
    of_state = {"recommendation__document__review__state": state}
    tags = IssueTag.objects.exclude(origin=IssueTag.Origin.SUGGESTION).filter(**of_state).order_by()
    for record, issue in tags.values_list("recommendation_id", "issue_id"):
        issues[record].add(issue)
    raised = Recommendation.raised_by.through._default_manager.filter(
        **of_state, stakeholder__kind__in=EXAMINERS
    )
    records = [
        replace(each, issues=frozenset(issues[pk])) if pk in issues else each
        for pk, each in words.records.items()
    ]
    # Add the rarity over all States, for States with few records.
    rarity = words.rarity + learned.rarity
    return Corpus(
        token,
        words,
        learned,
        PassageIndex(records, rarity, learned),
        PassageIndex(words.responses.values(), rarity, learned),
        frozenset(raised.order_by().values_list("recommendation_id", flat=True)),
    )


def load_texts(state: int, stamp: tuple[Any, ...]) -> Texts:
    """Load the texts of a State. Three queries."""
    of_state = {"document__review__state": state}
    records = list(
        Recommendation.objects.filter(**of_state, merged_into__isnull=True)
        .order_by("-document__review__starts_on", "-pk")
        .values_list(
            "pk",
            "text",
            "search__words",
            "paragraph_id",
            "document__kind",
            "reference",
            "kind",
            "document__review_id",
            "document__review__starts_on",
            "document_id",
            "parent_id",
        )[:ROWS_MAX]
    )
    responses = list(
        StateResponse.objects.filter(**of_state)
        .order_by("-date", "-pk")
        .values_list("pk", "text", "paragraph_id", "document__kind", "reference", "date", "document_id")[
            :ROWS_MAX
        ]
    )
    around = ParagraphContext({row[3] for row in records} | {row[2] for row in responses})
    return Texts(
        stamp,
        {
            pk: around.passage(pk, stems(text) if words is None else words.split(), paragraph, kind)
            for pk, text, words, paragraph, kind, *_ in records
        },
        {pk: around.passage(pk, stems(text), paragraph, kind) for pk, text, paragraph, kind, *_ in responses},
        {
            pk: RecordFacts(reference, kind, review, starts_on, document, whole or pk)
            for pk, _, _, _, _, reference, kind, review, starts_on, document, whole in records
        },
        {
            pk: ResponseFacts(reference, date, document)
            for pk, _, _, _, reference, date, document in responses
        },
    )


class ParagraphContext:
    """Paragraphs as context of passages, each stemmed only once."""

    def __init__(self, paragraphs: Iterable[int | None]) -> None:
        """Load these paragraphs. One query."""
        rows = Paragraph.objects.filter(pk__in=[pk for pk in paragraphs if pk is not None]).order_by()
        self.rows = {pk: rest for pk, *rest in rows.values_list("pk", "text", "section", "document_id")}
        self._read: dict[tuple[int, str], Passage] = {}

    def passage(self, key: Hashable, words: Iterable[str], paragraph: int | None, kind: str) -> Passage:
        """Return a passage of these stems in the paragraph, if any, of a document of this kind."""
        if paragraph is None or paragraph not in self.rows:
            return passage(key, words)
        if (paragraph, kind) not in self._read:
            text, section, document = self.rows[paragraph]
            heading, place = heading_and_place(section, kind, document)
            self._read[paragraph, kind] = passage(None, (), text, heading, place=place)
        around = self._read[paragraph, kind]
        own = passage(key, words)
        return replace(around, key=key, words=own.words, phrases=own.phrases)


def heading_and_place(section: list[str], kind: str, document: int) -> tuple[str, Hashable]:
    """Return (heading, place): the last heading; for dialogues, whose headings are generic, the round."""
    if kind == dialogue.KIND.code:
        return "", (document, section[1]) if len(section) > 1 else None
    return (section[-1] if section else ""), None
