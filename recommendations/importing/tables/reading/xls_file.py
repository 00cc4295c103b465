"""Reads XLS, the format of Excel before 2007 in which UPR Info distributed its list: at most 65,536 rows."""

from __future__ import annotations

import logging
from typing import IO, TYPE_CHECKING, Any

import xlrd
from django.utils.translation import gettext as _
from xlrd.xldate import xldate_as_datetime

from recommendations.importing.errors import RefusedError
from recommendations.importing.tables.reading.table import (
    CELL_MAX,
    Formula,
    Row,
    Table,
    Value,
    headed,
    too_large_cell,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Maximum size in bytes; a full sheet of the longest recommendations is smaller.
SIZE_MAX = 100 * 1024 * 1024
logger = logging.getLogger(__name__)


class Silent:
    """A stream that discards what the library prints."""

    def write(self, _text: str) -> int:
        return 0

    def flush(self) -> None:
        """Do nothing, because nothing is buffered."""


def read_xls(file: IO[bytes], size: int) -> Table:
    """Return the table in the first sheet that is not empty."""
    if size > SIZE_MAX:
        raise RefusedError(_("The XLS file is larger than 100 MB; save it as XLSX or as CSV UTF-8."))
    data = file.read()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise RefusedError(_("The workbook is protected by a password; save it without one."))
    try:
        book = xlrd.open_workbook(file_contents=data, logfile=Silent(), on_demand=False)
        sheets = [sheet for sheet in book.sheets() if sheet.nrows]
    except Exception as error:
        # A broken file makes the library raise anything: IndexError, struct.error, AssertionError …
        if "encrypted" in str(error).lower():
            raise RefusedError(_("The workbook is protected by a password; save it without one.")) from None
        logger.info("An XLS file could not be read: %s", type(error).__name__)
        raise RefusedError(
            _("The XLS file cannot be read; open it in a spreadsheet program and save it as XLSX.")
        ) from None
    if not sheets:
        raise RefusedError(_("The file has no rows."))
    sheet, done = sheets[0], [0]
    rows = rows_of(sheet, book.datemode, done)
    number, first = next(rows, (0, []))
    if not number:
        raise RefusedError(_("The file has no rows."))
    place = _("sheet “{sheet}”, row {number}").format(sheet=sheet.name[:60], number=number)
    return Table("XLS", headed(first), rows, place, lambda: done[0] / sheet.nrows)


def rows_of(sheet: Any, datemode: int, done: list[int]) -> Iterator[Row]:
    """Yield the non-empty rows with their numbers."""
    for index in range(sheet.nrows):
        done[0] = index + 1
        cells = [value_of(cell, datemode) for cell in sheet.row(index)]
        while cells and cells[-1] is None:
            cells.pop()
        if any(isinstance(cell, str) and len(cell) > CELL_MAX for cell in cells):
            raise too_large_cell(index + 1)
        if cells:
            yield index + 1, cells


def value_of(cell: Any, datemode: int) -> Value:
    """Return the value of a cell, converting dates."""
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) or cell.value == "":
        return None
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return Formula(_("holds an error instead of a value"))
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            found: datetime.datetime = xldate_as_datetime(cell.value, datemode)
        except (ValueError, OverflowError):
            return Formula(_("holds no date that there is"))
        return found
    value: Value = cell.value
    return value
