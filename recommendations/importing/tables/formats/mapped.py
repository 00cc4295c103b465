"""Any other table: a person describes its columns and can save the description under a name."""

from __future__ import annotations

import datetime
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.importing.errors import RefusedError
from recommendations.importing.tables.edits import NO, YES, days_in
from recommendations.importing.tables.items import Cells, DocumentOf, Item, PartyOf, ReviewOf
from recommendations.models import Recommendation, Review
from recommendations.reading.prose.state_names import NAMES, iso3_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from recommendations.importing.tables.reading import Row, Table

# The possible meanings of a column.
MEANINGS = {
    "reference": gettext_lazy("Reference of a record that is known here (only changes records)"),
    "text": gettext_lazy("Words"),
    "own_id": gettext_lazy("The source’s own id or number"),
    "state": gettext_lazy("State under review"),
    "mechanism": gettext_lazy("Mechanism (UPR, CCPR, CAT …)"),
    "session": gettext_lazy("Session"),
    "date": gettext_lazy("Date of the review"),
    "kind": gettext_lazy("Kind"),
    "summary": gettext_lazy("Summary"),
    "position": gettext_lazy("Position"),
    "stakeholders": gettext_lazy("Raised by"),
    "issues": gettext_lazy("Issues"),
    "groups": gettext_lazy("Population groups"),
    "selected_for_follow_up": gettext_lazy("Selected for follow-up"),
    "due_on": gettext_lazy("Due"),
}
_BETWEEN = re.compile(r"\s*[;\n]\s*")


class Mapped:
    """A table whose columns a person named; its rows belong to one chosen review or name their own."""

    kind = "mapped"
    unsorted: tuple[str, str] | None = None
    strict = True
    same_issues: Mapping[str, str] = MappingProxyType({})

    def __init__(self, table: Table, mapping: Mapping[str, str], name: str, review: Review | None) -> None:
        places = {
            meaning: table.headings.index(heading)
            for heading, meaning in mapping.items()
            if meaning in MEANINGS and heading in table.headings
        }
        missing = [
            heading for heading, meaning in mapping.items() if meaning and heading not in table.headings
        ]
        if missing:
            raise RefusedError(
                _("The table has no column {columns}, which the mapping names.").format(
                    columns=", ".join(f"“{heading[:60]}”" for heading in missing[:5])
                )
            )
        self.cells, self.name, self.review = Cells(table, places), name or _("a table"), review
        taken = set(places.values())
        self.ignored = [
            heading for place, heading in enumerate(table.headings) if heading and place not in taken
        ]
        if "text" not in places:
            raise RefusedError(_("Say which column holds the words of the records."))
        if review is None and not {"state", "mechanism", "session"} <= set(places):
            raise RefusedError(
                _("Choose the review of the records, or the columns with State, mechanism and session.")
            )
        self.kinds = _choices(Recommendation.Kind.choices)
        self.positions = {"": ""} | _choices(Recommendation.Position.choices)
        self.mechanisms = _choices(Review.Mechanism.choices)

    def items(self, row: Row) -> Iterator[Item]:
        """Yield the record in a row."""
        cells = self.cells
        cells.check_width(row)
        review = self.review_of(row)
        slug = slugify(self.name)[:40] or "table"
        own_id = cells.text(row, "own_id")[:100]
        mark = re.sub(r"[^A-Za-z0-9._-]", "-", own_id)[:30].strip("-.") or str(row[0])
        yield Item(
            row=row[0],
            review=review,
            document=DocumentOf(
                f"table-{slug}-{review.iso3.lower()}-{slugify(review.mechanism + review.session)}"[:80],
                f"{self.name}: {NAMES.get(review.iso3, review.iso3)}, {review.mechanism} {review.session}"[
                    :300
                ],
                note=_("Rows of a table that was imported."),
            ),
            text=cells.needed(row, "text"),
            reference=f"{review.iso3}-{review.mechanism}{slugify(review.session)}-T{mark}"[:70],
            kind=self.one_of(row, "kind", self.kinds) or "recommendation",
            own_id=own_id,
            position=self.one_of(row, "position", self.positions),
            summary=" ".join(cells.text(row, "summary").split()) if "summary" in cells.places else None,
            selected_for_follow_up=self.flag(row),
            due_on=self.day(row, "due_on"),
            raised_by=self.parties(row, review),
            issues=self.parts(row, "issues"),
            groups=self.parts(row, "groups"),
        )

    def review_of(self, row: Row) -> ReviewOf:
        """Return the chosen review, or the one that the row names."""
        cells = self.cells
        if self.review is not None:
            one = self.review
            return ReviewOf(one.state.iso3, one.mechanism, one.session, one.starts_on)
        name = cells.needed(row, "state")
        iso3 = name if name in NAMES else iso3_in(name)
        if not iso3:
            raise cells.error("state", name, _("is the name of no State"))
        mechanism = self.one_of(row, "mechanism", self.mechanisms)
        session = cells.needed(row, "session")
        if len(session) > 20:
            raise cells.error("session", session, _("is too long for a session"))
        day = self.day(row, "date")
        return ReviewOf(iso3, str(mechanism), session, day)

    def one_of(self, row: Row, name: str, choices: dict[str, str]) -> str | None:
        """Return a column's value from a fixed set of words; None if the table has no such column."""
        if name not in self.cells.places:
            return None
        text = self.cells.text(row, name)
        found = choices.get(text.casefold())
        if found is None:
            known = ", ".join(dict.fromkeys(value for value in choices.values() if value))
            raise self.cells.error(name, text, _("is none of these: {known}").format(known=known))
        return found

    def flag(self, row: Row) -> bool | None:
        name = "selected_for_follow_up"
        if name not in self.cells.places:
            return None
        text = self.cells.text(row, name)
        if text.casefold() not in YES | NO:
            raise self.cells.error(name, text, _("is none of these: {known}").format(known="yes, no"))
        return text.casefold() in YES

    def day(self, row: Row, name: str) -> datetime.date | None:
        """Return a date. Raises RowError when it is ambiguous."""
        value = self.cells.value(row, name)
        if isinstance(value, datetime.datetime):
            return value.date()
        if isinstance(value, datetime.date):
            return value
        text = self.cells.text(row, name)
        days = days_in(text) if text else []
        if text and len(days) != 1:
            raise self.cells.error(name, text, _("is no clear date; write it as 2026-11-22"))
        return days[0] if days else None

    def parts(self, row: Row, name: str) -> tuple[str, ...] | None:
        """Return the names in a cell, separated by lines or semicolons."""
        if name not in self.cells.places:
            return None
        parts = _BETWEEN.split(self.cells.text(row, name))
        return tuple(dict.fromkeys(part for part in parts if part))

    def parties(self, row: Row, review: ReviewOf) -> tuple[PartyOf, ...] | None:
        """Return the stakeholders who raised it; in the UPR, a State's name means the recommending State."""
        names = self.parts(row, "stakeholders")
        if names is None:
            return None
        found: list[Any] = []
        for name in names:
            iso3 = iso3_in(name) if review.mechanism == Review.Mechanism.UPR else ""
            is_state = iso3 and name.casefold() in (NAMES[iso3].casefold(), iso3.casefold())
            found.append(PartyOf("recommending_state", iso3) if is_state else PartyOf("named", name))
        return tuple(dict.fromkeys(found))


def _choices(choices: list[tuple[str, Any]]) -> dict[str, str]:
    found = {str(value).casefold(): str(value) for value, _label in choices}
    return found | {str(label).casefold(): str(value) for value, label in choices}
