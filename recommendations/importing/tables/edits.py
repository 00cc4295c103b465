"""Rows that edit known records by reference: only the cells changed in the file are applied."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _

from recommendations.core.xml import xml_text
from recommendations.exports.columns import EDITABLE, ROW_VERSION
from recommendations.exports.columns.column import flat
from recommendations.exports.row_version import BETWEEN
from recommendations.exports.spreadsheets import CELL_MAX, unsafe
from recommendations.importing.tables.current import current
from recommendations.importing.tables.decisions import Action, Change, Decision
from recommendations.importing.tables.items import RowError
from recommendations.importing.tables.lookup import (
    group_called,
    issue_called,
    issue_rows,
    stakeholders_called,
    why_not_one,
)
from recommendations.importing.tables.reading import text_of
from recommendations.models import (
    FormerReference,
    PopulationGroup,
    Recommendation,
    ReportingTime,
    Review,
)
from recommendations.reading.files.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recommendations.importing.tables.current import Current, Labels
    from recommendations.importing.tables.items import Cells
    from recommendations.importing.tables.reading import Row

# Columns of the export that show a record's origin: compared, never imported.
FIXED = ("text", "state", "review", "document", "paragraph", "locator")
# What is edited: by column the relation of a list, and the field of all others.
MANY = {
    name: column.editable.field or name
    for name, column in EDITABLE.items()
    if column.editable and column.is_list
}
FIELDS: dict[str, Any] = {name: Recommendation._meta.get_field(name) for name in EDITABLE if name not in MANY}
YES = frozenset(("yes", "true", "1", "x"))
NO = frozenset(("no", "false", "0", ""))
_DAY = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})")


class EditRow(NamedTuple):
    """A row of the file: the record's reference, its editable cells, and the version mark from the export."""

    row: int
    reference: str
    cells: dict[str, str]
    fixed: dict[str, str]
    mark: str
    # Dates that the spreadsheet program knows as dates.
    days: dict[str, datetime.date]


