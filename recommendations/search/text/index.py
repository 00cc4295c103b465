"""Keeping each record's stems beside it: a fixed number of queries for many records at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection, transaction

from recommendations.models import (
    Issue,
    IssueTag,
    PopulationGroup,
    Recommendation,
    SearchEntry,
    SearchWord,
    Stakeholder,
)
from recommendations.search.text.engines import APART, vector_literal
from recommendations.search.text.stemming import STEM_MAX, forms_and_stems, stem, stems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Records that are read and written at a time.
CHUNK = 1_000
# What is compared of an entry: the vector is made of these.
SEARCHED = ("reference", "title", "words", "names")
# Shorter words are not worth suggesting.
WORD_MIN = 3


def index_recommendations(ids: Iterable[int]) -> int:
    """Write the entries of these records anew, public or not; returns how many there are.

    Also after `bulk_create`, which sends no signals. Words of public records that were not known yet
    are added to the vocabulary.
    """
    wanted = sorted(set(ids))
    issues = issue_names() if wanted else {}
    vocabulary: Counter[str] = Counter()
    count = 0
    with transaction.atomic():
        for start in range(0, len(wanted), CHUNK):
            entries = list(entries_of(wanted[start : start + CHUNK], issues, vocabulary))
            SearchEntry.objects.bulk_create(
                entries,
                update_conflicts=True,
                unique_fields=["recommendation"],
                update_fields=[*SEARCHED, "vector"],
            )
            count += len(entries)
        learn(vocabulary)
    return count


def index_missing() -> int:
    """Index the records that have no entry."""
    missing = Recommendation.objects.filter(search__isnull=True).order_by()
    return index_recommendations(missing.values_list("pk", flat=True))


def rebuild() -> int:
    """Index everything anew, and count the vocabulary anew; returns the number of records."""
    with transaction.atomic():
        SearchWord.objects.all().delete()
        return index_recommendations(Recommendation.objects.order_by().values_list("pk", flat=True))


def differences() -> list[int]:
    """Ids of records whose entry is missing, or is not what would be written now. Writes nothing."""
    issues = issue_names()
    ids = list(Recommendation.objects.order_by("pk").values_list("pk", flat=True))
    wrong = []
    for start in range(0, len(ids), CHUNK):
        kept = SearchEntry.objects.in_bulk(ids[start : start + CHUNK])
        for entry in entries_of(ids[start : start + CHUNK], issues, Counter(), lock=False):
            there = kept.get(entry.pk)
            if there is None or any(getattr(there, name) != getattr(entry, name) for name in SEARCHED):
                wrong.append(entry.pk)
    return wrong


def entries_of(
    ids: list[int], issues: dict[int, list[str]], vocabulary: Counter[str], *, lock: bool = True
) -> Iterator[SearchEntry]:
    """The entries of these records; counts the words of the public ones."""
    records = Recommendation.objects.filter(pk__in=ids).order_by("pk")
    if lock:  # so that of two writers the later one sees what the earlier one wrote
        records = records.select_for_update(of=("self",), no_key=True)
    columns = ("pk", "reference", "summary", "text", "published", "document__published", "document__symbol")
    state = ("document__review__state__name", "document__review__state__iso3")
    rows = list(records.values_list(*columns, *state))
    named = names_of(ids, issues)
    for pk, reference, summary, text, published, document_published, symbol, *names_of_state in rows:
        names = [*named[pk], *names_of_state]
        public = published and document_published
        entry = entry_of(pk, reference, summary, text, symbol, names, vocabulary if public else None)
        yield SearchEntry(**entry._asdict())


class Entry(NamedTuple):
    """The columns of one record's entry, in order."""

    recommendation_id: int
    reference: str
    title: str
    words: str
    names: str
    vector: str | None


def entry_of(
    pk: int,
    reference: str,
    summary: str,
    text: str,
    symbol: str,
    names: list[str],
    vocabulary: Counter[str] | None,
) -> Entry:
    """The entry of one record; its words are counted where there is a vocabulary: if it is public."""
    title = column([summary, reference, symbol])
    pairs = forms_and_stems(text)
    words = " ".join([found for _, found in pairs])
    others = f" {APART} ".join([found for name in names if (found := " ".join(stems_of_name(name)))])
    if vocabulary is not None:
        forms = [form for form, _ in pairs]
        for unit in (summary, *names):
            forms += forms_of_name(unit)
        vocabulary.update(forms)
    vector = vector_literal(title, words, others) if connection.vendor == "postgresql" else None
    return Entry(pk, reference.lower(), title, words, others, vector)


@lru_cache(maxsize=20_000)
def stems_of_name(name: str) -> tuple[str, ...]:
    """The stems of a name, which many records share."""
    return tuple(stems(name))


@lru_cache(maxsize=20_000)
def forms_of_name(name: str) -> tuple[str, ...]:
    """The words of a name as they stand."""
    return tuple(form for form, _ in forms_and_stems(name))


def column(units: Iterable[str]) -> str:
    """The stems of several texts, parted so that no phrase spans two of them."""
    return f" {APART} ".join(" ".join(found) for unit in units if (found := stems(unit)))


def issue_names() -> dict[int, list[str]]:
    """For each issue its name and those of all above it."""
    rows = {pk: (name, parent) for pk, name, parent in Issue.objects.values_list("pk", "name", "parent")}
    names: dict[int, list[str]] = {}
    for pk in rows:
        line: list[str] = []
        above: int | None = pk
        while above is not None and len(line) < len(rows):
            name, above = rows[above]
            line.append(name)
        names[pk] = line
    return names


def names_of(ids: list[int], issues: dict[int, list[str]]) -> dict[int, list[str]]:
    """For each record the public names of who raised it, its issues and its groups, each once.

    Tags that are only suggested are nobody's judgement, and names withheld are on no public page:
    neither may be found.
    """
    names: defaultdict[int, dict[str, None]] = defaultdict(dict)
    people = Recommendation.raised_by.through._default_manager.filter(
        recommendation__in=ids, stakeholder__in=Stakeholder.objects.published()
    )
    for pk, name, acronym in people.values_list(
        "recommendation_id", "stakeholder__name", "stakeholder__acronym"
    ):
        names[pk] |= dict.fromkeys((name, acronym))
    tags = IssueTag.objects.exclude(origin=IssueTag.Origin.SUGGESTION).filter(recommendation__in=ids)
    for pk, issue in tags.order_by("issue").values_list("recommendation_id", "issue_id"):
        names[pk] |= dict.fromkeys(issues[issue])
    groups: Any = PopulationGroup.objects.filter(recommendations__in=ids)
    for pk, name in groups.order_by("pk").values_list("recommendations", "name"):
        names[pk][name] = None
    return defaultdict(list, {pk: list(found) for pk, found in names.items()})


def learn(vocabulary: Counter[str]) -> None:
    """Add words that are not known yet. The others keep the count of the last rebuilding."""
    words = [
        SearchWord(form=form, stem=stem(form), length=len(form), uses=uses)
        for form, uses in sorted(vocabulary.items())
        if WORD_MIN <= len(form) <= STEM_MAX and form.isalpha()
    ]
    SearchWord.objects.bulk_create(words, ignore_conflicts=True, batch_size=CHUNK)
