"""Tables for the tests, and bringing them in."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import openpyxl
from django.test import Client

from recommendations.importing.tables import import_from_path, prepare

if TYPE_CHECKING:
    from pathlib import Path

    from recommendations.models import Import

COLUMNS = ["To", "To-Rgrp", "Text", "From", "From-Rgrp", "Response", "Issue", "Session"]
NUMBERS = ("created", "updated", "unchanged", "refused", "conflicts")


def line(**values: str) -> dict[str, str]:
    """One row of UPR Info's: Austria to Kazakhstan in the seventh session, accepted."""
    return {
        "To": "Kazakhstan",
        "To-Rgrp": "Asia",
        "Text": "Abolish the death penalty.",
        "From": "Austria",
        "From-Rgrp": "WEOG",
        "Response": "Accepted",
        "Issue": "Death penalty,Elections",
        "Session": "7",
    } | values


def write_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    """Rows as CSV, under the headings of the first."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def quiet(_done: int, _total: int) -> None:
    """Progress that nobody looks at."""


def plan(path: Path, **options: Any) -> Import:
    """The dry run of a table."""
    source = import_from_path.keep(path, options)
    # Not under way, so that the same file may be planned again.
    source.state = "discarded"
    source.save()
    prepare(source, quiet)
    return source


def numbers(source: Import) -> dict[str, int]:
    """What a dry run found, without what it did not find."""
    return {name: source.report[name] for name in NUMBERS if source.report[name]}


def bring_in(path: Path, **options: Any) -> Import:
    """Plan and write."""
    return import_from_path.import_table(path, quiet, **options)


def export(path: Path, ending: str = "csv", **query: Any) -> Path:
    """Our export of records, as a file."""
    answer = Client().get(f"/recommendations.{ending}", query)
    path.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]  # the test client's answers have it
    return path


def edit_csv(path: Path, changes: dict[str, dict[str, str]], **also: Any) -> Path:
    """Change cells of an exported CSV, by reference and heading, as a spreadsheet program would save it."""
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    for row in rows:
        row |= changes.get(row["Reference"], {})
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), **also)
        writer.writeheader()
        writer.writerows(rows)
    return path


def edit_xlsx(path: Path, changes: dict[str, dict[str, Any]]) -> Path:
    """Change cells of an exported workbook, by reference and heading."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headings = {str(cell.value): number for number, cell in enumerate(sheet[1], start=1)}
    for number, row in enumerate(sheet.iter_rows(min_row=2), start=2):
        for heading, value in changes.get(str(row[headings["Reference"] - 1].value), {}).items():
            sheet.cell(number, headings[heading], value)
    book.save(path)
    return path
