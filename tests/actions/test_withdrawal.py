"""Withdrawal for safety: nothing that the entry said is left anywhere, and its place stays."""

import io
import json
import zipfile

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from recommendations.actions import review_workflow
from recommendations.actions.review_workflow import WorkflowError
from recommendations.importing.fixtures.load import load
from recommendations.models import Evidence, FollowUp, Recommendation
from recommendations.search import listing
from tests.make import (
    make_evidence,
    make_follow_up,
    make_recommendation,
    make_stakeholder,
    make_user,
)
from tests.pages import page_words

pytestmark = pytest.mark.django_db

CANARY = "SHIBBOLETH"
WHY = "A person quoted in it is in danger."


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def entry(media, django_capture_on_commit_callbacks):
    """A published entry, all of whose content carries the canary, after a long way."""
    organisation = make_stakeholder(name="The witnesses", acronym="WIT")
    author = make_user("contributor", organisations=[organisation])
    reviewer = make_user("reviewer")
    record = make_recommendation()
    draft = make_follow_up(
        record,
        role="civil_society",
        assessor=organisation,
        recorded_by=author,
        status="regressed",
        summary=f"{CANARY} said so.",
        grade="E",
        grade_scheme=CANARY,
        confidence="high",
        published_at=None,
    )
    make_evidence(follow_up=draft, title=CANARY, url=f"https://example.org/{CANARY}")
    held = make_evidence(
        follow_up=draft, kind="file", url="", access="private", file=ContentFile(b"x", f"{CANARY}.txt")
    )
    held.file = ContentFile(b"without the name", f"{CANARY}-2.txt")
    held.save()
    gone = make_evidence(follow_up=draft, title=f"{CANARY}, deleted while it was a draft")
    gone.delete()
    make_evidence(
        follow_up=draft, kind="paragraph", url="", paragraph=record.paragraph, text=record.text, position=9
    )
    draft._change_reason = f"{CANARY} asked for it"
    draft.save()
    review_workflow.submit(draft, by=author)
    review_workflow.send_back(draft, by=reviewer, comment=f"Is {CANARY} safe?")
    review_workflow.submit(draft, by=author)
    for row in (draft, held):
        LogEntry.objects.create(
            user=author,
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=CANARY,
            change_message=json.dumps([{"changed": {"fields": [CANARY]}}]),
            action_flag=CHANGE,
        )
    published = review_workflow.approve(draft, by=reviewer)
    assert len(list(media.rglob("*.txt"))) == 2
    return published


@pytest.fixture
def withdraw(django_capture_on_commit_callbacks):
    def act(entry, by=None):
        with django_capture_on_commit_callbacks(execute=True):
            return review_workflow.withdraw(entry, by=by or make_user("reviewer"), reason=WHY)

    return act


def everything_stored():
    """Every value of every row of every table, in words."""
    models = apps.get_models(include_auto_created=True)
    return {
        model._meta.label: str(list(model._base_manager.values()))
        for model in models
        if model._meta.managed and not model._meta.proxy
    }


def test_withdrawn_words_are_left_in_no_table_or_folder(entry, media, withdraw):
    before = {label for label, words in everything_stored().items() if CANARY in words}
    assert before == {
        "recommendations.FollowUp",
        "recommendations.HistoricalFollowUp",
        "recommendations.Evidence",
        "recommendations.HistoricalEvidence",
        "recommendations.ReviewStep",
        "admin.LogEntry",
    }
    withdraw(entry)
    assert [label for label, words in everything_stored().items() if CANARY in words] == []
    assert [path for path in media.rglob("*") if path.is_file()] == []
    entry.refresh_from_db()
    assert (entry.status, entry.summary, entry.grade, entry.confidence) == ("", "", "", "medium")
    for former in entry.history.all():
        assert (former.status, former.summary, former.confidence) == ("", "", "medium")
    for former in Evidence.history.filter(follow_up_id=entry.pk):
        assert (former.kind, former.url, former.text, former.file, former.paragraph_id) == ("",) * 4 + (None,)


def test_withdrawal_keeps_people_and_dates_in_history(entry, withdraw):
    by = make_user("reviewer")
    moments = list(entry.history.order_by("history_id").values_list("history_date", "history_user"))
    withdraw(entry, by)
    entry.refresh_from_db()
    assert entry.withdrawal_reason == WHY
    last, *former = entry.history.order_by("-history_id")
    assert (last.history_change_reason, last.history_user) == ("Withdrawn for safety", by)
    assert [(row.history_date, row.history_user_id) for row in reversed(former)] == moments
    assert [step.step for step in entry.steps.all()] == [
        "submitted",
        "returned",
        "submitted",
        "published",
        "withdrawn",
    ]
    assert [step.comment for step in entry.steps.all()] == ["", "Withdrawn for safety", "", "", WHY]


