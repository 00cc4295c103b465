"""How to cite a record, and where its words stand in their paragraph."""

import datetime
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.citations import cite_recommendation, cite_response, join_and, passages
from recommendations.models import Recommendation
from recommendations.templatetags.tracker import excerpt, paragraph_with_quote
from recommendations.templatetags.tracker import join_and as join_and_filter

from .make import (
    make_document,
    make_paragraph,
    make_recommendation,
    make_response,
    make_review,
    make_stakeholder,
)

ADDRESS = "https://tracker.example.org/recommendations/FRE-1/"


@pytest.mark.parametrize(
    ("words", "expected"),
    [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")],
)
def test_join_and(words, expected):
    assert join_and(words) == expected


def test_join_and_escapes_on_pages():
    assert join_and_filter(["<b>", "B"]) == "&lt;b&gt; and B"


@pytest.mark.parametrize(
    ("text", "quotes", "marked"),
    [
        ("It said: end it now. More.", ["end it now."], ["end it now."]),
        ("It said: end\n  it now.", ["end it now."], ["end\n  it now."]),
        ("the of\u00adfice was e\ufb03cient", ["office was efficient"], ["of\u00adfice was e\ufb03cient"]),
        ("one two three four", ["two three", "three four"], ["two three four"]),
        ("one two three four", ["four", "one"], ["one", "four"]),
        ("one two", ["three", ""], []),
    ],
)
def test_passages(text, quotes, marked):
    assert [text[start:end] for start, end in passages(text, quotes)] == marked


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_marking_never_changes_the_words(text, start, end):
    found = str(paragraph_with_quote(text, text[start:end]))
    assert found.replace("<mark>", "").replace("</mark>", "") == escape(text)


def test_markup_in_a_paragraph_is_escaped_around_the_mark():
    found = paragraph_with_quote("a <b>bold</b> claim & more", "<b>bold</b>")
    assert found == "a <mark>&lt;b&gt;bold&lt;/b&gt;</mark> claim &amp; more"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("short", "short"), ("one two three", "one two …"), ("one,  two three", "one, two …")],
)
def test_excerpt_ends_between_words(text, expected):
    assert excerpt(text, 10) == expected


@pytest.mark.django_db
def test_a_record_is_cited_by_its_words_place_and_address():
    review = make_review(starts_on=datetime.date(2010, 2, 1), precision="month")
    document = make_document(review=review, symbol="A/HRC/WG.6/7/FRE/3", title="Summary")
    record = make_recommendation(
        paragraph=make_paragraph(document=document, number="36"), reference="FRE-1", kind="concern"
    )
    who = [make_stakeholder(name="Article 19"), make_stakeholder(name="Earthjustice")]
    assert cite_recommendation(record, who, ADDRESS, "Tracker") == (
        "Article 19 and Earthjustice, concern about Freedonia, in “Summary”, A/HRC/WG.6/7/FRE/3"
        f" (February 2010), para. 36. Record FRE-1, Tracker, {ADDRESS}"
    )


@pytest.mark.django_db
def test_a_record_whose_stakeholder_is_withheld_is_cited_without():
    record = make_recommendation(reference="FRE-2")
    assert cite_recommendation(record, [], ADDRESS, "Tracker").startswith("Recommendation to Freedonia, in “")


@pytest.mark.django_db
def test_a_row_of_a_data_set_is_cited_by_its_locator():
    document = make_document(symbol="", kind="data_set", title="Data", published_on=datetime.date(2024, 3, 9))
    record = Recommendation.objects.create(
        reference="FRE-3", kind="concern", document=document, locator="Sheet 1, row 7", text="Words."
    )
    assert "in “Data” (9 March 2024), Sheet 1, row 7. Record" in cite_recommendation(record, [], ADDRESS, "T")


@pytest.mark.django_db
def test_a_response_is_cited_by_who_spoke_and_when():
    response = make_response(
        speaker="head_of_delegation", date=datetime.date(2025, 6, 25), reference="FRE-R1"
    )
    found = cite_response(response, ADDRESS, "Tracker")
    assert found.startswith("Freedonia (head of delegation), statement of 25 June 2025, in “Summary")
    assert found.endswith(f"Record FRE-R1, Tracker, {ADDRESS}")
