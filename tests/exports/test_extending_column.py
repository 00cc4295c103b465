"""The walk "An export column" of `docs/extending.md`: its columns stand wherever a list is given out."""

from __future__ import annotations

import json
import shutil
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from lxml import html

from recommendations.api import schema
from recommendations.exports import columns
from recommendations.public import lists
from tests import extending, make
from tests.exports.test_spreadsheets import csv_rows, sheet_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECTION = "An export column"
COLUMNS = "recommendations/exports/columns/sources.py"
LISTS = "recommendations/public/lists.py"

pytestmark = pytest.mark.django_db


def loaded(path: Path) -> ModuleType:
    """The module that the file is."""
    module = ModuleType(path.stem)
    exec(compile(path.read_text(encoding="utf-8"), path, "exec"), module.__dict__)  # noqa: S102  (our own file)
    return module


@pytest.fixture
def _extended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The tracker with the walk applied."""
    for path in (COLUMNS, LISTS):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(extending.ROOT / path, tmp_path / path)
    assert extending.write(tmp_path, SECTION) == [COLUMNS, LISTS]
    known = list(columns.REVIEWS)
    columns.REVIEWS[:] = loaded(tmp_path / COLUMNS).REVIEWS
    monkeypatch.setattr(lists.ReviewList, "for_page", loaded(tmp_path / LISTS).ReviewList.for_page)
    schema._schema.cache_clear()
    yield
    columns.REVIEWS[:] = known
    schema._schema.cache_clear()


@pytest.fixture
def _review() -> None:
    """A review of 2010 with one entry of follow-up, and one that is not public."""
    record = make.make_recommendation()
    make.make_follow_up(record)
    make.make_follow_up(record, published_at=None)


@pytest.mark.usefixtures("_review", "_extended")
def test_column_of_the_walk_is_in_every_format() -> None:
    row = Client().get("/reviews.json").json()["results"][0]
    assert (row["year"], row["follow_ups"]) == (2010, 1)
    for rows in (csv_rows, sheet_rows):
        (row,) = rows("reviews")
        assert (str(row["Year"]), str(row["Entries of follow-up"])) == ("2010", "1")
    row = Client().get("/api/v1/reviews/").json()["results"][0]
    assert (row["year"], row["follow_ups"]) == (2010, 1)


@pytest.mark.usefixtures("_review", "_extended")
def test_column_of_the_walk_is_on_the_page() -> None:
    table = html.fromstring(Client().get("/reviews/").text).xpath("//table")[0]
    headings = [" ".join(one.text_content().split()) for one in table.xpath(".//thead//th")]
    cells = [" ".join(one.text_content().split()) for one in table.xpath(".//tbody/tr[1]/*")]
    assert dict(zip(headings, cells, strict=True))["Year"] == "2010"
    assert "Entries of follow-up" not in headings


@pytest.mark.usefixtures("_extended")
def test_column_of_the_walk_is_in_dictionary_and_schema() -> None:
    page = Client().get("/data/").text
    assert "The year in which the review began." in page
    assert "How many public entries of the log its records have." in page
    described = json.dumps(Client().get("/api/v1/schema/").json())
    assert "The year in which the review began." in described
