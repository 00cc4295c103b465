"""The database's own refusal to change published follow-up, beside the model's.

A published entry cannot be changed, replaced in place or deleted, nor can evidence be added to it,
changed or taken away. Two things are let through, because they change nothing that was said: a
withdrawal for safety, which empties the entry and lets its evidence be deleted, and the move to the
record into which the entry's own was merged. Triggers say so, because no constraint can speak of a
row's former state. They are installed after every `migrate` (`core/database.py` says why).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connections

from recommendations.core import database
from recommendations.models import FollowUp
from recommendations.models.follow_up import EMPTY_WHEN_WITHDRAWN

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    from recommendations.core.database import Trigger

FOLLOW_UP = "recommendations_followup"
EVIDENCE = "recommendations_evidence"
ACCOUNT_EVENT = "recommendations_accountevent"
MESSAGE = "A published follow-up entry never changes"
MESSAGES = {FOLLOW_UP: MESSAGE, EVIDENCE: MESSAGE, ACCOUNT_EVENT: "The history of accounts never changes"}


def _is_published(row: str) -> str:
    """SQL: whether the entry that a row of evidence belongs to is published."""
    return f"(SELECT published_at FROM {FOLLOW_UP} WHERE id = {row}.follow_up_id) IS NOT NULL"  # noqa: S608


def _only(may_change: tuple[str, ...], condition: str) -> str:
    """SQL: whether an update of an entry changes nothing but these columns, and the condition holds."""
    same = [
        f"OLD.{column} IS NOT DISTINCT FROM NEW.{column}"
        for column in (field.column for field in FollowUp._meta.concrete_fields)
        if column not in may_change
    ]
    return f"({' AND '.join([*same, condition])})"


def _withdrawal() -> str:
    """SQL: whether an update is a withdrawal; a constraint sees to it that nothing but the reason is left."""
    columns = (*EMPTY_WHEN_WITHDRAWN, "confidence", "withdrawn_at", "withdrawal_reason")
    return _only(columns, "OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL")


def _move() -> str:
    """SQL: whether an update moves the entry to the record into which its own was merged."""
    merged = "SELECT 1 FROM recommendations_recommendation r WHERE"
    return _only(
        ("recommendation_id",),
        f"EXISTS ({merged} r.id = OLD.recommendation_id AND r.merged_into_id = NEW.recommendation_id)",
    )


WITHDRAWN_AT = f"SELECT withdrawn_at FROM {FOLLOW_UP} WHERE id = OLD.follow_up_id"  # noqa: S608

# For each table and event, when it is refused.
REFUSED = {
    (FOLLOW_UP, "UPDATE"): f"OLD.published_at IS NOT NULL AND NOT {_withdrawal()} AND NOT {_move()}",
    (FOLLOW_UP, "DELETE"): "OLD.published_at IS NOT NULL",
    (EVIDENCE, "INSERT"): _is_published("NEW"),
    (EVIDENCE, "UPDATE"): f"{_is_published('OLD')} OR {_is_published('NEW')}",
    (EVIDENCE, "DELETE"): f"{_is_published('OLD')} AND ({WITHDRAWN_AT}) IS NULL",
    (ACCOUNT_EVENT, "UPDATE"): "TRUE",
    (ACCOUNT_EVENT, "DELETE"): "TRUE",
}
PUBLISHED = f"EXISTS (SELECT 1 FROM {FOLLOW_UP} WHERE published_at IS NOT NULL)"  # noqa: S608
# For each table, when it may not be emptied (PostgreSQL's TRUNCATE passes by the triggers of rows).
NOT_EMPTIED = {
    FOLLOW_UP: PUBLISHED,
    EVIDENCE: PUBLISHED,
    ACCOUNT_EVENT: f"EXISTS (SELECT 1 FROM {ACCOUNT_EVENT})",  # noqa: S608
}


def triggers(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """All of them, for this database."""
    dialect = database.dialect_of(connection)
    refused = dict(REFUSED)
    if dialect.truncates:
        refused |= {(table, "TRUNCATE"): when for table, when in NOT_EMPTIED.items()}
    return [
        dialect.refusal(f"{table}_refuse_{event.lower()}", table, event, when, MESSAGES[table])
        for (table, event), when in refused.items()
    ]


def install(using: str = "default", **_signal: Any) -> None:
    """Install the triggers on this database; a receiver of `post_migrate`."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if MESSAGES.keys() <= set(connection.introspection.table_names(cursor)):
            database.install(cursor, triggers(connection))


def remove(using: str = "default") -> None:
    """Take the triggers off; for a test database, which must be emptied and filled out of order."""
    connection = connections[using]
    with connection.cursor() as cursor:
        database.remove(cursor, triggers(connection))
