"""Tables in files: what is read, what is refused in one sentence, and that nothing else ever happens."""

from __future__ import annotations

import datetime
import io
import json
import resource
import struct
import zipfile
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.importing.errors import RefusedError
from recommendations.importing.tables.edits import days_in
from recommendations.importing.tables.reading import Formula, Value, open_table

FILES = Path(__file__).parent / "files"
HEAD = "To,Text\n"
BOMB = 400_000_000


def read(data: bytes) -> tuple[list[str], list[list[Value]]]:
    """Headings and rows of a table."""
    table = open_table(io.BytesIO(data), len(data))
    rows = [cells for _number, cells in table.rows]
    assert 0 <= table.share() <= 1
    return table.headings, rows


def workbook(*rows: list[Any], names: dict[str, str] | None = None) -> bytes:
    """A workbook of these rows, with parts replaced or added."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return repacked(kept.getvalue(), names) if names else kept.getvalue()


def repacked(data: bytes, names: dict[str, str]) -> bytes:
    """A zip file with some of its parts exchanged."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in names:
                new.writestr(name, old.read(name))
        for name, text in names.items():
            new.writestr(name, text)
    return kept.getvalue()


def sheet(rows: str) -> dict[str, str]:
    """A sheet of these rows as a part of a workbook."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return {
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    }


def test_csv_with_any_usual_delimiter_is_read() -> None:
    for text in ("a,b\n1,x y\n", "a;b\n1;x y\n", "a\tb\n1\tx y\n", "sep=;\na;b\n1;x y\n", 'a,b\r\n"1",x y'):
        assert read(text.encode("utf-8-sig")) == (["a", "b"], [["1", "x y"]])


def test_repeated_headings_and_rows_are_numbered_like_spreadsheets() -> None:
    table = open_table(io.BytesIO(b"R,O,R\n\n1,2,3\n"), 10)
    assert table.headings == ["R", "O", "R (2)"]
    assert list(table.rows) == [(3, ["1", "2", "3"])]


def test_workbook_values_keep_their_types() -> None:
    day = datetime.datetime(2026, 11, 22)  # noqa: DTZ001  (a cell has no zone)
    rows = read(workbook(["a", "b", "c", "d"], ["x\ny", 3, day, True], [None, 2.5, None, None]))[1]
    assert rows == [["x\ny", 3, day, True], [None, 2.5]]


def test_formula_without_result_is_not_an_empty_cell() -> None:
    (row,) = read(workbook(["a", "b"], ["=1+1", "x"]))[1]
    assert isinstance(row[0], Formula)
    assert "formula without its result" in row[0].words


def test_formula_is_read_as_its_result_or_error() -> None:
    cells = '<c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    names = sheet(f'<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="2">{cells}</row>')
    (row,) = read(workbook(["a"], names=names))[1]
    assert row[0] == 2
    assert isinstance(row[1], Formula)


def test_json_list_is_read_as_table() -> None:
    items = [{"a": "x", "b": ["1", "2"]}, {"a": "y", "c": {"d": 1}}]
    assert read(json.dumps(items).encode()) == (
        ["a", "b", "c"],
        [["x", ["1", "2"], None], ["y", None, '{"d": 1}']],
    )


def test_json_keeps_the_last_of_repeated_keys_and_whole_numbers() -> None:
    assert read(b'[{"a": 1, "a": 2, "b": 1.50, "c": 12345678901234567890123}]') == (
        ["a", "b", "c"],
        [[2, 1.5, 12345678901234567890123]],
    )


MACROS = {"xl/vbaProject.bin": "x"}
ENTITIES = {"xl/worksheets/sheet1.xml": '<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'}
WIDE = sheet('<row r="1">' + '<c t="inlineStr"><is><t>a</t></is></c>' * 2_000 + "</row>")
FAR = sheet('<row r="1"><c r="ZZZZ1" t="inlineStr"><is><t>a</t></is></c></row>')
HUGE_CELL = sheet(f'<row r="1"><c t="inlineStr"><is><t>{"x" * 200_000}</t></is></c></row>')
WORKBOOK = workbook(["a"], ["b"])
BAD = {
    "empty": (b"  \n", "The file is empty"),
    "PDF": (b"%PDF-1.4", "PDF"),
    "packed": (b"\x1f\x8b\x08", "packed"),
    "web page": (b"<!DOCTYPE html><table>", "web page"),
    "UTF-16 with a mark": ("a,b\n1,2".encode("utf-16"), "UTF-16"),
    "UTF-16 without": ("a,b\n1,2".encode("utf-16-le"), "UTF-16"),
    "cp1251": ("Кому,Текст\nа,б\n".encode("cp1251"), "not in UTF-8 (byte 0xca near line 1)"),
    "cp1251 later": (b"a,b\n" * 9 + "я,б\n".encode("cp1251"), "not in UTF-8 (byte 0xff"),
    "only headings": (b"\n\n", "empty"),
    "no headings": (b" , \n1,2,3\n", "headings"),
    "2 million columns": (b"a," * 2_000_000 + b"\n", "more than 500 columns"),
    "501 columns": (b"a," * 501 + b"b\n1\n", "more than 500 columns"),
    "a line without end": (HEAD.encode() + b"x" * 5_000_000, "Line 2 of the file does not end"),
    "a huge cell": (HEAD.encode() + b'"' + b"x\n" * 100_000 + b'"\n', "more than 131,072 characters"),
    "quotation marks": (HEAD.encode() + b'a,"b"c\n', "quotation marks do not match"),
    "an open quotation mark": (HEAD.encode() + b'a,"bc\n', "quotation marks do not match"),
    "macros": (workbook(["a"], names=MACROS), "macros"),
    "password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    "old and broken": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "cannot be read"),
    "cut off": (WORKBOOK[: len(WORKBOOK) // 2], "broken"),
    "another zip": (repacked(workbook(["a"]), {}).replace(b"workbook", b"worklook"), "no workbook"),
    "OpenDocument": (repacked(WORKBOOK, {"mimetype": "x", "content.xml": "x"}), "OpenDocument"),
    "Word": (repacked(WORKBOOK, {"word/document.xml": "x"}), "Word document"),
    "entities": (workbook(["a"], names=ENTITIES), "entities"),
    "broken XML": (workbook(["a"], names={"xl/worksheets/sheet1.xml": "<worksheet><row>"}), "broken"),
    "a wide workbook": (workbook(["a"], names=WIDE), "more than 500 columns"),
    "a cell far away": (workbook(["a"], names=FAR), "more than 500 columns"),
    "a huge cell in a workbook": (workbook(["a"], names=HUGE_CELL), "more than 131,072 characters"),
    "no rows": (workbook(), "no rows"),
    "a JSON object": (b'{"a": 1}', "one list of objects"),
    "an empty list": (b"[]", "its list is empty"),
    "no objects": (b"[1, 2]", "broken after item 0"),
    "JSON that breaks off": (b'[{"a": 1}, {"a": 2}, {"a', "breaks off after item 2"),
    "JSON with something behind": (b'[{"a": 1}] x', "broken after item 1"),
    "deep JSON": (b'[{"a":' + b"[" * 200_000, "broken after item 0"),
    "deep JSON that is closed": (b'[{"a":' + b"[" * 99_999 + b"]" * 99_999 + b"}]", "broken after item 0"),
    "a huge object": (b'[{"a":"' + b"x" * 5_000_000 + b'"}]', "broken after item 0"),
    "a number without end": (b'[{"a":' + b"9" * 10_000 + b"}]", "broken after item 0"),
    "JSON in cp1251": ('[{"a": "я"}]'.encode("cp1251"), "not in UTF-8"),
}


@pytest.mark.parametrize(("data", "sentence"), BAD.values(), ids=BAD)
def test_file_without_table_is_refused_in_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read(data)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def peak() -> int:
    """The most memory that this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def test_zip_bomb_is_refused_without_unpacking() -> None:
    kept = io.BytesIO(workbook(["a"]))
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/s.xml", "w") as part:
        for _ in range(BOMB // 1_000_000):
            part.write(b" " * 1_000_000)
    before = peak()
    with pytest.raises(RefusedError, match="far too large"):
        read(kept.getvalue())
    assert peak() - before < 50


def test_broken_long_json_is_read_in_constant_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    item = json.dumps({"AnnotationId": "x" * 36, "Text": "word " * 200}).encode() + b","
    with path.open("wb") as out:
        out.write(b"[")
        out.writelines(item for _ in range(30_000))
        out.write(b'{"AnnotationId')
    before = peak()
    with path.open("rb") as file:
        rows = open_table(file, path.stat().st_size).rows
        assert sum(1 for _row in islice(rows, 30_000)) == 30_000
        with pytest.raises(RefusedError, match="breaks off after item 30000"):
            next(rows)
    assert peak() - before < 30


def attempt(data: bytes) -> None:
    """Read it; RefusedError is what may come of it."""
    with suppress(RefusedError):
        read(data)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    attempt(data)


@given(st.text(alphabet=',;"\t\n\r ab\0я=', max_size=80))
def test_any_csv_is_read_or_refused(text: str) -> None:
    attempt(text.encode())


@given(st.text(alphabet='[]{}",:1e.-\\utrn \n', max_size=60))
def test_any_json_is_read_or_refused(text: str) -> None:
    attempt(b"[{" + text.encode())


FIRST = workbook(["Head", "Day"], ["words", datetime.datetime(2026, 1, 2)], ["=1", 2.5])  # noqa: DTZ001
XLS = (FILES / "upr_info.xls").read_bytes()


@given(st.data())
def test_any_broken_workbook_is_read_or_refused(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([FIRST, XLS]))
    changed = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 12))):
        changed[data.draw(st.integers(8, len(whole) - 1))] = data.draw(st.integers(0, 255))
    attempt(bytes(changed[: data.draw(st.integers(8, len(whole)))] if data.draw(st.booleans()) else changed))