def test_public_sees_only_tombstone_and_reason(client, entry, withdraw):
    record = entry.recommendation
    pages = [
        record.get_absolute_url(),
        "/",
        "/follow-up/",
        "/follow-up.json",
        "/follow-up.csv",
        "/follow-up.atom",
        "/recommendations/",
        "/recommendations.json",
        "/api/v1/follow-up/",
        "/api/v1/recommendations/",
        entry.assessor.get_absolute_url(),
        f"/documents/{record.document.slug}/",
    ]
    for address in pages:
        assert client.get(address).status_code == 200, address
    tag = client.get(record.get_absolute_url())["ETag"]
    assert CANARY in client.get(record.get_absolute_url()).text
    withdraw(entry)
    for address in pages:
        answer = client.get(address)
        text = b"".join(answer).decode()
        assert CANARY not in text, address
        if address != pages[0]:
            assert entry.reference not in text, address
    answer = client.get(record.get_absolute_url(), headers={"if-none-match": tag})
    assert answer.status_code == 200
    words = page_words(answer.text)
    today = timezone.now()
    line = f"An entry of 1 January 2024 was withdrawn on {today.day} {today:%B %Y}: {WHY}"
    assert line in words
    assert "WIT" not in words
    assert "The witnesses" not in words
    assert "Regressed" not in words
    assert "Not assessed" in words
    assert client.get("/follow-up.json").json()["count"] == 0


def test_data_set_omits_withdrawn_entry(client, entry, withdraw):
    withdraw(entry)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(client.get("/data/recommendation-tracker.zip"))))
    for name in archive.namelist():
        words = archive.read(name).decode()
        assert entry.reference not in words, name
        assert WHY not in words, name


def test_withdrawal_restores_the_previous_status(entry, withdraw):
    record = entry.recommendation
    make_follow_up(
        record,
        role="civil_society",
        assessor=entry.assessor,
        status="in_progress",
        as_of=entry.as_of.replace(year=2020),
    )
    assert Recommendation.objects.with_status().get(pk=record.pk).civil_society_status == "regressed"
    withdraw(entry)
    assert Recommendation.objects.with_status().get(pk=record.pk).civil_society_status == "in_progress"
    assert listing.differences() == []


def test_withdrawn_correction_does_not_restore_replaced_entry(client, withdraw):
    old = make_follow_up(status="implemented", summary="Done.")
    new = make_follow_up(
        old.recommendation,
        assessor=old.assessor,
        status="regressed",
        summary=CANARY,
        replaces=old,
        correction_reason=f"{CANARY} wrote to us.",
    )
    withdraw(new)
    assert list(FollowUp.objects.standing()) == []
    words = page_words(client.get(old.recommendation.get_absolute_url()).text)
    assert CANARY not in words
    assert "The entry that replaced it was withdrawn" in words
    assert "Replaced on" in words
    (shown,) = client.get("/follow-up.json").json()["results"]
    assert shown["replaced_by"] == new.reference


def test_withdrawal_updates_lastmod_in_sitemap(client, entry, withdraw):
    withdrawn = withdraw(entry)
    when = withdrawn.withdrawn_at.isoformat()
    assert f"<lastmod>{when}" in client.get("/sitemap-recommendations-1.xml").text


def test_withdrawal_needs_permission_and_a_reason(entry):
    for role in ("contributor", "editor"):
        with pytest.raises(PermissionDenied):
            review_workflow.withdraw(entry, by=make_user(role), reason=WHY)
    chief = make_user("administrator")
    for reason, told in ((" ", "Say why"), ("x" * 301, "at most 300 characters")):
        with pytest.raises(WorkflowError, match=told):
            review_workflow.withdraw(entry, by=chief, reason=reason)
    draft = make_follow_up(published_at=None)
    with pytest.raises(WorkflowError, match="not submitted"):
        review_workflow.withdraw(draft, by=chief, reason=WHY)
    assert FollowUp.objects.get(pk=entry.pk).summary == f"{CANARY} said so."


