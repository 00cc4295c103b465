"""Each list costs a fixed number of queries: doubling the rows adds none, and each query is named."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.make import make_rows
from tests.pages import queries_of
from tests.row_fixtures import kept_rows

pytestmark = pytest.mark.django_db

# For each address the number of queries; at most 12 (docs: the budgets of the design).
COUNTS = {
    # 1 the version of the data, for the counts · 2 ids of the page · 3 its records with statuses, review,
    # State, place · 4 who raised them
    # 5 their issues · 6 the entries behind their statuses · the panel: 7 States · 8 reviews · 9 issues
    # 10 groups · 11 stakeholders
    "/recommendations/": 11,
    # 1 the version of the data · 2 ids · 3 records with statuses · 4 who raised them · 5 issues · 6 groups
    # 7 responses · 8 later links · 9 earlier links · 10 entries behind the statuses
    "/recommendations.json": 10,
    # 1 ids, then for each chunk 2–9 as for JSON from 3 on
    "/recommendations.csv": 9,
    "/recommendations.xlsx": 9,
    "/recommendations.atom": 9,
    # 1 count · 2 ids · 3 responses · 4 what they answer · the panel: 5 States · 6 reviews · 7 issues
    "/responses/": 7,
    "/responses.json": 4,
    # 1 count · 2 ids · 3 entries with record, assessor, correction · 4 evidence
    # the panel: 5 States · 6 reviews · 7 issues
    "/follow-up/": 7,
    "/follow-up.json": 4,
    # 1 count · 2 ids · 3 stakeholders · 4 members · 5 the version of the data
    # the panel: 6 States · 7 reviews
    "/stakeholders/": 7,
    "/stakeholders.json": 5,
    # 1 count · 2 ids · 3 documents with their counts · the panel: 4 States · 5 reviews
    "/documents/": 5,
    "/documents.json": 3,
    # 1 count · 2 ids · 3 reviews with their counts · the panel: 4 States · the time line: 5 the version of
    # the data · 6 its reviews
    "/reviews/": 6,
    "/reviews.json": 3,
    # 1 count · 2 ids · 3 issues with their parents · 4 the version of the data
    "/issues/": 4,
    "/issues.json": 4,
    # With filters on, as without: the values are looked up among the options of the panel, and what words
    # find is remembered (the first time it is one query more) …
    "/recommendations/?state=FRE&kind=recommendation&status=in_progress&assessor=tracker&q=libel": 11,
    # … and a stakeholder's acronym too, unless somebody is meant who raised nothing.
    "/recommendations/?stakeholder=org": 11,
}


def read(address: str) -> None:
    """Fetch an address to its end."""
    answer = Client().get(address)
    assert answer.status_code == 200
    if answer.streaming:
        b"".join(answer.streaming_content)


def queries(address: str) -> list[str]:
    """The queries of an address."""
    return queries_of(lambda: read(address))


@kept_rows("module")
def asked() -> list[dict[str, list[str]]]:
    """The queries of each address, with some rows and with twice as many."""
    found = []
    for _ in range(2):
        make_rows()
        found.append({address: queries(address) for address in COUNTS})
    return found


@pytest.mark.parametrize("address", COUNTS)
def test_each_list_takes_fixed_number_of_queries(address: str, asked: list[dict[str, list[str]]]) -> None:
    some, twice_as_many = (found[address] for found in asked)
    assert len(some) == COUNTS[address], "\n".join(some)
    assert len(twice_as_many) == COUNTS[address], "\n".join(twice_as_many)


def test_no_list_takes_more_than_12_queries() -> None:
    assert max(COUNTS.values()) <= 12
