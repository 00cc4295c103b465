"""The pages of work on records: who may, what is asked twice, and what the history says afterwards."""

from __future__ import annotations

import pytest
from django.urls import reverse

from recommendations.actions import review_workflow
from recommendations.models import Recommendation
from tests import make
from tests.pages import page_words

pytestmark = pytest.mark.django_db
WORDS = "The State should close the colony; it should pay compensation."


@pytest.fixture
def record():
    return make.make_recommendation(reference="FRE-1", text=WORDS)


@pytest.fixture
def editor(client):
    user = make.make_user("editor", username="edith")
    client.force_login(user)
    return user


def address(name: str, *rest: object, reference: str = "FRE-1") -> str:
    return reverse(f"desk_record{name}", args=[reference, *rest])


FORMS = ["_edit", "_split", "_merge", "_link", "_response"]


@pytest.mark.parametrize("name", FORMS)
def test_only_editors_work_on_records(client, record, name):
    assert client.get(address(name)).status_code == 302
    client.force_login(make.make_user("contributor"))
    assert client.get(address("")).status_code == 200
    assert client.get(address(name)).status_code == 403
    assert client.post(address(name), {}).status_code == 403
    client.force_login(make.make_user("editor"))
    assert client.get(address(name)).status_code == 200
    answer = client.post(address(name), {"part-TOTAL_FORMS": "x"})
    assert answer.status_code == 200
    assert "to be corrected" in answer.text


def test_hidden_record_page_is_only_for_editors(client, record):
    Recommendation.objects.update(published=False)
    client.force_login(make.make_user("contributor"))
    assert client.get(address("")).status_code == 404
    client.force_login(make.make_user("editor"))
    assert client.get(address("")).status_code == 200


def test_record_page_splits_a_record(client, record, editor):
    typed = {
        "part-TOTAL_FORMS": "4",
        "part-INITIAL_FORMS": "0",
        "part-0-text": "The State should close the colony",
        "part-2-text": "it should pay",
        "reason": "Two things are asked.",
    }
    answer = client.post(address("_split"), typed | {"part-2-text": "it should fly"})
    assert "does not stand in the record, word for word" in answer.text
    assert "it should fly" in answer.text, "what was typed is kept"
    assert Recommendation.objects.count() == 1
    answer = client.post(address("_split"), typed, follow=True)
    text = page_words(answer.text)
    assert "Made: FRE-1a, FRE-1b." in text
    history = page_words(client.get(address("", reference="FRE-1a")).text)
    assert "Split from FRE-1: Two things are asked." in history
    assert "edith" in history


def test_merge_page_shows_both_records_before_merging(client, record, editor):
    make.make_recommendation(reference="FRE-2", text="Close the colony.")
    typed = {"into": "fre-2", "reason": "The same."}
    answer = client.post(address("_merge"), typed)
    assert "Close the colony." in answer.text
    assert Recommendation.objects.published().count() == 2
    answer = client.post(address("_merge"), typed | {"confirmed": "on"}, follow=True)
    assert answer.redirect_chain == [(address("", reference="FRE-2"), 302)]
    assert client.get("/recommendations/FRE-1/")["Location"] == "/recommendations/FRE-2/"
    assert (
        "No record has the reference “FRE-9”."
        in client.post(address("_merge", reference="FRE-2"), typed | {"into": "FRE-9"}).text
    )
    assert client.post(address("_edit"), {}).status_code == 403, "a merged record is kept as it is"


def test_record_page_links_and_unlinks_records(client, record, editor):
    later = make.make_recommendation(reference="FRE-2")
    typed = {"other": "FRE-2", "relation": "repeated", "rationale": "The same colony."}
    client.post(address("_link"), typed)
    (link,) = record.later_links.all()
    assert (link.later, link.confirmed) == (later, True)
    assert "already exists" in client.post(address("_link"), typed).text
    response = make.make_response(reference="FRE-R1")
    client.post(
        address("_response"), {"response": "FRE-R1", "stance": "commits", "rationale": "About the colony."}
    )
    assert [row.response for row in record.response_links.all()] == [response]
    page = client.get(address("")).text
    unlink = address("_unlink", "later", link.pk)
    assert unlink in page
    assert "to be corrected" in client.post(unlink, {"reason": ""}).text
    answer = client.post(unlink, {"reason": "Another colony."}, follow=True)
    assert not record.later_links.exists()
    assert "Unlinked: Another colony." in page_words(answer.text)
    assert client.get(address("_unlink", "later", link.pk)).status_code == 404


