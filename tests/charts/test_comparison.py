"""Side by side: every number is the number behind its link, and bad addresses are answered kindly."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from tests import make
from tests.row_fixtures import kept_rows

pytestmark = pytest.mark.django_db


def as_json(query: str, status: int = 200) -> dict[str, Any]:
    answer = Client().get(f"/compare.json?{query}")
    assert answer.status_code == status, answer.content
    found: dict[str, Any] = answer.json()
    return found


def page(query: str = "") -> html.HtmlElement:
    answer = Client().get(f"/compare/?{query}")
    assert answer.status_code == 200
    return html.document_fromstring(answer.content.decode())


def behind(url: str) -> int:
    """How many records the list at this address has."""
    number: int = Client().get(url.replace("/recommendations/", "/recommendations.json", 1)).json()["count"]
    return number


@kept_rows("class")
def two_reviews() -> tuple[str, str]:
    """The slugs of an earlier and a later review with records on shared and on separate issues."""
    torture = make.make_issue(slug="torture", name="Torture")
    police = make.make_issue(slug="police", name="Police", parent=torture)
    press, land = make.make_issue(slug="press", name="Press"), make.make_issue(slug="land", name="Land")
    old = make.make_document(review=make.make_review(slug="old", starts_on="2010-02-01"))
    new = make.make_document(review=make.make_review(slug="new", starts_on="2020-02-01"))
    amnesty = make.make_stakeholder(slug="amnesty")
    watch = make.make_stakeholder(slug="watch")
    first = make.make_recommendation(
        reference="FIRST", document=old, issues=[torture, police], raised_by=[amnesty, watch]
    )
    make.make_recommendation(document=old, issues=[press], kind="concern", raised_by=[amnesty])
    make.make_recommendation(document=old, issues=[press], published=False, raised_by=[watch])
    again = make.make_recommendation(reference="AGAIN", document=new, issues=[police], raised_by=[watch])
    make.make_recommendation(document=new, issues=[land], kind="commendation")
    make.make_link(first, again, rationale="The same prisons.")
    make.make_link(first, make.make_recommendation(document=new), relation="related")
    make.make_response(answers=[first])
    make.make_follow_up(first, status="not_implemented")
    make.make_follow_up(again, role="state", status="implemented")
    return "old", "new"


def test_each_side_shows_its_own_figures(two_reviews: tuple[str, str]) -> None:
    old, new = as_json("by=review&item=old&item=new")["items"]
    assert (old["records"], new["records"]) == (2, 3)
    assert old["kinds"] == {"recommendation": 1, "concern": 1, "question": 0, "commendation": 0}
    assert (new["expecting_follow_up"], new["kinds"]["commendation"]) == (2, 1)
    assert (old["answered"], old["assessed"], old["statuses"]["not_implemented"]) == (1, 1, 1)
    # The State's own claim is no headline.
    assert (new["assessed"], new["statuses"]["not_assessed"]) == (0, 2)


def test_issues_are_grouped_by_raised_in_both_or_one(two_reviews: tuple[str, str]) -> None:
    tree = page("by=review&item=old&item=new")
    sections: dict[str, list[str]] = {}
    for row in tree.xpath("//section[@aria-labelledby='where']//tbody/tr"):
        words = " ".join(row[0].text_content().split())
        if row.get("class") == "compare-section":
            sections[words] = []
        else:
            sections[list(sections)[-1]].append(words)
    assert sections == {
        "In both": ["Torture", "Police"],
        "Only in Freedonia, UPR {} (2010)".format(*numbers(tree, 0)): ["Press"],
        "Only in Freedonia, UPR {} (2020)".format(*numbers(tree, 1)): ["Land"],
    }


def numbers(tree: html.HtmlElement, side: int) -> list[str]:
    """The number of the session in the heading of a side."""
    return [tree.xpath("//thead/tr/th[@scope='col']")[side].text_content().split()[2]]


class TestAnswers:
    """What two reviews, or what was said in them, are compared by."""

    def test_repeated_records_are_paired_across_sides(self, two_reviews: tuple[str, str]) -> None:
        found = as_json("by=review&item=new&item=old")
        assert found["raised_again_count"] == 1
        pair = found["raised_again"][0]
        assert (pair["earlier"]["reference"], pair["later"]["reference"]) == ("FIRST", "AGAIN")
        assert (pair["earlier"]["status"], pair["later"]["status"]) == ("not_implemented", "not_assessed")
        said = page("by=review&item=new&item=old").text_content()
        assert "The same prisons." in said
        # Within one side nothing is raised again by another; nor from a side to itself.
        assert as_json("by=issue&item=press&item=land")["raised_again_count"] == 0

    def test_issues_are_compared_over_reviews(self, two_reviews: tuple[str, str]) -> None:
        found = as_json("by=issue&item=torture&item=press")
        assert {row["slug"]: [cell["count"] for cell in row["items"]] for row in found["reviews"]} == {
            "new": [1, 0],
            "old": [1, 1],
        }

    @pytest.mark.parametrize(
        "query",
        [
            "by=review&item=old&item=new",
            "by=stakeholder&item=amnesty&item=watch",
            "by=issue&item=torture&item=press&item=land",
            "by=issue&item=torture&item=torture/police",
        ],
    )
    def test_each_number_equals_count_behind_its_link(self, two_reviews: tuple[str, str], query: str) -> None:
        cells = page(query).xpath("//table[contains(@class, 'compare')]//td/a")
        assert cells
        for cell in cells:
            assert int(cell.text) == behind(cell.get("href")), cell.get("href")

    @pytest.mark.parametrize(
        ("query", "parameter", "said"),
        [
            ("by=planet&item=old&item=new", "by", "Allowed: review, state, stakeholder, issue"),
            ("by=review&item=old&item=nowhere", "item", "does not know “nowhere”"),
            ("by=review&item=old", "item", "at least 2 times"),
            ("", "item", "at least 2 times"),
            ("by=review&item=old&item=new&colour=red", "colour", "“colour”: not known here"),
        ],
    )
    def test_invalid_address_is_answered_with_explanation(
        self, two_reviews: tuple[str, str], query: str, parameter: str, said: str
    ) -> None:
        errors = as_json(query, 400)["errors"]
        assert said in " ".join(errors[parameter])
        assert page(query).xpath("//h1")[0].text == "Compare"


def test_seventh_item_is_left_out_with_notice() -> None:
    items = [make.make_document().review.slug for _ in range(7)]
    tree = page("&".join(f"item={item}" for item in items))
    assert len(tree.xpath("//section[1]//thead//th")) == 6
    assert "At most 6" in tree.find_class("notice")[0].text_content()


def test_hidden_rows_are_neither_offered_nor_counted() -> None:
    hidden = make.make_review(slug="hidden")
    make.make_recommendation(document=make.make_document(review=hidden, published=False))
    make.make_document(review=make.make_review(slug="open"))
    assert "hidden" in as_json("by=review&item=hidden&item=open", 400)["errors"]["item"][0]
    assert [box.get("value") for box in page().xpath("//input[@type='checkbox']")] == ["open"]


# 1 options · 2 the version of the data · 3 issues · 4 the links shown · 5 the records they link
QUERIES = {
    "by=review&item=old&item=new": 5,
    "by=state&item=FRE&item=SYL": 5,
    "by=stakeholder&item=amnesty&item=watch": 5,
    # Instead of issues: reviews.
    "by=issue&item=torture&item=press": 5,
}


class TestCostAndCitation:
    """What a comparison costs, and how it is cited."""

    @pytest.mark.parametrize("query", QUERIES)
    def test_query_count_stays_within_limit(
        self, two_reviews: tuple[str, str], query: str, django_assert_max_num_queries: Any
    ) -> None:
        make.make_state(iso3="SYL", name="Syldavia")
        page(query)  # reads the sets that are counted by
        with django_assert_max_num_queries(QUERIES[query]):
            page(query)

    def test_query_count_does_not_grow_with_sides(self, two_reviews: tuple[str, str]) -> None:
        for n in range(3):
            make.make_recommendation(document=make.make_document(review=make.make_review(slug=f"r{n}")))
        page("item=old&item=new")  # reads the sets that are counted by
        with CaptureQueriesContext(connection) as two:
            page("item=old&item=new")
        with CaptureQueriesContext(connection) as five:
            page("item=old&item=new&item=r0&item=r1&item=r2")
        assert len(two) == len(five)

    def test_comparison_is_cited_by_its_address(self, two_reviews: tuple[str, str]) -> None:
        asked = "by=review&item=old&item=new"
        (cited,) = page(asked).xpath("//*[@id='cite']/..")
        words = " ".join(cited.text_content().split())
        assert "“Comparison: " in words
        assert "(5 records)" in words
        assert f"/compare/?{asked}" in words
        files = cited.xpath(".//a[starts-with(@href, '/compare.')]/@href")
        assert files == [f"/compare.bib?{asked}", f"/compare.ris?{asked}"]
        for address in files:
            answer = Client().get(address)
            assert answer.status_code == 200
            assert f"/compare/?{asked}" in answer.content.decode()
            assert "attachment" in answer.headers["Content-Disposition"]

    def test_citation_of_single_item_is_refused(self, two_reviews: tuple[str, str]) -> None:
        answer = Client().get("/compare.bib?by=review&item=old")
        assert answer.status_code == 400
        assert "item" in answer.json()["errors"]
