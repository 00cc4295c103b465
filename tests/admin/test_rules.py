"""The admin on the desk's rules: nobody sees what belongs to others, and nothing goes round review."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.core.files.base import ContentFile
from django.urls import reverse

from recommendations.actions import review_workflow
from recommendations.models import Evidence, FollowUp, Note, Recommendation, Stakeholder
from tests import make
from tests.admin.form_data import entry_data, evidence_data, text_of, typed
from tests.pages import admin_address as address

pytestmark = [pytest.mark.django_db, pytest.mark.rules]

CANARY = "SHIBBOLETH"
OURS = [model for model in admin.site._registry if model._meta.app_label == "recommendations"]


@pytest.fixture
def theirs(settings, tmp_path):
    """An organisation's published entry and drafts, with the canary in all that only it may see."""
    settings.MEDIA_ROOT = tmp_path / "media"
    organisation = make.make_stakeholder()
    author = make.make_user("contributor", organisations=[organisation])
    record = make.make_recommendation(raised_by=[organisation])
    values = {
        "role": "civil_society",
        "assessor": organisation,
        "recorded_by": author,
        "published_at": None,
    }
    published = make.make_follow_up(record, **values)
    published.summary = f"{CANARY}, taken out before it was submitted"
    published.save()
    published.summary = "What was submitted in the end."
    published.save()
    once = make.make_evidence(follow_up=published, title=f"{CANARY}, when it was private", access="private")
    once.title, once.access = "The law", "public"
    once.save()
    make.make_evidence(follow_up=published, title=CANARY, access="private")
    make.make_evidence(
        follow_up=published,
        kind="file",
        url="",
        title=CANARY,
        access="private",
        file=ContentFile(b"x", "a.txt"),
    )
    review_workflow.submit(published, by=author)
    review_workflow.approve(published, by=make.make_user("reviewer"))
    draft = make.make_follow_up(record, **values | {"summary": CANARY, "grade": "B", "grade_scheme": CANARY})
    quoted = make.make_evidence(
        follow_up=draft,
        kind="paragraph",
        url="",
        title=CANARY,
        paragraph=record.paragraph,
        text=record.text,
    )
    returned = make.make_follow_up(record, stage="returned", **values | {"summary": CANARY})
    deleted = make.make_follow_up(record, **values | {"summary": CANARY})
    gone = deleted.pk
    deleted.delete()
    Note.objects.create(recommendation=record, organisation=organisation, author=author, text=CANARY)
    return {
        "organisation": organisation,
        "record": record,
        "published": published,
        "draft": draft,
        "returned": returned,
        "deleted": gone,
        "quoted": quoted,
    }


def outsider(kind):
    return make.make_superuser() if kind == "superuser" else make.make_user(kind)


