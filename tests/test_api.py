"""The read API: the rows of the lists, page by page, with the lists' filters and the lists' refusals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from recommendations.api.query import Cursor
from recommendations.api.resources import RESOURCES
from recommendations.models import Document, Recommendation
from tests import make
from tests.test_query_counts import make_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
LISTED = ["recommendations", "responses", "follow-up", "stakeholders", "issues", "reviews", "documents"]
NAMES = [resource.name for resource in RESOURCES]
METHODS = ["post", "put", "patch", "delete", "trace"]


def get(path: str, **headers: str) -> Any:
    """An answer of the API."""
    return Client().get(f"/api/v1/{path}", headers=headers)


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
def test_a_row_is_the_row_of_the_list(name: str) -> None:
    make_rows()
    listed = Client().get(f"/{name}.json").json()["results"]
    key = next(resource.key for resource in RESOURCES if resource.name == name)
    assert len(listed) > 1
    assert sorted(rows(f"{name}/"), key=lambda row: row["url"]) == sorted(listed, key=lambda row: row["url"])
    for row in listed:
        assert get(f"{name}/{row[key]}/").json() == row


@pytest.mark.parametrize("name", ["groups", "states"])
def test_what_has_no_list_of_its_own_leads_to_its_records(name: str) -> None:
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


def test_a_document_has_its_paragraphs_in_order_with_what_was_made_of_them() -> None:
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


def test_the_beginning_names_every_address() -> None:
    named = get("").json()
    assert set(named) == {*NAMES, "schema", "documentation", "data"}
    for address in named.values():
        assert Client().get(address.removeprefix("http://testserver")).status_code == 200


# -- pages -----------------------------------------------------------------------------------------------


def test_following_next_gives_every_row_once_even_while_rows_are_added() -> None:
    for n in range(7):
        make.make_recommendation(reference=f"FRE-{n}")
    seen = []
    for n, page in enumerate(walk("recommendations/?page_size=3&kind=recommendation")):
        seen += names_of(page)
        make.make_recommendation(reference=f"AAA-{n}")  # before what has been read
    assert seen == [f"FRE-{n}" for n in range(7)]


def test_previous_leads_back_to_the_beginning() -> None:
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


def test_a_page_keeps_its_filters_and_fields() -> None:
    for n in range(3):
        make.make_recommendation(reference=f"FRE-{n}", kind="concern")
    make.make_recommendation(reference="FRE-9")
    found = [
        row for page in walk("recommendations/?page_size=2&kind=concern&fields=reference") for row in page
    ]
    assert found == [{"reference": f"FRE-{n}"} for n in range(3)]


def test_fields_choose_among_all() -> None:
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
def test_what_makes_no_sense_is_named(query: str, field: str, named: str) -> None:
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
def test_filters_refuse_as_the_list_does(query: str) -> None:
    make.make_recommendation()
    listed = Client().get(f"/recommendations.json?{query}")
    answer = get(f"recommendations/?{query}")
    assert answer.status_code == listed.status_code == 400
    assert answer.json() == listed.json()


def test_a_row_takes_only_fields() -> None:
    record = make.make_recommendation()
    answer = get(f"recommendations/{record.reference}/?kind=concern")
    assert answer.status_code == 400
    assert answer.json()["errors"] == {
        "kind": ["“kind” is not a parameter of this address. Allowed: fields."]
    }


@pytest.mark.parametrize("path", [*(f"{name}/NO-SUCH/" for name in NAMES), "nothing/"])
def test_what_is_not_there_is_404_as_json(path: str) -> None:
    answer = get(path)
    assert answer.status_code == 404
    assert answer.json() == {"detail": "Nothing public stands at this address."}


@pytest.mark.parametrize("query", ["q=%00", "q=" + "x" * 10_000])
def test_what_cannot_be_read_is_refused_as_json(query: str) -> None:
    answer = get(f"recommendations/?{query}")
    assert answer.status_code == 400
    assert "detail" in answer.json()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", ["", "schema/", "recommendations/", "recommendations/FRE-1/", "docs/"])
def test_only_reading_is_allowed(path: str, method: str) -> None:
    make.make_recommendation(reference="FRE-1")
    client = Client(enforce_csrf_checks=True)
    answer = getattr(client, method)(f"/api/v1/{path}")
    assert answer.status_code == 405
    assert "detail" in answer.json()
    assert set(answer["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert client.head(f"/api/v1/{path}").status_code == 200
    assert client.options(f"/api/v1/{path}").status_code in {200, 204}


def test_whatever_a_client_would_rather_have_it_gets_json() -> None:
    for accept in ("text/html", "application/xml", "nonsense", "*/*;q=x"):
        answer = get("recommendations/", accept=accept)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/json"


# -- for clients -----------------------------------------------------------------------------------------


def test_an_answer_that_has_not_changed_is_not_sent_again() -> None:
    record = make.make_recommendation()
    for path in ("recommendations/", f"recommendations/{record.reference}/", "schema/"):
        first = get(path)
        again = get(path, if_none_match=first["ETag"])
        assert again.status_code == 304
        assert again.content == b""
        assert again["Access-Control-Allow-Origin"] == "*"
    etag = get("recommendations/")["ETag"]
    make.make_follow_up(record)
    assert get("recommendations/", if_none_match=etag).status_code == 200


@pytest.mark.parametrize(
    "path", ["/api/v1/recommendations/", "/api/v1/nothing/", "/recommendations.json", "/follow-up.json?x=1"]
)
def test_scripts_of_other_sites_may_read(path: str) -> None:
    answer = Client().get(path, headers={"origin": "https://example.org"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in answer["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer
    asked = {"origin": "https://example.org", "access-control-request-method": "DELETE"}
    answer = Client().options(path, headers=asked)
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/recommendations/", "/", "/admin/login/", "/admin/x.json"])
def test_pages_and_the_admin_are_not_for_scripts_of_other_sites(path: str) -> None:
    answer = Client().get(path, headers={"origin": "https://example.org"})
    assert "Access-Control-Allow-Origin" not in answer


def test_an_answer_does_not_depend_on_who_asks(client: Client, django_user_model: Any) -> None:
    make.make_recommendation(published=False)
    client.force_login(django_user_model.objects.create_superuser("editor", password="a long enough one"))
    answer = client.get("/api/v1/recommendations/")
    assert answer.json()["count"] == 0
    assert "Cookie" not in answer.get("Vary", "")


@pytest.fixture
def limit(settings: Any) -> Iterator[Any]:
    """Three requests a minute."""
    caches["process"].clear()
    settings.API_RATE = 3
    yield settings
    caches["process"].clear()


def statuses(number: int, path: str = "/api/v1/states/", **address: str) -> list[int]:
    """The status codes of so many requests."""
    return [Client().get(path, **address).status_code for _ in range(number)]


def test_one_address_gets_so_many_answers_a_minute(limit: Any) -> None:
    assert statuses(4) == [200, 200, 200, 429]
    answer = get("states/")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert "detail" in answer.json()
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert statuses(1, REMOTE_ADDR="192.0.2.7") == [200]
    data = Client().get("/data/recommendation-tracker.zip")
    assert data.status_code == 429
    assert int(data["Retry-After"]) > 0
    assert statuses(1, "/recommendations/") == [200]


def test_what_a_client_says_of_its_address_counts_only_behind_our_proxy(limit: Any) -> None:
    claimed = [f"198.51.100.{n}" for n in range(4)]
    assert [statuses(1, HTTP_X_FORWARDED_FOR=one)[0] for one in claimed] == [200, 200, 200, 429]
    limit.BEHIND_PROXY = True
    # The proxy appends what it sees; what stands before it is only claimed.
    seen = [f"{one}, 203.0.113.5" for one in claimed]
    assert [statuses(1, HTTP_X_FORWARDED_FOR=one)[0] for one in seen] == [200, 200, 200, 429]
    assert statuses(1, HTTP_X_FORWARDED_FOR="203.0.113.5, 203.0.113.6") == [200]


def test_no_limit_is_a_limit_of_none(limit: Any) -> None:
    limit.API_RATE = 0
    assert set(statuses(10)) == {200}


# -- cost ------------------------------------------------------------------------------------------------

# For each address the number of queries; the rows cost what they cost in the `.json` list.
COUNTS = {
    # 1 ids of the page · 2 records with statuses · 3 who raised them · 4 issues · 5 groups · 6 responses
    # 7 later links · 8 earlier links · 9 entries behind the statuses · 10 count
    "recommendations/": 10,
    # 1 ids · 2 responses · 3 what they answer · 4 count
    "responses/": 4,
    # 1 ids · 2 entries · 3 evidence · 4 count
    "follow-up/": 4,
    # 1 ids · 2 stakeholders with their entries · 3 members · 4 the version of the data · 5 count
    "stakeholders/": 5,
    # 1 ids · 2 issues · 3 the version of the data · 4 count
    "issues/": 4,
    # 1 ids · 2 rows with their counts · 3 count
    "groups/": 3,
    "states/": 3,
    "reviews/": 3,
    "documents/": 3,
    # 1 the document · 2 ids · 3 paragraphs · 4 records · 5 responses · 6 count
    "documents/{slug}/paragraphs/": 6,
    # as a page of the list, without the count
    "recommendations/{reference}/": 9,
}


@pytest.mark.parametrize("path", COUNTS)
def test_number_of_queries_and_doubling_the_rows_adds_none(
    path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_rows()
    record = Recommendation.objects.exclude(parent=None).order_by("pk")[0]
    document = record.document
    address = path.format(reference=record.reference, slug=document.slug)
    get(address)  # a process reads the sets that it counts by once for each version of the data
    get(address)  # a process reads the sets that it counts by once for each version of the data
    with django_assert_num_queries(COUNTS[path]):
        get(address)
    make_rows()
    make.make_response(paragraph=make.make_paragraph(document=document))
    make.make_recommendation(paragraph=make.make_paragraph(document=document))
    get(address)
    get(address)
    with CaptureQueriesContext(connection) as after:
        get(address)
    assert len(after) == COUNTS[path]


# -- whatever is asked -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def some_rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Public and hidden rows, kept for all examples of this module."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        make_rows()
        make.make_recommendation(reference="HIDDEN", published=False)
        yield
        transaction.set_rollback(True)


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
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.sampled_from(NAMES), pairs=PAIRS)
@example(
    name="recommendations", pairs=[("fields", "reference"), ("page_size", "1"), ("status", "in_progress")]
)
def test_no_query_is_an_error_and_none_finds_what_is_hidden(
    name: str, pairs: list[tuple[str, str]], django_db_blocker: Any
) -> None:
    query = urlencode([pair for pair in pairs if "\x00" not in pair[0]], errors="replace")
    with django_db_blocker.unblock():
        answer = get(f"{name}/?{query}")
        assert answer.status_code in {200, 400}
        found = json.loads(answer.content)
        assert found["errors"] if answer.status_code == 400 else "results" in found
        assert "HIDDEN" not in answer.content.decode()