def test_entry_can_be_withdrawn_only_once(entry, withdraw):
    withdraw(entry, make_user("reviewer", first_name="Ada", last_name="Second"))
    with pytest.raises(WorkflowError, match="Ada Second withdrew this entry on"):
        withdraw(entry)
    assert entry.steps.filter(step="withdrawn").count() == 1


def test_withdrawn_entry_cannot_be_corrected(entry, withdraw):
    withdraw(entry)
    correction = make_follow_up(
        entry.recommendation,
        role="civil_society",
        assessor=entry.assessor,
        replaces=entry,
        correction_reason="Anew.",
        published_at=None,
    )
    author = make_user("contributor", organisations=[entry.assessor])
    with pytest.raises(WorkflowError, match="nothing to correct"):
        review_workflow.submit(correction, by=author)


def test_evidence_files_survive_a_rolled_back_withdrawal(entry, media):
    with transaction.atomic():
        review_workflow.withdraw(entry, by=make_user("reviewer"), reason=WHY)
        transaction.set_rollback(True)
    assert len(list(media.rglob("*.txt"))) == 2
    assert FollowUp.objects.get(pk=entry.pk).evidence.count() == 3


BY_HAND = {
    "emptied without being withdrawn": "UPDATE recommendations_followup SET summary = ''",
    "withdrawn with its words left": "UPDATE recommendations_followup SET withdrawn_at = published_at,"
    " withdrawal_reason = 'x'",
    "withdrawn without a reason": "UPDATE recommendations_followup SET withdrawn_at = published_at,"
    " status = '', summary = '', grade = '', grade_scheme = ''",
    "withdrawn and given to another": "UPDATE recommendations_followup SET withdrawn_at = published_at,"
    " withdrawal_reason = 'x', status = '', summary = '', grade = '', grade_scheme = '',"
    " as_of = '2020-02-02'",
    "withdrawn and unpublished": "UPDATE recommendations_followup SET withdrawn_at = published_at,"
    " withdrawal_reason = 'x', status = '', summary = '', grade = '', grade_scheme = '',"
    " published_at = NULL, stage = 'draft'",
    "its evidence deleted": "DELETE FROM recommendations_evidence",
}
AFTERWARDS = {
    "brought back": "UPDATE recommendations_followup SET withdrawn_at = NULL, withdrawal_reason = '',"
    " summary = 'Again', status = 'regressed'",
    "filled again": "UPDATE recommendations_followup SET summary = 'Again', status = 'regressed'",
    "given another reason": "UPDATE recommendations_followup SET withdrawal_reason = 'Another'",
    "deleted": "DELETE FROM recommendations_followup",
}


def refused(sql):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("what", BY_HAND)
def test_database_refuses_anything_but_a_proper_withdrawal(entry, what):
    refused(BY_HAND[what])
    assert FollowUp.objects.get(pk=entry.pk).summary == f"{CANARY} said so."


@pytest.mark.parametrize("what", AFTERWARDS)
def test_database_refuses_changes_to_withdrawn_entry(entry, withdraw, what):
    withdraw(entry)
    refused(AFTERWARDS[what])
    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.bulk_create([Evidence(follow_up=entry, kind="link", url="https://example.org/")])


def test_reloading_fixtures_keeps_entry_withdrawn(tmp_path, withdraw):
    record, assessor = make_recommendation(), make_stakeholder()
    reference = f"{record.reference}-civil_society-2024-01-01"
    entry = {
        "reference": reference,
        "recommendation": [record.reference],
        "assessor": [assessor.slug],
        "role": "civil_society",
        "status": "regressed",
        "as_of": "2024-01-01",
        "summary": CANARY,
        "recorded_at": "2024-02-01T00:00:00Z",
        "published_at": "2024-02-01T00:00:00Z",
    }
    evidence = {"follow_up": [reference], "kind": "link", "url": f"https://example.org/{CANARY}"}
    rows = [
        {"model": "recommendations.followup", "fields": entry},
        {"model": "recommendations.evidence", "fields": evidence | {"position": 1, "access": "public"}},
    ]
    (tmp_path / "01.json").write_text(json.dumps(rows), encoding="utf-8")
    assert load(tmp_path).created.total() == 2
    withdraw(FollowUp.objects.get())
    loaded = load(tmp_path)
    assert loaded.created.total() == 0
    assert loaded.kept == []
    assert "1 not brought back because they were withdrawn here" in str(loaded)
    assert [label for label, words in everything_stored().items() if CANARY in words] == []
    assert FollowUp.objects.get().withdrawal_reason == WHY