KINDS = ["superuser", "administrator", "editor"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_shows_what_belongs_to_another_organisation(client, theirs, kind):
    client.force_login(outsider(kind))
    pages = ["/admin/"]
    for model in OURS:
        listed = address(model, "changelist")
        pages += [listed, f"{listed}?q={CANARY.lower()}"]  # found whatever the case
        ids = set(model._base_manager.values_list("pk", flat=True))
        for pk in {*ids, *model.history.values_list("id", flat=True)}:
            pages += [address(model, page, pk) for page in ("change", "history", "delete")]
        pages += [address(model, "simple_history", row.id, row.history_id) for row in model.history.all()]
    for name in ("follow_up", "replaces"):
        of = "evidence" if name == "follow_up" else "followup"
        pages.append(f"/admin/autocomplete/?app_label=recommendations&model_name={of}&field_name={name}")
    for page in pages:
        answer = client.get(page, follow=True)
        assert CANARY not in answer.text, page
        assert answer.status_code in {200, 403, 404}, page


@pytest.mark.parametrize("kind", KINDS)
def test_foreign_entries_and_evidence_answer_as_missing(client, theirs, kind):
    client.force_login(outsider(kind))
    for entry in (theirs["draft"].pk, theirs["returned"].pk, theirs["deleted"]):
        assert client.get(address(FollowUp, "history", entry)).status_code == 404
        assert client.get(address(FollowUp, "change", entry)).status_code == 302
        assert client.post(address(FollowUp, "delete", entry), {"post": "yes"}).status_code in {302, 404, 403}
        for version in FollowUp.history.filter(id=entry):
            assert client.get(address(FollowUp, "simple_history", entry, version.pk)).status_code == 404
    for piece in theirs["published"].evidence.filter(access="private"):
        if piece.file:
            assert client.get(reverse("evidence_file", args=[piece.file_key])).status_code == 404
        assert client.get(address(Evidence, "history", piece.pk)).status_code == 404
    assert FollowUp.objects.drafts().count() == 2


def test_deletion_page_counts_blocking_entries_without_naming_them(client, theirs):
    client.force_login(make.make_superuser())
    Recommendation.objects.filter(pk=theirs["record"].pk).update(published=False)
    Stakeholder.objects.filter(pk=theirs["organisation"].pk).update(published=False)
    for row in (theirs["record"], theirs["organisation"]):
        text = text_of(client.get(address(type(row), "delete", row.pk)))
        assert "3 follow-up entries" in text
        assert theirs["published"].reference not in text
    text = text_of(client.get(address(Stakeholder, "delete", theirs["organisation"].pk)))
    assert "1 notes" in text


def test_deletion_page_does_not_name_notes(client, theirs):
    client.force_login(make.make_superuser())
    record = make.make_recommendation(published=False)
    organisation = make.make_stakeholder(acronym="WITNESS")
    Note.objects.create(
        recommendation=record, organisation=organisation, author=make.make_user(), text="Seen."
    )
    text = text_of(client.get(address(Recommendation, "delete", record.pk)))
    assert "Are you sure" in text
    assert "WITNESS" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_members_see_and_edit_own_organisations_entries(client, theirs, kind):
    member = outsider(kind)
    make.join(member, theirs["organisation"])
    client.force_login(member)
    page = address(FollowUp, "change", theirs["draft"].pk)
    assert CANARY in text_of(client.get(page))
    assert client.post(page, typed(client, page) | {"summary": "Now clear."}).status_code == 302
    theirs["draft"].refresh_from_db()
    assert theirs["draft"].summary == "Now clear."
    assert CANARY in text_of(client.get(address(FollowUp, "history", theirs["published"].pk)))
    assert client.get(address(FollowUp, "history", theirs["deleted"])).status_code == 200


def test_reviewer_reads_and_publishes_submitted_entry(client, theirs):
    chief = make.make_user("administrator")
    client.force_login(chief)
    entry = theirs["draft"]
    review_workflow.submit(entry, by=entry.recorded_by)
    page = address(FollowUp, "change", entry.pk)
    text = text_of(client.get(page))
    assert "Waiting for review" in text
    assert 'name="summary"' not in text
    assert "Publish…" in text
    assert client.post(page, {"summary": "Rewritten"}).status_code == 403
    assert client.post(address(FollowUp, "delete", entry.pk), {"post": "yes"}, follow=True).status_code in {
        200,
        403,
    }
    entry.refresh_from_db()
    assert (entry.stage, entry.summary) == ("submitted", CANARY)


def test_entry_assessor_must_be_own_organisation(client, theirs):
    chief = make.make_superuser()
    client.force_login(chief)
    page = address(FollowUp, "add")
    assert "You work for no organisation here yet" in text_of(client.get(page))
    data = entry_data(client, page, theirs["record"]) | {
        "assessor": theirs["organisation"].pk,
        "role": "civil_society",
    }
    before = FollowUp.objects.count()
    response = client.post(page, data)
    assert response.context["adminform"].form.errors["assessor"]
    assert FollowUp.objects.count() == before


def test_own_entry_is_submitted_not_published(client):
    chief = make.make_superuser()
    client.force_login(chief)
    page = address(FollowUp, "add")
    data = entry_data(client, page, make.make_recommendation(), publish_now="on", submit_now="on")
    text = text_of(client.get(page))
    assert "Publish now" not in text
    assert "Submit for review" in text
    answer = client.post(
        page, data | evidence_data("link", url="https://example.org/", access="public"), follow=True
    )
    assert "The entry is submitted for review." in text_of(answer)
    entry = FollowUp.objects.get()
    assert entry.stage == "submitted"
    assert [step.step for step in entry.steps.all()] == ["submitted"]


def test_restoring_a_version_does_not_bypass_review(client):
    chief = make.make_superuser()
    client.force_login(chief)
    page = address(FollowUp, "add")
    client.post(page, entry_data(client, page, make.make_recommendation(), submit_now="on"))
    entry = FollowUp.objects.get()
    submitted = entry.history.first()
    assert submitted.stage == "submitted"
    review_workflow.send_back(entry, by=make.make_user("reviewer"), comment="More.")
    former = address(FollowUp, "simple_history", entry.pk, submitted.pk)
    assert client.post(former, typed_version(client, former)).status_code == 302
    entry.refresh_from_db()
    assert (entry.stage, entry.recorded_by) == ("returned", chief)


def typed_version(client, page):
    form = client.get(page).context["adminform"].form
    data = {bound.html_name: bound.value() for bound in form}
    return {
        name: str(getattr(value, "pk", value)) for name, value in data.items() if value not in (None, False)
    }


def test_withdrawn_entry_is_shown_as_withdrawn(client):
    entry = make.make_follow_up(summary=CANARY)
    make.make_evidence(follow_up=entry, title=CANARY)
    client.force_login(make.make_superuser())
    assert f"/desk/withdraw/{entry.pk}/" in text_of(client.get(address(FollowUp, "change", entry.pk)))
    review_workflow.withdraw(entry, by=make.make_user("reviewer"), reason="Somebody is in danger.")
    text = text_of(client.get(address(FollowUp, "change", entry.pk)))
    assert "This entry was withdrawn for safety on" in text
    assert "Somebody is in danger." in text
    assert "Correct this entry" not in text
    listed = text_of(client.get(address(FollowUp, "changelist")))
    assert "⊘" in listed
    history = text_of(client.get(address(FollowUp, "history", entry.pk)))
    assert "Withdrawn for safety" in history
    assert CANARY not in text + listed + history
