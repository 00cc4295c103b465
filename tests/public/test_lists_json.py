"""The rows of the lists as JSON: their fields, their pages, what they name and count."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from tests.list_pages import page, words

pytestmark = pytest.mark.django_db


def test_json_recommendation_has_the_promised_fields() -> None:
    later_review = make.make_review(slug="fre-ccpr1", mechanism="CCPR", starts_on=datetime.date(2025, 6, 25))
    later = make.make_recommendation(reference="LATER", document=make.make_document(review=later_review))
    review = make.make_review(slug="fre-upr7")
    document = make.make_document(review=review, symbol="A/HRC/WG.6/7/FRE/3")
    issue = make.make_issue(slug="expression", name="Expression")
    record = make.make_recommendation(
        reference="FIRST",
        document=document,
        summary="In short",
        raised_by=[make.make_stakeholder(slug="a19", name="Article Nineteen", acronym="A19")],
        issues=[issue],
        groups=[make.make_group(slug="women", name="Women")],
    )
    make.make_link(record, later, relation="taken_up")
    tracker = make.make_stakeholder(slug="tracker", kind="tracker")
    make.make_follow_up(record, assessor=tracker, as_of=timezone.localdate())
    paragraph = make.make_paragraph(document=later.document)
    make.make_response(answers=[record], stance="commits", reference="RES", paragraph=paragraph)
    rows = {row["reference"]: row for row in Client().get("/recommendations.json").json()["results"]}
    today = timezone.localdate().isoformat()
    expected = {
        "kind": "recommendation",
        "text": make.WORDS,
        "summary": "In short",
        "state": "FRE",
        "review": "fre-upr7",
        "document": "A/HRC/WG.6/7/FRE/3",
        "paragraph": "1",
        "stakeholders": [{"acronym": "A19", "name": "Article Nineteen", "slug": "a19"}],
        "issues": [{"path": "expression", "name": "Expression"}],
        "groups": [{"slug": "women", "name": "Women"}],
        "position": "",
        "status": "in_progress",
        "status_as_of": today,
        "statuses": {"tracker": {"status": "in_progress", "as_of": today, "assessor": "tracker"}},
        "disagree": False,
        "due_on": None,
        "parent": None,
        "responses": [{"reference": "RES", "text": make.WORDS, "stance": "commits", "review": "fre-ccpr1"}],
        "links": [{"reference": "LATER", "relation": "taken_up", "direction": "later"}],
        "url": "http://testserver/recommendations/FIRST/",
    }
    first = rows["FIRST"]
    assert {name: first[name] for name in expected} == expected
    assert rows["LATER"]["links"] == [{"reference": "FIRST", "relation": "taken_up", "direction": "earlier"}]
    assert rows["LATER"]["status"] == "not_assessed"


def test_json_response_and_entry_have_the_promised_fields() -> None:
    record = make.make_recommendation(reference="REC")
    make.make_response(answers=[record], reference="RES")
    response = Client().get("/responses.json").json()["results"][0]
    promised = "reference text speaker date state review document paragraph recommendations url"
    assert set(promised.split()) <= set(response)
    assert response["recommendations"] == [{"reference": "REC", "stance": "reports_measure"}]
    make.make_evidence(follow_up=make.make_follow_up(record))
    entry = Client().get("/follow-up.json").json()["results"][0]
    promised = (
        "reference recommendation assessor role status grade grade_scheme as_of summary confidence"
        " evidence replaces correction_reason url"
    )
    assert set(promised.split()) <= set(entry)
    assert entry["recommendation"] == "REC"
    assert entry["evidence"][0]["url"] == "https://example.org/law"


def test_json_pages_link_their_neighbours(settings: Any) -> None:
    settings.SITE_URL = "https://tracker.example.org"
    for _ in range(5):
        make.make_recommendation()
    first = Client().get("/recommendations.json?per_page=2&kind=recommendation").json()
    assert first["count"] == 5
    assert first["previous"] is None
    assert first["next"].startswith("https://tracker.example.org/recommendations.json?kind=recommendation")
    second = Client().get(first["next"].removeprefix("https://tracker.example.org")).json()
    assert second["previous"].endswith("?kind=recommendation&per_page=2")
    assert len(second["results"]) == 2
    assert second["results"][0]["url"].startswith("https://tracker.example.org/recommendations/")


def test_document_without_symbol_is_named_by_slug() -> None:
    make.make_recommendation(document=make.make_document(slug="press-release", symbol=""))
    assert Client().get("/recommendations.json").json()["results"][0]["document"] == "press-release"


def test_correction_and_replaced_entry_name_each_other() -> None:
    entry = make.make_follow_up()
    make.make_follow_up(entry.recommendation, replaces=entry, correction_reason="A wrong date.")
    rows = Client().get("/follow-up.json").json()["results"]
    by_reference = {row["reference"]: row for row in rows}
    assert by_reference[entry.reference]["replaced_by"] in by_reference
    assert {row["replaces"] for row in rows} == {None, entry.reference}
    said = words(page("/follow-up/"))
    assert "Corrects an earlier entry: A wrong date." in said
    assert "Corrected by a newer entry" in said


def test_issue_counts_each_record_once_with_subissues(client):
    top = make.make_issue(slug="top")
    middle = make.make_issue(slug="middle", parent=top)
    leaf, other = make.make_issue(slug="leaf", parent=middle), make.make_issue(slug="other", parent=top)
    make.make_recommendation(issues=[leaf, other])
    make.make_recommendation(issues=[middle, leaf])
    make.make_recommendation(issues=[other], published=False)
    found = {each["path"]: each["recommendations"] for each in client.get("/issues.json").json()["results"]}
    assert found == {"top": 2, "top/middle": 2, "top/middle/leaf": 2, "top/other": 1}
