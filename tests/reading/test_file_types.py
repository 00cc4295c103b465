"""What is kept of each type of file: encodings, notes, page headers; and archives with too many parts."""

from __future__ import annotations

import contextlib
import struct
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from recommendations.reading.document import DocumentError
from recommendations.reading.reader import read
from tests.reading.files import WORD, header, make_docx, make_pdf

if TYPE_CHECKING:
    from pathlib import Path

OPENING = "Summary of stakeholders' submissions on Xanadu"


@pytest.fixture
def saved(tmp_path: Path):
    def save(content: bytes) -> Path:
        path = tmp_path / "document"
        path.write_bytes(content)
        return path

    return save


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "cp1252"]
)
def test_english_is_read_in_any_usual_encoding(saved, encoding: str) -> None:
    text = f"{OPENING}\nI. Background\n1. AI noted that the law’s “text” was clear to the courts and to all."
    assert read(saved(text.encode(encoding))).paragraphs[0].text.startswith("AI noted that the law’s “text”")


def test_text_cut_inside_its_last_character_is_read(saved) -> None:
    text = f"{OPENING}\nI. Background\n1. AI noted the café’s law.é".encode()
    assert read(saved(text[:-1])).paragraphs[0].text == "AI noted the café’s law."


def test_archive_with_too_many_parts_is_refused_early(tmp_path: Path) -> None:
    path = tmp_path / "many.docx"
    entry = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, *[0] * 14)
    directory = entry * 300_000
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 65_535, 65_535, len(directory), 0, 0)
    path.write_bytes(b"PK\x03\x04" + directory + end)
    tracemalloc.start()
    try:
        with pytest.raises(DocumentError, match="names more than 2,000 parts"):
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_docx_footnotes_and_page_headers_are_read(saved) -> None:
    body = (
        "<w:p><w:r><w:t>Concluding observations on Malta</w:t></w:r>"
        '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="2"/><w:t>*</w:t></w:r></w:p>'
        "<w:p><w:r><w:t>1. The Committee met.</w:t></w:r>"
        '<w:r><w:footnoteReference w:id="7"/></w:r></w:p>'
    )
    notes = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'
        for number, text in [(2, "Adopted."), (7, "See Add.1.")]
    )
    parts = {
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{WORD}">{notes}</w:footnotes>',
        "word/header1.xml": header("CAT/C/MLT/CO/1"),
    }
    document = read(saved(make_docx([], body=body, parts=parts)))
    assert (document.symbol, document.endnotes) == ("CAT/C/MLT/CO/1", {"1": "See Add.1."})
    assert document.paragraphs[0].text == "The Committee met."
    assert document.paragraphs[0].statements[0].endnotes == (1,)


def test_a_pdf_with_broken_bytes_is_read_or_refused(saved) -> None:
    whole = make_pdf([[[(OPENING, 12)], [("1. AI noted it.", 10)]]])
    for place in range(20, len(whole), len(whole) // 4):
        with contextlib.suppress(DocumentError):
            read(saved(whole[:place] + b"\xff\x00(" + whole[place + 3 :]))
