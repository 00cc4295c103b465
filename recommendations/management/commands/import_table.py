"""`manage.py import_table PATH`: import a table of records in one transaction."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from recommendations.importing.errors import RefusedError
from recommendations.importing.tables import prepare, results_of, storage
from recommendations.importing.tables.decisions import Action
from recommendations.importing.tables.formats import KINDS
from recommendations.importing.tables.import_from_path import brought_in, write
from recommendations.models import ColumnMapping

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from recommendations.models import Import

BAR = 30


class Bar:
    """A progress bar on standard error, shown only on a terminal."""

    def __init__(self, words: str) -> None:
        self.words, self.started, self.told = words, time.monotonic(), 0.0
        self.shows = sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if not self.shows or (now - self.told < 0.2 and done < total):
            return
        self.told = now
        share = min(done / total, 1.0) if total else 0.0
        filled = round(share * BAR)
        speed = done / max(now - self.started, 0.001)
        line = (
            f"{self.words} [{'#' * filled}{'.' * (BAR - filled)}] {share:4.0%} {done:,} rows, {speed:,.0f}/s"
        )
        sys.stderr.write("\r" + line[: shutil.get_terminal_size().columns - 1].ljust(79))
        sys.stderr.flush()

    def end(self) -> None:
        """End the line of the bar."""
        if self.shows and self.told:
            sys.stderr.write("\n")


class Command(BaseCommand):
    help = (
        "Import a table of records: UPR Info's list, an export of the UHRI, our own export edited in a"
        " spreadsheet, or another table by a saved mapping. All of it is written, or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="CSV, XLSX, XLS or JSON")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument("--mapping", metavar="NAME", help="a saved mapping of columns")
        parser.add_argument(
            "--review", metavar="SLUG", help="the review that the rows belong to (with --mapping)"
        )
        parser.add_argument("--report", type=Path, metavar="FILE", help="write what each row does, as CSV")
        parser.add_argument("--leave-out", action="store_true", help="leave out rows that are refused")
        parser.add_argument(
            "--conflicts",
            choices=["file", "keep"],
            help="for rows in conflict: take the file's values, or keep ours",
        )
        parser.add_argument("--hidden", action="store_true", help="do not publish what is new")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["path"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        try:
            with brought_in(path, **self.choices(options)) as source:
                self.read(source, options["report"])
                if not options["dry_run"]:
                    self.write(source)
        except RefusedError as refusal:
            raise CommandError(str(refusal)) from None

    def choices(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the import options that the page would offer. Raises CommandError for unknown mappings."""
        chosen: dict[str, Any] = {"published": not options["hidden"], "leave_out": options["leave_out"]}
        if options["conflicts"]:
            chosen["conflicts"] = options["conflicts"]
        if options["review"]:
            chosen["review"] = options["review"]
        if name := options["mapping"]:
            mapping = ColumnMapping.objects.filter(name=name).first()
            if mapping is None:
                known = ", ".join(ColumnMapping.objects.values_list("name", flat=True)) or "none"
                raise CommandError(f"There is no mapping “{name}”. Saved are: {known}.")
            chosen |= {"columns": mapping.columns, "mapping": name}
        return chosen

    def read(self, source: Import, report: Path | None) -> None:
        """Run the dry run and print its report. Raises CommandError if the columns are unknown."""
        bar = Bar("Reading")
        try:
            prepare(source, bar)
        finally:
            bar.end()
        found = source.report
        if found.get("needs_mapping"):
            raise CommandError(
                "This table is none that is known. Name its columns at the desk, save that as a mapping, and"
                " use --mapping NAME."
            )
        self.stdout.write(f"{KINDS[source.kind]}: {found['rows']:,} rows")
        for action in Action:
            self.stdout.write(f"  {found[action.value]:>9,} {action.label.lower()}")
        for model, number in sorted(found.get("new_counts", {}).items()):
            self.stdout.write(f"  new: {number:,} × {model}")
        for row in found["shown"].get("refused", [])[:10]:
            what = f"{row['column']}: “{row['value']}” " if row["column"] else ""
            self.stderr.write(f"  row {row['row']}: {what}{row['why']}")
        if report is not None:
            with storage().open(results_of(source), "rb") as kept, report.open("wb") as out:
                shutil.copyfileobj(kept, out)

    def write(self, source: Import) -> None:
        """Write the records, unless there is nothing to write."""
        found = source.report
        changes = any(found[action] for action in ("created", "updated", "conflicts"))
        if not changes and (source.options["leave_out"] or not found["refused"]):
            self.stdout.write("Nothing to write.")
            return
        bar = Bar("Writing")
        try:
            write(source, bar)
        finally:
            bar.end()
        done = source.report["done"]
        self.stdout.write(f"Written: {done.get('created', 0):,} created, {done.get('updated', 0):,} updated.")
