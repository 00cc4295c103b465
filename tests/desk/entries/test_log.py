"""Logging follow-up: what the form shows and saves, who may, and what is said where something is missing."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from recommendations.models import Evidence, FollowUp, FormerReference, Grade
from tests import make
from tests.desk.entries.form_pages import (
    LOG,
    WHY,
    complete,
    errors,
    form_of,
    forms,
    opened,
    page,
    positions,
    press,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

    from recommendations.models import Recommendation, Stakeholder

pytestmark = pytest.mark.django_db


# The page


def test_form_page_shows_record_statuses_and_defaults(
    desk: Client, record: Recommendation, ngo: Stakeholder
) -> None:
    tree = opened(desk, record)
    assert record.text in tree.text_content()
    assert ngo.name in tree.get_element_by_id("entry-form").text_content()
    values = form_of(tree)
    assert values["assessor"] == [str(ngo.pk)]
    assert values["as_of"] == [timezone.localdate().isoformat()]
    assert values["confidence"] == ["medium"]
    labels = tree.xpath("//input[@name='status']/@value")
    assert labels == FollowUp.Status.values
    assert "or it is done in law and not in practice" in tree.text_content()


def test_public_record_page_links_to_the_form(client: Client, record: Recommendation, alice: User) -> None:
    link = f"/desk/log/?record={record.reference}"
    assert link in page(client.get(record.get_absolute_url())).xpath("//a/@href")
    answer = client.get(link)
    assert answer.status_code == 302
    assert "/desk/account/login/" in answer["Location"]


def test_records_are_chosen_by_their_references(desk: Client, record: Recommendation) -> None:
    other = make.make_recommendation()
    FormerReference.objects.create(reference="FRE-OLD-1", recommendation=other)
    tree = page(desk.get(LOG, {"record": f"{record.reference.lower()}, FRE-OLD-1 fre-none-9"}))
    assert form_of(tree)["record"] == [record.reference, other.reference]
    assert "No public record has the reference fre-none-9." in tree.text_content()
    assert "for 2 records" in tree.xpath("//h1")[0].text_content()
    tree = page(press(desk, tree, f"drop:{other.reference}", summary=WHY))
    assert form_of(tree)["record"] == [record.reference]
    assert form_of(tree)["summary"] == [WHY]
    tree = page(press(desk, tree, "records", record=[record.reference, other.reference]))
    assert form_of(tree)["record"] == [record.reference, other.reference]
    assert "which records" in page(desk.get(LOG)).text_content()


def test_hidden_record_is_unknown(desk: Client) -> None:
    hidden = make.make_recommendation(published=False)
    tree = page(desk.get(LOG, {"record": hidden.reference}))
    assert f"No public record has the reference {hidden.reference}." in tree.text_content()
    assert hidden.text not in tree.text_content()


def test_person_without_organisation_is_told(client: Client, record: Recommendation) -> None:
    client.force_login(make.make_user("contributor"))
    assert "belongs to none" in page(client.get(LOG, {"record": record.reference})).text_content()
    answer = client.post(LOG, {"record": record.reference, "do": "save", "status": "implemented"})
    assert "belongs to none" in page(answer).text_content()


def test_one_of_several_organisations_must_be_chosen(
    client: Client, record: Recommendation, ngo: Stakeholder
) -> None:
    nhri = make.make_stakeholder(kind="nhri")
    client.force_login(make.make_user("contributor", organisations=[ngo, nhri]))
    tree = opened(client, record)
    assert tree.xpath("//input[@name='assessor'][@checked]") == []
    tree = page(press(client, tree, "save", summary=WHY))
    assert errors(tree) == ["In the name of: Choose in whose name this is logged."]
    press(client, tree, "save", assessor=nhri.pk)
    assert FollowUp.objects.get().role == "nhri"


def test_form_starts_from_standing_entry_of_own_role(
    desk: Client, record: Recommendation, ngo: Stakeholder
) -> None:
    theirs = make.make_follow_up(
        record, role="civil_society", status="regressed", summary="Worse than before."
    )
    state = make.make_follow_up(record, role="state", status="implemented")
    make.make_evidence(follow_up=theirs)
    tree = opened(desk, record)
    buttons = tree.xpath("//button[starts-with(@value, 'start:')]/@value")
    assert buttons == [f"start:{theirs.pk}"]
    tree = page(press(desk, tree, buttons[0]))
    values = form_of(tree)
    assert (values["status"], values["summary"]) == (["regressed"], ["Worse than before."])
    assert values["as_of"] == [timezone.localdate().isoformat()]
    assert positions(tree) == [], "the evidence of another organisation is theirs"
    assert "status" not in form_of(page(press(desk, opened(desk, record), f"start:{state.pk}")))


def test_starting_from_own_entry_copies_its_evidence(
    desk: Client, record: Recommendation, ngo: Stakeholder
) -> None:
    own = make.make_follow_up(record, role="civil_society", assessor=ngo)
    make.make_evidence(follow_up=own, access="private", url="https://example.org/own")
    values = form_of(page(press(desk, opened(desk, record), f"start:{own.pk}")))
    assert (values["evidence-1-url"], values["evidence-1-access"]) == (
        ["https://example.org/own"],
        ["private"],
    )


def test_grade_is_asked_for_where_body_gives_grades(desk: Client, ngo: Stakeholder) -> None:
    review = make.make_review(mechanism="CCPR")
    record = make.make_recommendation(document=make.make_document(review=review))
    Grade.objects.get_or_create(scheme="CCPR", grade="B", defaults={"meaning": "Partially satisfactory"})
    tree = opened(desk, record)
    assert "CCPR|B" in tree.xpath("//select[@name='grade']/option/@value")
    press(desk, tree, "save", grade="CCPR|B")
    entry = FollowUp.objects.get()
    assert (entry.grade, entry.grade_scheme) == ("B", "CCPR")
    assert opened(desk, make.make_recommendation()).xpath("//select[@name='grade']") == []


def test_begun_draft_of_own_organisation_is_linked(
    desk: Client, bob: User, record: Recommendation, ngo: Stakeholder
) -> None:
    draft = make.make_follow_up(record, published_at=None, role="civil_society", assessor=ngo)
    link = f"/desk/entries/{draft.pk}/"
    assert link in opened(desk, record).xpath("//a/@href")
    assert link not in opened(desk, make.make_recommendation()).xpath("//a/@href")
    desk.force_login(bob)
    assert link not in opened(desk, record).xpath("//a/@href")


# Saving


def test_half_written_draft_is_saved_and_edited_again(
    desk: Client, record: Recommendation, alice: User, ngo: Stakeholder
) -> None:
    answer = press(desk, opened(desk, record), "save", summary="Half a sent")
    entry = FollowUp.objects.get()
    assert answer["Location"] == f"/desk/entries/{entry.pk}/"
    assert (entry.stage, entry.status, entry.assessor, entry.recorded_by) == ("draft", "", ngo, alice)
    assert (entry.role, entry.as_of) == ("civil_society", timezone.localdate())
    tree = page(desk.get(answer["Location"]))
    assert form_of(tree)["summary"] == ["Half a sent"]
    press(desk, tree, "save", summary=WHY, status="in_progress", as_of="")
    entry.refresh_from_db()
    assert (entry.summary, entry.status, entry.as_of) == (WHY, "in_progress", timezone.localdate())


def test_return_key_saves_draft(desk: Client, record: Recommendation) -> None:
    press(desk, opened(desk, record), "enter", summary=WHY)
    assert FollowUp.objects.get().summary == WHY


def test_submitting_incomplete_entry_says_what_is_missing(
    desk: Client, record: Recommendation, ngo: Stakeholder
) -> None:
    tree = page(press(desk, opened(desk, record), "submit", as_of=""))
    assert errors(tree) == [
        "Status: Choose the status that fits best.",
        "As of: Give the day for which the status is true.",
        "Summary: Say in a sentence or two why this status.",
    ]
    assert not FollowUp.objects.exists()
    answer = press(desk, tree, "submit", status="in_progress", summary=WHY, as_of="2026-02-01")
    assert answer["Location"] == "/desk/drafts/"
    entry = FollowUp.objects.get()
    assert (entry.stage, entry.as_of) == ("submitted", datetime.date(2026, 2, 1))
    assert [step.step for step in entry.steps.all()] == ["submitted"]
    listed = page(desk.get("/desk/drafts/")).text_content()
    assert f"The entry on {record.reference} waits for review now." in listed
    assert (
        "waits for review and cannot be changed"
        in page(desk.get(f"/desk/entries/{entry.pk}/")).text_content()
    )


def test_draft_is_submitted_from_the_list(desk: Client, record: Recommendation, ngo: Stakeholder) -> None:
    entry = make.make_follow_up(
        record, published_at=None, role="civil_society", assessor=ngo, summary="", status=""
    )
    tree = page(desk.post(f"/desk/entries/{entry.pk}/submit/"))
    assert errors(tree) == [
        "Status: Choose the status that fits best.",
        "Summary: Say in a sentence or two why this status.",
    ]
    press(desk, tree, "save", status="regressed", summary=WHY)
    assert desk.post(f"/desk/entries/{entry.pk}/submit/")["Location"] == "/desk/drafts/"
    entry.refresh_from_db()
    assert entry.stage == "submitted"
    assert desk.get(f"/desk/entries/{entry.pk}/submit/").status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("as_of", "2999-01-01", "As of: The date lies in the future."),
        ("as_of", "yesterday", "As of: Write the day like 2026-03-31."),
        ("status", "done", "Status: Select a valid choice. done is not one of the available choices."),
        ("summary", "\x00", "Summary: Null characters are not allowed."),
        ("summary", "x" * 10_001, "Summary: Ensure this value has at most 10000 characters (it has 10001)."),
        (
            "confidence",
            "none",
            "Confidence: Select a valid choice. none is not one of the available choices.",
        ),
        ("assessor", "x", "Select a valid choice. That choice is not one of the available choices."),
    ],
)
def test_invalid_field_is_reported_and_nothing_saved(
    desk: Client, record: Recommendation, ngo: Stakeholder, field: str, value: str, sentence: str
) -> None:
    answer = desk.post(LOG, complete(record, ngo, do="save") | {field: value})
    assert errors(page(answer)) == [sentence]
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {"do": "choose:99999999999999999999"},
        {"do": "choose:x"},
        {"do": "add:planet"},
        {"do": "remove:x"},
        {"do": "nothing"},
        {"do": "start:x"},
        {"evidence-TOTAL_FORMS": "x", "evidence-1-kind": "link", "do": "save"},
        {"evidence-TOTAL_FORMS": "9" * 30, "evidence-1-kind": "link", "do": "show"},
        {**forms(99_999), "evidence-99999-kind": "link", "do": "save"},
        {**forms(1), "evidence-1-kind": "planet", "do": "save"},
        {**forms(1), "evidence-1-kind": "paragraph", "evidence-1-paragraph": "x" * 50, "do": "show"},
        {"do": "find", "find": '"(' * 200, "finding": "1"},
        {"key": "not a key", "version": "x" * 400, "token": "<script>", "do": "save"},
    ],
)
def test_malformed_post_causes_no_server_error(
    desk: Client, record: Recommendation, data: dict[str, Any]
) -> None:
    answer = desk.post(LOG, {"record": record.reference} | data)
    assert answer.status_code in {200, 302}


def test_only_members_of_its_organisation_open_a_draft(
    client: Client, bob: User, record: Recommendation, ngo: Stakeholder
) -> None:
    entry = make.make_follow_up(
        record, published_at=None, role="civil_society", assessor=ngo, summary="Secret"
    )
    for user in (bob, make.make_user("administrator"), make.make_user("reviewer")):
        client.force_login(user)
        for address in ("", "submit/", "delete/"):
            assert client.get(f"/desk/entries/{entry.pk}/{address}").status_code == 404
            assert client.post(f"/desk/entries/{entry.pk}/{address}", {"do": "autosave"}).status_code == 404
        assert "Secret" not in client.get("/desk/drafts/").content.decode()
    # Nor is an entry made in the name of an organisation one does not belong to.
    client.force_login(bob)
    answer = client.post(LOG, complete(record, ngo, do="save"))
    assert "not one of the available choices" in page(answer).text_content()
    colleague = make.make_user("contributor", organisations=[ngo])
    client.force_login(colleague)
    assert form_of(page(client.get(f"/desk/entries/{entry.pk}/")))["summary"] == ["Secret"]


def test_logging_needs_the_role(client: Client, record: Recommendation, ngo: Stakeholder) -> None:
    client.force_login(make.make_user(organisations=[ngo]))
    assert client.get(LOG, {"record": record.reference}).status_code == 403
    assert client.post(LOG, complete(record, ngo, do="save")).status_code == 403


def test_deleted_draft_leaves_no_words_file_or_history(
    desk: Client,
    record: Recommendation,
    django_capture_on_commit_callbacks: Any,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    tree = page(press(desk, opened(desk, record), "add:file"))
    upload = SimpleUploadedFile("who-said-so.txt", b"What the source said.")
    data = {"evidence-1-file": upload, "evidence-1-title": "Canary title", "summary": "Canary summary"}
    press(desk, tree, "save", **data)
    entry = FollowUp.objects.get()
    path = Path(entry.evidence.get().file.path)
    assert path.exists()
    assert "who-said-so" not in str(path)
    assert not FollowUp.history.exists()
    tree = page(desk.get(f"/desk/entries/{entry.pk}/delete/"))
    assert "Canary summary" in tree.text_content()
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(f"/desk/entries/{entry.pk}/delete/")["Location"] == "/desk/drafts/"
    assert not FollowUp.objects.exists()
    assert not path.exists()
    left = [
        *FollowUp.history.values_list("summary", flat=True),
        *Evidence.history.values_list("title", "text"),
    ]
    assert "Canary" not in str(left)
    assert desk.post(f"/desk/entries/{entry.pk}/delete/").status_code == 404


def test_submitted_entry_cannot_be_deleted(desk: Client, record: Recommendation, ngo: Stakeholder) -> None:
    desk.post(LOG, complete(record, ngo, do="submit"))
    entry = FollowUp.objects.get()
    assert desk.get(f"/desk/entries/{entry.pk}/delete/").status_code == 302
    answer = desk.post(f"/desk/entries/{entry.pk}/delete/", follow=True)
    assert "waits for review and cannot be changed" in page(answer).text_content()
    assert FollowUp.objects.exists()
