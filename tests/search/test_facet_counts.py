"""A count beside a filter's value is what the list shows when just this value is chosen."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest
from django.http import QueryDict

from recommendations.models import Document, FollowUp, Recommendation, Stakeholder
from recommendations.search.filters import RecommendationFilters
from recommendations.search.filters.facet_counts import counts
from tests import make
from tests.row_fixtures import kept_rows

if TYPE_CHECKING:
    from recommendations.search.filters.facet_counts import Counts

pytestmark = pytest.mark.django_db

FACETS = ["state", "review", "mechanism", "kind", "position", "year", "issue", "group", "stakeholder"]
FACETS += ["status", "assessor", "response", "chain", *(f"status_{role}" for role in FollowUp.Role.values)]
ADDRESSES = [
    "",
    "state=FRE",
    "state=FRE&state=SYL",
    "kind=concern",
    "issue=torture",
    "issue=torture/police&issue=press",
    "stakeholder=amnesty&kind=recommendation",
    "group=children",
    "year=2010",
    "from=2011",
    "position=noted&state=SYL",
    "status=not_assessed",
    "status=in_progress&status=implemented",
    "status=implemented&assessor=state",
    "assessor=state&assessor=tracker",
    "status=not_assessed&assessor=un_body",
    "assessor=ombudsman",
    "status_state=implemented&status_tracker=not_implemented",
    "status_un_body=not_assessed&status=implemented",
    "chain=open",
    "chain=none&response=yes",
    "disagree=1",
    "stale=1",
    "response=no&kind=recommendation",
    "q=libel",
    "q=moratorium+torture",
    "kind=nonsense",
    "document=syldavia",
]


def filters(address: str) -> RecommendationFilters:
    return RecommendationFilters(QueryDict(address), Recommendation.objects.published())


def tallied(address: str = "") -> Counts:
    return counts(filters(address))


def number(address: str) -> int:
    return filters(address).qs.count()


def with_only(address: str, name: str, value: str) -> str:
    """The address with this value as the only one of its filter."""
    data = QueryDict(address, mutable=True)
    data[name] = value
    return data.urlencode()


@kept_rows("module")
def records() -> None:
    """Records of two States in two years, of every kind of facet, some with entries of several roles."""
    torture = make.make_issue(slug="torture", name="Torture")
    police = make.make_issue(slug="police", name="Police", parent=torture)
    press = make.make_issue(slug="press", name="Press")
    children = make.make_group(slug="children")
    amnesty = make.make_stakeholder(slug="amnesty")
    hidden = make.make_stakeholder(slug="hidden", published=False)
    ombudsman = make.make_stakeholder(slug="ombudsman", kind="nhri")
    first = make.make_document()
    syldavia = make.make_state(iso3="SYL", name="Syldavia")
    review = make.make_review(state=syldavia, mechanism="CCPR", starts_on=datetime.date(2012, 3, 1))
    second = make.make_document(review=review, slug="syldavia")
    one = make.make_recommendation(document=first, issues=[torture, police], raised_by=[amnesty, hidden])
    two = make.make_recommendation(document=first, issues=[press], kind="concern", groups=[children])
    three = make.make_recommendation(document=second, issues=[police], position="noted", raised_by=[amnesty])
    four = make.make_recommendation(document=second, issues=[press], groups=[children])
    make.make_recommendation(document=first, issues=[press], published=False)
    make.make_recommendation(document=make.make_document(published=False), raised_by=[amnesty])
    make.make_response(answers=[one])
    make.make_link(two, four)
    make.make_link(one, three, relation="related")
    make.make_follow_up(one, role="state", status="implemented")
    make.make_follow_up(one, role="tracker", status="not_implemented", as_of=datetime.date(2019, 1, 1))
    entry = make.make_follow_up(two, role="tracker", status="implemented")
    make.make_follow_up(
        two, role="tracker", status="in_progress", replaces=entry, correction_reason="Misread."
    )
    make.make_follow_up(three, role="nhri", status="no_information", assessor=ombudsman)
    make.make_follow_up(four, role="un_body", status="regressed", published_at=None)


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("address", ADDRESSES)
def test_each_count_equals_its_list(address: str) -> None:
    found = tallied(address)
    known = {name: set(values) for name, values in tallied().items()}
    for name in FACETS:
        for value in known[name] | set(found[name]):
            there = number(with_only(address, name, value))
            assert found[name].get(value, 0) == there, f"{name}={value} under {address or 'nothing'}"


@pytest.mark.usefixtures("records")
def test_hidden_records_are_not_counted() -> None:
    found = tallied()
    assert found["kind"] == {"recommendation": 3, "concern": 1}
    assert set(found["stakeholder"]) == {"amnesty"}


@pytest.mark.usefixtures("records")
def test_unpublished_rows_leave_the_counts_at_once() -> None:
    assert tallied()["state"] == {"FRE": 2, "SYL": 2}
    Document.objects.filter(slug="syldavia").update(published=False)
    assert tallied()["state"] == {"FRE": 2}
    Recommendation.objects.filter(kind="concern").update(published=False)
    assert tallied()["kind"] == {"recommendation": 1}
    Stakeholder.objects.filter(slug="amnesty").update(published=False)
    assert tallied()["stakeholder"] == {}
