"""Reads XLSX as a stream, so that neither wide rows nor many strings fill the memory.

openpyxl is not used because it loads whole rows and all strings before anything can be refused, and
does not distinguish a formula without a result from an empty cell.
"""

from __future__ import annotations

import datetime
import math
import os
import posixpath
import re
import tempfile
import zipfile
import zlib
from array import array
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from recommendations.importing.errors import RefusedError
from recommendations.importing.tables.reading.table import (
    CELL_MAX,
    COLUMNS_MAX,
    ROWS_MAX,
    Formula,
    Row,
    Table,
    Value,
    headed,
    too_large_cell,
    too_many_columns,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BLOCK = 1 << 16
# Maximum bytes of XML in one part; 250,000 rows of our own export have about 700 million.
PART_MAX = 2_000_000_000
SMALL_PART_MAX = 20_000_000
# The compression ratio above which a part of at least this size in bytes is taken for a zip bomb.
RATIO_MAX, RATIO_FROM = 300, 100_000_000
_LETTERS = re.compile(r"([A-Za-z]{1,7})\d*")


def read_xlsx(file: IO[bytes], size: int) -> Table:
    """Return the table in the first visible sheet."""
    try:
        archive = zipfile.ZipFile(file)
        book = Workbook(archive)
        rows = guarded(book.rows())
        number, first = next(rows, (0, []))
    except BROKEN:
        raise broken() from None
    if not number:
        raise RefusedError(_("The file has no rows."))
    place = _("sheet “{sheet}”, row {number}").format(sheet=book.sheet[:60], number=number)
    return Table("XLSX", headed(first), rows, place, lambda: min(book.read / max(book.size, 1), 1.0))


# The exceptions that libraries raise for a broken archive, part or number.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    OSError,
    KeyError,
    ValueError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    UnicodeError,
    IndexError,
)


def broken() -> RefusedError:
    """Return the error for a workbook that cannot be read to its end."""
    return RefusedError(_("The XLSX file is broken; open it in a spreadsheet program and save it again."))


