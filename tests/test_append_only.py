"""Published follow-up never changes: the model refuses, the QuerySet refuses, the database refuses."""

import pytest
from django.db import DatabaseError, connection, transaction

from recommendations.models import FollowUp
from recommendations.models.follow_up import AppendOnlyError

from .make import make_evidence, make_follow_up

pytestmark = pytest.mark.django_db


def test_a_draft_can_be_edited_published_and_then_never_again():
    entry = make_follow_up(published_at=None)
    entry.summary = "The law was adopted."
    entry.save()
    entry.publish()
    entry.summary = "It was not."
    with pytest.raises(AppendOnlyError):
        entry.save()
    with pytest.raises(AppendOnlyError):
        entry.delete()
    assert FollowUp.objects.get().summary == "The law was adopted."


def test_bulk_changes_are_refused():
    make_follow_up()
    with pytest.raises(AppendOnlyError):
        FollowUp.objects.update(status="implemented")
    with pytest.raises(AppendOnlyError):
        FollowUp.objects.all().delete()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE recommendations_followup SET status = 'implemented'",
        "DELETE FROM recommendations_evidence",
        "UPDATE recommendations_evidence SET title = 'other'",
    ],
)
def test_the_database_itself_refuses(sql):
    make_evidence()
    with (
        pytest.raises(DatabaseError, match="never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_the_database_refuses_to_delete_a_published_entry():
    make_follow_up()
    with (
        pytest.raises(DatabaseError, match="never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM recommendations_followup")


def test_evidence_of_a_published_entry_stays():
    evidence = make_evidence()
    evidence.title = "Another title"
    with pytest.raises(AppendOnlyError):
        evidence.save()
    with pytest.raises(AppendOnlyError):
        evidence.delete()


def test_a_correction_leaves_the_old_entry_and_takes_its_place():
    old = make_follow_up(status="implemented")
    new = make_follow_up(
        old.recommendation,
        assessor=old.assessor,
        status="regressed",
        as_of=old.as_of,
        replaces=old,
        correction_reason="Misread the law.",
    )
    assert list(FollowUp.objects.standing()) == [new]
    assert FollowUp.objects.published().count() == 2
