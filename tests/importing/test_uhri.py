"""Exports of the Universal Human Rights Index: XLSX with lists by line, JSON, and JSON with plain names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from recommendations.models import Document, Recommendation, Review
from recommendations.search import listing
from tests import make
from tests.importing.tables import bring_in, numbers, plan

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

REAL = Path(__file__).resolve().parents[3] / "shared/realdata/datasets/uhri_15_records.json"
# As UHRI spells them.
COLUMNS = [
    "Text",
    "Countries Concerned",
    "Reccomending Body",
    "Document Symbol",
    "Themes",
    "Affected Persons",
    "Sdgs",
    "Document Publication Date",
    "UPR Reccomending States",
    "UPR Position",
    "Type",
    "OHCHR Annotation Id",
    "UPR Session",
    "Regions Concerned",
    "Recommending Regions",
    "Date of publication on UHRI",
]
UPR: dict[str, Any] = {
    "Text": "Abolish the death penalty_x000D_\nfor all crimes.",
    "Countries Concerned": "- Kazakhstan",
    "Reccomending Body": "- UPR",
    "Document Symbol": "A/HRC/14/10",
    "Themes": "- Death penalty\n- An unheard-of theme",
    "Affected Persons": "- Women & girls\n- Fishermen",
    # Excel's number of 23 March 2010.
    "Document Publication Date": 40260,
    "UPR Reccomending States": "- France\n- Austria",
    "UPR Position": "Supported",
    "Type": "- Recommendations",
    "OHCHR Annotation Id": "0a0c9531-85fa-4408-a9db-bc816c2e1261",
    "UPR Session": "7",
}
CESCR: dict[str, Any] = {
    "AnnotationId": "77770000-0000-4408-a9db-bc816c2e1261",
    "Symbol": "E/C.12/AUS/CO/6",
    "Text": "The Committee is concerned.",
    "DocumentId": "x",
    "PublicationDate": "2026-03-23T00:00:00",
    "PublicationDateOnUhri": "2026-03-25",
    "AnnotationType": "Concerns/Observations",
    "Countries": ["Australia"],
    "AffectedPersons": [],
    "Themes": [],
    "Sdgs": ["1 - NO POVERTY"],
    "Regions": [],
    "Body": "CESCR",
}


def write_xlsx(path: Path, *rows: dict[str, Any]) -> Path:
    """Rows under UHRI's headings."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(COLUMNS)
    for row in rows:
        sheet.append([row.get(name) for name in COLUMNS])
    book.save(path)
    return path


def write_json(path: Path, *rows: dict[str, Any]) -> Path:
    """Rows as UHRI's JSON."""
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def test_workbook_row_becomes_a_record(tmp_path: Path) -> None:
    life = make.make_issue(slug="life", name="Right to life")
    make.make_issue(slug="abolition", name="Abolition", parent=life, uhri_theme="Death penalty")
    make.make_group(slug="women", name="Women and girls")
    source = bring_in(write_xlsx(tmp_path / "uhri.xlsx", UPR))
    record = Recommendation.objects.published().get()
    assert record.reference == "KAZ-UPR-UHRI-0a0c9531"
    assert (record.kind, record.position) == ("recommendation", "supported")
    assert record.text.split() == ["Abolish", "the", "death", "penalty", "for", "all", "crimes."]
    assert record.locator == UPR["OHCHR Annotation Id"]
    assert {row.name for row in record.raised_by.all()} == {"Austria", "France"}
    assert {row.slug for row in record.groups.all()} == {"women"}
    assert {tag.issue.path for tag in record.tags.all()} == {
        "life/abolition",
        "uhri/uhri-an-unheard-of-theme",
    }
    review = record.document.review
    assert (review.slug, review.when) == ("kaz-upr7", "February 2010")
    # A group is never made; it is named with how often it would have been.
    assert source.report["unknown"] == {"groups": [["Fishermen", 1]]}
    assert "Sdgs" in source.report["ignored"]
    assert listing.differences() == []


