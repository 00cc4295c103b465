"""Exports of the Universal Human Rights Index (UHRI): XLSX (one list item a line), JSON, and renamed JSON.

Each row is one annotation of a UN document: a body's recommendation or observation on one or more States.
UHRI gives session numbers only for the UPR, so a new review by a treaty body is identified by its year.
"""

from __future__ import annotations

import datetime
import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.utils.text import slugify
from django.utils.translation import gettext as _
from openpyxl.utils.datetime import from_excel

from recommendations.importing.tables.items import Cells, DocumentOf, Item, PartyOf, ReviewOf
from recommendations.importing.tables.sessions import SESSIONS, cycle_of
from recommendations.models import Recommendation, Review
from recommendations.reading.prose.state_names import NAMES, iso3_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from recommendations.importing.tables.reading import Row, Table

# Our column names, with their names in the XLSX, in the JSON, and in JSON renamed by others.
COLUMNS = {
    "id": ("OHCHR Annotation Id", "AnnotationId", "_id"),
    "text": ("Text", "Text", "text"),
    "states": ("Countries Concerned", "Countries", "countries"),
    "body": ("Reccomending Body", "Body", "body"),
    "symbol": ("Document Symbol", "Symbol", "symbol"),
    "themes": ("Themes", "Themes", "themes"),
    "groups": ("Affected Persons", "AffectedPersons", "affected_persons"),
    "date": ("Document Publication Date", "PublicationDate", "date"),
    "type": ("Type", "AnnotationType", "annotation_type"),
}
# Optional columns. "Reccomending" is UHRI's own spelling; the correct one is accepted too.
ALSO = {
    "body": ("Recommending Body",),
    "session": ("UPR Session",),
    "position": ("UPR Position",),
    "raised_by": ("UPR Reccomending States", "UPR Recommending States", "upr_recommending_country"),
}
NEEDED = ("id", "text", "states", "body", "symbol", "date", "type")
MECHANISMS = {
    "UPR": Review.Mechanism.UPR,
    "CCPR": Review.Mechanism.CCPR,
    "HRC": Review.Mechanism.CCPR,
    "CAT": Review.Mechanism.CAT,
    "CEDAW": Review.Mechanism.CEDAW,
    "CERD": Review.Mechanism.CERD,
    "CESCR": Review.Mechanism.CESCR,
    "CMW": Review.Mechanism.CMW,
    "CRC": Review.Mechanism.CRC,
    "CRPD": Review.Mechanism.CRPD,
    "CED": Review.Mechanism.CED,
    "SPT": Review.Mechanism.OTHER,
}
_SPECIAL = re.compile(
    r"\b(special rapporteur|special representative|independent expert|working group|sr|wg|ie|sp)\b"
)
KINDS = (
    ("recommendation", Recommendation.Kind.RECOMMENDATION),
    ("concern", Recommendation.Kind.CONCERN),
    ("observation", Recommendation.Kind.CONCERN),
    ("positive", Recommendation.Kind.COMMENDATION),
)
POSITIONS = {
    "": "",
    "accepted": Recommendation.Position.SUPPORTED,
    "supported": Recommendation.Position.SUPPORTED,
    "partially accepted": Recommendation.Position.SUPPORTED_IN_PART,
    "partially supported": Recommendation.Position.SUPPORTED_IN_PART,
    "supported/noted": Recommendation.Position.SUPPORTED_IN_PART,
    "noted": Recommendation.Position.NOTED,
    "rejected": Recommendation.Position.NOTED,
    "pending": Recommendation.Position.PENDING,
}
ADDRESS = "https://uhri.ohchr.org/"
# Range of Excel serial dates that a United Nations document can have.
SERIAL = (15_000, 80_000)
LIST_MARK = re.compile(r"^\s*[-–•]\s+")
NOTE = "UHRI gives the year of the document, not the session."


