"""Database triggers that refuse changes to published follow-up, in addition to the model's own checks.

A published entry cannot be changed, replaced in place or deleted, and its evidence cannot be added to,
changed or removed. Two changes are allowed, because they alter nothing that was said: a withdrawal for
safety, which empties the entry and lets its evidence be deleted, and a move to another record when the
entry's own record was merged into it. This takes triggers, because a constraint cannot see a row's
former state. They are installed after every `migrate` (`core/database.py` explains why).
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
    """Return SQL that is true if the entry to which a row of evidence belongs is published."""
    return f"(SELECT published_at FROM {FOLLOW_UP} WHERE id = {row}.follow_up_id) IS NOT NULL"  # noqa: S608


def _only(may_change: tuple[str, ...], condition: str) -> str:
    """Return SQL that is true if an update changes only these columns and the condition holds."""
    same = [
        f"OLD.{column} IS NOT DISTINCT FROM NEW.{column}"
        for column in (field.column for field in FollowUp._meta.concrete_fields)
        if column not in may_change
    ]
    return f"({' AND '.join([*same, condition])})"


def _withdrawal() -> str:
    """Return SQL that is true if an update is a withdrawal; a constraint ensures only the reason is left."""
    columns = (*EMPTY_WHEN_WITHDRAWN, "confidence", "withdrawn_at", "withdrawal_reason")
    return _only(columns, "OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL")


def _move() -> str:
    """Return SQL that is true if an update moves the entry to the record its own was merged into."""
    merged = "SELECT 1 FROM recommendations_recommendation r WHERE"
    return _only(
        ("recommendation_id",),
        f"EXISTS ({merged} r.id = OLD.recommendation_id AND r.merged_into_id = NEW.recommendation_id)",
    )


WITHDRAWN_AT = f"SELECT withdrawn_at FROM {FOLLOW_UP} WHERE id = OLD.follow_up_id"  # noqa: S608

# For each table and event, the SQL condition under which it is refused.
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
# For each table, the condition under which TRUNCATE is refused (in PostgreSQL it skips row triggers).
NOT_EMPTIED = {
    FOLLOW_UP: PUBLISHED,
    EVIDENCE: PUBLISHED,
    ACCOUNT_EVENT: f"EXISTS (SELECT 1 FROM {ACCOUNT_EVENT})",  # noqa: S608
}


def triggers(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """Return all triggers for this database."""
    dialect = database.dialect_of(connection)
    refused = dict(REFUSED)
    if dialect.truncates:
        refused |= {(table, "TRUNCATE"): when for table, when in NOT_EMPTIED.items()}
    return [
        dialect.refusal(f"{table}_refuse_{event.lower()}", table, event, when, MESSAGES[table])
        for (table, event), when in refused.items()
    ]


def install(using: str = "default", **_signal: Any) -> None:
    """Install the triggers on this database (`post_migrate` receiver)."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if MESSAGES.keys() <= set(connection.introspection.table_names(cursor)):
            database.install(cursor, triggers(connection))


def remove(using: str = "default") -> None:
    """Remove the triggers, for test databases, which are emptied and filled out of order."""
    connection = connections[using]
    with connection.cursor() as cursor:
        database.remove(cursor, triggers(connection))
