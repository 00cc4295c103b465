"""The whole published data set as one zip file, written while it is sent.

Tables as CSV and as JSON, the data dictionary, a note on licences, and a README with date and counts. No
more than one chunk of rows and the ids of one table are in memory at a time; a table's JSON waits in a
temporary file while its CSV is sent, so that both hold the same rows.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from array import array
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import translation

from recommendations.api.dictionary import entries
from recommendations.api.tables import TABLES
from recommendations.exports.spreadsheets import Line, safe, to_cells, to_json

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from recommendations.api.tables import Table

FILE_NAME = "recommendation-tracker.zip"
# Rows that are loaded at a time, and bytes that are copied at a time.
CHUNK = 500
BLOCK = 1 << 16
# Tables with more rows are written so that they may grow beyond 2 GB, which old programs cannot read.
LARGE = 100_000
BOM = "\ufeff"


class Outbox(io.RawIOBase):
    """Where the archive writes to: it cannot be rewound, and what is taken out is gone."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = b"".join(self.parts)
        self.parts.clear()
        return taken


@dataclass(slots=True)
class DataSet:
    """One data set, as of one moment and for one address of the site."""

    site_name: str
    site_url: str
    made_at: datetime.datetime

    def stream(self) -> Iterator[bytes]:
        """The zip file, piece by piece."""
        outbox = Outbox()
        counts: list[tuple[Table, int]] = []
        with ZipFile(outbox, "w", ZIP_DEFLATED) as archive:
            for table in TABLES:
                number = 0
                for more in self.write_table(archive, table):
                    number += more
                    yield outbox.take()
                counts.append((table, number))
            for name, text in self.notes(counts):
                archive.writestr(self.member(name), text)
                yield outbox.take()
        yield outbox.take()

    def member(self, name: str) -> ZipInfo:
        """A file of the archive, dated."""
        info = ZipInfo(name, self.made_at.timetuple()[:6])
        info.compress_type = ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        return info

    def write_table(self, archive: ZipFile, table: Table) -> Iterator[int]:
        """Write a table as CSV and JSON; yields the number of rows that each step wrote."""
        # The order is part of the statement, not of the model, so that every copy has the same.
        rows = table.rows.order_by(*table.order).values_list("pk", flat=True)
        ids = array("q", rows.iterator(chunk_size=10_000))
        names = [column.name for column in table.columns if column.sheet]
        with tempfile.TemporaryFile() as waiting:
            large = len(ids) > LARGE
            with archive.open(self.member(f"csv/{table.name}.csv"), "w", force_zip64=large) as file:
                file.write((BOM + line_of(names)).encode())
                waiting.write(b"[")
                number = 0
                for start in range(0, len(ids), CHUNK):
                    records = table.load(ids[start : start + CHUNK].tolist())
                    self.write_rows(table, records, file, waiting, first=not number)
                    number += len(records)
                    yield len(records)
                waiting.write(b"\n]\n")
            for _ in self.write_waiting(archive, f"json/{table.name}.json", waiting):
                yield 0

    def write_rows(
        self, table: Table, records: list[Any], file: IO[bytes], waiting: IO[bytes], *, first: bool
    ) -> None:
        """Write some rows as lines of CSV, and as items of a JSON list."""
        for record in records:
            file.write(line_of(to_cells(table.columns, record, self.site_url)).encode())
            row = to_json(table.columns, record, self.site_url)
            text = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
            waiting.write(f"{'' if first else ','}\n{text}".encode())
            first = False

    def write_waiting(self, archive: ZipFile, name: str, waiting: IO[bytes]) -> Iterator[None]:
        """Copy what was written aside into the archive."""
        info = self.member(name)
        info.file_size = waiting.tell()
        waiting.seek(0)
        with archive.open(info, "w") as file:
            while block := waiting.read(BLOCK):
                file.write(block)
                yield

    def notes(self, counts: list[tuple[Table, int]]) -> list[tuple[str, str]]:
        """The files about the data: names and texts, in English for everyone, whoever asks for them."""
        with translation.override(None):
            return list(self._notes(counts))

    def _notes(self, counts: list[tuple[Table, int]]) -> Iterator[tuple[str, str]]:
        dictionary = [(table, entries(table)) for table, _ in counts]
        context = {
            "site_name": self.site_name,
            "site_url": self.site_url,
            "made_at": self.made_at,
            "counts": counts,
            "dictionary": dictionary,
        }
        yield "README.md", render_to_string("api/dataset/readme.md", context)
        yield "LICENCE.md", render_to_string("api/dataset/licence.md", context)
        yield "data-dictionary.md", render_to_string("api/dataset/data_dictionary.md", context)
        heads = ["table", "column", "heading", "meaning", "type", "values", "fields", "csv", "json"]
        lines = [line_of(heads)]
        for _, columns in dictionary:
            for one in columns:
                cells = [one.table, one.column, one.heading, one.meaning, one.type]
                lists = ["; ".join(one.values), "; ".join(one.fields)]
                where = ["yes" if there else "no" for there in (one.in_csv, one.in_json)]
                lines.append(line_of([*cells, *lists, *where]))
        yield "data-dictionary.csv", BOM + "".join(lines)


_writer = csv.writer(Line())


def line_of(cells: list[Any]) -> str:
    """One line of CSV in which no cell is read as a formula."""
    return str(_writer.writerow([safe(cell) for cell in cells]))
