"""Reads tables from CSV, XLSX, XLS and JSON files row by row, with bounded memory.

A file that cannot be read raises RefusedError with one sentence, either when it is opened or while its
rows are read; no other exception is raised.
"""

from __future__ import annotations

from typing import IO

from django.utils.translation import gettext as _

from recommendations.importing.errors import RefusedError
from recommendations.importing.tables.reading.csv_file import read_csv
from recommendations.importing.tables.reading.json_file import read_json
from recommendations.importing.tables.reading.table import Formula, Row, Table, Value, text_of
from recommendations.importing.tables.reading.xls_file import OLE, read_xls
from recommendations.importing.tables.reading.xlsx_file import read_xlsx

__all__ = ["Formula", "Row", "Table", "Value", "open_table", "text_of"]

HEAD = 4_096


def open_table(file: IO[bytes], size: int) -> Table:
    """Return the table in a file, whose type is detected from its first bytes rather than its name."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    refuse_others(head)
    if head.startswith(b"PK"):
        return read_xlsx(file, size)
    if head.startswith(OLE):
        return read_xls(file, size)
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if plain[:1] in (b"[", b"{"):
        return read_json(file, size)
    return read_csv(file, size)


def refuse_others(head: bytes) -> None:
    """Raise RefusedError for known file types that are not tables, explaining what to do instead."""
    if not head.strip():
        raise RefusedError(_("The file is empty."))
    if head.startswith(b"%PDF"):
        raise RefusedError(_("This is a PDF file, not a table; bring it in as a document."))
    if head.startswith((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")):
        raise RefusedError(_("This is a packed archive; unpack it and bring in the table that is in it."))
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or (b"\0" in head and not head.startswith((b"PK", OLE))):
        raise RefusedError(
            _("The file is not in UTF-8 but looks like UTF-16; in Excel, save it as “CSV UTF-8” or as XLSX.")
        )
    if head.lstrip().lower().startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<?xml")):
        raise RefusedError(
            _("This is a web page or XML, whatever its name says; open it in a spreadsheet and save as XLSX.")
        )
