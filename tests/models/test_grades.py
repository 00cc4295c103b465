"""Grades: with their scheme and its meaning wherever they stand; unknown ones as they were given."""

from __future__ import annotations

import csv
import io

import pytest
from lxml.html import document_fromstring

from recommendations.models import Grade
from tests import make
from tests.pages import page_words

pytestmark = pytest.mark.django_db
MEANING = "Reply or action not satisfactory"
KNOWN = f"Grade C (CCPR): {MEANING}"


@pytest.fixture(autouse=True)
def grades():
    Grade.objects.update_or_create(scheme="CCPR", grade="C", defaults={"meaning": MEANING, "position": 3})


def graded(**values):
    return make.make_follow_up(
        role="un_body", status="not_implemented", **{"grade": "C", "grade_scheme": "CCPR"} | values
    )


def test_grade_meaning_is_shown_on_every_page(client):
    entry = graded()
    record = entry.recommendation
    other = make.make_recommendation()
    make.make_link(record, other)
    pages = [
        record.get_absolute_url(),
        "/follow-up/",
        "/recommendations/",
        "/",
        f"/chains/{record.reference}/",
    ]
    pages.append(entry.assessor.get_absolute_url())
    for address in pages:
        assert KNOWN in page_words(client.get(address).text), address
    # On the record's page twice: in its verdict, and on its path in time.
    assert page_words(client.get(record.get_absolute_url()).text).count(KNOWN) == 2


@pytest.mark.parametrize(("scheme", "grade"), [("CCPR 2013", "C"), ("CCPR", "B1"), ("CED", "A")])
def test_unknown_grade_is_shown_as_given(client, scheme, grade):
    entry = graded(grade=grade, grade_scheme=scheme)
    text = page_words(client.get(entry.recommendation.get_absolute_url()).text)
    assert f"Grade {grade} ({scheme}) · " in text
    assert MEANING not in text


def test_exports_have_a_grade_meaning_column(client):
    graded()
    graded(grade="B1", grade_scheme="CCPR 2013")
    make.make_follow_up()
    rows = client.get("/follow-up.json?sort=reference").json()["results"]
    found = {(row["grade"], row["grade_scheme"], row["grade_meaning"]) for row in rows}
    assert found == {("C", "CCPR", MEANING), ("B1", "CCPR 2013", None), ("", "", None)}
    text = b"".join(client.get("/follow-up.csv").streaming_content).decode("utf-8-sig")
    assert {row["Meaning of the grade"] for row in csv.DictReader(io.StringIO(text))} == {MEANING, ""}


def test_methodology_lists_every_grade(client):
    Grade.objects.create(scheme="ZZZ", grade="1", meaning="Nothing was done")
    page = document_fromstring(client.get("/methodology/").content)
    rows = [[cell.text_content() for cell in row] for row in page.xpath("//tbody/tr")]
    assert ["CCPR", "C", MEANING] in rows
    assert ["ZZZ", "1", "Nothing was done"] in rows


def test_grade_meaning_is_escaped(client):
    Grade.objects.update_or_create(scheme="CCPR", grade="C", defaults={"meaning": "<b>bold</b>"})
    entry = graded()
    assert "<b>bold" not in client.get(entry.recommendation.get_absolute_url()).text
