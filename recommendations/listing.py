"""Keeps the listing right: derives it from the models' own definitions, by triggers of the database.

The definition of a status is `RecommendationQuerySet.with_derived_status()`; the SQL that Django makes of
it becomes a view of the database, and triggers on everything it depends on copy the view's rows into the
listing, in the same transaction as the change, whoever makes it and however. A change that a signal
would miss (`QuerySet.update`, SQL by hand) could otherwise keep counting what is no longer public.

View and triggers are removed before each `migrate` and made anew after it, since neither SQLite nor
PostgreSQL alters a table that a view reads.
"""

# ruff: noqa: S608 (all SQL here is made of the names of our own tables and columns)

from __future__ import annotations

import datetime
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from django.db import connections, transaction
from django.db.models import Case, Exists, F, OuterRef, Value, When
from django.db.models.functions import Coalesce

from recommendations.models import FollowUp, Listing, ListingVersion, Recommendation, ResponseLink

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

LISTING = Listing._meta.db_table
VERSION = ListingVersion._meta.db_table
RECORD = Recommendation._meta.db_table
VIEW = "recommendations_listing_derived"
NEVER = datetime.date(1, 1, 1)
ROLE_STATUSES = tuple(f"{role}_status" for role in FollowUp.Role.values)

# Columns of the listing, and what each is of a record with its statuses.
DERIVED: dict[str, Any] = {
    "recommendation_id": F("pk"),
    "review_id": F("document__review"),
    "state_id": F("document__review__state"),
    "public": Case(When(published=True, document__published=True, then=True), default=False),
    "mechanism": F("document__review__mechanism"),
    "kind": F("kind"),
    "position": F("position"),
    "answered": Exists(ResponseLink.objects.published().filter(recommendation=OuterRef("pk"))),
    "status": F("status"),
    "status_as_of": F("status_as_of"),
    "status_order": Coalesce("status_as_of", Value(NEVER)),
    "status_entry": F("status_entry"),
    **{
        f"{role}_{what}": F(f"{role}_{what}") for role in FollowUp.Role.values for what in ("entry", "status")
    },
    "starts_on": F("document__review__starts_on"),
    "state_name": F("document__review__state__name"),
    "document_slug": F("document__slug"),
    "paragraph_position": F("paragraph__position"),
    "reference": F("reference"),
    "due_on": F("due_on"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A table that the listing depends on: which columns matter, and whose records change with a row.

    `records` are queries for ids of records over `{rows}`, which has `columns`; without any, only the
    version changes.
    """

    table: str
    columns: tuple[str, ...]
    records: tuple[str, ...] = ()


_OF_DOCUMENTS = f"SELECT r.id FROM {RECORD} r JOIN recommendations_document d ON d.id = r.document_id"
_OF_RESPONSES = "SELECT l.recommendation_id FROM recommendations_responselink l JOIN"
SOURCES = (
    Source(
        RECORD,
        ("id", "published", "kind", "position", "reference", "due_on", "document_id", "paragraph_id"),
        ("SELECT id FROM {rows}",),
    ),
    Source(
        "recommendations_followup",
        ("id", "recommendation_id", "role", "status", "as_of", "published_at", "withdrawn_at", "replaces_id"),
        (
            "SELECT recommendation_id FROM {rows}",
            "SELECT f.recommendation_id FROM recommendations_followup f JOIN {rows} ON f.id = t.replaces_id",
        ),
    ),
    Source(
        "recommendations_responselink",
        ("id", "recommendation_id", "response_id", "confirmed", "stance"),
        ("SELECT recommendation_id FROM {rows}",),
    ),
    Source(
        "recommendations_stateresponse",
        ("id", "published", "document_id"),
        (f"{_OF_RESPONSES} {{rows}} ON l.response_id = t.id",),
    ),
    Source(
        "recommendations_document",
        ("id", "published", "review_id", "slug"),
        (
            f"SELECT r.id FROM {RECORD} r JOIN {{rows}} ON r.document_id = t.id",
            f"{_OF_RESPONSES} recommendations_stateresponse s ON s.id = l.response_id"
            " JOIN {rows} ON s.document_id = t.id",
        ),
    ),
    Source(
        "recommendations_review",
        ("id", "slug", "state_id", "mechanism", "starts_on"),
        (f"{_OF_DOCUMENTS} JOIN {{rows}} ON d.review_id = t.id",),
    ),
    Source(
        "recommendations_state",
        ("id", "iso3", "name"),
        (
            f"{_OF_DOCUMENTS} JOIN recommendations_review v ON v.id = d.review_id"
            " JOIN {rows} ON v.state_id = t.id",
        ),
    ),
    Source(
        "recommendations_paragraph",
        ("id", "position"),
        (f"SELECT r.id FROM {RECORD} r JOIN {{rows}} ON r.paragraph_id = t.id",),
    ),
    Source(
        "recommendations_issuetag",
        ("id", "recommendation_id", "issue_id", "origin"),
        ("SELECT recommendation_id FROM {rows}",),
    ),
    Source(
        "recommendations_recommendation_raised_by",
        ("id", "recommendation_id", "stakeholder_id"),
        ("SELECT recommendation_id FROM {rows}",),
    ),
    Source(
        "recommendations_recommendation_groups",
        ("id", "recommendation_id", "populationgroup_id"),
        ("SELECT recommendation_id FROM {rows}",),
    ),
    Source("recommendations_recommendationlink", ("id", "earlier_id", "later_id", "relation", "confirmed")),
    Source("recommendations_issue", ("id", "path")),
    Source("recommendations_populationgroup", ("id", "slug")),
    Source("recommendations_stakeholder", ("id", "slug", "published")),
)
EVENTS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime.date):
        return f"'{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    raise TypeError(f"cannot be written into SQL: {value!r}")


def view_sql(connection: BaseDatabaseWrapper) -> str:
    """The query that derives all columns of the listing but `disagree` and `version`."""
    # Aliases must not clash with the model's own fields.
    named = {f"l_{column}": value for column, value in DERIVED.items()}
    records = Recommendation.objects.with_derived_status().annotate(**named).order_by().values(*named)
    sql, params = records.query.get_compiler(connection=connection).as_sql()
    return str(sql % tuple(_literal(value) for value in params))


def _disagree() -> str:
    """SQL for `with_disagreement()` over the columns of the view: computed from them, not derived again."""
    silent = f"'{FollowUp.Status.NO_INFORMATION.value}'"
    # A role without an entry is null, and differs from nothing.
    pairs = (
        f"({a} <> {b} AND {a} <> {silent} AND {b} <> {silent})"
        for a, b in combinations((f"d.l_{name}" for name in ROLE_STATUSES), 2)
    )
    return f"CASE WHEN {' OR '.join(pairs)} THEN TRUE ELSE FALSE END"


def derived_sql(ids: str | None, vendor: str) -> str:
    """A query for the listing's columns, `disagree` the last, of records (`ids`: SQL for a list of them)."""
    columns = ", ".join(f"d.l_{column}" for column in DERIVED)
    # The limit keeps the planner from copying each status's subquery into every comparison.
    fence = "LIMIT -1 OFFSET 0" if vendor == "sqlite" else "OFFSET 0"
    where = f" WHERE l_recommendation_id {ids}" if ids else ""
    return f"SELECT {columns}, {_disagree()} FROM (SELECT * FROM {VIEW}{where} {fence}) d"


def insert_sql(ids: str | None, version: str, vendor: str) -> str:
    """A statement that writes the rows of these records, new or over the old ones."""
    columns = [*DERIVED, "disagree"]
    new = ", ".join(f"{name} = excluded.{name}" for name in [*columns[1:], "version"])
    source = derived_sql(ids, vendor)
    return (
        f"INSERT INTO {LISTING} ({', '.join(columns)}, version)"
        f" SELECT s.*, {version} FROM ({source}) s WHERE TRUE"
        f" ON CONFLICT (recommendation_id) DO UPDATE SET {new}"
    )


def _next_version(vendor: str, where: str = "") -> str:
    token = "lower(hex(randomblob(16)))" if vendor == "sqlite" else "gen_random_uuid()::text"
    return (
        f"INSERT INTO {VERSION} (id, number, token, epoch, paused) VALUES (1, 1, {token}, 1, FALSE)"
        f" ON CONFLICT (id) DO UPDATE SET number = {VERSION}.number + 1, token = {token}{where}"
    )


def _trigger(source: Source, event: str) -> str:
    return f"{source.table}_listing_{event.lower()}"


def _sqlite() -> list[str]:
    """A trigger for each row: SQLite knows no other."""
    sql = []
    number = f"(SELECT number FROM {VERSION})"
    gone = f"UPDATE {VERSION} SET epoch = number;"
    for source in SOURCES:
        for event, rows in EVENTS.items():
            versions = [
                "SELECT " + ", ".join(f"{row}.{name} AS {name}" for name in source.columns) for row in rows
            ]
            changed = f"({' UNION '.join(versions)}) t"
            ids = " UNION ".join(query.format(rows=changed) for query in source.records)
            when = f"NOT COALESCE((SELECT paused FROM {VERSION}), FALSE)"
            if event == "UPDATE":
                old, new = (", ".join(f"{row}.{name}" for name in source.columns) for row in rows)
                when += f" AND ({old}) IS NOT ({new})"
            steps = [f"{_next_version('sqlite')};"]
            if source.table == RECORD and event == "DELETE":
                steps += [f"DELETE FROM {LISTING} WHERE recommendation_id = OLD.id;", gone]
            elif ids:
                steps.append(f"{insert_sql(f'IN ({ids})', number, 'sqlite')};")
            sql.append(
                f"CREATE TRIGGER {_trigger(source, event)} AFTER {event} ON {source.table} FOR EACH ROW"
                f" WHEN {when} BEGIN {' '.join(steps)} END"
            )
    return sql


def _postgresql() -> list[str]:
    """A trigger for each statement, so that writing a thousand rows derives them at once."""
    version = _next_version("postgresql", f" WHERE NOT {VERSION}.paused RETURNING number INTO at")
    sql = [
        "CREATE FUNCTION recommendations_refresh_listing(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$"
        f" DECLARE at bigint; BEGIN {version};"
        " IF at IS NULL OR cardinality(ids) = 0 THEN RETURN; END IF;"
        f" DELETE FROM {LISTING} l WHERE l.recommendation_id = ANY(ids)"
        f" AND NOT EXISTS (SELECT 1 FROM {RECORD} r WHERE r.id = l.recommendation_id);"
        f" IF FOUND THEN UPDATE {VERSION} SET epoch = at; END IF;"
        f" {insert_sql('= ANY(ids)', 'at', 'postgresql')}; END $$"
    ]
    for source in SOURCES:
        columns = ", ".join(source.columns)
        old, new = (f"SELECT {columns} FROM {name}_rows" for name in ("old", "new"))
        rows = {"INSERT": new, "DELETE": old, "UPDATE": f"({old} EXCEPT {new}) UNION ({new} EXCEPT {old})"}
        tables = {"NEW": "NEW TABLE AS new_rows", "OLD": "OLD TABLE AS old_rows"}
        for event, sides in EVENTS.items():
            name = _trigger(source, event)
            changed = f"({rows[event]}) t"
            ids = " UNION ".join(query.format(rows=changed) for query in source.records)
            refresh = f"ARRAY({ids})" if ids else "ARRAY[]::bigint[]"
            sql += [
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                f" IF EXISTS (SELECT 1 FROM {changed}) THEN"
                f" PERFORM recommendations_refresh_listing({refresh}); END IF; RETURN NULL; END $$",
                f"CREATE TRIGGER {name} AFTER {event} ON {source.table}"
                f" REFERENCING {' '.join(tables[side] for side in sides)}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
            ]
    return sql


def remove(using: str = "default", **_signal: Any) -> None:
    """Take view and triggers away; a receiver of `pre_migrate`."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for source in SOURCES:
            if source.table not in tables:
                continue
            for event in EVENTS:
                name = _trigger(source, event)
                if connection.vendor == "sqlite":
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                else:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {source.table}")
                    cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")
        if connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION IF EXISTS recommendations_refresh_listing(bigint[])")
        cursor.execute(f"DROP VIEW IF EXISTS {VIEW}")


def install(using: str = "default", **_signal: Any) -> None:
    """Make view and triggers, and derive everything; a receiver of `post_migrate`."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    if not {LISTING, VERSION} <= tables:
        return
    make = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]
    with transaction.atomic(using=using):
        remove(using)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE VIEW {VIEW} AS {view_sql(connection)}")
            for sql in make():
                cursor.execute(sql)
        rebuild(using)


def rebuild(using: str = "default") -> int:
    """Derive every row anew; how many there are."""
    connection = connections[using]
    number = f"(SELECT number FROM {VERSION})"
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(_next_version(connection.vendor))
        cursor.execute(f"UPDATE {VERSION} SET epoch = number, paused = FALSE")
        cursor.execute(f"DELETE FROM {LISTING}")
        cursor.execute(insert_sql(None, number, connection.vendor))
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {LISTING}")
        cursor.execute(f"SELECT COUNT(*) FROM {LISTING}")
        return int(cursor.fetchone()[0])


def is_kept(using: str = "default") -> bool:
    """Whether the triggers are all there."""
    connection = connections[using]
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {name for (name,) in cursor.fetchall()}
    return {_trigger(source, event) for source in SOURCES for event in EVENTS} <= found


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
            cursor.execute(_next_version(connections[using].vendor))
            cursor.execute(f"UPDATE {VERSION} SET paused = TRUE")
        yield
        rebuild(using)
