"""CSV: UTF-8, parted by commas, semicolons or tabs, as spreadsheet programs of all countries write it."""

from __future__ import annotations

import csv
import io
import re
from typing import IO, TYPE_CHECKING

from django.utils.translation import gettext as _

from recommendations.importing.errors import RefusedError
from recommendations.importing.tables.reading.table import (
    ROWS_MAX,
    Row,
    Table,
    headed,
    too_large_cell,
    too_many_columns,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# Characters of one line: a row of 500 cells is not longer.
LINE_MAX = 4_000_000
SEPARATORS = ",;\t"
_SAYS_SEPARATOR = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


def read_csv(file: IO[bytes], size: int) -> Table:
    """The table in a CSV file."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    lines = Lines(text)
    rows = numbered(lines)
    number, first = next(rows, (0, []))
    if not number:
        raise RefusedError(_("The file has no rows."))
    headings = headed(list(first))

    def share() -> float:
        return min(text.buffer.tell() / size, 1.0) if size else 1.0

    return Table("CSV", headings, rows, _("row {number}").format(number=number), share)


class Lines:
    """The lines of a text, none of them endless. `separator` is what parts the cells of the first."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text
        self.number = 0
        first = self.line()
        said = _SAYS_SEPARATOR.fullmatch(first)
        self.pending = "" if said else first
        plain = re.sub(r'"[^"]*"', "", first)
        self.separator = said.group(1) if said else max(SEPARATORS, key=plain.count)
        if self.separator in "\r\n\"'":
            self.separator = ","

    def line(self) -> str:
        try:
            line = self.text.readline(LINE_MAX)
        except UnicodeDecodeError as error:
            byte = error.object[error.start]
            raise RefusedError(
                _(
                    "The file is not in UTF-8 (byte 0x{byte:02x} near line {number}); in Excel, save it as"
                    " “CSV UTF-8” or as XLSX."
                ).format(byte=byte, number=self.number + 1)
            ) from None
        self.number += 1
        if len(line) >= LINE_MAX:
            if self.number == 1:
                raise too_many_columns()
            raise RefusedError(_("Line {number} of the file does not end.").format(number=self.number))
        return line

    def __iter__(self) -> Iterator[str]:
        if self.pending:
            yield self.pending
        while line := self.line():
            yield line


def numbered(lines: Lines) -> Iterator[Row]:
    """The rows that hold anything, with their numbers as a spreadsheet shows them."""
    # The csv module's own limit for a cell is CELL_MAX.
    reader = csv.reader(lines, delimiter=lines.separator, strict=True)
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "limit" in str(error):
                raise too_large_cell(number + 1) from None
            raise RefusedError(
                _("Row {row} is no proper CSV: its quotation marks do not match.").format(row=number + 1)
            ) from None
        number += 1
        if number > ROWS_MAX:
            raise RefusedError(_("The table has more than {number:,} rows.").format(number=ROWS_MAX))
        if any(cells):
            yield number, cells  # type: ignore[misc]  # a list of str is a list of cells; nobody adds to it
