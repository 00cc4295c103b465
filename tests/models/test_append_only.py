"""Published follow-up never changes: the model refuses, the QuerySet refuses, the database refuses."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from recommendations.models import Evidence, FollowUp
from recommendations.models.follow_up import AppendOnlyError
from tests.make import make_evidence, make_follow_up

pytestmark = pytest.mark.django_db


def test_draft_is_editable_until_published():
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


def test_bulk_changes_of_published_entries_are_refused():
    make_follow_up()
    with pytest.raises(AppendOnlyError):
        FollowUp.objects.update(status="implemented")
    with pytest.raises(AppendOnlyError):
        FollowUp.objects.all().delete()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE recommendations_evidence SET follow_up_id = follow_up_id",
        "UPDATE recommendations_followup SET status = 'implemented'",
        "DELETE FROM recommendations_evidence",
        "UPDATE recommendations_evidence SET title = 'other'",
    ],
)
def test_database_refuses_changes_to_published_entries(sql):
    make_evidence()
    with (
        pytest.raises(DatabaseError, match="never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_database_refuses_to_delete_a_published_entry():
    make_follow_up()
    with (
        pytest.raises(DatabaseError, match="never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM recommendations_followup")


def test_evidence_of_published_entry_cannot_be_changed():
    evidence = make_evidence()
    evidence.title = "Another title"
    with pytest.raises(AppendOnlyError):
        evidence.save()
    with pytest.raises(AppendOnlyError):
        evidence.delete()


def test_correction_replaces_the_old_entry_and_keeps_it():
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


def test_evidence_cannot_be_added_to_a_published_entry():
    entry = make_follow_up()
    piece = Evidence(follow_up=entry, kind="link", url="https://example.org/", title="Late", access="public")
    with pytest.raises(AppendOnlyError):
        piece.save()
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Evidence.objects.bulk_create([piece])


def test_evidence_cannot_be_moved_to_a_published_entry():
    piece = make_evidence(follow_up=make_follow_up(published_at=None))
    published = make_follow_up()
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Evidence.objects.filter(pk=piece.pk).update(follow_up=published)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="INSERT OR REPLACE is SQLite's")
def test_sqlite_refuses_to_replace_a_published_entry():
    make_follow_up()
    with (
        pytest.raises(DatabaseError, match="never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT OR REPLACE INTO recommendations_followup SELECT * FROM recommendations_followup"
        )


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
def test_postgresql_refuses_to_truncate_the_log():
    make_follow_up()
    with connection.cursor() as cursor:
        # The test's own inserts have deferred checks pending, which would stop TRUNCATE before any trigger.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with (
        pytest.raises(DatabaseError, match="never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE recommendations_followup CASCADE")


def test_only_published_entry_can_be_replaced():
    draft = make_follow_up(published_at=None)
    values = {
        "assessor": draft.assessor,
        "replaces": draft,
        "correction_reason": "Wrong.",
        "published_at": None,
    }
    correction = make_follow_up(draft.recommendation, **values)
    with pytest.raises(ValidationError, match="a draft is simply edited"):
        correction.full_clean()
    with pytest.raises(ValidationError, match="Publish the entry"):
        correction.publish()
