"""Spreadsheets: every row that matches and no other, readable by Excel, never a formula."""

from __future__ import annotations

import csv
import datetime
import io
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from recommendations.exports.spreadsheets import CELL_MAX, file_name, safe, xlsx_cell
from tests import make

pytestmark = pytest.mark.django_db
LISTS = ["recommendations", "responses", "issues", "stakeholders", "reviews", "documents", "follow-up"]


def csv_rows(path: str, **params: Any) -> list[dict[str, str]]:
    """The rows of a CSV answer by heading."""
    answer = Client().get(f"/{path}.csv", params)
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def workbook(path: str, **params: Any) -> openpyxl.Workbook:
    """The workbook of an XLSX answer."""
    answer = Client().get(f"/{path}.xlsx", params)
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def sheet_rows(path: str, **params: Any) -> list[dict[str, Any]]:
    """The rows of a workbook's first sheet by heading."""
    first, *rest = workbook(path, **params).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(first, row, strict=True)) for row in rest]


def test_export_holds_exactly_the_matching_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommendations.public.list_view.CHUNK", 3)  # so that several chunks are loaded
    for _ in range(7):
        make.make_recommendation(kind="concern")
    make.make_recommendation(reference="OTHER")
    for rows in (csv_rows, sheet_rows):
        exported = rows("recommendations", kind="concern", per_page=2, sort="reference")
        references = [row["Reference"] for row in exported]
        assert len(references) == 7
        assert references == sorted(references)
        assert "OTHER" not in references


def test_row_describes_the_record_in_words() -> None:
    group = make.make_issue(slug="torture", name="Torture")
    record = make.make_recommendation(
        reference="FRE-1",
        raised_by=[
            make.make_stakeholder(name="Amnesty", acronym="AI"),
            make.make_stakeholder(name="Beta", acronym=""),
        ],
        issues=[make.make_issue(slug="definition", name="Definition", parent=group)],
        groups=[make.make_group(name="Women"), make.make_group(name="Children")],
    )
    make.make_follow_up(record, assessor=make.make_stakeholder(slug="tracker", kind="tracker"))
    make.make_follow_up(record, role="state", status="implemented")
    make.make_response(answers=[record], reference="RES", stance="commits")
    row = csv_rows("recommendations")[0]
    expected = {
        "Words": make.WORDS,
        "State": "FRE",
        "Raised by": "Amnesty (AI); Beta",
        "Issues": "Torture › Definition",
        "Population groups": "Children; Women",
        "Status": "in_progress",
        "Status as of": "2024-01-01",
        "Status by": "tracker",
        "Assessors differ": "yes",
        "Status: State": "implemented",
        "As of: Tracker": "2024-01-01",
        "Status: NHRI": "",
        "State responses": "RES",
        "Stances": "commits",
        "Address": "http://testserver/recommendations/FRE-1/",
    }
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_formula_signs_are_escaped(sign: str) -> None:
    assert safe(f"{sign}HYPERLINK(1)") == f"'{sign}HYPERLINK(1)"
    assert safe("plain = text") == "plain = text"
    assert safe(-3) == -3


@pytest.mark.parametrize("rows", [csv_rows, sheet_rows])
def test_text_like_a_formula_is_exported_as_text(rows: Any) -> None:
    text = '=cmd|"/c calc"!A1'
    make.make_recommendation(text=text, summary="@SUM(1)", raised_by=[make.make_stakeholder(name="-1+1")])
    row = rows("recommendations")[0]
    assert row["Words"] == f"'{text}"
    assert row["Summary"] == "'@SUM(1)"
    assert row["Raised by"].startswith("'-1+1")


def test_any_script_survives_csv_and_workbook() -> None:
    text = 'Прекратить "пытки",\nқинау — now; ’tis 100%'
    make.make_recommendation(text=text)
    assert csv_rows("recommendations")[0]["Words"] == text
    assert sheet_rows("recommendations")[0]["Words"] == text


def test_workbook_drops_characters_excel_cannot_read() -> None:
    make.make_recommendation(text="a\x0bb\x01c\ufffed")
    assert sheet_rows("recommendations")[0]["Words"] == "abcd"
    assert len(str(xlsx_cell("x" * 40_000))) <= CELL_MAX
    assert len(str(xlsx_cell("=" + "x" * 40_000))) <= CELL_MAX


def test_workbook_states_filters_source_and_address(settings: Any) -> None:
    settings.SITE_URL = "https://tracker.example.org"
    make.make_recommendation(kind="concern")
    make.make_recommendation(kind="concern", text="Nothing of the word.")
    book = workbook("recommendations", kind="concern", q="libel", sort="oldest")
    about = {str(name): value for name, value in book["About"].iter_rows(values_only=True)}
    assert about["Rows"] == 1
    assert about["Filters"] == "Words: “libel”; Kind: Concern"
    assert about["Date"].date() == timezone.localdate()
    assert about["Address"] == "https://tracker.example.org/recommendations/?q=libel&kind=concern&sort=oldest"
    assert about["Source"] == settings.SITE_NAME
    assert sheet_rows("recommendations")[0]["Reference"].startswith("FRE")