def test_treaty_body_review_is_identified_by_its_year(tmp_path: Path) -> None:
    bring_in(write_json(tmp_path / "uhri.json", CESCR))
    record = Recommendation.objects.get()
    assert (record.kind, record.position) == ("concern", "")
    (committee,) = record.raised_by.all()
    assert committee.name == "Committee on Economic, Social and Cultural Rights"
    review = Review.objects.get()
    assert (review.mechanism, review.session, review.when) == ("CESCR", "of 2026", "2026")
    assert Document.objects.get().title == "UHRI’s annotations of E/C.12/AUS/CO/6: Australia"
    for row in (review, record, record.document, committee):
        row.full_clean()


def test_repeated_annotation_updates_its_record(tmp_path: Path) -> None:
    bring_in(write_xlsx(tmp_path / "uhri.xlsx", UPR))
    assert numbers(plan(write_xlsx(tmp_path / "again.xlsx", UPR))) == {"unchanged": 1}
    later = UPR | {"Text": "Abolish it.", "UPR Position": "Noted"}
    assert numbers(bring_in(write_xlsx(tmp_path / "later.xlsx", later))) == {"updated": 1}
    record = Recommendation.objects.get()
    assert (record.text, record.position) == ("Abolish it.", "noted")
    assert record.search.words == "abolish it"


def test_annotation_on_several_states_makes_one_record_each(tmp_path: Path) -> None:
    both = CESCR | {"Countries": ["Australia", "New Zealand"]}
    assert numbers(bring_in(write_json(tmp_path / "uhri.json", both))) == {"created": 2}
    assert {one.document.review.state.iso3 for one in Recommendation.objects.all()} == {"AUS", "NZL"}
    assert numbers(plan(write_json(tmp_path / "again.json", both, both))) == {"unchanged": 2, "refused": 1}


def test_annotation_ids_with_same_beginning_are_numbered(
    tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [CESCR | {"AnnotationId": f"77770000-0000-4408-a9db-{number:012}"} for number in range(200)]
    bring_in(write_json(tmp_path / "first.json", *rows[:100]))
    path = write_json(tmp_path / "second.json", *rows[100:])
    with django_assert_max_num_queries(40):
        plan(path)
    bring_in(path)
    references = ["AUS-CESCR-UHRI-77770000", *(f"AUS-CESCR-UHRI-77770000-{n}" for n in range(2, 201))]
    assert list(Recommendation.objects.order_by("pk").values_list("reference", flat=True)) == references


@pytest.mark.parametrize(
    ("values", "column", "why"),
    [
        ({"PublicationDate": "soon"}, "PublicationDate", "is no date"),
        ({"Countries": ["Freedonia"]}, "Countries", "is the name of no State"),
        ({"Countries": []}, "Countries", "names no State"),
        ({"Body": "The Court"}, "Body", "is no body that is known"),
        ({"AnnotationType": "Poem"}, "AnnotationType", "is no type"),
        ({"Text": ""}, "Text", "is empty"),
    ],
)
def test_invalid_row_is_refused_with_reason(
    values: dict[str, Any], column: str, why: str, tmp_path: Path
) -> None:
    source = plan(write_json(tmp_path / "uhri.json", CESCR | values))
    (refused,) = source.report["shown"]["refused"]
    assert refused["column"] == column
    assert why in refused["why"]


@pytest.mark.skipif(not REAL.exists(), reason="the real records are not shipped, and ../shared is not here")
def test_real_records_with_plain_names_are_imported() -> None:
    source = bring_in(REAL)
    assert (source.kind, numbers(source)) == ("uhri", {"created": 15})
    kinds = Recommendation.objects.values_list("kind", flat=True)
    assert sorted(kinds).count("concern") == 8
    assert numbers(plan(REAL)) == {"unchanged": 15}
