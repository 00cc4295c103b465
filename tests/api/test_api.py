"""The read API: the rows of the lists, page by page, with the lists' filters and the lists' refusals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from recommendations.api.query import Cursor
from recommendations.api.resources import RESOURCES
from recommendations.models import Document
from tests import make
from tests.amounts import examples
from tests.make import make_rows
from tests.pages import api_answer as get
from tests.row_fixtures import kept_rows

if TYPE_CHECKING:
    from collections.abc import Iterator


pytestmark = pytest.mark.django_db
LISTED = ["recommendations", "responses", "follow-up", "stakeholders", "issues", "reviews", "documents"]
NAMES = [resource.name for resource in RESOURCES]
METHODS = ["post", "put", "patch", "delete", "trace"]


def rows(path: str) -> list[dict[str, Any]]:
    """The rows of a list."""
    answer = get(path)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def walk(path: str) -> Iterator[list[dict[str, Any]]]:
    """The pages of a list, by following `next`."""
    address: str | None = f"http://testserver/api/v1/{path}"
    while address:
        page = Client().get(address.removeprefix("http://testserver")).json()
        yield page["results"]
        address = page["next"]


def names_of(found: list[dict[str, Any]]) -> list[str]:
    return [row["reference"] for row in found]


# -- rows ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTED)
def test_api_row_equals_list_row(name: str) -> None:
    make_rows()
    listed = Client().get(f"/{name}.json").json()["results"]
    key = next(resource.key for resource in RESOURCES if resource.name == name)
    assert len(listed) > 1
    assert sorted(rows(f"{name}/"), key=lambda row: row["url"]) == sorted(listed, key=lambda row: row["url"])
    for row in listed:
        assert get(f"{name}/{row[key]}/").json() == row


@pytest.mark.parametrize("name", ["groups", "states"])
def test_row_without_own_page_links_to_its_records(name: str) -> None:
    record = make.make_recommendation(groups=[make.make_group(slug="women", name="Women")])
    make.make_recommendation(groups=list(record.groups.all()), published=False)
    row = rows(f"{name}/")[0]
    assert row["recommendations"] == 1
    assert get(f"{name}/{row.get('slug') or row['iso3']}/").json() == row
    page = Client().get(row["url"].removeprefix("http://testserver"))
    assert record.reference in page.content.decode()


def test_a_state_without_a_public_review_is_not_listed() -> None:
    make.make_document(published=False)
    assert rows("states/") == []
    assert get("states/FRE/").status_code == 404


def test_document_paragraphs_come_in_order_with_their_records() -> None:
    document = make.make_document(slug="summary")
    record = make.make_recommendation(paragraph=make.make_paragraph(document=document, number="7"))
    make.make_recommendation(paragraph=record.paragraph, published=False)
    make.make_paragraph(document=document, number="3", text="Words of a chairperson.", speaker="chairperson")
    make.make_paragraph()
    found = [row for page in walk("documents/summary/paragraphs/?page_size=1") for row in page]
    assert [row["number"] for row in found] == ["7", "3"]
    assert found[0]["recommendations"] == [record.reference]
    assert found[0]["url"] == "http://testserver/documents/summary/#p7"
    assert [row["number"] for row in rows("documents/summary/paragraphs/?speaker=chairperson")] == ["3"]
    Document.objects.update(published=False)
    assert get("documents/summary/paragraphs/").status_code == 404


def test_root_names_every_address() -> None:
    named = get("").json()
    assert set(named) == {*NAMES, "schema", "documentation", "data"}
    for address in named.values():
        assert Client().get(address.removeprefix("http://testserver")).status_code == 200


# -- pages -----------------------------------------------------------------------------------------------


def test_next_pages_give_each_row_once_despite_inserts() -> None:
    for n in range(7):
        make.make_recommendation(reference=f"FRE-{n}")
    seen = []
    for n, page in enumerate(walk("recommendations/?page_size=3&kind=recommendation")):
        seen += names_of(page)
        make.make_recommendation(reference=f"AAA-{n}")  # before what has been read
    assert seen == [f"FRE-{n}" for n in range(7)]


def test_previous_pages_lead_back_to_the_first() -> None:
    for n in range(5):
        make.make_recommendation(reference=f"FRE-{n}")
    first = get("recommendations/?page_size=2").json()
    second = Client().get(first["next"]).json()
    third = Client().get(second["next"]).json()
    assert names_of(third["results"]) == ["FRE-4"]
    assert third["next"] is None
    back = Client().get(third["previous"]).json()
    assert names_of(back["results"]) == names_of(second["results"])
    again = Client().get(back["previous"]).json()
    assert names_of(again["results"]) == names_of(first["results"])
    assert first["previous"] is None
    assert again["previous"] is None
    assert {page["count"] for page in (first, second, third, back)} == {5}


def test_next_page_keeps_filters_and_fields() -> None:
    for n in range(3):
        make.make_recommendation(reference=f"FRE-{n}", kind="concern")
    make.make_recommendation(reference="FRE-9")
    found = [
        row for page in walk("recommendations/?page_size=2&kind=concern&fields=reference") for row in page
    ]
    assert found == [{"reference": f"FRE-{n}"} for n in range(3)]


def test_fields_parameter_selects_columns() -> None:
    record = make.make_recommendation()
    chosen = {"reference": record.reference, "status": "not_assessed"}
    for fields in ("fields=reference,status", "fields=status&fields=reference", "fields=+status,,reference"):
        assert rows(f"recommendations/?{fields}") == [chosen]
        assert get(f"recommendations/{record.reference}/?{fields}").json() == chosen


# -- refusals --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "field", "named"),
    [
        ("colour=red", "colour", "Allowed: q, state"),
        ("page=2", "page", "cursor, page_size"),
        ("format=xml", "format", "cursor"),
        ("fields=reference,colour", "fields", "Allowed: reference, kind"),
        ("fields=state_name", "fields", "Allowed: reference, kind"),
        ("page_size=0", "page_size", "1 to 200"),
        ("page_size=201", "page_size", "1 to 200"),
        ("page_size=%D9%A1", "page_size", "1 to 200"),
        ("page_size=" + "9" * 5000, "page_size", "1 to 200"),
        ("cursor=x", "cursor", "next"),
        ("cursor=пытки", "cursor", "next"),
        (f"cursor={Cursor(7)}", "cursor", "next"),
        (f"cursor={Cursor(chr(0))}", "cursor", "next"),
        ("cursor=WyJhZnRlciIsICJcdWQ4MDAiXQ", "cursor", "next"),  # half a character
        ("cursor=W1tdLCAieCJd", "cursor", "next"),  # [[], "x"]
        ("cursor=" + "W" * 4000, "cursor", "next"),
    ],
)
def test_invalid_parameter_is_named_in_error(query: str, field: str, named: str) -> None:
    make.make_recommendation()
    answer = get(f"recommendations/?{query}")
    assert answer.status_code == 400
    assert set(answer.json()) == {"detail", "errors"}
    assert named in " ".join(answer.json()["errors"][field])


@pytest.mark.parametrize(
    "query",
    [
        "status=maybe",
        "kind=wish",
        "state=ZZZ",
        "issue=nope",
        "disagree=perhaps",
        "due=soon",
        "from=2010-13-45",
        "from=2012&to=2010",
        "stale=true&stale=false",
    ],
)
def test_filter_errors_equal_those_of_the_list(query: str) -> None:
    make.make_recommendation()
    listed = Client().get(f"/recommendations.json?{query}")
    answer = get(f"recommendations/?{query}")
    assert answer.status_code == listed.status_code == 400
    assert answer.json() == listed.json()


def test_single_row_accepts_only_fields_parameter() -> None:
    record = make.make_recommendation()
    answer = get(f"recommendations/{record.reference}/?kind=concern")
    assert answer.status_code == 400
    assert answer.json()["errors"] == {
        "kind": ["“kind” is not a parameter of this address. Allowed: fields."]
    }


@pytest.mark.parametrize("path", [*(f"{name}/NO-SUCH/" for name in NAMES), "nothing/"])
def test_missing_row_is_404_as_json(path: str) -> None:
    answer = get(path)
    assert answer.status_code == 404
    assert answer.json() == {"detail": "Nothing public stands at this address."}


@pytest.mark.parametrize("query", ["q=%00", "q=" + "x" * 10_000])
def test_unreadable_query_is_refused_as_json(query: str) -> None:
    answer = get(f"recommendations/?{query}")
    assert answer.status_code == 400
    assert "detail" in answer.json()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", ["", "schema/", "recommendations/", "recommendations/FRE-1/", "docs/"])
def test_write_methods_are_refused(path: str, method: str) -> None:
    make.make_recommendation(reference="FRE-1")
    client = Client(enforce_csrf_checks=True)
    answer = getattr(client, method)(f"/api/v1/{path}")
    assert answer.status_code == 405
    assert "detail" in answer.json()
    assert set(answer["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert client.head(f"/api/v1/{path}").status_code == 200
    assert client.options(f"/api/v1/{path}").status_code in {200, 204}


def test_accept_header_never_changes_json_answer() -> None:
    for accept in ("text/html", "application/xml", "nonsense", "*/*;q=x"):
        answer = get("recommendations/", accept=accept)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/json"


# -- whatever is asked -----------------------------------------------------------------------------------


@kept_rows("module")
def some_rows() -> None:
    """Public and hidden rows, kept for all examples of this module."""
    make_rows()
    make.make_recommendation(reference="HIDDEN", published=False)


PARAMETERS = sorted(
    {name for one in RESOURCES for name in one.filterset.base_filters}
    | {"from", "to", "cursor", "page_size", "fields", "sort", "format"}
)
VALUES = st.sampled_from(
    ["FRE", "concern", "state", "true", "2010", "reference", "text,url", "3", "ORG", "-1", '"', "%", "*", ""]
) | st.text(st.characters(exclude_characters="\x00"), max_size=30)
CURSORS = st.tuples(
    st.just("cursor"),
    st.builds(lambda key, before: str(Cursor(key, before)), st.text() | st.integers(), st.booleans()),
)
PAIRS = st.lists(st.tuples(st.sampled_from(PARAMETERS) | st.text(max_size=8), VALUES) | CURSORS, max_size=6)


@pytest.mark.usefixtures("some_rows")
@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.too_slow])
@given(name=st.sampled_from(NAMES), pairs=PAIRS)
@example(
    name="recommendations", pairs=[("fields", "reference"), ("page_size", "1"), ("status", "in_progress")]
)
def test_any_query_answers_without_error_or_hidden_rows(
    name: str, pairs: list[tuple[str, str]], django_db_blocker: Any
) -> None:
    query = urlencode([pair for pair in pairs if "\x00" not in pair[0]], errors="replace")
    with django_db_blocker.unblock():
        answer = get(f"{name}/?{query}")
        assert answer.status_code in {200, 400}
        found = json.loads(answer.content)
        assert found["errors"] if answer.status_code == 400 else "results" in found
        assert "HIDDEN" not in answer.content.decode()
