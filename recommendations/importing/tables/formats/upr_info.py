"""UPR Info's list of recommendations between States, in its own form or with columns renamed by others.

Published at upr-info.org. Each row is one recommendation, with the State under review, the recommending
State, the answer (accepted or noted) and UPR Info's own issues.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from recommendations.importing.tables.items import Cells, DocumentOf, Item, PartyOf, ReviewOf
from recommendations.importing.tables.sessions import SESSIONS, cycle_of
from recommendations.models import Recommendation, Review
from recommendations.reading.prose.state_names import NAMES, iso3_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from recommendations.importing.tables.reading import Row, Table

# Our column names in the order of UPR Info's own file, with the renamed and the original heading.
COLUMNS = {
    "state": ("To", "SuR"),
    "state_region": ("To-Rgrp", "Rgrp"),
    "text": ("Text", "Recommendation"),
    "raised_by": ("From", "RS"),
    "raised_by_region": ("From-Rgrp", "Rgrp (2)"),
    "response": ("Response", "Response"),
    "issues": ("Issue", "Issue"),
    "session": ("Session", "Session"),
}
# Known columns that are not used: groups of States, and UPR Info's category of action.
UNUSED = {"To-Org", "From-Org", "Org", "Org (2)", "Action", "source_file"}
# UPR Info's spellings of States that are missing from the table of names.
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
# UPR Info's abbreviations of regional groups.
REGIONS = {
    "Africa": "Africa",
    "Asia": "Asia-Pacific",
    "EEG": "Eastern Europe",
    "GRULAC": "Latin America and the Caribbean",
    "WEOG": "Western Europe and others",
}
POSITIONS = {
    "Accepted": Recommendation.Position.SUPPORTED,
    "Supported": Recommendation.Position.SUPPORTED,
    "Noted": Recommendation.Position.NOTED,
    # UPR Info's term before it adopted the United Nations' term.
    "Rejected": Recommendation.Position.NOTED,
    "Pending": Recommendation.Position.PENDING,
    # The State gave no answer, or no clear one.
    "General Response": "",
    "No Response": "",
}
# UPR Info's issues that have another name in the tree. Where the tree is finer
# than UPR Info (torture, detention), the issue is mapped to the whole group.
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


def state_called(name: str) -> str:
    """Return the ISO code of a State as spelled by UPR Info; empty if unknown."""
    return SPELLINGS.get(name) or iso3_in(name) or ""


class UprInfo:
    """UPR Info's list."""

    kind = "upr_info"
    strict = False
    same_issues: Mapping[str, str] = ISSUES
    unsorted: tuple[str, str] | None = ("upr-info", "Unsorted (UPR Info)")

    def __init__(self, table: Table, filename: str, places: dict[str, int]) -> None:
        self.cells, self.filename = Cells(table, places), filename
        taken = set(places.values())
        self.ignored = [
            heading for place, heading in enumerate(table.headings) if heading and place not in taken
        ]
        self.reviews: dict[tuple[str, str], tuple[ReviewOf, DocumentOf]] = {}
        self.parties: dict[str, tuple[PartyOf, ...]] = {}
        self.lists: dict[str, tuple[str, ...]] = {}

    @classmethod
    def recognised(cls, table: Table, filename: str) -> UprInfo | None:
        """Return the format if the headings are those of UPR Info's list, renamed or original."""
        for which in (0, 1):
            wanted = {name: headings[which] for name, headings in COLUMNS.items()}
            if set(wanted.values()) <= set(table.headings):
                places = {name: table.headings.index(heading) for name, heading in wanted.items()}
                return cls(table, filename, places)
        return None

    @staticmethod
    def missing(headings: list[str]) -> list[str]:
        """Return the columns missing from a table that is nearly UPR Info's list; empty for others."""
        for which in (0, 1):
            wanted = {names[which] for names in COLUMNS.values()}
            if len(wanted & set(headings)) >= len(wanted) - 3:
                return sorted(wanted - set(headings))
        return []

    def items(self, row: Row) -> Iterator[Item]:
        """Yield the record in a row."""
        cells = self.cells
        cells.check_width(row)
        text = _plain(cells.needed(row, "text"))
        response = _plain(cells.text(row, "response"))
        if response not in POSITIONS:
            known = ", ".join(POSITIONS)
            raise cells.error(
                "response", response, _("is no answer that is known: {known}").format(known=known)
            )
        review, document = self.review(row)
        yield Item(
            row=row[0],
            review=review,
            document=document,
            text=text,
            reference=f"{review.iso3}-UPR{review.session}-UI{row[0]}",
            position=str(POSITIONS[response]),
            raised_by=self.party(row),
            issues=self.issues(cells.text(row, "issues")),
        )

    def review(self, row: Row) -> tuple[ReviewOf, DocumentOf]:
        """Return the review, by State and session, and the part of the list that covers it."""
        cells = self.cells
        name, number = _plain(cells.needed(row, "state")), cells.text(row, "session")
        key = (name, number)
        if key not in self.reviews:
            code = state_called(name)
            if not code:
                raise cells.error("state", name, _("is the name of no State"))
            if not (number.isdecimal() and number.isascii() and 0 < int(number) < 1_000):
                raise cells.error("session", number, _("is not the number of a session"))
            session = int(number)
            review = ReviewOf(
                code,
                Review.Mechanism.UPR,
                str(session),
                SESSIONS.get(session),
                Review.Precision.MONTH,
                cycle_of(session),
                REGIONS.get(cells.text(row, "state_region"), ""),
            )
            document = DocumentOf(
                f"upr-info-{code.lower()}-upr{session}",
                f"UPR Info’s list of recommendations: {NAMES[code]}, session {session}",
                "https://upr-info-database.uwazi.io/",
                f"Rows of {self.filename}, as UPR Info wrote them.",
            )
            self.reviews[key] = review, document
        return self.reviews[key]

    def party(self, row: Row) -> tuple[PartyOf, ...]:
        """Return the recommending State; empty if UPR Info does not know it."""
        name = _plain(self.cells.needed(row, "raised_by"))
        if name not in self.parties:
            code = "" if name == UNKNOWN else state_called(name)
            if not code and name != UNKNOWN:
                raise self.cells.error("raised_by", name, _("is the name of no State"))
            region = REGIONS.get(self.cells.text(row, "raised_by_region"), "")
            self.parties[name] = (PartyOf("recommending_state", code, region),) if code else ()
        return self.parties[name]

    def issues(self, names: str) -> tuple[str, ...]:
        """Return the row's issues as named by UPR Info."""
        if names not in self.lists:
            if len(self.lists) > 100_000:
                self.lists.clear()
            parts = (part.strip() for part in _plain(names).split(","))
            self.lists[names] = tuple(dict.fromkeys(part for part in parts if part))
        return self.lists[names]


def _plain(text: str) -> str:
    """Return the text with the HTML entities in UPR Info's file decoded."""
    return html.unescape(text).strip() if "&" in text else text
