"""UPR Info’s list of what States recommended to States, written in bulk.

Published at upr-info.org; each row is one recommendation, with the State under review, who recommends,
the answer (accepted or noted) and UPR Info's own issues.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import html
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils.text import slugify
from simple_history.utils import bulk_create_with_history

from recommendations import listing
from recommendations.models import (
    Document,
    Issue,
    IssueTag,
    Recommendation,
    Review,
    Stakeholder,
    State,
)
from recommendations.reading.countries import NAMES, iso3_in
from recommendations.search.index import index_recommendations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

REASON = "Imported from a data set"
CHUNK = 2_000

# Where UPR Info spells a State in a way that the table of names does not know.
SPELLINGS = {
    "Antigua & Barbuda": "ATG",
    "Bosnia & Herzegovina": "BIH",
    "DPR Korea": "PRK",
    "Macedonia FYR": "MKD",
    "Sao Tome & Principe": "STP",
    "St Kitts & Nevis": "KNA",
    "St Lucia": "LCA",
    "St Vincent & the Grenadines": "VCT",
    "Trinidad & Tobago": "TTO",
}
UNKNOWN = "(Unknown)"
# Regional groups as UPR Info abbreviates them.
REGIONS = {
    "Africa": "Africa",
    "Asia": "Asia-Pacific",
    "EEG": "Eastern Europe",
    "GRULAC": "Latin America and the Caribbean",
    "WEOG": "Western Europe and others",
}
POSITIONS = {"Accepted": Recommendation.Position.SUPPORTED, "Noted": Recommendation.Position.NOTED}
# First month of each session of the UPR working group, after OHCHR's calendars of the first and second
# cycle (ohchr.org, "Cycles of the Universal Periodic Review").
_MONTHS = """
2008-04 2008-05 2008-12 2009-02 2009-05 2009-11 2010-02 2010-05 2010-11 2011-01
2011-05 2011-10 2012-05 2012-10 2013-01 2013-04 2013-10 2014-01 2014-04 2014-10
"""
SESSIONS = {
    number: datetime.date.fromisoformat(f"{month}-01")
    for number, month in enumerate(_MONTHS.split(), start=1)
}
LAST_OF_FIRST_CYCLE = 12
# UPR Info's issues that are an issue of the tree under another name. What the tree divides more finely
# than UPR Info (torture, detention) goes to the group as a whole.
ISSUES = {
    "Asylum-seekers - refugees": "asylum",
    "Corruption": "corruption",
    "Counter-terrorism": "security",
    "Death penalty": "death-penalty",
    "Detention": "liberty",
    "Disabilities": "disability",
    "Environment": "environment",
    "Freedom of opinion and expression": "expression",
    "Freedom of religion and belief": "religion",
    "Freedom of the press": "media-freedom",
    "Human rights defenders": "human-rights-defenders",
    "Human rights education and training": "human-rights-training",
    "Impunity": "impunity",
    "Justice": "justice",
    "Migrants": "migrants",
    "Minorities": "minorities",
    "National plan of action": "action-plans",
    "NHRI": "nhri",
    "Right to health": "access-to-health-care",
    "Rights of the Child": "children",
    "Sexual Orientation and Gender Identity": "sogi",
    "Special procedures": "special-procedures",
    "Torture and other CID treatment": "torture",
    "Trafficking": "trafficking",
    "Treaty bodies": "treaty-bodies",
    "Women's rights": "women",
}
UNSORTED = ("upr-info", "Unsorted (UPR Info)")


class RefusedError(Exception):
    """A row that cannot be imported; nothing of the data set was. The message names the row."""


@dataclass(frozen=True, slots=True)
class Row:
    """One recommendation as UPR Info lists it; `number` is its line in the file, from 1 below the head."""

    number: str
    state: str
    state_region: str
    raised_by: str
    raised_by_region: str
    text: str
    response: str
    issues: tuple[str, ...]
    session: int


@dataclass
class Imported:
    """How many records were written, and how many were there already."""

    created: int = 0
    unchanged: int = 0
    reviews: int = 0

    def __str__(self) -> str:
        return f"{self.created} created in {self.reviews} reviews, {self.unchanged} already there"


def read_upr_info(path: Path) -> Iterator[Row]:
    """The rows of UPR Info's list (UTF-8 CSV), one at a time; RefusedError for what is no such list."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file)
        needed = {"To", "To-Rgrp", "Text", "From", "From-Rgrp", "Response", "Issue", "Session"}
        if missing := needed - set(lines.fieldnames or []):
            raise RefusedError(f"{path.name} has no column {', '.join(sorted(missing))}.")
        for number, line in enumerate(lines, start=1):
            cell = {name: html.unescape(line[name] or "").strip() for name in needed}
            if not cell["Session"].isdigit():
                raise RefusedError(f"Row {number}: the session is “{cell['Session']}”, not a number.")
            yield Row(
                number=str(number),
                state=cell["To"],
                state_region=cell["To-Rgrp"],
                raised_by=cell["From"],
                raised_by_region=cell["From-Rgrp"],
                text=cell["Text"],
                response=cell["Response"],
                issues=tuple(name.strip() for name in cell["Issue"].split(",") if name.strip()),
                session=int(cell["Session"]),
            )


