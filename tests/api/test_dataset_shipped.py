"""The data set of the shipped records: its rows are those of the API, its tables join."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from lxml import html

from recommendations.api.dictionary import entries
from recommendations.api.tables import TABLES
from recommendations.models import Recommendation
from tests.api.test_dataset import ADDRESS, NAMES, archive, csv_rows, json_rows

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shipped_archive(shipped: None, django_db_blocker: Any) -> Iterator[zipfile.ZipFile]:
    """The data set of the shipped records."""
    with django_db_blocker.unblock():
        yield archive()


def through_the_api(name: str, **params: str) -> list[dict[str, Any]]:
    """All rows of a resource."""
    found: list[dict[str, Any]] = []
    page = Client().get(f"/api/v1/{name}/", {"page_size": "200", **params}).json()
    found += page["results"]
    while page["next"]:
        page = Client().get(page["next"].removeprefix("http://testserver")).json()
        found += page["results"]
    assert len(found) == page["count"]
    return found


@pytest.mark.parametrize(
    ("resource", "table"),
    [
        ("recommendations", "recommendations"),
        ("responses", "responses"),
        ("follow-up", "follow_up"),
        ("stakeholders", "stakeholders"),
        ("issues", "issues"),
        ("groups", "groups"),
        ("states", "states"),
        ("reviews", "reviews"),
        ("documents", "documents"),
    ],
)
def test_data_set_rows_equal_api_rows(shipped_archive: zipfile.ZipFile, resource: str, table: str) -> None:
    assert json_rows(shipped_archive, table) == through_the_api(resource)


@pytest.mark.parametrize("name", NAMES)
def test_csv_and_json_hold_the_same_rows(shipped_archive: zipfile.ZipFile, name: str) -> None:
    table = next(table for table in TABLES if table.name == name)
    in_csv, in_json = csv_rows(shipped_archive, name), json_rows(shipped_archive, name)
    assert len(in_csv) == len(in_json) > 0
    assert list(in_csv[0]) == [column.name for column in table.columns if column.sheet]
    plain = [one.column for one in entries(table) if one.type == "text" and one.in_csv and one.in_json]
    for one, other in zip(in_csv, in_json, strict=True):
        for column in plain:
            assert one[column].removeprefix("'").replace("\r\n", "\n") == other[column]
    readme = shipped_archive.read("README.md").decode()
    assert f"| {name} | {len(in_json)} |" in readme


# Which column names a row of which other table by which of its columns.
JOINS = [
    ("raised_by", "recommendation", "recommendations", "reference"),
    ("raised_by", "stakeholder", "stakeholders", "slug"),
    ("issue_tags", "recommendation", "recommendations", "reference"),
    ("issue_tags", "issue", "issues", "path"),
    ("recommendation_groups", "group", "groups", "slug"),
    ("recommendation_links", "earlier", "recommendations", "reference"),
    ("recommendation_links", "later", "recommendations", "reference"),
    ("response_links", "response", "responses", "reference"),
    ("response_links", "recommendation", "recommendations", "reference"),
    ("follow_up", "recommendation", "recommendations", "reference"),
    ("evidence", "follow_up", "follow_up", "reference"),
    ("recommendations", "review", "reviews", "slug"),
    ("recommendations", "state", "states", "iso3"),
]


@pytest.mark.parametrize(("table", "column", "other", "key"), JOINS)
def test_tables_can_be_joined(
    shipped_archive: zipfile.ZipFile, table: str, column: str, other: str, key: str
) -> None:
    named = {row[column] for row in csv_rows(shipped_archive, table)}
    assert named
    assert named <= {row[key] for row in csv_rows(shipped_archive, other)}


def test_data_dictionary_names_every_column(shipped_archive: zipfile.ZipFile) -> None:
    content = shipped_archive.read("data-dictionary.csv").decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(content, newline="")))
    named = {(line["table"], line["column"]) for line in lines}
    assert named == {(table.name, column.name) for table in TABLES for column in table.columns}
    assert all(line["meaning"] and line["type"] for line in lines)
    text = shipped_archive.read("data-dictionary.md").decode()
    assert all(f"## {name}\n" in text for name in NAMES)
    assert "United Nations" in shipped_archive.read("LICENCE.md").decode()


def test_data_page_explains_every_column(shipped_archive: zipfile.ZipFile) -> None:
    page = Client().get("/data/")
    text = page.content.decode()
    for table in TABLES:
        for one in entries(table):
            assert f"<code>{one.column}</code>" in text
    tree = html.document_fromstring(text)
    assert tree.xpath(f"//a[@href='{ADDRESS}']")
    lead = " ".join(tree.xpath("//p[@class='lead']")[0].text_content().split())
    assert f"{Recommendation.objects.published().count()} records" in lead
    for start in ("/", "/methodology/"):
        assert 'href="/data/"' in Client().get(start).content.decode()
