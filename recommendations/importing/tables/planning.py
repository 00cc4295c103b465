"""The plan of a table: the actions of its rows as numbers, as samples, and row by row in a file."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from django.core.files import File
from django.utils.translation import gettext as _

from recommendations.exports.spreadsheets import safe
from recommendations.importing.errors import RefusedError
from recommendations.importing.tables.current import Labels
from recommendations.importing.tables.decisions import Action, Decision, Digest
from recommendations.importing.tables.edits import EditPlanner
from recommendations.importing.tables.formats import OwnExport, recognise
from recommendations.importing.tables.lookup import Lookup
from recommendations.importing.tables.reading import open_table
from recommendations.importing.tables.records import RecordPlanner
from recommendations.models import Import
from recommendations.models.imports import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.core.files.storage import Storage
    from django.db.models import Model

    from recommendations.importing.tables.formats import AnyFormat
    from recommendations.importing.tables.reading import Table

CHUNK = 2_000
# The number of rows of each action shown on the dry run's page.
SHOWN = {Action.CONFLICTS: 200, Action.REFUSED: 100}
SHOWN_ELSE = 20
BOM = "\ufeff"


class Plan:
    """One reading of a table, compared with the current records; `chunks()` can be called only once."""

    def __init__(
        self,
        source: Import,
        file: IO[bytes],
        make: Callable[[type[Model], dict[str, Any]], int] | None = None,
    ) -> None:
        self.source = source
        self.table: Table = open_table(file, source.size)
        self.form: AnyFormat | None
        self.form, self.evidence = recognise(self.table, source.filename, source.options)
        self.counts: Counter[Action] = Counter()
        self.digest = Digest()
        self.rows = 0
        self.lookup: Lookup | None = None
        self.edits: EditPlanner | None = None
        if self.form is None:
            return
        labels = Labels()
        self.planner: EditPlanner | RecordPlanner
        if isinstance(self.form, OwnExport):
            self.edits = self.planner = EditPlanner(self.form.cells, self.form.columns, labels)
        else:
            self.lookup = Lookup(
                sha256=source.sha256,
                published=bool(source.options.get("published", True)),
                unsorted=self.form.unsorted,
                same_issues=self.form.same_issues,
                make=make,
            )
            self.planner = RecordPlanner(self.form, self.lookup, labels, source.filename)

    def chunks(self) -> Iterator[list[Decision]]:
        """Yield the decisions on the rows, `CHUNK` rows at a time."""
        rows = self.table.rows
        while chunk := list(islice(rows, CHUNK)):
            decisions = self.planner.plan(chunk)
            self.rows += len(chunk)
            for decision in decisions:
                self.counts[decision.action] += 1
                self.digest.add(decision)
            yield decisions
        if not self.rows:
            raise RefusedError(_("The table has headings, but no rows below them."))

    @property
    def total(self) -> int:
        """Estimate the number of rows from the share of the file that has been read."""
        share = self.table.share()
        return max(round(self.rows / share), self.rows) if share > 0 else 0

    def report(self) -> dict[str, Any]:
        """Return the numbers and everything a person has to know."""
        report: dict[str, Any] = {action.value: self.counts[action] for action in Action}
        report |= {
            "rows": self.rows,
            "digest": str(self.digest),
            "ignored": self.form.ignored if self.form else [],
        }
        if "columns" in self.source.options:
            # A person may want to rename them.
            report["headings"] = self.table.headings
        if self.lookup is not None:
            report |= self.lookup.report()
        if self.edits is not None:
            report["ignored_changes"] = self.edits.ignored_changes
            report["marked"] = "version" in self.edits.cells.places
        return report


class Results:
    """The decisions of a plan as shown to people: samples of each action, and all of them in a file."""

    HEADINGS = ("Row", "Result", "Reference", "Column", "In the record", "In the file", "Why", "Words")

    def __init__(self, file: IO[bytes]) -> None:
        self.text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
        self.text.write(BOM)
        self.lines = csv.writer(self.text)
        self.lines.writerow(self.HEADINGS)
        self.shown: dict[str, list[dict[str, Any]]] = {}

    def add(self, decisions: list[Decision]) -> None:
        """Write decisions to the file."""
        self.lines.writerows([safe(cell) for cell in line] for one in decisions for line in lines_of(one))
        for one in decisions:
            shown = self.shown.setdefault(one.action.value, [])
            if len(shown) < SHOWN.get(one.action, SHOWN_ELSE):
                shown.append(sample(one))


def lines_of(one: Decision) -> Iterator[tuple[Any, ...]]:
    """Yield the lines of a decision, one for each column that changes or is not valid."""
    head = one.row, one.action.value, one.reference
    if not one.changes:
        yield *head, one.column, "", one.value, one.why, one.words
    for change in one.changes:
        yield *head, change.column, change.before, change.after, one.why, one.words


def sample(one: Decision) -> dict[str, Any]:
    """Return a decision in the form shown on the page."""
    changes = [[change.column, change.before[:500], change.after[:500]] for change in one.changes]
    shown = {"row": one.row, "reference": one.reference, "words": one.words, "changes": changes}
    return shown | {"column": one.column, "value": one.value, "why": one.why}


def dry_run(source: Import, file: IO[bytes], progress: Callable[[int, int], None]) -> None:
    """Work out what the table would do, and store the result with the import."""
    plan = Plan(source, file)
    source.evidence = plan.evidence
    forget_results(source)
    if plan.form is None:
        first = [[str(cell)[:100] for cell in cells] for _number, cells in islice(plan.table.rows, 3)]
        source.kind = ""
        source.report = {"needs_mapping": True, "headings": plan.table.headings, "first": first}
        return
    source.kind = plan.form.kind
    with tempfile.TemporaryFile() as kept:
        results = Results(kept)
        for decisions in plan.chunks():
            results.add(decisions)
            progress(plan.rows, plan.total)
        results.text.flush()
        kept.seek(0)
        storage().save(results_of(source), File(kept))
    source.report = plan.report() | {"shown": results.shown}


def storage() -> Storage:
    """Return the storage for files of imports, which the public cannot reach."""
    found: Storage = Import._meta.get_field("file").storage
    return found


def results_of(source: Import) -> str:
    """Return the name of the file with the decision on each row."""
    return f"{FOLDER}/{source.key.hex}.rows.csv"


def forget_results(source: Import) -> None:
    """Delete the decisions of an earlier dry run."""
    storage().delete(results_of(source))
