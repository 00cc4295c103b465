"""Keeps the listing right: derives it from the models' own definitions, by triggers of the database.

The definition of a status is `RecommendationQuerySet.with_derived_status()`; the SQL that Django makes of
it becomes a view of the database, and triggers on everything it depends on copy the view's rows into the
listing, in the same transaction as the change, whoever makes it and however. A change that a signal
would miss (`QuerySet.update`, SQL by hand) could otherwise keep counting what is no longer public.

View and triggers are removed before migrations are applied and made anew after them, since neither SQLite
nor PostgreSQL alters a table that a view reads. Should a migration fail in between, nothing is kept until
`migrate` ends well; `rebuild_listing --check` says so.
"""

# ruff: noqa: S608 (all SQL here is made of the names of our own tables and columns)

from __future__ import annotations

from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import connections, transaction

from recommendations.search.listing.derive import (
    DERIVED,
    LISTING,
    RECORD,
    VERSION,
    VIEW,
    derived_sql,
    insert_sql,
)
from recommendations.search.listing.triggers import SOURCES, definition, next_version, trigger_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper


def remove(using: str = "default", plan: Sequence[Any] = (None,), **_signal: Any) -> None:
    """Take view and triggers away; a receiver of `pre_migrate`, where an empty plan leaves them."""
    connection = connections[using]
    if not plan:
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if VERSION in tables and "made_of" in _columns(cursor, VERSION):
            cursor.execute(f"UPDATE {VERSION} SET made_of = ''")
        for source in SOURCES:
            if source.table not in tables:
                continue
            for name in trigger_names(source, connection.vendor):
                if connection.vendor == "sqlite":
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                else:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {source.table}")
                    cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")
        if connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION IF EXISTS recommendations_refresh_listing(bigint[])")
        cursor.execute(f"DROP VIEW IF EXISTS {VIEW}")


def _columns(cursor: Any, table: str) -> set[str]:
    description = connections[cursor.db.alias].introspection.get_table_description(cursor, table)
    return {column.name for column in description}


def install(using: str = "default", **_signal: Any) -> None:
    """Make view and triggers, and derive everything, unless all is there; a receiver of `post_migrate`.

    In two transactions: making triggers keeps even readers out, deriving only other writers.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    if not {LISTING, VERSION} <= tables or is_kept(using):
        return
    remove(using)
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for sql in definition(connection):
            cursor.execute(sql)
    rebuild(using)


def _digest(connection: BaseDatabaseWrapper) -> str:
    """What the listing is made of, in short: another one, and everything is to be derived anew."""
    return sha256("\n".join(definition(connection)).encode()).hexdigest()


def rebuild(using: str = "default") -> None:
    """Derive everything anew. Rows that are right already are not written again."""
    connection = connections[using]
    number = f"(SELECT number FROM {VERSION})"
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(next_version(connection.vendor))
        # Tags, links and names may have changed unnoticed as well, and no row here would show it.
        cursor.execute(
            f"UPDATE {VERSION} SET epoch = token, paused = FALSE, made_of = %s", [_digest(connection)]
        )
        if connection.vendor == "postgresql":
            # What this transaction wrote is in no statistics yet: planned for an empty table, each of many
            # thousand records would be compared with all others.
            cursor.execute(f"ANALYZE {', '.join(source.table for source in SOURCES)}")
        # Not `NOT IN`: PostgreSQL hashes its subquery only while it fits into work_mem (some 260,000 ids),
        # and beyond that reads it again for each row. An anti join has no such limit.
        cursor.execute(
            f"DELETE FROM {LISTING} WHERE NOT EXISTS"
            f" (SELECT 1 FROM {RECORD} r WHERE r.id = {LISTING}.recommendation_id)"
        )
        cursor.execute(insert_sql(None, number, connection.vendor))
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {LISTING}")


def is_kept(using: str = "default") -> bool:
    """Whether all triggers are there, as this code makes them, and everything was derived since."""
    connection = connections[using]
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {name for (name,) in cursor.fetchall()}
        cursor.execute(f"SELECT made_of FROM {VERSION}")
        made_of = [row[0] for row in cursor.fetchall()]
    wanted = {name for source in SOURCES for name in trigger_names(source, connection.vendor)}
    return wanted <= found and made_of == [_digest(connection)]


def differences(using: str = "default") -> list[int]:
    """Ids of records whose row in the listing is missing, left over, or not what is derived."""
    connection = connections[using]
    columns = ", ".join([*DERIVED, "disagree"])
    kept = f"SELECT {columns} FROM {LISTING}"
    derived = f"SELECT * FROM ({derived_sql(None, connection.vendor)}) s"
    ids = set()
    with connection.cursor() as cursor:
        for one, other in ((kept, derived), (derived, kept)):
            cursor.execute(f"{one} EXCEPT {other}")
            ids |= {row[0] for row in cursor.fetchall()}
    return sorted(ids)


@contextmanager
def paused(using: str = "default") -> Iterator[None]:
    """For bulk writing in one transaction: nothing is derived meanwhile, and everything at the end.

    Whoever else changes a record waits until the transaction ends.
    """
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute(next_version(connections[using].vendor))
            cursor.execute(f"UPDATE {VERSION} SET paused = TRUE")
        yield
        rebuild(using)
