"""The way of an entry to its publication: who may, from which stage, and what is left behind."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections

from recommendations.actions import review_workflow
from recommendations.actions.review_workflow import WorkflowError
from recommendations.models import FollowUp, ReviewStep
from tests.make import make_evidence, make_follow_up, make_recommendation, make_stakeholder, make_user

pytestmark = pytest.mark.django_db


class Case:
    """An organisation with its author, its draft, and reviewers of another."""

    def __init__(self):
        self.organisation = make_stakeholder()
        self.author = make_user("contributor", organisations=[self.organisation])
        self.reviewer = make_user("reviewer", first_name="Ada", last_name="Second")
        self.other = make_user("reviewer", first_name="Ben", last_name="Third")

    def draft(self, record=None, **values):
        defaults = {
            "assessor": self.organisation,
            "role": "civil_society",
            "recorded_by": self.author,
            "published_at": None,
        }
        return make_follow_up(record, **defaults | values)

    def submitted(self, record=None, **values):
        return review_workflow.submit(self.draft(record, **values), by=self.author)


@pytest.fixture
def case():
    return Case()


def steps_of(entry):
    return [(step.step, step.by_id) for step in entry.steps.all()]


def test_review_cycle_records_steps_and_history(case):
    entry = case.draft()
    review_workflow.submit(entry, by=case.author)
    review_workflow.send_back(entry, by=case.reviewer, comment="Which law?")
    review_workflow.submit(entry, by=case.author)
    review_workflow.approve(entry, by=case.other)
    entry.refresh_from_db()
    assert entry.stage == "published"
    assert entry.reference == f"{entry.recommendation.reference}-civil_society-2024-01-01"
    assert steps_of(entry) == [
        ("submitted", case.author.pk),
        ("returned", case.reviewer.pk),
        ("submitted", case.author.pk),
        ("published", case.other.pk),
    ]
    assert [step.comment for step in entry.steps.all()] == ["", "Which law?", "", ""]
    told = list(entry.history.order_by("history_id").values_list("history_change_reason", "history_user"))
    assert told[1:] == [
        ("Submitted for review", case.author.pk),
        ("Returned", case.reviewer.pk),
        ("Submitted for review", case.author.pk),
        ("Approved and published", case.other.pk),
    ]


@pytest.mark.parametrize("missing", [{"status": ""}, {"summary": ""}])
def test_incomplete_entry_cannot_be_submitted(case, missing):
    entry = case.draft(**missing)
    with pytest.raises(WorkflowError):
        review_workflow.submit(entry, by=case.author)
    entry.refresh_from_db()
    assert entry.stage == "draft"
    assert not entry.steps.exists()


def test_only_own_organisation_can_submit_draft(case):
    stranger = make_user("contributor", organisations=[make_stakeholder()])
    chief = make_user("administrator")
    for somebody in (stranger, chief, make_user(organisations=[case.organisation])):
        with pytest.raises(PermissionDenied):
            review_workflow.submit(case.draft(), by=somebody)
    colleague = make_user("contributor", organisations=[case.organisation])
    assert review_workflow.submit(case.draft(), by=colleague).stage == "submitted"


@pytest.mark.parametrize("verb", ["approve", "send_back", "reject"])
def test_only_reviewers_can_decide(case, verb):
    entry = case.submitted()
    words = {} if verb == "approve" else {"comment": "No."}
    for somebody in (case.author, make_user("editor"), make_user()):
        with pytest.raises(PermissionDenied):
            getattr(review_workflow, verb)(entry, by=somebody, **words)
    entry.refresh_from_db()
    assert entry.stage == "submitted"


def test_own_entry_is_approved_only_if_setting_allows(case, settings):
    author = make_user("reviewer", organisations=[case.organisation])
    entry = review_workflow.submit(case.draft(recorded_by=author), by=author)
    with pytest.raises(PermissionDenied, match="somebody else"):
        review_workflow.approve(entry, by=author)
    settings.ALLOW_SELF_APPROVAL = True
    assert review_workflow.approve(entry, by=author).is_published


@pytest.mark.parametrize("verb", ["send_back", "reject"])
def test_returning_or_rejecting_needs_a_comment(case, verb):
    entry = case.submitted()
    with pytest.raises(WorkflowError, match="Say why"):
        getattr(review_workflow, verb)(entry, by=case.reviewer, comment=" \n")
    entry.refresh_from_db()
    assert entry.stage == "submitted"


@pytest.mark.parametrize("stage", ["draft", "returned", "rejected"])
@pytest.mark.parametrize("verb", ["approve", "send_back", "reject"])
def test_only_submitted_entry_can_be_decided(case, verb, stage):
    entry = case.draft(stage=stage)
    words = {} if verb == "approve" else {"comment": "No."}
    with pytest.raises(WorkflowError):
        getattr(review_workflow, verb)(entry, by=case.reviewer, **words)
    entry.refresh_from_db()
    assert entry.stage == stage


@pytest.mark.parametrize("stage", ["submitted", "rejected"])
def test_submitted_or_rejected_entry_cannot_be_submitted_again(case, stage):
    with pytest.raises(WorkflowError):
        review_workflow.submit(case.draft(stage=stage), by=case.author)


def test_second_reviewer_is_told_the_first_decision(case):
    entry = case.submitted()
    review_workflow.approve(entry, by=case.reviewer)
    with pytest.raises(WorkflowError, match="Ada Second published this entry on"):
        review_workflow.reject(entry, by=case.other, comment="No.")
    assert ReviewStep.objects.filter(follow_up=entry, step="rejected").count() == 0


def test_resubmitted_entry_must_be_read_again_before_approval(case):
    entry = case.submitted()
    seen = entry.steps.last().pk
    review_workflow.send_back(entry, by=case.reviewer, comment="Which law?")
    review_workflow.submit(entry, by=case.author)
    with pytest.raises(WorkflowError, match="Read it again"):
        review_workflow.approve(entry, by=case.other, seen=seen)
    assert review_workflow.approve(entry, by=case.other, seen=entry.steps.last().pk).is_published


def test_rejected_correction_frees_the_original_entry(case):
    old = make_follow_up(role="civil_society", assessor=case.organisation)
    values = {"replaces": old, "correction_reason": "The law was repealed."}
    entry = case.submitted(old.recommendation, **values)
    review_workflow.reject(entry, by=case.reviewer, comment="It was not.")
    entry.refresh_from_db()
    assert (entry.stage, entry.replaces, entry.correction_reason) == ("rejected", None, "")
    said = entry.steps.last().comment
    assert said.startswith("It was not.")
    assert old.reference in said
    assert "The law was repealed." in said
    again = case.submitted(old.recommendation, **values)
    review_workflow.approve(again, by=case.reviewer)
    assert list(FollowUp.objects.standing()) == [again]


def test_incomplete_evidence_blocks_submission(case):
    entry = case.draft()
    piece = make_evidence(follow_up=entry)
    type(piece).objects.filter(pk=piece.pk).update(url="no address")
    with pytest.raises(WorkflowError):
        review_workflow.submit(entry, by=case.author)


def test_deleted_entry_is_reported_as_gone(case):
    entry = case.draft()
    FollowUp.objects.filter(pk=entry.pk).delete()
    with pytest.raises(WorkflowError, match="does not exist any more"):
        review_workflow.submit(entry, by=case.author)


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite has one writer: in a test's memory two cannot even begin"
)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second", ["approve", "reject"])
def test_simultaneous_decisions_apply_only_one(second):
    case = Case()
    entry = case.submitted(make_recommendation())
    together, told = threading.Barrier(2), {}

    def act(name, by, verb, **words):
        together.wait()
        try:
            getattr(review_workflow, verb)(entry, by=by, **words)
            told[name] = "done"
        except WorkflowError as error:
            told[name] = " ".join(error.messages)
        finally:
            connections.close_all()

    words = {} if second == "approve" else {"comment": "No."}
    threads = [
        threading.Thread(target=act, args=("first", case.reviewer, "approve")),
        threading.Thread(target=act, args=("second", case.other, second), kwargs=words),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer == "done" for answer in told.values()) == [False, True]
    (late,) = [answer for answer in told.values() if answer != "done"]
    assert "nothing was changed" in late
    assert ReviewStep.objects.filter(follow_up=entry).exclude(step="submitted").count() == 1
