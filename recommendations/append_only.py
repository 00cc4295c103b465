"""The database's own refusal to change or delete published follow-up, beside the model's.

Triggers, because no constraint can speak of a row's former state. They are installed after every
`migrate` and not in a migration: SQLite drops a table's triggers when a later migration rebuilds it.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

MESSAGE = "A published follow-up entry never changes"
FOLLOW_UP = "recommendations_followup"
EVIDENCE = "recommendations_evidence"

# For each table, when the old row belongs to a published entry.
PUBLISHED = {
    FOLLOW_UP: "OLD.published_at IS NOT NULL",
    EVIDENCE: f"(SELECT published_at FROM {FOLLOW_UP} WHERE id = OLD.follow_up_id) IS NOT NULL",  # noqa: S608
}


def _trigger_name(table: str, event: str) -> str:
    return f"{table}_refuse_{event.lower()}"


def statements(vendor: str) -> list[str]:
    """The SQL that installs the triggers anew; empty for a vendor that is not supported."""
    if vendor not in {"sqlite", "postgresql"}:
        return []
    sql = []
    if vendor == "postgresql":
        sql.append(
            "CREATE OR REPLACE FUNCTION recommendations_refuse_change() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN RAISE EXCEPTION '{MESSAGE}'"
            " USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for table, published in PUBLISHED.items():
        for event in ("UPDATE", "DELETE"):
            name = _trigger_name(table, event)
            if vendor == "sqlite":
                sql.append(f"DROP TRIGGER IF EXISTS {name}")
                sql.append(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {published}"
                    f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
                )
            else:
                sql.append(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                # A row trigger's WHEN cannot hold a query, so the function is called through a guard.
                sql.append(_postgresql_trigger(name, table, event, published))
    return sql


def _postgresql_trigger(name: str, table: str, event: str, published: str) -> str:
    if table == FOLLOW_UP:
        return (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({published})"
            " EXECUTE FUNCTION recommendations_refuse_change()"
        )
    guard = f"{name}_guard"
    result = "NEW" if event == "UPDATE" else "OLD"
    return (
        f"CREATE OR REPLACE FUNCTION {guard}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {published} THEN RAISE EXCEPTION '{MESSAGE}'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        f" RETURN {result}; END $$;"
        f" CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {guard}()"
    )


def install(using: str = "default", **_signal: Any) -> None:
    """Install the triggers on this database; a receiver of `post_migrate`."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if PUBLISHED.keys() <= tables:
            for sql in statements(connection.vendor):
                cursor.execute(sql)


def remove(using: str = "default") -> None:
    """Take the triggers off; for emptying a test database, which has no other way to delete."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for table in PUBLISHED:
            for event in ("UPDATE", "DELETE"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {_trigger_name(table, event)}{on}")