def import_upr_info(path: Path, rows: Iterable[Row] | None = None, *, published: bool = True) -> Imported:
    """Write UPR Info's list into the database: all of it, or in case of a RefusedError nothing.

    A row is known by its data set and number, so importing again writes nothing. In chunks: memory does
    not grow with the list, and each record gets one entry of history. `rows` stand in
    for those of the file, for measuring.
    """
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    with listing.paused():
        importer = Importer(path.name, sha256, published=published)
        remaining = iter(rows if rows is not None else read_upr_info(path))
        while chunk := list(islice(remaining, CHUNK)):
            importer.write(chunk)
    return importer.imported


@dataclass
class Importer:
    """One run: what it has looked up, by the names that rows use."""

    source: str
    sha256: str
    published: bool
    imported: Imported = field(default_factory=Imported)
    states: dict[str, State] = field(default_factory=dict)
    documents: dict[tuple[str, int], Document] = field(default_factory=dict)
    stakeholders: dict[str, Stakeholder | None] = field(default_factory=dict)
    issues: dict[str, Issue] = field(default_factory=dict)

    def write(self, rows: list[Row]) -> None:
        """Write those of the rows that are not there yet."""
        documents = [self.document(row) for row in rows]
        known = set(
            Recommendation.objects.filter(
                document__in={document.pk for document in documents},
                locator__in=[f"row {row.number}" for row in rows],
            ).values_list("document", "locator")
        )
        new = [
            (row, self.record(row, document))
            for row, document in zip(rows, documents, strict=True)
            if (document.pk, f"row {row.number}") not in known
        ]
        records = bulk_create_with_history(
            [record for _, record in new],
            Recommendation,
            batch_size=CHUNK,
            default_change_reason=REASON,
        )
        by_reference = {record.reference: record for record in records}
        self.tag([(row, by_reference[record.reference]) for row, record in new])
        index_recommendations(record.pk for record in records)
        self.imported.created += len(new)
        self.imported.unchanged += len(rows) - len(new)

    def record(self, row: Row, document: Document) -> Recommendation:
        """The record that a row is, unsaved."""
        if row.response not in POSITIONS:
            raise RefusedError(f"Row {row.number}: the response “{row.response}” is not known.")
        if not row.text:
            raise RefusedError(f"Row {row.number} has no words.")
        code = self.state(row.state, row.state_region, row).iso3
        return Recommendation(
            reference=f"{code}-UPR{row.session}-UI{row.number}",
            kind=Recommendation.Kind.RECOMMENDATION,
            document=document,
            locator=f"row {row.number}",
            text=row.text,
            position=POSITIONS[row.response],
            published=self.published,
        )

    def tag(self, written: list[tuple[Row, Recommendation]]) -> None:
        """Who raised each record, and its issues, in its history too."""
        raised: list[Any] = []
        tags: list[IssueTag] = []
        for row, record in written:
            if stakeholder := self.stakeholder(row):
                raised.append(
                    Recommendation.raised_by.through(recommendation=record, stakeholder=stakeholder)
                )
            tags += [
                IssueTag(recommendation=record, issue=issue, origin=IssueTag.Origin.SOURCE)
                for issue in dict.fromkeys(self.issue(name) for name in row.issues)
            ]
        Recommendation.raised_by.through._default_manager.bulk_create(raised, batch_size=CHUNK)
        bulk_create_with_history(tags, IssueTag, batch_size=CHUNK, default_change_reason=REASON)
        self.remember(raised)

    def remember(self, raised: list[Any]) -> None:
        """The first entry of a record's history names who raised it, as an edit's would."""
        history: Any = Recommendation.history.model
        entries = dict(
            history.objects.filter(id__in=[each.recommendation_id for each in raised]).values_list(
                "id", "history_id"
            )
        )
        through = history._meta.get_field("historicalrecommendation_raised_by").related_model
        through.objects.bulk_create(
            [
                through(
                    id=each.pk,
                    history_id=entries[each.recommendation_id],
                    recommendation_id=each.recommendation_id,
                    stakeholder_id=each.stakeholder_id,
                )
                for each in raised
            ],
            batch_size=CHUNK,
        )

    def state(self, name: str, region: str, row: Row) -> State:
        """The State of this name, made if it is new here."""
        if name not in self.states:
            code = SPELLINGS.get(name) or iso3_in(name)
            if not code:
                raise RefusedError(f"Row {row.number}: no State is called “{name}”.")
            defaults = {"name": NAMES[code], "region": REGIONS.get(region, "")}
            self.states[name] = State.objects.get_or_create(iso3=code, defaults=defaults)[0]
        return self.states[name]

    def document(self, row: Row) -> Document:
        """The data set's part on one review: a document belongs to a review, so each has its own."""
        key = (row.state, row.session)
        if key not in self.documents:
            state = self.state(row.state, row.state_region, row)
            review = self.review(state, row)
            document, _ = Document.objects.get_or_create(
                slug=f"upr-info-{state.iso3.lower()}-upr{row.session}",
                defaults={
                    "review": review,
                    "kind": Document.Kind.DATA_SET,
                    "title": f"UPR Info’s list of recommendations: {state.name}, session {row.session}",
                    "url": "https://upr-info-database.uwazi.io/",
                    "sha256": self.sha256,
                    "note": f"Rows of {self.source}, as UPR Info wrote them.",
                    "published": self.published,
                },
            )
            self.documents[key] = document
            self.imported.reviews += 1
        return self.documents[key]

    def review(self, state: State, row: Row) -> Review:
        """The review of a State at a session of the UPR, made if it is new here."""
        if row.session not in SESSIONS:
            raise RefusedError(f"Row {row.number}: when session {row.session} was is not known here.")
        review: Review = Review.objects.get_or_create(
            state=state,
            mechanism=Review.Mechanism.UPR,
            session=str(row.session),
            defaults={
                "slug": f"{state.iso3.lower()}-upr{row.session}",
                "cycle": "1" if row.session <= LAST_OF_FIRST_CYCLE else "2",
                "starts_on": SESSIONS[row.session],
                "precision": Review.Precision.MONTH,
            },
        )[0]
        return review

    def stakeholder(self, row: Row) -> Stakeholder | None:
        """The recommending State; None where UPR Info does not know it."""
        name = row.raised_by
        if name not in self.stakeholders:
            self.stakeholders[name] = None
            if name != UNKNOWN:
                state = self.state(name, row.raised_by_region, row)
                self.stakeholders[name] = Stakeholder.objects.get_or_create(
                    kind=Stakeholder.Kind.RECOMMENDING_STATE,
                    state=state,
                    defaults={
                        "slug": f"recommending-{state.iso3.lower()}",
                        "name": state.name,
                        "published": True,
                    },
                )[0]
        return self.stakeholders[name]

    def issue(self, name: str) -> Issue:
        """The issue of the tree that UPR Info's issue is, else one of a group of its own."""
        if name not in self.issues:
            of_tree = (
                Issue.objects.filter(slug=ISSUES[name]) if name in ISSUES else Issue.objects.filter(name=name)
            )
            self.issues[name] = of_tree.first() or self.unsorted(name)
        return self.issues[name]

    def unsorted(self, name: str) -> Issue:
        """An issue below the group of those that the tree has no place for."""
        slug, heading = UNSORTED
        group, _ = Issue.objects.get_or_create(slug=slug, defaults={"name": heading, "position": 1_000})
        issue: Issue = Issue.objects.get_or_create(
            slug=f"{slug}-{slugify(name)}"[:60], defaults={"name": name, "parent": group}
        )[0]
        return issue
