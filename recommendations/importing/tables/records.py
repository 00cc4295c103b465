"""Rows that are records: creates new ones, updates known ones, and keeps changes made by people."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from recommendations.importing.tables.current import as_imported, current
from recommendations.importing.tables.decisions import Action, Change, Decision, Wanted
from recommendations.importing.tables.items import RowError
from recommendations.importing.tables.known import Known
from recommendations.models import Recommendation
from recommendations.reading.files.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recommendations.importing.tables.current import Current, Labels
    from recommendations.importing.tables.items import Format, Item
    from recommendations.importing.tables.lookup import Lookup
    from recommendations.importing.tables.reading import Row

# Other names that formats use for our columns.
OTHER_NAMES = {"issues": ("themes",), "raised_by": ("stakeholders",), "own_id": ("id",)}
LINKED = ("raised_by", "issues", "groups")
SUMMARY_MAX = 300


class RecordPlanner:
    """Decides on the rows of a data set, in order and one chunk at a time."""

    def __init__(self, form: Format, lookup: Lookup, labels: Labels, filename: str) -> None:
        self.form, self.lookup, self.labels, self.filename = form, lookup, labels, filename
        self.known = Known()
        # The row in which each source id of a document occurred, and references given to new records.
        self.met: dict[int, int] = {}
        self.given: set[str] = set()
        # For each reference already in use, the next numbers to append, and such references that are stored.
        self.numbers: dict[str, count[int]] = {}
        self.stored: set[str] = set()

    def plan(self, rows: Sequence[Row]) -> list[Decision]:
        """Return the decisions on the rows."""
        decisions: list[Decision] = []
        found: list[tuple[Wanted, int | None] | Decision] = []
        for row in rows:
            try:
                found += [(wanted, self.find(wanted)) for wanted in map(self.resolve, self.form.items(row))]
            except RowError as error:
                error.column = self.heading(error.column)
                found.append(Decision.refused(row[0], error))
        stored = current([pk for one in found if not isinstance(one, Decision) and (pk := one[1])])
        for one in found:
            if isinstance(one, Decision):
                decisions.append(one)
            elif one[1] is None:
                item = one[0].item
                decisions.append(
                    Decision(item.row, Action.CREATED, item.reference, item.text[:200], wanted=one[0])
                )
            else:
                decisions.append(self.compare(one[0], stored[one[1]]))
        self.settle([decision for decision in decisions if decision.changes])
        self.give_references([one for one in decisions if one.action == Action.CREATED])
        return decisions

    def heading(self, column: str) -> str:
        """Return the table's heading for one of our columns."""
        cells = self.form.cells
        for name in (column, *OTHER_NAMES.get(column, ())):
            if name in cells.places:
                return cells.headings[cells.places[name]]
        return column

    def resolve(self, item: Item) -> Wanted:
        """Look up everything the item names."""
        self.check(item)
        document, sha256 = self.lookup.document(item)
        # The locator of a row from another edition of the list also names that file.
        own = bool(item.own_id) or sha256 == self.lookup.sha256
        locator = item.locator if own else f"{item.locator} of {self.filename}"[:200]
        raised = tuple(self.lookup.party(party) for party in item.raised_by or ())
        issues = self.linked("issues", item.issues, self.lookup.issue)
        groups = self.linked("groups", item.groups, self.lookup.group)
        return Wanted(item, document, locator, raised, issues, groups)

    def check(self, item: Item) -> None:
        """Raise RowError for values that no record can hold."""
        if item.summary and len(item.summary) > SUMMARY_MAX:
            why = _("is longer than {number} characters").format(number=SUMMARY_MAX)
            raise RowError("summary", item.summary, why)
        if item.due_on and not item.selected_for_follow_up:
            raise RowError(
                "due_on",
                item.due_on.isoformat(),
                _("is a due date of a record that is not selected for follow-up"),
            )

    def linked(self, column: str, names: tuple[str, ...] | None, look_up: Any) -> tuple[int, ...]:
        """Return the ids of these names. A strict format refuses an unknown name; others leave it out."""
        found: dict[int, None] = {}
        for name in names or ():
            pk = look_up(name)
            if pk is not None:
                found[pk] = None
            elif self.form.strict:
                raise RowError(column, name[:200], _("is not known, or not the name of one alone"))
            else:
                self.lookup.unknown[column, name] += 1
        return tuple(found)

    def find(self, wanted: Wanted) -> int | None:
        """Return the id of the existing record that the row describes, or None."""
        item = wanted.item
        if item.own_id:
            key = hash((wanted.document, item.own_id))
            if key in self.met:
                why = _("stands in row {row} already").format(row=self.met[key])
                raise RowError("own_id", item.own_id, why)
            self.met[key] = item.row
        return self.known.find(item, wanted.document, wanted.raised_by)

    def compare(self, wanted: Wanted, record: Current) -> Decision:
        """Return a decision with the columns in which the file differs from a known record, unsettled."""
        item = wanted.item
        decision = Decision(
            item.row,
            Action.UNCHANGED,
            record.values["reference"],
            item.text[:200],
            wanted=wanted,
            before=record,
        )
        for column, value in values_of(wanted).items():
            there = record.value(column)
            same = fold(there) == fold(value) if column == "text" else there == value
            if not same:
                decision.values[column] = value
                words = self.labels.words
                decision.changes.append(Change(column, words(column, there), self.words(column, value)))
        return decision

    def words(self, column: str, value: Any) -> str:
        """Return a value from the file as text, even if it is not stored yet."""
        if column in LINKED and any(one < 0 for one in value):
            return self.labels.words(column, [one for one in value if one > 0]) + " …"
        return self.labels.words(column, value)

    def settle(self, decisions: list[Decision]) -> None:
        """Settle differences: take the file's changes, keep those made here; both are a conflict."""
        if not decisions:
            return
        bases = as_imported([one.before.pk for one in decisions if one.before])
        for decision in decisions:
            record = decision.before
            assert record is not None  # noqa: S101  (only known records differ)
            base = bases.get(record.pk)
            kept: list[Change] = []
            conflict = False
            for change in decision.changes:
                column = change.column
                if base is not None and base[column] == decision.values[column]:
                    # The file has not changed since the last import, so the difference is an edit made here.
                    del decision.values[column]
                    continue
                kept.append(change)
                conflict |= base is None or base[column] != record.value(column)
            decision.changes = kept
            if kept:
                decision.action = Action.CONFLICTS if conflict else Action.UPDATED
                decision.why = _("changed here since it was imported") if conflict else ""

    def give_references(self, decisions: list[Decision]) -> None:
        """Give each new record an unused reference."""
        wished = [one.reference for one in decisions]
        taken = set(Recommendation.objects.filter(reference__in=wished).values_list("reference", flat=True))
        for decision in decisions:
            if decision.reference in taken or decision.reference in self.given:
                decision.reference = self.numbered(decision.reference)
            self.given.add(decision.reference)

    def numbered(self, wished: str) -> str:
        """Return the first of `wished`-2, `wished`-3 … that is unused."""
        if wished not in self.numbers:
            stored = Recommendation.objects.filter(reference__startswith=f"{wished}-")
            self.stored.update(stored.values_list("reference", flat=True))
            self.numbers[wished] = count(2)
        references = (f"{wished}-{number}" for number in self.numbers[wished])
        return next(one for one in references if one not in self.stored and one not in self.given)


def values_of(wanted: Wanted) -> dict[str, Any]:
    """Return the values that the item gives for its record, by column."""
    item = wanted.item
    said: dict[str, Any] = {
        "position": item.position,
        "summary": item.summary,
        "selected_for_follow_up": item.selected_for_follow_up,
        "due_on": item.due_on,
        "raised_by": None if item.raised_by is None else frozenset(wanted.raised_by),
        "issues": None if item.issues is None else frozenset(wanted.issues),
        "groups": None if item.groups is None else frozenset(wanted.groups),
    }
    if item.own_id:
        said |= {"text": item.text, "kind": item.kind}
    return {column: value for column, value in said.items() if value is not None}
