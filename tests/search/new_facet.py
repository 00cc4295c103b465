"""What `test_extending_filter.py` runs in a copy of the project to which "selected" was added."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from lxml import html
from openpyxl import load_workbook

from recommendations.models import Recommendation
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def records() -> None:
    for reference in ("CHOSEN", "PASSED-BY", "THIRD"):
        make.make_recommendation(reference=reference, selected_for_follow_up=reference == "CHOSEN")
    make.make_recommendation(reference="HIDDEN", selected_for_follow_up=True, published=False)


def numbers(address: str = "/recommendations/") -> dict[str, str]:
    """What the panel offers, with the number beside it."""
    page = html.document_fromstring(Client().get(address).content.decode())
    found = {}
    for box in page.iterfind(".//input[@name='selected']"):
        label = next(box.iterancestors("label"))
        found[str(box.get("value"))] = " ".join(label.text_content().split())
    return found


def references(address: str) -> set[str]:
    return {row["reference"] for row in Client().get(address).json()["results"]}


def test_panel_offers_it_with_numbers() -> None:
    assert numbers() == {"true": "Selected 1", "false": "Not selected 2"}
    page = html.document_fromstring(Client().get("/recommendations/").content.decode())
    assert "Selected for follow-up" in page.get_element_by_id("filters").text_content()


def test_list_json_and_api_are_filtered() -> None:
    page = Client().get("/recommendations/?selected=true").content.decode()
    assert "CHOSEN" in page
    assert "PASSED-BY" not in page
    assert references("/recommendations.json?selected=true") == {"CHOSEN"}
    assert references("/recommendations.json?selected=false") == {"PASSED-BY", "THIRD"}
    assert references("/api/v1/recommendations/?selected=true") == {"CHOSEN"}
    assert Client().get("/recommendations.json?selected=nonsense").status_code == 400


def test_spreadsheets_are_filtered() -> None:
    answer = Client().get("/recommendations.csv?selected=true").getvalue().decode("utf-8-sig")
    heading, *rows = csv.reader(io.StringIO(answer))
    assert [row[heading.index("Reference")] for row in rows] == ["CHOSEN"]
    book = load_workbook(io.BytesIO(Client().get("/recommendations.xlsx?selected=false").getvalue()))
    cells = {str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row}
    assert {"PASSED-BY", "THIRD"} <= cells
    assert "CHOSEN" not in cells


def test_change_past_the_application_is_counted() -> None:
    assert numbers()["true"] == "Selected 1"
    Recommendation.objects.filter(reference="PASSED-BY").update(selected_for_follow_up=True)
    assert numbers()["true"] == "Selected 2"
