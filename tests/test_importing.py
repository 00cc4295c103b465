"""Rows of UPR Info's list become records, once, with who raised them, issues, history and provenance."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from recommendations import listing
from recommendations.importing.upr_info import RefusedError, import_upr_info, read_upr_info
from recommendations.models import Document, Issue, Recommendation, Review, Stakeholder, State
from tests import make

pytestmark = pytest.mark.django_db

REAL = Path(__file__).resolve().parents[2] / "shared/realdata/datasets/upr_recommendations_s1-20_utf8.csv"
COLUMNS = ["To", "To-Rgrp", "Text", "From", "From-Rgrp", "Response", "Issue", "Session"]


def line(**values: str) -> dict[str, str]:
    """One row: Austria to Kazakhstan in the seventh session, accepted."""
    return {
        "To": "Kazakhstan",
        "To-Rgrp": "Asia",
        "Text": "Abolish the death penalty.",
        "From": "Austria",
        "From-Rgrp": "WEOG",
        "Response": "Accepted",
        "Issue": "Death penalty,Elections",
        "Session": "7",
    } | values


@pytest.fixture
def file(tmp_path: Path) -> Any:
    """A function that writes rows as such a list, and returns its path."""

    def write(*lines: dict[str, str]) -> Path:
        path = tmp_path / "list.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, COLUMNS)
            writer.writeheader()
            writer.writerows(lines)
        return path

    return write


def test_a_row_becomes_a_public_record(file: Any) -> None:
    life = make.make_issue(slug="life", name="Right to life")
    make.make_issue(slug="death-penalty", name="The death penalty", parent=life)
    import_upr_info(file(line()))
    record = Recommendation.objects.published().get()
    assert (record.reference, record.position, record.locator) == ("KAZ-UPR7-UI1", "supported", "row 1")
    assert (record.document.kind, record.document.review.slug) == ("data_set", "kaz-upr7")
    assert [each.name for each in record.raised_by.all()] == ["Austria"]
    assert {tag.issue.path for tag in record.tags.all()} == {
        "life/death-penalty",
        "upr-info/upr-info-elections",
    }
    assert {tag.origin for tag in record.tags.all()} == {"source"}
    record.full_clean()
    assert Client().get(record.get_absolute_url()).status_code == 200
    assert listing.differences() == []


def test_importing_again_writes_nothing(file: Any) -> None:
    path = file(line(), line(Response="Noted", Session="20"))
    assert import_upr_info(path).created == 2
    again = import_upr_info(path)
    assert (again.created, again.unchanged) == (0, 2)
    assert Recommendation.objects.count() == 2
    assert Recommendation.history.count() == 2  # type: ignore[attr-defined]
    assert set(Recommendation.objects.values_list("position", flat=True)) == {"supported", "noted"}


def test_a_review_and_a_state_that_are_there_are_used(file: Any) -> None:
    state = make.make_state(iso3="KAZ", name="Kazakhstan", region="Asia-Pacific")
    review = make.make_review(state=state, session="7", slug="kaz-upr7", starts_on=datetime.date(2010, 2, 12))
    import_upr_info(file(line()))
    assert Review.objects.get() == review
    assert Document.objects.get().review == review
    assert Review.objects.get().starts_on == datetime.date(2010, 2, 12)


def test_a_new_review_is_dated_no_more_exactly_than_is_known(file: Any) -> None:
    import_upr_info(file(line(Session="14")))
    review = Review.objects.get()
    assert (review.when, review.cycle) == ("October 2012", "2")


def test_the_first_entry_of_the_history_names_who_raised_it(file: Any) -> None:
    import_upr_info(file(line()))
    entry = Recommendation.objects.get().history.get()  # type: ignore[attr-defined]
    assert entry.history_change_reason == "Imported from a data set"
    assert [each.stakeholder.name for each in entry.raised_by.all()] == ["Austria"]


def test_names_as_upr_info_spells_them(file: Any) -> None:
    import_upr_info(file(line(To="St Lucia"), line(From="DPR Korea"), line(From="&#40;Unknown&#41;")))
    assert State.objects.filter(iso3="LCA", name="Saint Lucia").exists()
    assert Stakeholder.objects.get(slug="recommending-prk").published
    assert not Recommendation.objects.get(reference="KAZ-UPR7-UI3").raised_by.exists()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"Session": "seven"}, "Row 2: the session is “seven”"),
        ({"Session": "99"}, "Row 2: when session 99 was"),
        ({"To": "Freedonia"}, "Row 2: no State is called “Freedonia”"),
        ({"Response": "Maybe"}, "Row 2: the response “Maybe”"),
        ({"Text": " "}, "Row 2 has no words"),
    ],
)
def test_a_row_that_makes_no_sense_is_named_and_nothing_is_written(
    values: dict[str, str], message: str, file: Any
) -> None:
    with pytest.raises(RefusedError, match=message):
        import_upr_info(file(line(), line(**values)))
    assert not Recommendation.objects.exists()
    assert not Issue.objects.exists()


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(RefusedError, match="no column"):
        import_upr_info(path)


@pytest.mark.skipif(not REAL.exists(), reason="the real list is not shipped, and ../shared is not here")
def test_every_name_and_session_of_the_real_list_is_known(file: Any) -> None:
    # One row of each State under review, recommending State and session.
    seen: set[str] = set()
    rows = []
    for row in read_upr_info(REAL):
        new = {f"to {row.state}", f"from {row.raised_by}", f"session {row.session}"} - seen
        if new:
            seen |= new
            rows.append(row)
    assert import_upr_info(REAL, rows).created == len(rows)
    assert State.objects.count() >= 193
