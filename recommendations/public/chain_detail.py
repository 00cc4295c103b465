"""Chains of records that repeat the same request over time, and the changes in their wording.

A chain consists of records joined by "taken up" and "repeated" links. "Related" links do not join
chains: there are so many that nearly all records on a State would form a single chain. Related records
are shown as the neighbours of a chain.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from recommendations.exports.citations import Citation, Site, page_citation, said_of_page
from recommendations.models import (
    FollowUp,
    Recommendation,
    RecommendationLink,
)
from recommendations.models.verdicts import attach_verdicts
from recommendations.search.facets.chains import FamilyLine, chain_address, years
from recommendations.search.facets.index import current

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Iterable

    from recommendations.models.links import RecommendationLinkQuerySet

RELATED = RecommendationLink.Relation.RELATED
# Maximum number of levels walked; a real chain has at most one level for each review of the State.
LEVELS_MAX = 25
CHAIN_MAX = 200
NEIGHBOURS_MAX = 50


def joining_links() -> RecommendationLinkQuerySet:
    """Return the public links that join records into chains."""
    links: RecommendationLinkQuerySet = RecommendationLink.objects.published().exclude(relation=RELATED)
    return links


def related_links() -> RecommendationLinkQuerySet:
    """Return the public links between neighbours."""
    links: RecommendationLinkQuerySet = RecommendationLink.objects.published().filter(relation=RELATED)
    return links


def time_order(record: Recommendation) -> tuple[datetime.date, int, int, str]:
    """Return the key that sorts a chain's records by review, then by position in the document."""
    position = record.paragraph.position if record.paragraph else 0
    return record.document.review.starts_on, record.document_id, position, record.reference


def walk(start: int) -> tuple[set[int], set[tuple[int, int]], bool]:
    """Return the ids in this record's chain, its steps as (earlier, later), and whether that is complete.

    Walks outwards from the record with one query per level, so that no other records are loaded.
    """
    found, frontier = {start}, {start}
    steps: set[tuple[int, int]] = set()
    for _ in range(LEVELS_MAX):
        ends = joining_links().touching(frontier).order_by().values_list("earlier_id", "later_id")
        new = set(ends)
        steps |= new
        frontier = {end for step in new for end in step} - found
        found |= frontier
        if not frontier or len(found) > CHAIN_MAX:
            break
    return found, steps, not frontier


@dataclass(frozen=True, slots=True)
class Step:
    """One link of a chain, its two records, and their words side by side."""

    link: RecommendationLink
    earlier: Any
    later: Any
    wording: Wording


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A record related to one in the chain, with that record and the reason."""

    record: Any
    link: RecommendationLink
    of: Any


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """The verdicts on one record over time: for each role its current entries, oldest first."""

    record: Any
    cells: list[list[FollowUp]]


class Chain:
    """The complete chain of one public record: records, steps, neighbours and verdicts.

    Loading takes one query per level of the walk, and a fixed number of others.
    """

    def __init__(self, record: Recommendation) -> None:
        ids, self.step_ids, self.complete = walk(record.pk)
        records = list(
            Recommendation.objects.published()
            .with_status()
            .with_context()
            .filter(pk__in=ids)
            .order_by("document__review__starts_on", "reference")[: CHAIN_MAX + 1]
        )
        self.complete = self.complete and len(records) <= CHAIN_MAX
        self.records: list[Any] = sorted(records[:CHAIN_MAX], key=time_order)
        self.by_id = {one.pk: one for one in self.records}

    @property
    def first(self) -> Any:
        """Return the earliest record, which identifies the chain."""
        return self.records[0]

    @property
    def last(self) -> Any:
        """Return the latest record."""
        return self.records[-1]

    def get_absolute_url(self) -> str:
        """Return the permanent address, which is that of the earliest record."""
        return chain_address(self.first.reference)

    @property
    def years(self) -> str:
        """Return the years as `2010–2025`, or a single year."""
        return years(self.first.document.review.year, self.last.document.review.year)

    def attach_verdicts(self) -> None:
        """Set `verdicts` on each record, with one query."""
        attach_verdicts(self.records)

    @cached_property
    def steps(self) -> list[Step]:
        """Return the links between the records, in time order."""
        links = joining_links().filter(earlier__in=self.by_id, later__in=self.by_id)
        found = [
            Step(link, earlier, later, Wording(earlier.text, later.text))
            for link in links
            for earlier, later in [(self.by_id[link.earlier_id], self.by_id[link.later_id])]
        ]
        return sorted(found, key=lambda step: (time_order(step.later), time_order(step.earlier)))

    @cached_property
    def neighbours(self) -> list[Neighbour]:
        """Return the records related to any in the chain, in time order and without duplicates."""
        links = related_links().touching(self.by_id)
        between: dict[int, tuple[RecommendationLink, int]] = {}
        for link in links:
            for other, own in ((link.earlier_id, link.later_id), (link.later_id, link.earlier_id)):
                if own in self.by_id and other not in self.by_id:
                    between.setdefault(other, (link, own))
        records = (
            Recommendation.objects.published()
            .with_status()
            .select_related("document__review", "paragraph__document")
            .filter(pk__in=between)
        )
        found = [
            Neighbour(record, between[record.pk][0], self.by_id[between[record.pk][1]]) for record in records
        ]
        return sorted(found, key=lambda neighbour: time_order(neighbour.record))

    @cached_property
    def roles(self) -> list[str]:
        """Return the roles that have given a verdict on any of the records, in their usual order."""
        given = {entry.role for entries in self._log.values() for entry in entries}
        return [role for role in FollowUp.Role.values if role in given]

    @cached_property
    def _log(self) -> dict[int, list[FollowUp]]:
        """Return the current public entries of each record, oldest first."""
        log: dict[int, list[FollowUp]] = defaultdict(list)
        entries = (
            FollowUp.objects.published().standing().with_grade_meaning().filter(recommendation__in=self.by_id)
        )
        for entry in entries.select_related("assessor", "recommendation").order_by(
            "as_of", "published_at", "pk"
        ):
            log[entry.recommendation_id].append(entry)
        return log

    @cached_property
    def verdict_rows(self) -> list[VerdictRow]:
        """Return record × role × date; a record without verdicts has empty cells."""
        return [
            VerdictRow(
                record,
                [[one for one in self._log.get(record.pk, []) if one.role == role] for role in self.roles],
            )
            for record in self.records
            if record.expects_follow_up or record.pk in self._log
        ]


def all_chains() -> list[FamilyLine]:
    """Return every chain of two or more records, ordered by their first records."""
    return current().families


# Below this share of common words, nearly everything would be marked as a difference.
ALIKE = 0.5
# Words too common to suggest that two wordings have the same subject.
COMMON_WORDS = """
about according also among asked been being between could does during from further have having into made
many more most noted other over reported said same should some state states such take taken than that
their them then there these they this those through under until upon were what when where whether which
while will with within without would
"""
COMMON = frozenset(COMMON_WORDS.split())


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive words and their mark: only in one wording ("del", "ins"), in both, or unmarked."""

    words: str
    mark: str = ""


