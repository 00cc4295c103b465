"""Chains of records that ask the same over time, and what changed in their wording.

A chain is what "taken up" and "repeated" links hold together. "Related" links do not join chains:
they are many, and through them nearly everything said of a State would be one chain. The related
records of a chain are its neighbours.
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
# A walk goes no further than this; real chains have as many levels as a State has reviews.
LEVELS_MAX = 25
CHAIN_MAX = 200
NEIGHBOURS_MAX = 50


def joining_links() -> RecommendationLinkQuerySet:
    """The public links that join records to a chain."""
    links: RecommendationLinkQuerySet = RecommendationLink.objects.published().exclude(relation=RELATED)
    return links


def related_links() -> RecommendationLinkQuerySet:
    """The public links between neighbours."""
    links: RecommendationLinkQuerySet = RecommendationLink.objects.published().filter(relation=RELATED)
    return links


def time_order(record: Recommendation) -> tuple[datetime.date, int, int, str]:
    """Where a record stands in its chain: by review, then by its place in the document."""
    position = record.paragraph.position if record.paragraph else 0
    return record.document.review.starts_on, record.document_id, position, record.reference


def walk(start: int) -> tuple[set[int], set[tuple[int, int]], bool]:
    """The ids of the chain of this record, its steps as (earlier, later), and whether that is all of it.

    Level by level from the record outwards, one query a level, so that nothing else is ever loaded.
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
    """A record that is related to one of the chain: which one, and why."""

    record: Any
    link: RecommendationLink
    of: Any


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """The verdicts on one record over time, by role: for each role its standing entries, oldest first."""

    record: Any
    cells: list[list[FollowUp]]


class Chain:
    """The chain of one public record, loaded whole: records, steps, neighbours and verdicts.

    Besides one query for each level of the walk, a fixed number of queries.
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
        """The earliest record; the chain is known by it."""
        return self.records[0]

    @property
    def last(self) -> Any:
        """The latest record."""
        return self.records[-1]

    def get_absolute_url(self) -> str:
        """The permanent address: that of the earliest record."""
        return chain_address(self.first.reference)

    @property
    def years(self) -> str:
        """`2010–2025`, or the one year."""
        return years(self.first.document.review.year, self.last.document.review.year)

    def attach_verdicts(self) -> None:
        """Set `verdicts` on each record. One query."""
        attach_verdicts(self.records)

    @cached_property
    def steps(self) -> list[Step]:
        """The links between the records, in time order."""
        links = joining_links().filter(earlier__in=self.by_id, later__in=self.by_id)
        found = [
            Step(link, earlier, later, Wording(earlier.text, later.text))
            for link in links
            for earlier, later in [(self.by_id[link.earlier_id], self.by_id[link.later_id])]
        ]
        return sorted(found, key=lambda step: (time_order(step.later), time_order(step.earlier)))

    @cached_property
    def neighbours(self) -> list[Neighbour]:
        """The records that are related to one of the chain, in time order, each once."""
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
        """The roles that ever gave a verdict on one of the records, in their usual order."""
        given = {entry.role for entries in self._log.values() for entry in entries}
        return [role for role in FollowUp.Role.values if role in given]

    @cached_property
    def _log(self) -> dict[int, list[FollowUp]]:
        """The standing public entries of each record, oldest first."""
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
        """Record × role × date; a record that nobody has assessed stands there with empty cells."""
        return [
            VerdictRow(
                record,
                [[one for one in self._log.get(record.pk, []) if one.role == role] for role in self.roles],
            )
            for record in self.records
            if record.expects_follow_up or record.pk in self._log
        ]


def all_chains() -> list[FamilyLine]:
    """Every chain of two or more records, in the order of their first records."""
    return current().families


# Below this share of words in common, marking the differences would mark nearly everything.
ALIKE = 0.5
# Words too common to say that two wordings are about the same.
COMMON_WORDS = """
about according also among asked been being between could does during from further have having into made
many more most noted other over reported said same should some state states such take taken than that
their them then there these they this those through under until upon were what when where whether which
while will with within without would
"""
COMMON = frozenset(COMMON_WORDS.split())


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in a row, and what they are: only there ("del", "ins"), in both, or nothing to mark."""

    words: str
    mark: str = ""


class Wording:
    """Two wordings side by side, compared word by word; case and punctuation make no difference."""

    def __init__(self, then: str, now: str) -> None:
        self._then, self._now = then.split(), now.split()
        matcher = difflib.SequenceMatcher(
            None, [_key(word) for word in self._then], [_key(word) for word in self._now], autojunk=False
        )
        self._changes = matcher.get_opcodes()
        self.alike = matcher.ratio() >= ALIKE

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return all(change == "equal" for change, *_ in self._changes)

    @property
    def shares(self) -> bool:
        """Whether two wordings that are little alike have any telling word in common."""
        return any(piece.mark == "both" for piece in self.then)

    @cached_property
    def then(self) -> list[Piece]:
        """The earlier words; marked is what the later ones lack, or where little is alike, what both have."""
        if not self.alike:
            return _in_common(self._then, self._now)
        return [
            Piece(" ".join(self._then[start:end]), "" if change == "equal" else "del")
            for change, start, end, _, _ in self._changes
            if start != end
        ]

    @cached_property
    def now(self) -> list[Piece]:
        """The later words; marked is what is new in them, or where little is alike, what both have."""
        if not self.alike:
            return _in_common(self._now, self._then)
        return [
            Piece(" ".join(self._now[start:end]), "" if change == "equal" else "ins")
            for change, _, _, start, end in self._changes
            if start != end
        ]


def _key(word: str) -> str:
    """A word as it is compared."""
    return "".join(sign for sign in word.casefold() if sign.isalnum()) or word


def _stem(word: str) -> str:
    """The beginning that words of one chain share; empty for a word that says little by itself."""
    key = _key(word)
    return key[:6] if len(key) > 3 and key not in COMMON else ""


def _in_common(words: Iterable[str], others: Collection[str]) -> list[Piece]:
    """The words in pieces, those marked whose beginning stands among the others too."""
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
    """How to cite a chain, known by its earliest record."""
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