PIECES = [
    '<row r="1">',
    "</row>",
    "<c",
    ' r="A1"',
    ' r="1"',
    ' t="s"',
    ' t="d"',
    ' s="9"',
    ">",
    "<v>",
    "</v>",
    "</c>",
]
PIECES += ["<f>", "</f>", "<is><t>", "</t></is>", "1e999", "nan", "-5", "99999", "x", '<row r="x">', "&#0;"]


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_any_sheet_is_read_or_refused(pieces: list[str]) -> None:
    attempt(repacked(FIRST, sheet("".join(pieces))))


@given(st.lists(st.lists(st.text(max_size=20), min_size=1, max_size=5), min_size=1, max_size=5))
def test_written_csv_is_read_back(rows: list[list[str]]) -> None:
    import csv

    rows = [["first", *"bcde"], *[[cell.replace("\0", "").replace("\r", "") for cell in row] for row in rows]]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    try:
        data = text.getvalue().encode()
    except UnicodeEncodeError:
        return
    assert read(data)[1] == [row for row in rows[1:] if any(row)]


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("2026-11-22", ["2026-11-22"]),
        ("22.11.2026", ["2026-11-22"]),
        ("11/22/2026", ["2026-11-22"]),
        ("03/04/2026", ["2026-04-03", "2026-03-04"]),
        ("2026-11-22T00:00:00", ["2026-11-22"]),
        ("31/31/2026", []),
        ("soon", []),
    ],
)
def test_numeric_date_gives_every_possible_day(cell: str, days: list[str]) -> None:
    assert [day.isoformat() for day in days_in(cell)] == days


def test_xls_example_is_binary_and_readable() -> None:
    assert struct.unpack("<Q", XLS[:8]) == (0xE11AB1A1E011CFD0,)
    headings, rows = read(XLS)
    assert headings[:6] == ["SuR", "Rgrp", "Org", "Recommendation", "RS", "Rgrp (2)"]
    assert len(rows) == 3
