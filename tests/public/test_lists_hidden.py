"""Nothing hidden is in any public list, in no format, found by no filter."""

from __future__ import annotations

import pytest
from django.test import Client

from recommendations.models import FollowUp, IssueTag
from tests import make
from tests.list_pages import ADDRESSES, text_of
from tests.row_fixtures import kept_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hidden")]


@kept_rows("module")
def hidden() -> None:
    """Hidden rows of every sort around one public record, each with the word "canary" or its own in it."""
    hrc = make.make_stakeholder(slug="hrc", kind="committee")
    public = make.make_recommendation(reference="PUBLIC", raised_by=[hrc], issues=[make.make_issue()])
    nobody = make.make_stakeholder(slug="canary-person", name="Canary Bird", acronym="CANARY")
    public.raised_by.add(nobody)
    hrc.members.add(nobody)
    nobody.published = False
    nobody.save()
    public.tags.create(
        issue=make.make_issue(slug="suggested", name="Suggested"), origin=IssueTag.Origin.SUGGESTION
    )
    draft = make.make_recommendation(reference="CANARY-DRAFT", text="Canary bird.", published=False)
    hidden_document = make.make_document(
        slug="canary-document",
        symbol="CANARY/1",
        title="Canary bird",
        published=False,
        review=make.make_review(slug="canary-review", session="canary"),
    )
    paragraph = make.make_paragraph(document=hidden_document, text="Canary bird words.")
    of_hidden = make.make_recommendation(
        reference="CANARY-DOC", paragraph=paragraph, text="Canary bird words."
    )
    make.make_response(answers=[public], reference="CANARY-R1", text="Canary bird.", published=False)
    make.make_response(answers=[public], reference="CANARY-R2", document=hidden_document, paragraph=paragraph)
    guess = make.make_response(reference="GUESS-RES")
    make.make_response_link(response=guess, recommendation=public, confirmed=False, rationale="canary")
    make.make_response(answers=[draft, of_hidden], reference="ANSWERS-HIDDEN")
    make.make_link(public, make.make_recommendation(reference="GUESS-REC"), confirmed=False)
    make.make_link(public, draft)
    make.make_link(of_hidden, public)
    make.make_follow_up(public, role="civil_society", assessor=nobody, status="implemented")
    make.make_follow_up(public, summary="Canary bird.", published_at=None, status="regressed")
    make.make_follow_up(draft, summary="Canary bird.")
    make.make_follow_up(of_hidden, summary="Canary bird.")
    entry = make.make_follow_up(public, role="un_body", assessor=hrc)
    for access in ("private", "partners"):
        make.make_evidence(follow_up=entry, access=access, title="Canary bird", url="https://canary.example")
    make.make_evidence(
        follow_up=entry, kind="paragraph", url="", paragraph=paragraph, text="Canary bird words."
    )
    FollowUp.objects.create(
        recommendation=public,
        role="un_body",
        assessor=hrc,
        status="regressed",
        as_of=entry.as_of,
        summary="Canary bird.",
        replaces=entry,
        correction_reason="Canary bird.",
    )


@pytest.mark.parametrize("query", ["", "?q=bird", "?sort=reference", "?sort=oldest"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_hidden_is_in_any_list(address: str, query: str) -> None:
    assert "canary" not in text_of(Client().get(address + query)).lower()


@pytest.mark.parametrize(
    ("name", "params", "expected"),
    [
        ("recommendations", {}, 2),
        ("recommendations", {"q": "bird"}, 0),
        ("recommendations", {"q": "suggested"}, 0),
        ("recommendations", {"issue": "suggested"}, 0),
        ("recommendations", {"response": "yes"}, 0),
        ("recommendations", {"status": "regressed"}, 0),
        ("recommendations", {"disagree": "true"}, 1),  # the verdict of somebody who is not named still counts
        ("responses", {}, 2),
        ("responses", {"recommendation": "PUBLIC"}, 0),
        ("responses", {"stance": "reports_measure"}, 0),
        ("follow-up", {}, 2),
        ("follow-up", {"q": "bird"}, 0),
        ("stakeholders", {"q": "bird"}, 0),
        ("documents", {"q": "bird"}, 0),
        ("reviews", {"q": "bird"}, 0),
    ],
)
def test_counts_include_nothing_hidden(name: str, params: dict[str, str], expected: int) -> None:
    assert Client().get(f"/{name}.json", params).json()["count"] == expected


@pytest.mark.parametrize(
    "query",
    [
        "recommendations.json?stakeholder=canary-person",
        "recommendations.json?stakeholder=canary",
        "recommendations.json?review=canary-review",
        "recommendations.json?document=canary-document",
        "recommendations.json?reference=CANARY-DRAFT",
        "recommendations.json?assessor=canary-person",
        "responses.json?recommendation=CANARY-DOC",
        "follow-up.json?assessor=canary",
    ],
)
def test_hidden_value_is_answered_like_an_invented_one(query: str) -> None:
    hidden = Client().get(f"/{query}")
    path, value = query.split("=")
    invented = Client().get(f"/{path}={'x' * len(value)}")
    assert hidden.status_code == invented.status_code == 400
    assert hidden.content.decode().replace(value, "x" * len(value)) == invented.content.decode()


def test_json_rows_include_nothing_hidden() -> None:
    rows = {row["reference"]: row for row in Client().get("/recommendations.json").json()["results"]}
    public = rows["PUBLIC"]
    assert [one["slug"] for one in public["stakeholders"]] == ["hrc"]
    assert len(public["issues"]) == 1
    assert public["responses"] == []
    assert public["links"] == []
    assert public["statuses"]["civil_society"]["assessor"] is None
    counts = {row["slug"]: row["recommendations"] for row in Client().get("/issues.json").json()["results"]}
    assert counts["suggested"] == 0
    assert all(not row["members"] for row in Client().get("/stakeholders.json").json()["results"])
