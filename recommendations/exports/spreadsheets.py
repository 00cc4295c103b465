"""Spreadsheets of a list: CSV, streamed in constant memory, and XLSX, with a sheet that describes it."""

from __future__ import annotations

import csv
import re
import tempfile
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from recommendations.core.xml import xml_text
from recommendations.exports.columns import Cell, Column

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Prefixes that make spreadsheet programs read a cell as a formula (OWASP, "CSV injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# The most characters that Excel keeps in one cell.
CELL_MAX = 32_767
# The limits of column widths, in characters, and the number of rows that are measured.
WIDTH_MIN, WIDTH_MAX, MEASURED = 11, 60, 100
Row = list[Cell]


def choose(columns: list[Column], asked: Iterable[str]) -> tuple[list[Column], list[str]]:
    """Return the columns that `columns=` asks for, in that order, and the unknown names.

    Names are given separately or separated by commas; none means all columns. The row's address is always
    included, and so is the version mark if there are columns that editors may change.
    """
    known = {column.name: column for column in columns if column.sheet}
    names = list(dict.fromkeys(name.strip() for given in asked for name in given.split(",") if name.strip()))
    unknown = [name for name in names if name not in known]
    if not names:
        return list(known.values()), []
    kept = [known[name] for name in names if name in known and not known[name].address]
    edits = any(column.editable for column in kept)
    added = [
        one
        for one in known.values()
        if one not in kept and (one.address or (one.goes_with_editable and edits))
    ]
    return [*kept, *added], unknown


def to_json(columns: Iterable[Column], record: Any, site_url: str) -> dict[str, Any]:
    """Return a row of a JSON list."""
    return {
        column.name: f"{site_url}{column.value(record)}" if column.address else column.value(record)
        for column in columns
        if column.json
    }


def to_cells(columns: Iterable[Column], record: Any, site_url: str) -> list[Cell]:
    """Return a row of a spreadsheet."""
    return [
        f"{site_url}{column.value(record)}" if column.address else column.for_sheet(record)
        for column in columns
        if column.sheet
    ]


def headings(columns: Iterable[Column]) -> list[str]:
    """Return the first row of a spreadsheet."""
    return [str(column.heading) for column in columns if column.sheet]


def safe(cell: Cell) -> Cell:
    """Return the cell, with a leading apostrophe if it could be read as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip("'").startswith(FORMULA) else cell


def unsafe(text: str) -> str:
    """Return the text of a cell as it was before `safe()`."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text


class Line:
    """A file object for the csv module that returns each line instead of storing it."""

    def write(self, line: str) -> str:
        return line


def csv_response(headings: list[str], rows: Iterable[Row], filename: str) -> StreamingHttpResponse:
    """Return a CSV file, streamed row by row, in UTF-8 with a byte order mark for spreadsheet programs."""

    def lines() -> Iterator[str]:
        writer = csv.writer(Line())
        yield "\ufeff" + str(writer.writerow(headings))
        for row in rows:
            yield str(writer.writerow([safe(cell) for cell in row]))

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


def xlsx_cell(cell: Cell) -> Cell:
    """Return a cell that Excel can read: safe, without control characters, at most CELL_MAX long."""
    if not isinstance(cell, str):
        return cell
    text = xml_text(cell)
    if len(text) >= CELL_MAX:
        text = text[: CELL_MAX - 2] + "…"
    return safe(text)


def sheet_name(words: str) -> str:
    """Return the words as the name of a sheet: at most 31 characters, none of which Excel refuses."""
    return re.sub(r"[\[\]:*?/\\]", " ", words).strip("' ")[:31]


def xlsx_response(
    title: str, headings: list[str], rows: Iterable[Row], about: list[tuple[str, Any]], filename: str
) -> FileResponse:
    """Return a workbook: the rows, and a sheet "About" that describes them; uses a temporary file."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_name(title))
    safe_rows = ([xlsx_cell(cell) for cell in row] for row in rows)
    first = list(islice(safe_rows, MEASURED))
    _fit_columns(sheet, [headings, *first])
    sheet.freeze_panes = "A2"
    sheet.append([_bold(sheet, heading) for heading in headings])
    count = 0
    for row in chain(first, safe_rows):
        sheet.append(row)
        count += 1
    # Lets readers of the workbook filter it further.
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{count + 1}"
    page = book.create_sheet(sheet_name(gettext("About")))
    lines = [[name, xlsx_cell(value)] for name, value in [*about, (gettext("Rows"), count)]]
    _fit_columns(page, lines)
    for name, value in lines:
        page.append([_bold(page, str(name)), value])
    file = tempfile.TemporaryFile()  # noqa: SIM115  (FileResponse closes it)
    book.save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=filename, content_type=XLSX)


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _fit_columns(sheet: Any, rows: list[list[Any]]) -> None:
    """Make each column as wide as its longest cell in these rows, within WIDTH_MIN and WIDTH_MAX."""
    for number, cells in enumerate(zip(*rows, strict=True), 1):
        longest = max(len(str(cell)) for cell in cells if cell is not None)
        width = min(max(longest + 2, WIDTH_MIN), WIDTH_MAX)
        sheet.column_dimensions[get_column_letter(number)].width = width


def file_name(what: str, filters: Iterable[tuple[str, str]], ending: str, today: datetime.date) -> str:
    """`recommendations_state-KAZ_2026-11-22.csv`: the contents, the filters and the date."""
    clean = [re.sub(r"[^A-Za-z0-9.-]", "-", f"{name}-{value}") for name, value in filters]
    return "_".join([what, *clean])[:100].rstrip("_-") + f"_{today:%Y-%m-%d}.{ending}"