@dataclass
class EditPlanner:
    """Decides what editing rows do; `columns` are the editable columns in the file."""

    cells: Cells
    columns: tuple[str, ...]
    labels: Labels

    def __post_init__(self) -> None:
        self.met: dict[int, int] = {}
        # By column that is never imported, the number of rows that differ from the record.
        self.ignored_changes: dict[str, int] = {}
        self.issue_rows = issue_rows()
        self.group_rows = list(PopulationGroup.objects.values_list("pk", "slug", "name"))
        self.called: dict[str, list[int]] = {}
        self.due: dict[int, datetime.date | None] = {}
        self.choices = {name: _choices_of(field) for name, field in FIELDS.items()}

    def plan(self, rows: Sequence[Row]) -> list[Decision]:
        """Return the decisions on the rows."""
        read: list[EditRow | Decision] = []
        for row in rows:
            try:
                read.append(self.read(row))
            except RowError as error:
                read.append(Decision.refused(row[0], error))
        references = [one.reference for one in read if isinstance(one, EditRow)]
        ids = dict(Recommendation.objects.filter(reference__in=references).values_list("reference", "pk"))
        records = current(list(ids.values()))
        decisions = []
        for one in read:
            if isinstance(one, Decision):
                decisions.append(one)
                continue
            try:
                decisions.append(self.decide(one, records.get(ids.get(one.reference, 0))))
            except RowError as error:
                decisions.append(Decision.refused(one.row, error, one.fixed.get("text", "")[:200]))
                decisions[-1].reference = one.reference
        return decisions

    def read(self, row: Row) -> EditRow:
        """Return the cells of a row with the export's protection against formulas removed."""
        self.cells.check_width(row)

        def text(name: str) -> str:
            value = self.cells.value(row, name)
            # Must precede trimming, because white space may be why the cell was protected.
            return self.cells.as_text(name, unsafe(value.lstrip()) if isinstance(value, str) else value)

        days = {}
        for name in self.columns:
            value = self.cells.value(row, name)
            if isinstance(value, datetime.date):
                days[name] = value.date() if isinstance(value, datetime.datetime) else value
        return EditRow(
            row[0],
            unsafe(self.cells.needed(row, "reference")),
            {name: text(name) for name in self.columns},
            {name: text(name) for name in FIXED if name in self.cells.places},
            self.cells.text(row, "version"),
            days,
        )

    def decide(self, row: EditRow, record: Current | None) -> Decision:
        """Return the decision on a row. Raises RowError when a cell is not valid."""
        if record is None or record.about["merged_into"]:
            raise self.cells.error("reference", row.reference, self.why_not(row.reference, record))
        key = hash(row.reference)
        if key in self.met:
            why = _("stands in row {row} already").format(row=self.met[key])
            raise self.cells.error("reference", row.reference, why)
        self.met[key] = row.row
        self.compare_fixed(row, record)
        decision = Decision(
            row.row, Action.UNCHANGED, row.reference, record.values["text"][:200], before=record
        )
        base = ROW_VERSION.digests_in(row.mark)
        here = self.export_cells(record)
        changed_here = [
            name
            for name in ROW_VERSION.names
            if base is not None and ROW_VERSION.digest(name, here[name]) != base[name]
        ]
        for name in self.columns:
            if ROW_VERSION.canonical(name, row.cells[name]) == ROW_VERSION.canonical(name, here[name]):
                continue
            if base is not None and ROW_VERSION.digest(name, row.cells[name]) == base[name]:
                continue
            column = MANY.get(name, name)
            value = self.parse(name, row, record)
            if value == record.value(column):
                continue
            decision.values[column] = value
            words = self.labels.words
            decision.changes.append(
                Change(column, words(column, self.public(name, record)), words(column, value))
            )
        if not decision.values:
            return decision
        self.complete(row, record, decision)
        decision.action = Action.UPDATED
        if base is None or changed_here:
            decision.action = Action.CONFLICTS
            decision.why = self.why_conflict(base is None, changed_here)
        return decision

    def why_not(self, reference: str, record: Current | None) -> str:
        """Return the reason why a reference is not accepted."""
        if record is not None:
            return _("was merged into {reference}").format(reference=record.about["merged_into"])
        former = FormerReference.objects.filter(reference=reference).select_related("recommendation").first()
        if former is not None:
            return _("is the former reference of {reference}").format(reference=former.recommendation)
        return _("is the reference of no record; new records are not made this way")

    def why_conflict(self, no_mark: bool, changed_here: list[str]) -> str:
        """Return the reason why a person has to choose between the values."""
        if no_mark:
            return _("the file has no column Version, so nobody can tell whether this changed here since")
        return _("changed here since the file was made: {columns}").format(columns=", ".join(changed_here))

    def export_cells(self, record: Current) -> dict[str, object]:
        """The editable cells as our export would give them."""
        here: dict[str, object] = {name: flat(record.values[name]) for name in FIELDS}
        for name, column in MANY.items():
            here[name] = self.labels.words(column, self.public(name, record))
        return here

    def public(self, name: str, record: Current) -> Any:
        """Return the value of a column as exported, leaving out withheld names."""
        value = record.value(MANY.get(name, name))
        if name != "stakeholders":
            return value
        return frozenset(one for one in value if self.labels.stakeholders[one].published)

    def compare_fixed(self, row: EditRow, record: Current) -> None:
        """Count changes made in the file to columns that are never imported."""
        there = {
            "text": record.values["text"],
            "locator": record.values["locator"],
            "document": record.about["symbol"] or record.about["document"],
            **{name: record.about[name] for name in ("state", "review", "paragraph")},
        }
        for name, cell in row.fixed.items():
            own = fold(xml_text(str(there[name] or "")))
            given = fold(cell)
            if given != own and not (len(given) >= CELL_MAX - 10 and own.startswith(given.rstrip("…"))):
                self.ignored_changes[name] = self.ignored_changes.get(name, 0) + 1

    # Cells as values

    def parse(self, name: str, row: EditRow, record: Current) -> Any:
        """Return the value that a cell represents. Raises RowError when it is not valid."""
        cell = row.cells[name]
        if name in MANY:
            return self.many(name, cell, record)
        if isinstance(FIELDS[name], models.DateField):
            return row.days.get(name) or self.day(name, cell, record.values[name])
        choices = self.choices[name]
        if not choices:
            return self.text(name, cell)
        found = choices.get(cell.strip().casefold())
        if found is None:
            known = ", ".join(dict.fromkeys(str(flat(one)) for one in choices.values() if one != ""))
            raise self.cells.error(name, cell, _("is none of these: {known}").format(known=known))
        return found

    def text(self, name: str, cell: str) -> str:
        """One line, no longer than its field holds."""
        text, most = " ".join(cell.split()), FIELDS[name].max_length
        if most and len(text) > most:
            why = _("is longer than {number} characters").format(number=most)
            raise self.cells.error(name, text, why)
        return text

    def day(self, name: str, cell: str, there: datetime.date | None) -> datetime.date | None:
        """A date as 2026-11-22, or as a spreadsheet program wrote it anew, if only one day can be meant."""
        if not cell:
            return None
        days = days_in(cell)
        if there in days:
            return there
        if len(days) != 1:
            raise self.cells.error(name, cell, _("is no clear date; write it as 2026-11-22"))
        return days[0]

    def many(self, name: str, cell: str, record: Current) -> frozenset[int]:
        """Return the ids for a list of names; stakeholders with withheld names are kept."""
        value = record.value(MANY[name])
        hidden = value - self.public(name, record)
        find = {"issues": self.issue, "groups": self.group}.get(name, self.stakeholder)
        found: set[int] = set()
        parts = [part.strip() for part in cell.split(BETWEEN.strip()) if part.strip()]
        while parts:
            # A name may itself contain a semicolon, so the longest known name wins.
            for length in range(len(parts), 0, -1):
                pk, why = find("; ".join(parts[:length]), record)
                if pk is not None:
                    found.add(pk)
                    del parts[:length]
                    break
            else:
                raise self.cells.error(name, parts[0], why)
        return frozenset(found | hidden)

    def issue(self, name: str, _record: Current) -> tuple[int | None, str]:
        return issue_called(name, self.issue_rows), _("is no issue of the tree, or the name of several")

    def group(self, name: str, _record: Current) -> tuple[int | None, str]:
        return group_called(name, self.group_rows), _("is no population group that is known")

    def stakeholder(self, name: str, record: Current) -> tuple[int | None, str]:
        """Look up a stakeholder. Among equal names, prefer one already linked or from the same review."""
        if name not in self.called:
            self.called[name] = [row.pk for row in stakeholders_called(name)]
        found = self.called[name]
        rows = self.labels.stakeholders
        if len(found) > 1:
            review = int(record.about["review_id"])
            for fits in (
                [pk for pk in found if pk in record.raised_by],
                [pk for pk in found if review == rows[pk].review_id],
                [pk for pk in found if rows[pk].kind == "recommending_state"],
            ):
                if len(fits) == 1:
                    return fits[0], ""
        if len(found) == 1:
            return found[0], ""
        return None, why_not_one(len(found), (rows[pk].slug for pk in found))

    def complete(self, row: EditRow, record: Current, decision: Decision) -> None:
        """Set the due date of a newly selected record by the body's rule.

        Raises RowError when a record that is not selected for follow-up has a due date.
        """
        selected = decision.values.get("selected_for_follow_up", record.values["selected_for_follow_up"])
        due = decision.values.get("due_on", record.values["due_on"])
        if due and not selected:
            why = _("is a due date of a record that is not selected for follow-up")
            raise self.cells.error("due_on", due.isoformat(), why)
        if selected and not due and not record.values["selected_for_follow_up"]:
            by_rule = self.due_date(int(record.about["review_id"]))
            if by_rule:
                decision.values["due_on"] = by_rule
                decision.changes.append(Change("due_on", "", by_rule.isoformat()))

    def due_date(self, review: int) -> datetime.date | None:
        """Return the due date by the rule of the review's body, or None."""
        if review not in self.due:
            self.due[review] = ReportingTime.objects.due_date(Review.objects.get(pk=review))
        return self.due[review]


def days_in(cell: str) -> list[datetime.date]:
    """Return the dates that a numeric date can mean: 2026-11-22, 22.11.2026, 11/22/2026."""
    found = _DAY.fullmatch(text_of(cell).split("T")[0].split(" ")[0])
    if not found:
        return []
    one, two, three = (int(part) for part in found.groups())
    orders = [(one, two, three)] if one > 31 else [(three, two, one), (three, one, two)]
    days = []
    for year, month, day in orders:
        try:
            days.append(datetime.date(year + 2000 if year < 100 else year, month, day))
        except ValueError:
            continue
    return list(dict.fromkeys(days))


def _choices_of(field: Any) -> dict[str, Any]:
    """What a cell of this field may say, in small letters: values by themselves and by their labels."""
    if isinstance(field, models.BooleanField):
        return {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
    found = {value: value for value, _label in field.choices or ()}
    found |= {str(label).casefold(): value for value, label in field.choices or ()}
    return {"": "", **found} if found and field.blank else found
