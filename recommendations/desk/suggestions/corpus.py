"""What is known of one State: its records and responses as passages; kept in the memory of each process.

All that is suggested for a record is about its own State, so no more is loaded, and no more looked
through, than this State has: some hundreds of rows, the newest `ROWS_MAX` at most. The words are read again
when a record or a response was written, tags and roles with each version of the data.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from django.db.models import Count, Max, Min

from recommendations.desk.suggestions.learning import profiles
from recommendations.desk.suggestions.ranking import Shelf
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
# States that are kept at a time.
STATES_MAX = 8
# Who examines the State; what they ask can take up what others asked.
EXAMINERS = frozenset({Stakeholder.Kind.RECOMMENDING_STATE, Stakeholder.Kind.COMMITTEE})


class Fact(NamedTuple):
    """What is known of a record beside its words."""

    reference: str
    kind: str
    review: int
    starts_on: datetime.date
    document: int
    # The compound record that it belongs to, or itself.
    whole: int


class Said(NamedTuple):
    """What is known of a response beside its words."""

    reference: str
    date: datetime.date
    document: int


@dataclass(frozen=True)
class Words:
    """The passages of a State as they were written."""

    stamp: tuple[Any, ...]
    records: dict[int, Passage]
    responses: dict[int, Passage]
    facts: dict[int, Fact]
    said: dict[int, Said]

    @cached_property
    def rarity(self) -> Rarity:
        """How rare each word is in this State."""
        return Rarity.of(each.words for some in (self.records, self.responses) for each in some.values())


@dataclass(frozen=True)
class Corpus:
    """Everything of a State that suggestions are made of; `examined` are records that examiners raised."""

    token: str
    words: Words
    profiles: Profiles
    records: Shelf
    responses: Shelf
    examined: frozenset[int]


_lock = threading.Lock()
_words: OrderedDict[int, Words] = OrderedDict()
_corpora: OrderedDict[int, Corpus] = OrderedDict()


def corpus_of(state: int) -> Corpus:
    """The corpus of a State as it is now."""
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
            words = read(state, stamp)
        found = put_together(state, token, words, learned)
        keep(_words, state, words)
        keep(_corpora, state, found)
        return found


def keep(kept: OrderedDict[int, Kept], state: int, value: Kept) -> None:
    """Keep this, and forget what was not asked for longest."""
    kept[state] = value
    kept.move_to_end(state)
    while len(kept) > STATES_MAX:
        kept.popitem(last=False)


def stamp_of(state: int) -> tuple[Any, ...]:
    """What changes whenever a record or a response of the State is written."""
    found: list[Any] = []
    for model in (Recommendation, StateResponse):
        rows = model.objects.filter(document__review__state=state).order_by()
        found += rows.aggregate(Count("pk"), Min("pk"), Max("pk"), Max("updated_at")).values()
    return tuple(found)


def put_together(state: int, token: str, words: Words, learned: Profiles) -> Corpus:
    """The corpus of these words, with the issues and the examiners of each record."""
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
    # A State with few records has the experience of all.
    rarity = words.rarity + learned.rarity
    return Corpus(
        token,
        words,
        learned,
        Shelf(records, rarity, learned),
        Shelf(words.responses.values(), rarity, learned),
        frozenset(raised.order_by().values_list("recommendation_id", flat=True)),
    )


def read(state: int, stamp: tuple[Any, ...]) -> Words:
    """Read the words of a State. Four queries."""
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
    around = Surroundings({row[3] for row in records} | {row[2] for row in responses})
    return Words(
        stamp,
        {
            pk: around.passage(pk, stems(text) if words is None else words.split(), paragraph, kind)
            for pk, text, words, paragraph, kind, *_ in records
        },
        {pk: around.passage(pk, stems(text), paragraph, kind) for pk, text, paragraph, kind, *_ in responses},
        {
            pk: Fact(reference, kind, review, starts_on, document, whole or pk)
            for pk, _, _, _, _, reference, kind, review, starts_on, document, whole in records
        },
        {pk: Said(reference, date, document) for pk, _, _, _, reference, date, document in responses},
    )


class Surroundings:
    """The paragraphs around passages, each cut into words once."""

    def __init__(self, paragraphs: Iterable[int | None]) -> None:
        """Read these paragraphs, in one query."""
        rows = Paragraph.objects.filter(pk__in=[pk for pk in paragraphs if pk is not None]).order_by()
        self.rows = {pk: rest for pk, *rest in rows.values_list("pk", "text", "section", "document_id")}
        self._read: dict[tuple[int, str], Passage] = {}

    def passage(self, key: Hashable, words: Iterable[str], paragraph: int | None, kind: str) -> Passage:
        """A passage that stands in this paragraph, if any, of a document of this kind."""
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
    """The last heading above a passage; or, in a dialogue, whose headings name no subject, its round."""
    if kind == dialogue.KIND.code:
        return "", (document, section[1]) if len(section) > 1 else None
    return (section[-1] if section else ""), None
