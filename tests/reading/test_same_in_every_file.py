"""A real document reads the same from PDF, Word and HTML: built anew from what was read of it."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from recommendations.reading.kinds.summary.layout import lay_out
from recommendations.reading.kinds.summary.notes import read_notes
from recommendations.reading.reader import read, read_lines
from tests import reading_quality
from tests.reading.files import make_docx

if TYPE_CHECKING:
    from recommendations.reading.document import ParsedDocument

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "fixtures" / "documents").glob("0*.txt"))
REAL = reading_quality.SHARED
SUMMARIES = ("A_HRC_WG.6_7_SVN_3.pdf", "A_HRC_WG.6_47_CRI_3.md-extract.txt", "A_HRC_WG.6_48_SVN_3.pdf")
FILES = [
    *(f"stakeholder_summaries/{name}" for name in SUMMARIES),
    "working_group_reports/kazakhstan2010.pdf",
    "concluding_observations/CCPR_C_NAM_CO_2.paras1-22.txt",
]
TITLES = {
    "stakeholder_summary": "Summary of stakeholders’ submissions",
    "working_group_report": "Report of the Working Group on the Universal Periodic Review",
    "concluding_observations": "Concluding observations on the report",
}


read_once = cache(read)


def blocks_of(document: ParsedDocument) -> list[str]:
    """The document as Word has it: a block a heading or paragraph, "^" for each note's reference."""
    blocks = [document.symbol, TITLES[document.kind]]
    section: tuple[str, ...] = ()
    for paragraph in document.paragraphs:
        common = next(
            (n for n, (a, b) in enumerate(zip(section, paragraph.section, strict=False)) if a != b),
            len(section),
        )
        blocks += paragraph.section[common:] if paragraph.section != section else ()
        section = paragraph.section
        text, position = paragraph.text, 0
        marked = ""
        for statement in paragraph.statements:
            end = text.index(statement.text, position) + len(statement.text)
            marked += text[position:end] + "^" * len(statement.endnotes)
            position = end
        blocks.append(f"{paragraph.number}. {marked}{text[position:]}")
    return blocks


def as_html(blocks: list[str], notes: list[str]) -> str:
    count = 0
    body = []
    for block in blocks:
        pieces = escape(block).split("^")
        marked = pieces[0]
        for piece in pieces[1:]:
            count += 1
            marked += f"<sup>{count}</sup>{piece}"
        body.append(f"<p>{marked}</p>")
    listed = [
        f"<p><sup>{number}</sup> {escape(note).replace(chr(10), '</p><p>')}</p>"
        for number, note in enumerate(notes, start=1)
    ]
    return "<!DOCTYPE html><body>" + "".join([*body, "<p>Notes</p>" if notes else "", *listed])


def told(document: ParsedDocument) -> list[tuple[str, list[tuple[str, str, tuple[str, ...], str]]]]:
    return [
        (p.number, [(s.text, s.act.value, s.stakeholders, s.position.value) for s in p.statements])
        for p in document.paragraphs
    ]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("ending", ["docx", "html"])
def test_real_document_reads_the_same_in_every_format(name: str, ending: str, tmp_path: Path) -> None:
    if not (REAL / name).exists():
        pytest.skip("the real documents are not here (looked in ../shared/realdata)")
    document = read_once(REAL / name)
    blocks = blocks_of(document)
    notes = list(document.endnotes.values())
    if document.kind == "stakeholder_summary":  # the list of submissions is one note of many lines
        notes = ["\n".join(lines) for lines in read_notes(lay_out(read_lines(REAL / name)).notes).values()]
    path = tmp_path / f"document.{ending}"
    if ending == "docx":
        path.write_bytes(make_docx(blocks, notes))
    else:
        path.write_text(as_html(blocks, notes), encoding="utf-8")
    again = read(path)
    assert (again.kind, again.symbol) == (document.kind, document.symbol)
    assert told(again) == told(document)


@pytest.mark.parametrize("ending", ["docx", "html"])
@pytest.mark.parametrize(
    "shipped", sorted((ROOT / "fixtures" / "documents").glob("0*.txt")), ids=lambda path: path.stem
)
def test_shipped_document_reads_the_same_in_every_format(shipped: Path, ending: str, tmp_path: Path) -> None:
    document = read_once(shipped)
    if document.kind == "stakeholder_summary":
        blocks = blocks_of(document)
    else:
        blocks = [line for line in shipped.read_text(encoding="utf-8").splitlines() if line.strip()]
    path = tmp_path / f"document.{ending}"
    if ending == "docx":
        path.write_bytes(make_docx(blocks))
    else:
        path.write_text(as_html(blocks, []), encoding="utf-8")
    again = read(path)
    assert again.kind == document.kind
    assert told(again) == told(document)
