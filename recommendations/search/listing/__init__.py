"""Keeps the listing up to date: database triggers derive it from the models' own definitions.

`RecommendationQuerySet.with_derived_status()` defines the statuses. The SQL that Django generates for it
becomes a database view, and triggers on everything it depends on copy the view's rows into the listing in
the same transaction as the change, however the change is made. With signals instead, changes they miss
(`QuerySet.update`, hand-written SQL) could leave records counted that are no longer public.

View and triggers are removed before migrations are applied and recreated afterwards, since neither SQLite
nor PostgreSQL alters a table that a view reads. If a migration fails in between, the listing is not
updated until `migrate` succeeds; `rebuild_listing --check` reports this.
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
    """Drop the view and triggers (`pre_migrate` receiver); an empty plan leaves them in place."""
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
    """Create the view and triggers and derive all rows, unless up to date (`post_migrate` receiver).

    Uses two transactions: creating triggers blocks even readers, deriving rows blocks only writers.
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
    """Rederive all rows, writing only those that are out of date."""
    connection = connections[using]
    dialect, number = database.dialect_of(connection), f"(SELECT number FROM {VERSION})"
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(next_version(dialect))
        # Tags, links and names may have changed unnoticed too, which no row of the listing would show.
        cursor.execute(
            f"UPDATE {VERSION} SET epoch = token, paused = FALSE, made_of = %s",
            [definition(connection).digest(dialect)],
        )
        # The statistics do not cover what this transaction wrote. A plan for empty tables would compare
        # each of many thousand records with all others.
        database.analyse(connection, (source.table for source in SOURCES))
        # Not `NOT IN`: PostgreSQL hashes its subquery only if it fits into work_mem (some 260,000 ids), and
        # otherwise rereads it for each row. An anti join has no such limit.
        cursor.execute(
            f"DELETE FROM {LISTING} WHERE NOT EXISTS"
            f" (SELECT 1 FROM {RECORD} r WHERE r.id = {LISTING}.recommendation_id)"
        )
        cursor.execute(insert_sql(None, number, dialect))
        database.analyse(connection, [LISTING])


def is_kept(using: str = "default") -> bool:
    """True if all triggers exist as this code defines them and all rows were derived since."""
    connection = connections[using]
    wanted = definition(connection)
    with connection.cursor() as cursor:
        installed = database.are_installed(cursor, wanted.triggers)
        cursor.execute(f"SELECT made_of FROM {VERSION}")
        made_of = [row[0] for row in cursor.fetchall()]
    return installed and made_of == [wanted.digest(database.dialect_of(connection))]


def differences(using: str = "default") -> list[int]:
    """Return ids of records whose row in the listing is missing, left over or out of date."""
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
    """Suspend the triggers for a bulk write in one transaction, and rederive all rows at the end.

    Other writers wait until the transaction ends.
    """
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute(next_version(database.dialect_of(connections[using])))
            cursor.execute(f"UPDATE {VERSION} SET paused = TRUE")
        yield
        rebuild(using)
