"""The log in the admin: entries and their corrections, what may be deleted, files of evidence."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from recommendations.models import Evidence, FollowUp, PopulationGroup, Recommendation, StateResponse
from tests import make
from tests.admin.form_data import entry_data, evidence_data, post_action, text_of, typed
from tests.pages import admin_address as address

pytestmark = pytest.mark.django_db


# The log


def test_new_entry_is_draft_naming_its_recorder(client, chief):
    record = make.make_recommendation()
    page = address(FollowUp, "add")
    assert client.post(page, entry_data(client, page, record)).status_code == 302
    entry = FollowUp.objects.get()
    assert (entry.recorded_by, entry.published_at) == (chief, None)


def test_entry_is_published_together_with_its_evidence(client, chief, settings):
    settings.ALLOW_SELF_APPROVAL = True
    record = make.make_recommendation()
    page = address(FollowUp, "add")
    data = entry_data(client, page, record, publish_now="on") | evidence_data(
        "link", access="public", url="https://example.org/bill"
    )
    assert client.post(page, data).status_code == 302
    entry = FollowUp.objects.get()
    assert entry.is_published
    assert entry.evidence.count() == 1
    assert (entry.history.first().history_user, entry.history.first().history_change_reason) == (
        chief,
        "Approved and published",
    )


def test_add_permission_alone_only_writes_drafts(client):
    writer = make.make_user(username="writer", is_staff=True)
    for codename in ("add_followup", "view_followup", "view_stakeholder", "view_recommendation"):
        writer.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(writer)
    page = address(FollowUp, "add")
    text = text_of(client.get(page))
    assert "Publish now" not in text
    assert "Submit for review" not in text
    data = entry_data(client, page, make.make_recommendation(), publish_now="on", submit_now="on")
    client.post(page, data)
    assert FollowUp.objects.get().stage == "draft"


def test_published_entry_is_corrected_not_edited(client, chief):
    entry = make.make_follow_up()
    make.make_evidence(follow_up=entry)
    page = address(FollowUp, "change", entry.pk)
    text = text_of(client.get(page))
    assert "Correct this entry" in text
    assert 'name="summary"' not in text
    response = client.post(page, {"summary": "Rewritten"}, follow=True)
    assert "A published entry never changes" in text_of(response)
    response = client.post(address(FollowUp, "delete", entry.pk), {"post": "yes"}, follow=True)
    assert "A published entry never changes" in text_of(response)
    response = post_action(client, FollowUp, "delete_selected", [entry], post="yes")
    assert "Nothing was deleted" in text_of(response)
    evidence = address(Evidence, "change", entry.evidence.get().pk)
    assert "A published entry never changes" in text_of(client.post(evidence, {"title": "x"}, follow=True))
    evidence = address(Evidence, "delete", entry.evidence.get().pk)
    assert "A published entry never changes" in text_of(client.post(evidence, {"post": "yes"}, follow=True))
    former = address(FollowUp, "simple_history", entry.pk, entry.history.first().history_id)
    assert client.post(former, {"summary": "Rewritten"}).status_code == 403
    entry.refresh_from_db()
    assert entry.summary == "A draft law is before parliament."
    assert entry.evidence.get().title == "The draft law"


def test_correction_form_starts_from_replaced_entry(client, chief, settings):
    settings.ALLOW_SELF_APPROVAL = True
    entry = make.make_follow_up()
    make.join(chief, entry.assessor)
    link = client.get(address(FollowUp, "change", entry.pk)).context["correct_address"]
    data = typed(client, link)
    expected = {
        "recommendation": entry.recommendation_id,
        "role": entry.role,
        "assessor": entry.assessor_id,
        "replaces": entry.pk,
    }
    assert {name: data[name] for name in expected} == {name: str(value) for name, value in expected.items()}
    data |= {
        "status": "regressed",
        "as_of": "2024-02-01",
        "summary": "The law was repealed.",
        "correction_reason": "Misread the law.",
        "publish_now": "on",
    }
    assert client.post(link, data).status_code == 302
    assert FollowUp.objects.standing().get().replaces == entry
    assert "It is replaced by" in text_of(client.get(address(FollowUp, "change", entry.pk)))


def test_record_inline_only_adds_entries(client, chief):
    entry = make.make_follow_up()
    make.join(chief, entry.assessor)
    record = entry.recommendation
    page = address(Recommendation, "change", record.pk)
    data = typed(client, page)
    n = int(data["follow_ups-INITIAL_FORMS"])
    data |= {
        "follow_ups-TOTAL_FORMS": str(n + 1),
        "follow_ups-0-id": entry.pk,
        "follow_ups-0-recommendation": record.pk,
        "follow_ups-0-summary": "Rewritten",
        "follow_ups-0-DELETE": "on",
        f"follow_ups-{n}-recommendation": record.pk,
        f"follow_ups-{n}-role": "tracker",
        f"follow_ups-{n}-assessor": entry.assessor_id,
        f"follow_ups-{n}-status": "implemented",
        f"follow_ups-{n}-as_of": "2025-03-01",
        f"follow_ups-{n}-summary": "It was adopted.",
        f"follow_ups-{n}-confidence": "high",
    }
    response = client.post(page, data)
    assert response.status_code == 302
    entry.refresh_from_db()
    assert entry.summary == "A draft law is before parliament."
    new = FollowUp.objects.exclude(pk=entry.pk).get()
    assert (new.recorded_by, new.is_published, new.summary) == (chief, False, "It was adopted.")


def test_publish_action_publishes_submitted_entries_of_others(client, chief):
    submitted = make.make_follow_up(published_at=None, stage="submitted")
    own = make.make_follow_up(published_at=None, stage="submitted", recorded_by=chief)
    draft, published = make.make_follow_up(published_at=None), make.make_follow_up()
    make.join(chief, draft.assessor)
    rows = [submitted, own, draft, published]
    page = text_of(post_action(client, FollowUp, "publish", rows))
    assert "can never be changed" in page
    assert "This entry is published already" in page
    assert "This entry was not submitted" in page
    assert "somebody else must approve it" in page
    post_action(client, FollowUp, "publish", rows, confirmed="yes")
    for row, stage in ((submitted, "published"), (own, "submitted"), (draft, "draft")):
        row.refresh_from_db()
        assert row.stage == stage
    assert submitted.history.first().history_change_reason == "Approved and published"
    assert [(step.step, step.by) for step in submitted.steps.all()] == [("published", chief)]
    assert "unpublish" not in text_of(client.get(address(FollowUp, "changelist")))


def test_the_assessor_must_fit_the_role(client, chief):
    page = address(FollowUp, "add")
    ngo = make.make_stakeholder()
    make.join(chief, ngo)
    response = client.post(page, entry_data(client, page, make.make_recommendation(), assessor=ngo.pk))
    assert "cannot speak as" in response.context["adminform"].form.errors["role"][0]


# Deletion


def test_public_or_referenced_rows_cannot_be_deleted(client, chief):
    record = make.make_recommendation(
        raised_by=[make.make_stakeholder(published=False)], groups=[make.make_group()]
    )
    response = client.post(address(Recommendation, "delete", record.pk), {"post": "yes"}, follow=True)
    assert "Make it a draft first" in text_of(response)
    for row in (record.raised_by.get(), record.groups.get(), record.document.review):
        response = client.post(address(type(row), "delete", row.pk), {"post": "yes"})
        assert response.status_code == 200
        assert "protected" in text_of(response)
        assert type(row).objects.filter(pk=row.pk).exists()
    assert record.reference in text_of(client.get(address(PopulationGroup, "delete", record.groups.get().pk)))
    make.make_follow_up(record)
    Recommendation.objects.filter(pk=record.pk).update(published=False)
    response = client.post(address(Recommendation, "delete", record.pk), {"post": "yes"})
    assert "protected" in text_of(response)
    assert Recommendation.objects.filter(pk=record.pk).exists()


def test_deleted_draft_keeps_its_history(client, chief):
    record = make.make_recommendation(published=False)
    assert client.post(address(Recommendation, "delete", record.pk), {"post": "yes"}).status_code == 302
    assert not Recommendation.objects.exists()
    assert Recommendation.history.filter(id=record.pk).first().history_user == chief
    assert client.get(address(Recommendation, "history", record.pk)).status_code == 200
    drafts = [make.make_response(published=False) for _ in range(2)]
    post_action(client, StateResponse, "delete_selected", drafts, post="yes")
    assert not StateResponse.objects.exists()


@pytest.mark.parametrize("chosen", ["abc", "9" * 40, "-1", "", "²", "a\x00"])
def test_action_on_impossible_ids_does_nothing(client, chief, chosen):
    make.make_recommendation(published=False)
    data = {"action": "delete_selected", "_selected_action": [chosen], "index": "0", "post": "yes"}
    response = client.post(address(Recommendation, "changelist"), data, follow=True)
    assert response.status_code == 200
    assert Recommendation.objects.count() == 1


def test_action_ignores_only_the_impossible_ids(client, chief):
    record = make.make_recommendation(published=False)
    data = {"action": "delete_selected", "_selected_action": ["abc", record.pk], "index": "0", "post": "yes"}
    client.post(address(Recommendation, "changelist"), data, follow=True)
    assert not Recommendation.objects.exists()


# Files


def test_evidence_file_downloads_only_for_permitted_staff(client, chief, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    entry = make.make_follow_up(published_at=None)
    make.join(chief, entry.assessor)
    page = address(FollowUp, "change", entry.pk)
    data = typed(client, page) | evidence_data(
        "file", access="private", file=SimpleUploadedFile("page.html", b"alert(1)")
    )
    assert client.post(page, data).status_code == 302
    file = reverse("evidence_file", args=[Evidence.objects.get().file_key])
    assert file in text_of(client.get(page))
    response = client.get(file)
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment")
    assert b"".join(response.streaming_content) == b"alert(1)"
    client.force_login(make.make_user(username="newcomer", is_staff=True))
    assert client.get(file).status_code == 404
    client.logout()
    assert client.get(file).status_code == 302
