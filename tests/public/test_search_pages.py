"""Search as a reader meets it: order, marks, the jump to a reference, help where nothing is found."""

from __future__ import annotations

from typing import Any

import lxml.html
import pytest
from django.test import Client

from recommendations.models import Recommendation
from recommendations.public import record_list
from recommendations.search.text.suggest import edits
from tests import make

pytestmark = pytest.mark.django_db


def page(**params: Any) -> lxml.html.HtmlElement:
    """The list of records for these parameters."""
    answer = Client().get("/recommendations/", params)
    assert answer.status_code == 200
    return lxml.html.fromstring(answer.content.decode())


def text_of(tree: lxml.html.HtmlElement) -> str:
    """The page's words in one line."""
    return " ".join(tree.xpath("string(//main)").split())


def order(**params: Any) -> list[str]:
    """The references of the list, in order."""
    return [row["reference"] for row in Client().get("/recommendations.json", params).json()["results"]]


def make_two() -> None:
    """One record that speaks of libel once, and one that is about it."""
    make.make_recommendation(reference="A-1", text="Among many other things, libel.")
    make.make_recommendation(reference="B-2", text="Libel is libel.", summary="Criminal libel")


def test_search_is_sorted_by_relevance_by_default() -> None:
    make_two()
    assert order(q="libel") == order(q="libel", sort="relevance") == ["B-2", "A-1"]
    assert order(q="libel", sort="reference") == ["A-1", "B-2"]
    assert set(order(sort="relevance")) == {"A-1", "B-2"}


def test_form_offers_relevance_only_for_a_search() -> None:
    make_two()
    label = "Best match first"
    assert label in page(q="libel").xpath("//select[@name='sort']/option[@selected]/text()")
    assert label not in page().xpath("//select[@name='sort']/option/text()")


def test_very_many_matches_are_sorted_by_date(monkeypatch: pytest.MonkeyPatch) -> None:
    make_two()
    monkeypatch.setattr(record_list, "RANKED_MAX", 1)
    assert "More than 1 records match" in text_of(page(q="libel"))
    assert set(order(q="libel")) == {"A-1", "B-2"}


def test_hits_are_marked_and_escaped() -> None:
    make.make_recommendation(text="<script>alert(1)</script> Repeal the law on Libel.")
    tree = page(q="libels")
    assert tree.xpath("//main//mark/text()") == ["Libel"]
    assert not tree.xpath("//main//article//script")


def test_hits_in_names_and_issues_are_marked() -> None:
    issue = make.make_issue(name="Prisons", parent=make.make_issue(name="Justice"))
    ngo = make.make_stakeholder(name="Article Nineteen", acronym="A19")
    make.make_recommendation(raised_by=[ngo], issues=[issue], groups=[make.make_group(name="Refugees")])
    tree = page(q="nineteen justice refugee freedonia")
    assert set(tree.xpath("//main//mark/text()")) == {"Nineteen", "Justice", "Refugees", "Freedonia"}


def test_nothing_is_marked_without_a_search() -> None:
    make_two()
    assert not page().xpath("//main//mark")


@pytest.mark.parametrize("typed", ["KAZ-UPR7-36.4a", "kaz-upr7-36.4A", " KAZ-UPR7-36.4a "])
def test_reference_redirects_to_its_record(typed: str) -> None:
    make.make_recommendation(reference="KAZ-UPR7-36.4a")
    make.make_recommendation(reference="KAZ-UPR7-36.4b")
    answer = Client().get("/recommendations/", {"q": typed})
    assert (answer.status_code, answer["Location"]) == (302, "/recommendations/KAZ-UPR7-36.4a/")
    in_place = Client().get("/recommendations/", {"q": typed}, headers={"HX-Request": "true"})
    assert in_place["HX-Redirect"] == "/recommendations/KAZ-UPR7-36.4a/"
    assert order(q=typed) == ["KAZ-UPR7-36.4a"]
    assert Client().get("/recommendations/", {"q": typed, "kind": "recommendation"}).status_code == 200


def test_response_reference_redirects_and_hidden_reference_does_not() -> None:
    make.make_response(reference="KAZ-CCPR1-R2")
    make.make_recommendation(reference="KAZ-UPR7-1", published=False)
    assert Client().get("/recommendations/", {"q": "KAZ-CCPR1-R2"})["Location"] == "/responses/KAZ-CCPR1-R2/"
    assert Client().get("/recommendations/", {"q": "KAZ-UPR7-1"}).status_code == 200


@pytest.mark.parametrize(
    ("typed", "meant"), [("tortrue", "torture"), ("Moratorum libel", "moratorium libel")]
)
def test_mistyped_word_is_corrected(typed: str, meant: str) -> None:
    make.make_recommendation(text="A moratorium on libel and torture.")
    tree = page(q=typed)
    [link] = tree.xpath("//p[contains(., 'Did you mean')]/a")
    assert link.text_content() == meant
    assert lxml.html.fromstring(Client().get(link.get("href")).content).xpath("//main//article")


def test_words_of_hidden_records_are_not_suggested() -> None:
    record = make.make_recommendation(text="The okapi.")
    make.make_recommendation(text="Other.")
    Recommendation.objects.filter(pk=record.pk).update(published=False)
    assert "okapi" not in text_of(page(q="okapu"))


def test_words_without_common_hits_are_counted_alone() -> None:
    make.make_recommendation(text="Libel.")
    make.make_recommendation(text="Torture.")
    text = text_of(page(q="libel torture xyzzyx"))
    assert "libel: 1 record" in text
    assert "torture: 1 record" in text
    assert "xyzzyx: none" in text


def test_similar_words_are_offered_one_by_one() -> None:
    make.make_recommendation(text="Libel.")
    make.make_recommendation(text="Torture.")
    assert "tortrue: none; torture: 1 record" in text_of(page(q="libel tortrue"))


def test_link_drops_filters_that_prevent_hits() -> None:
    make.make_recommendation(text="Libel.")
    tree = page(q="libel", kind="question")
    [link] = tree.xpath("//a[contains(., 'match')]")
    assert link.get("href") == "/recommendations/?q=libel"
    assert "1 record matches" in text_of(tree)


def test_interpretation_of_the_query_is_shown() -> None:
    make_two()
    assert "Looked for “libel” or “slander”." in text_of(page(q="libel OR slander"))


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("torture", "torture", 0),
        ("tortrue", "torture", 1),
        ("tortur", "torture", 1),
        ("xorturx", "torture", 2),
    ],
)
def test_edit_distance_is_symmetric_and_limited(one: str, other: str, distance: int) -> None:
    assert edits(one, other, 2) == edits(other, one, 2) == distance
    assert edits("women", "prisons", 2) > 2
