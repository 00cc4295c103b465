"""Whatever an address says, a list answers with a sentence that helps, and never with an error of ours."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import html

from recommendations.models import Recommendation
from recommendations.models.statuses import STATUS_LABELS
from recommendations.search import filters
from tests import make
from tests.amounts import examples

LISTS = {
    "recommendations": filters.RecommendationFilters,
    "responses": filters.ResponseFilters,
    "follow-up": filters.FollowUpFilters,
    "stakeholders": filters.StakeholderFilters,
    "documents": filters.DocumentFilters,
    "reviews": filters.ReviewFilters,
    "issues": filters.IssueFilters,
}


def notice(path: str) -> str:
    """What the page tells the reader about the address."""
    answer = Client().get(path)
    assert answer.status_code == 200
    found = html.document_fromstring(answer.content.decode()).find_class("notice")
    return " ".join(found[0].text_content().split()) if found else ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "field", "named"),
    [
        ("colour=red", "colour", "Filters here: q, state"),
        ("status=maybe", "status", "not_assessed"),
        ("kind=wish", "kind", "commendation"),
        ("state=ZZZ", "state", "FRE"),
        ("review=nope", "review", "fre-upr"),
        ("issue=nope", "issue", "the-issue"),
        ("stakeholder=nope", "stakeholder", "acronyms"),
        ("assessor=nope", "assessor", "civil_society"),
        ("disagree=perhaps", "disagree", "true"),
        ("due=soon", "due", "overdue"),
        ("from=2010-13-45", "from", "2010-02-08"),
        ("from=0000", "from", "2010-02-08"),
        ("to=tomorrow", "to", "2010-02-08"),
        ("from=2012&to=2010", "from", "nothing can match"),
        ("sort=beauty", "sort", "newest"),
        ("per_page=0", "per_page", "1 to 200"),
        ("per_page=1000", "per_page", "1 to 200"),
        ("per_page=x", "per_page", "1 to 200"),
        ("page=0", "page", "count from 1"),
        ("page=-1", "page", "count from 1"),
        ("page=x", "page", "count from 1"),
        ("page=%D9%A1", "page", "count from 1"),  # an Arabic one is a digit to Python
        ("q=" + "+".join(f"w{n}" for n in range(20)), "q", "at most 32 words"),
        ("stale=true&stale=false", "stale", "takes one value"),
    ],
)
def test_invalid_filter_is_named_in_every_format(query: str, field: str, named: str) -> None:
    make.make_recommendation(issues=[make.make_issue(slug="the-issue")])
    assert named in notice(f"/recommendations/?{query}")
    answer = Client().get(f"/recommendations.json?{query}")
    assert answer.status_code == 400
    assert set(answer.json()) == {"detail", "errors"}
    assert named in " ".join(answer.json()["errors"][field])
    for ending in ("csv", "xlsx", "atom"):
        answer = Client().get(f"/recommendations.{ending}?{query}")
        assert answer.status_code == 400
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert named in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["2", "1000000000", "9" * 30, "9" * 5000])
def test_page_out_of_range_is_explained(page: str) -> None:
    make.make_recommendation(reference="ONLY")
    assert "There is only one page" in notice(f"/recommendations/?page={page}")
    assert "ONLY" in Client().get(f"/recommendations/?page={page}").content.decode()
    answer = Client().get(f"/recommendations.json?page={page}")
    assert answer.status_code == 404
    assert "page" in answer.json()["errors"]


@pytest.mark.django_db
def test_unknown_value_matches_nothing_and_unknown_parameter_is_ignored() -> None:
    make.make_recommendation(reference="HERE", kind="concern")
    assert "HERE" not in Client().get("/recommendations/?kind=wish").content.decode()
    assert "HERE" in Client().get("/recommendations/?kind=wish&kind=concern").content.decode()
    assert "HERE" in Client().get("/recommendations/?colour=red").content.decode()


@pytest.mark.django_db
def test_page_size_is_cut_to_the_maximum() -> None:
    make.make_recommendation()
    tree = html.document_fromstring(Client().get("/recommendations/?per_page=1000").content.decode())
    chosen = tree.xpath("//select[@id='list-size']/option[@selected]")
    assert [option.get("value") for option in chosen] == ["200"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_write_methods_are_refused(name: str, method: str) -> None:
    client = Client(enforce_csrf_checks=True)
    for address in (f"/{name}/", f"/{name}.json"):
        answer = getattr(client, method)(address)
        assert answer.status_code == 405
        assert answer["Allow"] == "GET, HEAD, OPTIONS"
        told = answer.json()["detail"] if address.endswith(".json") else answer.content.decode()
        assert "This address can only be read" in told
        assert client.head(address).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_unreadable_query_is_refused(name: str) -> None:
    for query in ("q=%00", "q=" + "x" * 10_000, "&" * 1_500):
        assert Client().get(f"/{name}/?{query}").status_code == 400
        answer = Client().get(f"/{name}.json?{query}")
        assert answer.status_code == 400
        assert "detail" in answer.json()


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_many_unknown_parameters_get_a_bounded_answer(name: str) -> None:
    many = urlencode([(f"p{n}", "x") for n in range(500)])
    values = urlencode([("q", "a")] + [("kind", f"k{n}") for n in range(500)])
    for query in (many, values):
        answer = Client().get(f"/{name}/?{query}")
        assert answer.status_code == 200
        assert len(answer.content) < 400_000


@pytest.mark.django_db
def test_query_text_is_escaped_on_the_page() -> None:
    sign = "<script>alert(1)</script>"
    for name in LISTS:
        for parameter in ("q", "state", sign, "sort", "page", "from"):
            body = Client().get(f"/{name}/?{quote(parameter)}={quote(sign)}").content.decode()
            assert "<script>alert" not in body


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any) -> Any:
    """A few public and hidden rows, kept for all examples of this module."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        group = make.make_issue(slug="torture")
        for n, status in enumerate(STATUS_LABELS):
            record = make.make_recommendation(
                issues=[make.make_issue(parent=group)],
                raised_by=[make.make_stakeholder(acronym=f"A{n}")],
                groups=[make.make_group()],
                published=bool(n % 3),
            )
            make.make_response(answers=[record], published=bool(n % 2))
            if status != "not_assessed":
                make.make_follow_up(record, status=status)
                make.make_follow_up(record, status="regressed", role="un_body")
        yield
        transaction.set_rollback(True)