class Uhri:
    """UHRI's annotations."""

    kind = "uhri"
    strict = False
    same_issues: Mapping[str, str] = MappingProxyType({})
    unsorted: tuple[str, str] | None = ("uhri", "Unsorted (UHRI)")

    def __init__(self, table: Table, places: dict[str, int]) -> None:
        self.cells = Cells(table, places)
        taken = set(places.values())
        self.ignored = [
            heading for place, heading in enumerate(table.headings) if heading and place not in taken
        ]

    @classmethod
    def recognised(cls, table: Table, _filename: str) -> Uhri | None:
        """Return the format if the headings are those of one of UHRI's exports."""
        for which in range(3):
            wanted = {name: [headings[which]] for name, headings in COLUMNS.items()}
            for name, others in ALSO.items():
                wanted.setdefault(name, []).extend(others)
            places = {
                name: table.headings.index(found[0])
                for name, headings in wanted.items()
                if (found := [heading for heading in headings if heading in table.headings])
            }
            if set(NEEDED) <= set(places):
                return cls(table, places)
        return None

    @staticmethod
    def missing(headings: list[str]) -> list[str]:
        """Return the columns missing from a table that is nearly UHRI's export; empty for others."""
        for which in range(3):
            wanted = {COLUMNS[name][which] for name in NEEDED}
            if len(wanted & set(headings)) >= len(wanted) - 2:
                return sorted(wanted - set(headings))
        return []

    def items(self, row: Row) -> Iterator[Item]:
        """Yield a record for each State that the row names."""
        cells = self.cells
        cells.check_width(row)
        own_id, text = cells.needed(row, "id"), cells.needed(row, "text")
        if len(own_id) > 100:
            raise cells.error("id", own_id, _("is no annotation’s id"))
        kind, position = self.kind_of(row), self.position(row)
        states = self.states(row)
        for code, name in states.items():
            review = self.review(row, code)
            party = self.parties(row, review)
            short = re.sub(r"[^A-Za-z0-9]", "", own_id)[:8] or str(row[0])
            yield Item(
                row=row[0],
                review=review,
                document=self.document(row, review, name),
                text=text,
                reference=f"{code}-{review.mechanism}-UHRI-{short}",
                kind=kind,
                own_id=own_id,
                position=position if review.mechanism == Review.Mechanism.UPR else None,
                raised_by=party,
                issues=self.list_of(row, "themes"),
                groups=self.list_of(row, "groups"),
            )

    def list_of(self, row: Row, name: str) -> tuple[str, ...]:
        """Return the items of a list with one item a line, each starting with "- "."""
        if isinstance(self.cells.value(row, name), list) or "\n" in (text := self.cells.text(row, name)):
            text = self.cells.text(row, name)
            parts = text.splitlines()
        else:
            parts = [text]
        cleaned = (" ".join(LIST_MARK.sub("", part).split()) for part in parts)
        return tuple(dict.fromkeys(part for part in cleaned if part and part != "-"))

    def states(self, row: Row) -> dict[str, str]:
        """Return the names of the States that the row concerns, by code."""
        found = {}
        for name in self.list_of(row, "states"):
            code = iso3_in(name)
            if not code:
                raise self.cells.error("states", name, _("is the name of no State"))
            found[code] = NAMES[code]
        if not found:
            raise self.cells.error("states", "", _("names no State"))
        return found

    def kind_of(self, row: Row) -> str:
        """Return the kind of record."""
        words = self.cells.needed(row, "type")
        kind = next((kind for part, kind in KINDS if part in words.lower()), None)
        if kind is None:
            raise self.cells.error("type", words, _("is no type of annotation that is known"))
        return str(kind)

    def position(self, row: Row) -> str:
        """Return the State's answer, for rows of the UPR."""
        words = " ".join(LIST_MARK.sub("", self.cells.text(row, "position")).split())
        if words.lower() not in POSITIONS:
            raise self.cells.error("position", words, _("is no answer that is known"))
        return str(POSITIONS[words.lower()])

    def day(self, row: Row) -> datetime.date:
        """Return the document's publication date, given as a date, an Excel serial number or text."""
        value = self.cells.value(row, "date")
        if isinstance(value, datetime.datetime):
            return value.date()
        if isinstance(value, datetime.date):
            return value
        text = self.cells.text(row, "date")
        try:
            if re.fullmatch(r"\d{5}(\.\d+)?", text) and SERIAL[0] < float(text) < SERIAL[1]:
                found = from_excel(float(text))
                return found.date() if isinstance(found, datetime.datetime) else found
            return datetime.date.fromisoformat(text[:10])
        except (ValueError, OverflowError):
            raise self.cells.error("date", text, _("is no date")) from None

    def mechanism(self, row: Row) -> str:
        """Return our mechanism for the body."""
        (body,) = self.list_of(row, "body")[:1] or ("",)
        code = next((code for code in re.findall(r"[A-Z]{3,5}", body) if code in MECHANISMS), "")
        if code:
            return str(MECHANISMS[code])
        labels = {str(label).lower(): value for value, label in Review.Mechanism.choices}
        if found := labels.get(body.lower()):
            return str(found)
        if _SPECIAL.search(body.lower()):
            return str(Review.Mechanism.SPECIAL_PROCEDURE)
        raise self.cells.error("body", body, _("is no body that is known"))

    def review(self, row: Row, code: str) -> ReviewOf:
        """Return the review: by session for the UPR, by the document's year for other mechanisms."""
        mechanism, day = self.mechanism(row), self.day(row)
        number = re.search(r"\d{1,3}", self.cells.text(row, "session"))
        if mechanism == Review.Mechanism.UPR and number and int(number.group()):
            session = int(number.group())
            month = SESSIONS.get(session)
            return ReviewOf(
                code,
                mechanism,
                str(session),
                month or day,
                Review.Precision.MONTH if month else Review.Precision.YEAR,
                cycle_of(session),
            )
        year = datetime.date(day.year, 1, 1)
        return ReviewOf(code, mechanism, f"of {day.year}", year, Review.Precision.YEAR, note=NOTE)

    def document(self, row: Row, review: ReviewOf, state: str) -> DocumentOf:
        """Return the part of UHRI that annotates one document on one State."""
        symbol = self.cells.needed(row, "symbol")
        return DocumentOf(
            f"uhri-{review.iso3.lower()}-{slugify(symbol.replace('/', '-'))}"[:80],
            f"UHRI’s annotations of {symbol}: {state}"[:300],
            ADDRESS,
            f"Annotations of {symbol} in the Universal Human Rights Index.",
        )

    def parties(self, row: Row, review: ReviewOf) -> tuple[PartyOf, ...]:
        """Return the recommending States in the UPR, otherwise the committee."""
        if review.mechanism != Review.Mechanism.UPR:
            special = review.mechanism in (Review.Mechanism.SPECIAL_PROCEDURE, Review.Mechanism.OTHER)
            return () if special else (PartyOf("committee", review.mechanism),)
        found = []
        for name in self.list_of(row, "raised_by"):
            code = iso3_in(name)
            if not code:
                raise self.cells.error("raised_by", name, _("is the name of no State"))
            found.append(PartyOf("recommending_state", code))
        return tuple(dict.fromkeys(found))
