"""On the shipped records each number of a comparison is the number of records behind its link."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import html

pytestmark = [pytest.mark.django_db, pytest.mark.rules, pytest.mark.usefixtures("shipped")]


@pytest.mark.parametrize(
    "query",
    [
        "by=review&item=kaz-upr7&item=kaz-ccpr144",
        "by=stakeholder&item=amnesty-international&item=js1&item=human-rights-watch",
        "by=issue&item=torture&item=expression",
    ],
)
def test_each_number_equals_count_behind_its_link(query: str) -> None:
    tree = html.document_fromstring(Client().get(f"/compare/?{query}").content.decode())
    cells = tree.xpath("//table[contains(@class, 'compare')]//td/a")
    assert len(cells) > 20
    for cell in cells:
        address = cell.get("href").replace("/recommendations/", "/recommendations.json", 1)
        assert int(cell.text) == Client().get(f"{address}&per_page=1").json()["count"], address


def test_shipped_reviews_share_repeated_records() -> None:
    found = Client().get("/compare.json?item=kaz-upr7&item=kaz-ccpr144").json()
    assert found["raised_again_count"] >= 5
    assert {pair["earlier"]["item"] for pair in found["raised_again"]} == {"Kazakhstan, UPR 7 (2010)"}