def test_stale_edit_shows_both_versions(client, record, editor):
    page = client.get(address("_edit"))
    typed = {
        "version": page.context["form"]["version"].value(),
        "summary": "My summary",
        "kind": "recommendation",
        "reason": "Shorter.",
    }
    record.summary = "Their summary"
    record.save()
    answer = client.post(address("_edit"), typed)
    assert "Both versions" in answer.text
    assert "Their summary" in answer.text
    assert "My summary" in answer.text
    record.refresh_from_db()
    assert record.summary == "Their summary"
    again = typed | {"version": answer.context["form"]["version"].value()}
    client.post(address("_edit"), again)
    record.refresh_from_db()
    assert record.summary == "My summary"
    history = page_words(client.get(address("")).text)
    assert "Edited: Shorter." in history
    assert "Their summary My summary" in history


def test_other_organisations_drafts_are_not_shown(client, record, editor):
    make.make_follow_up(record, published_at=None, summary="SHIBBOLETH")
    own = make.make_stakeholder(acronym="OWNORG")
    make.make_follow_up(record, role="civil_society", assessor=own, published_at=None)
    assert "OWNORG" not in client.get(address("")).text
    make.Membership.objects.create(user=editor, organisation=own)
    page = client.get(address("")).text
    assert "OWNORG" in page
    assert "SHIBBOLETH" not in page


def history_of(client, user):
    """The words of the history on the record's page, as this person sees it."""
    client.force_login(user)
    return page_words(client.get(address("")).text).partition("WhenWhoWhatWhy")[2]


def test_record_history_shows_review_steps_by_role(client, record):
    ngo = make.make_stakeholder(acronym="OWNORG")
    author = make.make_user("contributor", organisations=[ngo], username="person-1", first_name="Cleo Writes")
    reviewer = make.make_user("reviewer", username="person-2", first_name="Ada Reads")
    draft = {"role": "civil_society", "assessor": ngo, "recorded_by": author, "published_at": None}
    entry = review_workflow.submit(make.make_follow_up(record, **draft), by=author)
    review_workflow.send_back(entry, by=reviewer, comment="Which law?")
    review_workflow.approve(review_workflow.submit(entry, by=author), by=reviewer)
    steps = (
        "Cleo Writes Entry of OWNORG as of 1 January 2024: Submitted",
        "Ada Reads Entry of OWNORG as of 1 January 2024: Returned Which law?",
        "Ada Reads Entry of OWNORG as of 1 January 2024: Approved and published",
    )
    for who in (author, reviewer, make.make_user("administrator")):
        seen = history_of(client, who)
        assert [step for step in steps if step not in seen] == []
        assert "person-" not in seen
    # Editors see that it was published, and not what reviewers said; others see nothing of it.
    seen = history_of(client, make.make_user("editor"))
    assert "Cleo Writes Entry of OWNORG as of 1 January 2024: Published" in seen
    assert "Ada Reads" not in seen
    assert "Which law?" not in seen
    assert history_of(client, make.make_user("contributor", organisations=[make.make_stakeholder()])) == ""


def test_record_page_links_related_rows_and_own_drafts(client, record):
    later = make.make_recommendation(reference="FRE-2")
    make.make_link(record, later)
    response = make.make_response(reference="FRE-R1")
    make.make_response_link(response=response, recommendation=record)
    ngo = make.make_stakeholder()
    client.force_login(make.make_user("contributor", organisations=[ngo]))
    draft = make.make_follow_up(record, role="civil_society", assessor=ngo, published_at=None)
    page = client.get(address("")).text
    for link in (address("", reference="FRE-2"), response.get_absolute_url(), f"/desk/entries/{draft.pk}/"):
        assert f'href="{link}"' in page


def test_desk_links_whole_and_parts_both_ways(client, record):
    part = make.make_recommendation(
        reference="FRE-1a", parent=record, paragraph=record.paragraph, text="it should pay compensation"
    )
    make.make_recommendation(
        reference="FRE-1b", parent=record, paragraph=record.paragraph, text="The State", published=False
    )
    make.make_follow_up(part, role="un_body", status="implemented")
    client.force_login(make.make_user("contributor", organisations=[make.make_stakeholder()]))
    assert "rolled up from its parts" in page_words(client.get(address("")).text)
    sheet = client.get("/desk/log/?record=FRE-1").text
    assert "Log on the part that you know about:" in sheet
    assert "/desk/log/?record=FRE-1a" in sheet
    assert "FRE-1b" not in sheet
    assert address("") in client.get("/desk/log/?record=FRE-1a").text
    Recommendation.objects.filter(pk=record.pk).update(published=False)
    assert address("") not in client.get("/desk/log/?record=FRE-1a").text
