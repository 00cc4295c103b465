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
from typing import TYPE_CHECKING, Any

from django.db import connections, transaction

from recommendations.core import database
from recommendations.search.listing.derive import (
    COLUMNS,
    LISTING,
    RECORD,
    VERSION,
    VIEW,
    derived_sql,
    insert_sql,
)
from recommendations.search.listing.triggers import SOURCES, definition, next_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def remove(using: str = "default", plan: Sequence[Any] = (None,), **_signal: Any) -> None:
    """Take view and triggers away; a receiver of `pre_migrate`, where an empty plan leaves them."""
    connection = connections[using]
    if not plan:
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if VERSION in tables and "made_of" in _columns(cursor, VERSION):
            cursor.execute(f"UPDATE {VERSION} SET made_of = ''")
        database.remove(cursor, definition(connection).triggers)
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
    wanted = definition(connection)
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for sql in wanted.before:
            cursor.execute(sql)
        database.install(cursor, wanted.triggers)
    rebuild(using)


def rebuild(using: str = "default") -> None:
    """Derive everything anew. Rows that are right already are not written again."""
    connection = connections[using]
    dialect, number = database.dialect_of(connection), f"(SELECT number FROM {VERSION})"
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(next_version(dialect))
        # Tags, links and names may have changed unnoticed as well, and no row here would show it.
        cursor.execute(
            f"UPDATE {VERSION} SET epoch = token, paused = FALSE, made_of = %s",
            [definition(connection).digest(dialect)],
        )
        # What this transaction wrote is in no statistics yet: planned for an empty table, each of many
        # thousand records would be compared with all others.
        database.analyse(connection, (source.table for source in SOURCES))
        # Not `NOT IN`: PostgreSQL hashes its subquery only while it fits into work_mem (some 260,000 ids),
        # and beyond that reads it again for each row. An anti join has no such limit.
        cursor.execute(
            f"DELETE FROM {LISTING} WHERE NOT EXISTS"
            f" (SELECT 1 FROM {RECORD} r WHERE r.id = {LISTING}.recommendation_id)"
        )
        cursor.execute(insert_sql(None, number, dialect))
        database.analyse(connection, [LISTING])


def is_kept(using: str = "default") -> bool:
    """Whether all triggers are there, as this code makes them, and everything was derived since."""
    connection = connections[using]
    wanted = definition(connection)
    with connection.cursor() as cursor:
        installed = database.are_installed(cursor, wanted.triggers)
        cursor.execute(f"SELECT made_of FROM {VERSION}")
        made_of = [row[0] for row in cursor.fetchall()]
    return installed and made_of == [wanted.digest(database.dialect_of(connection))]


def differences(using: str = "default") -> list[int]:
    """Ids of records whose row in the listing is missing, left over, or not what is derived."""
    connection = connections[using]
    columns = ", ".join(COLUMNS)
    kept = f"SELECT {columns} FROM {LISTING}"
    derived = f"SELECT * FROM ({derived_sql(None, database.dialect_of(connection))}) s"
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
            cursor.execute(next_version(database.dialect_of(connections[using])))
            cursor.execute(f"UPDATE {VERSION} SET paused = TRUE")
        yield
        rebuild(using)