class Wording:
    """Two wordings compared word by word, ignoring case and punctuation."""

    def __init__(self, then: str, now: str) -> None:
        self._then, self._now = then.split(), now.split()
        matcher = difflib.SequenceMatcher(
            None, [_key(word) for word in self._then], [_key(word) for word in self._now], autojunk=False
        )
        self._changes = matcher.get_opcodes()
        self.alike = matcher.ratio() >= ALIKE

    @property
    def same(self) -> bool:
        """Return whether the wordings are the same."""
        return all(change == "equal" for change, *_ in self._changes)

    @property
    def shares(self) -> bool:
        """Return whether two dissimilar wordings have any significant word in common."""
        return any(piece.mark == "both" for piece in self.then)

    @cached_property
    def then(self) -> list[Piece]:
        """Return the earlier words, marking those later dropped or, in dissimilar wordings, those shared."""
        if not self.alike:
            return _in_common(self._then, self._now)
        return [
            Piece(" ".join(self._then[start:end]), "" if change == "equal" else "del")
            for change, start, end, _, _ in self._changes
            if start != end
        ]

    @cached_property
    def now(self) -> list[Piece]:
        """Return the later words, marking those added or, in dissimilar wordings, those shared."""
        if not self.alike:
            return _in_common(self._now, self._then)
        return [
            Piece(" ".join(self._now[start:end]), "" if change == "equal" else "ins")
            for change, _, _, start, end in self._changes
            if start != end
        ]


def _key(word: str) -> str:
    """Return a word in the form used for comparison."""
    return "".join(sign for sign in word.casefold() if sign.isalnum()) or word


def _stem(word: str) -> str:
    """Return the first letters of a word, for matching related forms; empty for an insignificant word."""
    key = _key(word)
    return key[:6] if len(key) > 3 and key not in COMMON else ""


def _in_common(words: Iterable[str], others: Collection[str]) -> list[Piece]:
    """Return the words in pieces, marking those whose first letters also occur among the others."""
    known = {_stem(word) for word in others} - {""}
    pieces: list[Piece] = []
    for word in words:
        mark = "both" if _stem(word) in known else ""
        if pieces and pieces[-1].mark == mark:
            pieces[-1] = Piece(f"{pieces[-1].words} {word}", mark)
        else:
            pieces.append(Piece(word, mark))
    return pieces


def cite_chain(chain: Chain, site: Site) -> Citation:
    """Return the citation of a chain, identified by its earliest record."""
    number = len(chain.records)
    records = ngettext("%(n)s record", "%(n)s records", number) % {"n": number} + f", {chain.years}"
    title = gettext("Chain %(reference)s: %(title)s") % {
        "reference": chain.first.reference,
        "title": chain.first.title,
    }
    sentence = said_of_page(title, records, f"{site.url}{chain.get_absolute_url()}", site)
    references = ", ".join(record.reference for record in chain.records)
    notes = (gettext("Records %(references)s") % {"references": references},)
    return page_citation(
        chain,
        site,
        sentence,
        title,
        f"chain-{chain.first.reference}",
        notes=notes,
        year=timezone.localdate().year,
    )