NAMES = sorted({name for one in LISTS.values() for name in one.base_filters} | {"sort", "page", "per_page"})
SENSIBLE = [
    *(
        "implemented",
        "not_assessed",
        "concern",
        "FRE",
        "fre",
        "UPR",
        "torture",
        "a1",
        "A2",
        "state",
        "tracker",
    ),
    *(
        "yes",
        "no",
        "1",
        "true",
        "0",
        "overdue",
        "disputes",
        "noted",
        "2010",
        "2010-02",
        "2010-02-30",
        "newest",
    ),
    *(
        "status",
        "reference",
        "group-1",
        "high",
        "law libel",
        '"',
        "%",
        "_",
        "\\",
        "'",
        "",
        " ",
        "ңы",
        "10000",
    ),
]
VALUES = st.sampled_from(SENSIBLE) | st.text(st.characters(exclude_characters="\x00"), max_size=30)
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=8), VALUES), max_size=8)


@pytest.mark.usefixtures("rows")
@settings(max_examples=examples(37), suppress_health_check=[HealthCheck.too_slow])
@given(name=st.sampled_from(sorted(LISTS)), pairs=PAIRS)
@example(name="recommendations", pairs=[("status", "implemented"), ("assessor", "state"), ("assessor", "a1")])
@example(name="recommendations", pairs=[("disagree", "1"), ("stale", "0"), ("sort", "status"), ("page", "2")])
@example(name="follow-up", pairs=[("q", "law libel"), ("issue", "torture"), ("sort", "oldest")])
def test_any_query_answers_without_error_or_hidden_rows(
    name: str, pairs: list[tuple[str, str]], django_db_blocker: Any
) -> None:
    query = urlencode([pair for pair in pairs if "\x00" not in pair[0]], errors="replace")
    with django_db_blocker.unblock():
        assert Client().get(f"/{name}/?{query}").status_code == 200
        answer = Client().get(f"/{name}.json?{query}")
        assert answer.status_code in {200, 400, 404}
        if answer.status_code != 200:
            assert answer.json()["errors"]
        elif name == "recommendations":
            found = {row["reference"] for row in answer.json()["results"]}
            public = Recommendation.objects.published().filter(reference__in=found)
            assert public.count() == len(found)
            assert answer.json()["count"] <= Recommendation.objects.published().count()