def guarded(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield the rows, turning any exception caused by a broken file into RefusedError."""
    try:
        yield from rows
    except BROKEN:
        raise broken() from None


class Workbook:
    """The relevant parts of a workbook. `read` counts how many of the sheet's `size` bytes have been read."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.parts = {info.filename.lstrip("/"): info for info in archive.infolist()}
        self.check()
        self.read = 0
        self.epoch: Any = CALENDAR_WINDOWS_1900
        self.sheet, self.path = self.first_sheet()
        self.size = self.parts[self.path].file_size
        self.dates = self.date_styles()

    def check(self) -> None:
        """Raise RefusedError for a file that is not a workbook, has macros, or is a zip bomb."""
        names = self.parts
        if "mimetype" in names and "content.xml" in names:
            raise RefusedError(_("This is an OpenDocument file; save it as XLSX or as CSV UTF-8."))
        if any(name.endswith("vbaProject.bin") for name in names):
            raise RefusedError(_("The workbook holds macros; save it as XLSX, without them."))
        if "word/document.xml" in names:
            raise RefusedError(_("This is a Word document, not a table; bring it in as a document."))
        if not any(name.endswith("workbook.xml") for name in names):
            raise RefusedError(_("This is a zip file, but no workbook in it."))
        for info in names.values():
            if info.flag_bits & 1:
                raise RefusedError(_("The workbook is protected by a password; save it without one."))
            bursts = info.file_size > RATIO_FROM and info.file_size > RATIO_MAX * max(info.compress_size, 1)
            if info.file_size > PART_MAX or bursts:
                raise RefusedError(_("Unpacked, the workbook would be far too large; it is not opened."))

    def parse(self, path: str, start: Any, end: Any = None, text: Any = None, most: int = PART_MAX) -> Any:
        """Pass a part to these callbacks piece by piece, yielding after each piece."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _no_doctype
        taken = 0
        with self.archive.open(self.parts[path]) as part:
            while block := part.read(BLOCK):
                taken += len(block)
                if taken > most:
                    raise RefusedError(_("Unpacked, the workbook would be far too large; it is not opened."))
                parser.Parse(block)
                yield taken
        parser.Parse(b"", True)
        yield taken

    def first_sheet(self) -> tuple[str, str]:
        """Return the name and part of the first sheet that is not hidden."""
        main = "xl/workbook.xml"
        if main not in self.parts:
            main = next(name for name in self.parts if name.endswith("workbook.xml"))
        sheets: list[dict[str, str]] = []
        targets: dict[str, str] = {}

        def seen(name: str, attributes: dict[str, str]) -> None:
            local = _local(name)
            if local == "sheet" and attributes.get("state", "visible") == "visible":
                sheets.append({_local(key): value for key, value in attributes.items()})
            elif local == "workbookPr" and attributes.get("date1904") in ("1", "true"):
                self.epoch = CALENDAR_MAC_1904
            elif local == "Relationship":
                targets[attributes.get("Id", "")] = attributes.get("Target", "")

        folder = posixpath.dirname(main)
        related = f"{folder}/_rels/{posixpath.basename(main)}.rels"
        for part in (main, related):
            for _taken in self.parse(part, seen, most=SMALL_PART_MAX):
                pass
        for sheet in sheets:
            target = targets.get(sheet.get("id", ""), "")
            whole = target if target.startswith("/") else posixpath.join(folder, target)
            path = posixpath.normpath(whole).lstrip("/")
            if path in self.parts:
                self.folder = folder
                return sheet.get("name", ""), path
        raise RefusedError(_("The workbook has no sheet that can be seen."))

    def date_styles(self) -> list[bool]:
        """Return for each cell style whether it shows a number as a date."""
        path = f"{self.folder}/styles.xml"
        if path not in self.parts:
            return []
        formats: dict[int, str] = dict(BUILTIN_FORMATS)
        styles: list[int] = []
        inside = [False]

        def start(name: str, attributes: dict[str, str]) -> None:
            local = _local(name)
            if local == "numFmt":
                formats[int(attributes.get("numFmtId", -1))] = attributes.get("formatCode", "")
            elif local == "cellXfs":
                inside[0] = True
            elif local == "xf" and inside[0]:
                styles.append(int(attributes.get("numFmtId", 0)))

        def end(name: str) -> None:
            if _local(name) == "cellXfs":
                inside[0] = False

        for _taken in self.parse(path, start, end, most=SMALL_PART_MAX):
            pass
        return [is_date_format(formats.get(number, "")) for number in styles]

    def fill(self, keep: Strings) -> None:
        """Read the shared strings into `keep`."""
        path = f"{self.folder}/sharedStrings.xml"
        if path in self.parts:
            for _taken in self.parse(path, keep.start, keep.end, keep.text):
                pass

    def rows(self) -> Iterator[Row]:
        """Yield the non-empty rows with their numbers."""
        with tempfile.TemporaryFile() as file:
            strings = Strings(file)
            self.fill(strings)
            sheet = Sheet(strings.get, self.dates, self.epoch)
            for taken in self.parse(self.path, sheet.start, sheet.end, sheet.text):
                self.read = taken
                ready, sheet.ready = sheet.ready, []
                yield from ready


class Strings:
    """The shared strings of a workbook, kept in an unnamed temporary file and read back on demand."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.ends = array("Q", [0])
        self.parts: list[str] = []
        self.length = 0
        self.is_text = self.phonetic = False
        self.get = lru_cache(maxsize=20_000)(self._get)

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        local = _local(name)
        self.is_text = local == "t" and not self.phonetic
        self.phonetic = self.phonetic or local == "rPh"

    def text(self, text: str) -> None:
        if self.is_text:
            self.parts.append(text)
            self.length += len(text)
            if self.length > CELL_MAX:
                raise too_large_cell(len(self.ends))

    def end(self, name: str) -> None:
        local = _local(name)
        self.is_text = False
        if local == "rPh":
            self.phonetic = False
        elif local == "si":
            # Excel writes the carriage return of a Windows line end in this form.
            text = "".join(self.parts).replace("_x000D_", "\r")
            written = self.file.write(text.encode("utf-8", "replace"))
            self.ends.append(self.ends[-1] + written)
            self.parts.clear()
            self.length = 0

    def _get(self, number: int) -> str:
        if not 0 <= number < len(self.ends) - 1:
            raise IndexError(number)
        start, end = self.ends[number], self.ends[number + 1]
        self.file.flush()
        return os.pread(self.file.fileno(), end - start, start).decode()


class Sheet:
    """Collects the cells of the sheet during parsing; complete rows are in `ready`."""

    def __init__(self, strings: Callable[[int], str], dates: list[bool], epoch: Any) -> None:
        self.strings, self.dates, self.epoch = strings, dates, epoch
        self.ready: list[Row] = []
        self.row, self.column, self.count = 0, 0, 0
        self.cells: list[Value] = []
        self.kind, self.style = "n", 0
        self.parts: list[str] = []
        self.length = 0
        self.takes = self.has_formula = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name not in PLAIN:
            name = _local(name)
        if name == "c":
            place = attributes.get("r")
            self.column = column_of(place) if place else self.column + 1
            self.kind = attributes.get("t", "n")
            self.style = int(attributes.get("s", 0))
            self.has_formula = False
            self.parts.clear()
            self.length = 0
        elif name in ("v", "t"):
            self.takes = True
        elif name == "f":
            self.has_formula = True
        elif name == "row":
            number = attributes.get("r")
            self.row = int(number) if number else self.row + 1
            self.column = 0
            self.cells = []

    def text(self, text: str) -> None:
        if self.takes:
            self.parts.append(text)
            self.length += len(text)
            if self.length > CELL_MAX:
                raise too_large_cell(self.row)

    def end(self, name: str) -> None:
        if name not in PLAIN:
            name = _local(name)
        if name == "c":
            value = self.value()
            if value is not None and value != "":
                if self.column > COLUMNS_MAX:
                    raise too_many_columns()
                self.cells += [None] * (self.column - len(self.cells))
                self.cells[self.column - 1] = value
        elif name in ("v", "t"):
            self.takes = False
        elif name == "row" and self.cells:
            self.count += 1
            if self.count > ROWS_MAX:
                raise RefusedError(_("The table has more than {number:,} rows.").format(number=ROWS_MAX))
            self.ready.append((self.row, self.cells))

    def value(self) -> Value:
        """Return the value of the cell that has just ended."""
        text = "".join(self.parts)
        if "_x000D_" in text:
            text = text.replace("_x000D_", "\r")
        if not text:
            if self.has_formula:
                return Formula(_("holds a formula without its result; replace it by its value"))
            return None
        if self.kind == "s":
            return self.strings(int(text))
        if self.kind in ("str", "inlineStr"):
            return text
        if self.kind == "b":
            return text.strip() in ("1", "true")
        if self.kind == "e":
            return Formula(_("holds the error {error}").format(error=text[:20]))
        if self.kind == "d":
            return text
        return self.number(text)

    def number(self, text: str) -> Value:
        """Return a number, or the date that it represents."""
        number = float(text)
        if not math.isfinite(number):
            return Formula(_("holds no number that there is"))
        if self.style < len(self.dates) and self.dates[self.style]:
            try:
                found = from_excel(number, self.epoch)
            except (ValueError, OverflowError):
                found = None
            if not isinstance(found, (datetime.datetime, datetime.date)):
                return Formula(_("holds no date that there is"))
            return found
        return int(number) if number.is_integer() and abs(number) < 1e15 else number


PLAIN = frozenset(("c", "v", "t", "f", "is", "row", "r"))


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _no_doctype(*_given: Any) -> None:
    raise RefusedError(
        _("The workbook declares entities, which no spreadsheet program does; it is not opened.")
    )


@lru_cache(maxsize=100_000)
def column_of(place: str) -> int:
    """Return the column number in a cell name such as `AB12`, counting from 1."""
    found = _LETTERS.match(place)
    if not found:
        raise ValueError(place)
    number = 0
    for letter in found.group(1).upper():
        number = number * 26 + ord(letter) - 64
    if number <= 0:
        raise ValueError(place)
    return number