def test_workbook_has_frozen_headings_and_filter() -> None:
    for number in range(3):
        make.make_recommendation(text=f"{number} " + "The State should place a moratorium on libel. " * 9)
    sheet = workbook("recommendations", columns="reference,text").worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C4"
    assert all(cell.font.bold for cell in sheet[1])
    widths = [sheet.column_dimensions[letter].width for letter in "ABC"]
    assert widths[0] >= len("FRE-UPR7-1")
    assert widths[1] == 60
    empty = workbook("recommendations", q="nothing-has-this").worksheets[0]
    assert empty.max_row == 1


def test_workbook_dates_are_date_cells() -> None:
    make.make_response(date=datetime.date(2020, 6, 1))
    assert sheet_rows("responses")[0]["Date"] == datetime.datetime(2020, 6, 1)  # noqa: DTZ001


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_file_name_states_list_filters_and_date(ending: str) -> None:
    make.make_recommendation()
    answer = Client().get(f"/recommendations.{ending}?state=fre&kind=concern")
    b"".join(answer.streaming_content)
    today = timezone.localdate().isoformat()
    expected = f'filename="recommendations_state-FRE_kind-concern_{today}.{ending}"'
    assert expected in answer["Content-Disposition"]


def test_file_name_is_short_and_ascii() -> None:
    name = file_name("records", [("q", 'a"b/../\r\nпытки' + "x" * 500)], "csv", datetime.date(2026, 1, 2))
    assert name.startswith("records_q-a-b-..-")
    assert name.endswith("_2026-01-02.csv")
    assert len(name) < 130
    assert name.isascii()
    assert not set(name) & set('"/\\\r\n')


@pytest.mark.parametrize("name", LISTS)
def test_every_row_has_a_working_address(name: str) -> None:
    record = make.make_recommendation(raised_by=[make.make_stakeholder()], issues=[make.make_issue()])
    make.make_response(answers=[record])
    make.make_evidence(follow_up=make.make_follow_up(record))
    for rows in (csv_rows, sheet_rows):
        for row in rows(name):
            assert row["Address"].startswith("http://testserver/")
            assert (
                Client().get(row["Address"].split("#")[0].removeprefix("http://testserver")).status_code
                == 200
            )
            assert len(row) == len({heading.lower() for heading in row})


def test_rows_are_streamed_while_read(django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        make.make_recommendation()
    with django_assert_max_num_queries(0):
        answer = Client().get("/recommendations.csv")
    assert answer.streaming
    assert b"".join(answer.streaming_content).count(b"FRE-UPR7") >= 3


CHOICES = [
    "columns=status,reference",
    "columns=status&columns=reference",
    "columns=status,+reference,&columns=",
]


@pytest.mark.parametrize("query", CHOICES)
def test_chosen_columns_come_in_order_with_address(query: str) -> None:
    make.make_recommendation(reference="FRE-1")
    answer = Client().get(f"/recommendations.csv?{query}")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines == [
        "Status,Reference,Address",
        "not_assessed,FRE-1,http://testserver/recommendations/FRE-1/",
    ]
    answer = Client().get(f"/recommendations.xlsx?{query}")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert [cell.value for cell in book.worksheets[0][1]] == ["Status", "Reference", "Address"]
    about = {str(name): value for name, value in book["About"].iter_rows(values_only=True)}
    assert about["Columns"] == "Status; Reference; Address"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("name", LISTS)
def test_unknown_column_is_refused_naming_allowed_ones(name: str, ending: str) -> None:
    answer = Client().get(f"/{name}.{ending}?columns=url,published,<b>")
    assert answer.status_code == 400
    assert "“published”, “<b>” are not columns of this list. Allowed: " in answer.text
    assert "url" in answer.text.split("Allowed: ")[1]


def test_columns_parameter_works_only_for_spreadsheets() -> None:
    assert Client().get("/recommendations.json?columns=reference").status_code == 400
    assert "is not a filter of this list" in Client().get("/recommendations/?columns=reference").text


def test_form_offers_every_column_and_keeps_filters() -> None:
    make.make_recommendation(kind="concern")
    page = html.fromstring(Client().get("/recommendations/?kind=concern&sort=oldest&per_page=50").text)
    (form,) = page.xpath("//form[.//input[@name='columns']]")
    assert form.get("action") == "/recommendations.csv"
    assert form.xpath(".//button/@formaction") == ["/recommendations.xlsx"]
    kept = {box.get("name"): box.get("value") for box in form.xpath(".//input[@type='hidden']")}
    assert kept == {"kind": "concern", "sort": "oldest"}
    names = form.xpath(".//input[@name='columns']/@value")
    assert Client().get("/recommendations.csv", {"columns": names, **kept}).status_code == 200
    rows = csv_rows("recommendations", kind="concern")
    assert len(names) + 1 == len(rows[0])  # the address is always there


def test_chain_spreadsheet_has_address_in_each_row() -> None:
    make.make_link(make.make_recommendation(reference="FRE-1"), make.make_recommendation(reference="FRE-2"))
    for rows in (csv_rows, sheet_rows):
        assert [row["Address"] for row in rows("chains")] == ["http://testserver/chains/FRE-1/"]
        assert rows("chains")[0]["References"] == "FRE-1; FRE-2"
