"""OHCHR's thematic lists: the invented example, as text, table and page, and the real one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from recommendations.reading.document import DocumentError, ParsedDocument
from recommendations.reading.files.lines import lines_of
from recommendations.reading.kinds.thematic_list.parser import parse
from recommendations.reading.reader import read
from tests import reading_quality
from tests.reading.files import header, make_docx, make_table

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "tests" / "documents" / "thematic_list" / "thematic_list_invented.txt"
REAL = reading_quality.SHARED / "thematic_lists" / "SVN_cycle3_thematic_list.docx"
HEADER = "UPR of Malta (4th Cycle - 42nd Session)"
COLUMNS = [
    "Recommendation",
    "Position",
    "Full list of themes",
    "Assessment/comments on level of implementation",
]
ROW = [
    "6.1 Ratify it (France)\n(Freedonia);\nSource of Position: A/HRC/0/99 - Para 6",
    "Supported/Noted",
    "- Lamps\n- Piers\nSDGs:\n- 14 - LIFE BELOW WATER\nAffected persons:\n- keepers",
    "Done in 2024.\n- Twice.",
]


def assert_is_the_row(document: ParsedDocument) -> None:
    (paragraph,) = document.paragraphs
    (statement,) = paragraph.statements
    assert (document.state, document.session, document.considers) == ("MLT", "42", "A/HRC/0/99")
    assert (paragraph.number, paragraph.section) == ("6.1", ("Lamps",))
    assert paragraph.text == "Ratify it (France) (Freedonia);"
    assert statement.act == "recommendation"
    assert statement.stakeholders == ("FRA", "Freedonia")
    assert (statement.position, statement.position_source) == ("supported_in_part", "A/HRC/0/99 - Para 6")
    assert (statement.themes, statement.sdgs) == (("Lamps", "Piers"), ("14 - LIFE BELOW WATER",))
    assert statement.affected_persons == ("keepers",)
    assert statement.assessment == "Done in 2024.\n- Twice."


def test_word_table_is_read_by_its_cells(tmp_path: Path) -> None:
    path = tmp_path / "list.docx"
    table = make_table(COLUMNS, ["Theme: Lamps"], ROW)
    path.write_bytes(make_docx([], body=table, parts={"word/header1.xml": header(HEADER)}))
    assert_is_the_row(read(path))


def test_html_table_is_read_by_its_cells(tmp_path: Path) -> None:
    path = tmp_path / "list.html"
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell.replace(chr(10), '<br>')}</td>" for cell in row) + "</tr>"
        for row in (COLUMNS, ["Theme: Lamps"], ROW)
    )
    path.write_text(f"<!DOCTYPE html><p>{HEADER}</p><table>{rows}</table>", encoding="utf-8")
    assert_is_the_row(read(path))


def test_real_list_is_read_completely() -> None:
    if not REAL.exists():
        pytest.skip("the real documents are not here (looked in ../shared/realdata)")
    document = read(REAL)
    statements = [paragraph.statements[0] for paragraph in document.paragraphs]
    assert (document.state, document.session, document.considers) == ("SVN", "34", "A/HRC/43/15")
    assert len({paragraph.number for paragraph in document.paragraphs}) == len(statements) == 215
    assert Counter(s.position.value for s in statements) == {"supported": 182, "noted": 33}
    assert sum(len(s.stakeholders) for s in statements) == 223
    assert all(s.stakeholders and s.themes and s.position_source for s in statements)
    assert sum(bool(s.sdgs) for s in statements) == 202
    assert sum(bool(s.affected_persons) for s in statements) == 196
    assert {len(code) for s in statements for code in s.stakeholders} == {3}
    assert not any(s.assessment for s in statements)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Full list of themes\nnothing", "the list holds no recommendation with a number"),
        (
            "Full list of themes\n1.1 Ratify it Supported - Lamps\n1.2 Ratify that Noted - Piers",
            "the columns of the list cannot be told apart: only 0 of its 2 recommendations have a position; "
            "import the Word document",
        ),
    ],
)
def test_unreadable_list_is_refused_with_reason(text: str, reason: str) -> None:
    with pytest.raises(DocumentError) as refusal:
        parse(lines_of(text))
    assert str(refusal.value) == reason
