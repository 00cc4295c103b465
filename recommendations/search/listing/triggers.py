"""The triggers that keep the listing up to date, for each database."""

# ruff: noqa: S608 (all SQL here is made of the names of our own tables and columns)

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

from recommendations.core.database import Trigger, dialect_of
from recommendations.models import Listing, Recommendation
from recommendations.models.derived import columns_of, reads_of
from recommendations.search.listing.derive import LISTING, RECORD, VERSION, VIEW, insert_sql, view_sql

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    from recommendations.core.database import Dialect

# How long a writer waits for others before it fails and saves nothing; as with SQLite (settings.py).
TURN_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Source:
    """A table on which the listing or the sets of facets depend, and the records that its rows affect.

    `records` are queries for the ids of affected records over `{rows}`, which has `columns`; without any,
    only the version changes. Rows where `only` is null have no effect yet. `columns` are those that
    `records` use and those that facets read directly; `_watched()` adds those that the listing reads.
    """

    table: str
    columns: tuple[str, ...]
    records: tuple[str, ...] = ()
    only: str = ""


def _watched(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """Return the sources with all relevant columns; changes to other columns trigger nothing."""
    columns = {source.table: dict.fromkeys(source.columns) for source in sources}
    for name, column in columns_of(Listing).items():
        for table, read in reads_of(column, Recommendation).items():
            if table not in columns:
                raise ImproperlyConfigured(f"{name} reads {table}, which is no source of the listing")
            columns[table] |= dict.fromkeys(sorted(read))
    return tuple(replace(source, columns=tuple(columns[source.table])) for source in sources)


_OF_DOCUMENTS = f"SELECT r.id FROM {RECORD} r JOIN recommendations_document d ON d.id = r.document_id"
_OF_RESPONSES = "SELECT l.recommendation_id FROM recommendations_responselink l JOIN"
_LINK = "recommendations_recommendationlink"
# The parents of some records: the compound records of which they are parts.
_WHOLES = f"SELECT r.parent_id FROM {RECORD} r JOIN {{rows}} ON r.id = t.%s WHERE r.parent_id IS NOT NULL"
_ENDS = (("earlier_id", "later_id"), ("later_id", "earlier_id"))
_ROUTES = (
    Source(
        RECORD,
        ("id", "document_id", "paragraph_id", "parent_id"),
        (
            "SELECT id FROM {rows}",
            "SELECT parent_id FROM {rows} WHERE parent_id IS NOT NULL",
            *(f"SELECT l.{other} FROM {_LINK} l JOIN {{rows}} ON l.{end} = t.id" for end, other in _ENDS),
        ),
    ),
    Source(
        "recommendations_followup",
        ("id", "recommendation_id", "replaces_id", "published_at"),
        (
            "SELECT recommendation_id FROM {rows}",
            "SELECT f.recommendation_id FROM recommendations_followup f JOIN {rows} ON f.id = t.replaces_id",
            _WHOLES % "recommendation_id",
            f"SELECT r.parent_id FROM recommendations_followup f JOIN {{rows}} ON f.id = t.replaces_id"
            f" JOIN {RECORD} r ON r.id = f.recommendation_id WHERE r.parent_id IS NOT NULL",
        ),
        only="published_at",
    ),
    Source(
        "recommendations_responselink",
        ("id", "recommendation_id", "response_id", "stance"),
        ("SELECT recommendation_id FROM {rows}",),
    ),
    Source(
        "recommendations_stateresponse",
        ("id", "document_id"),
        (f"{_OF_RESPONSES} {{rows}} ON l.response_id = t.id",),
    ),
    Source(
        "recommendations_document",
        ("id", "review_id"),
        (
            f"SELECT r.id FROM {RECORD} r JOIN {{rows}} ON r.document_id = t.id",
            f"SELECT r.parent_id FROM {RECORD} r JOIN {{rows}} ON r.document_id = t.id"
            " WHERE r.parent_id IS NOT NULL",
            *(
                f"SELECT l.{other} FROM {_LINK} l JOIN {RECORD} r ON r.id = l.{end}"
                " JOIN {rows} ON r.document_id = t.id"
                for end, other in _ENDS
            ),
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
        ("id", "iso3"),
        (
            f"{_OF_DOCUMENTS} JOIN recommendations_review v ON v.id = d.review_id"
            " JOIN {rows} ON v.state_id = t.id",
        ),
    ),
    Source(
        "recommendations_paragraph",
        ("id",),
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
    Source(
        _LINK,
        ("id", "earlier_id", "later_id"),
        ("SELECT earlier_id FROM {rows}", "SELECT later_id FROM {rows}"),
    ),
    Source("recommendations_issue", ("id", "path")),
    Source("recommendations_populationgroup", ("id", "slug")),
    Source("recommendations_stakeholder", ("id", "slug", "published")),
)
SOURCES = _watched(_ROUTES)
EVENTS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def next_version(dialect: Dialect, where: str = "") -> str:
    """Return the statement that gives the data a new version number and token."""
    token = dialect.token
    return (
        f"INSERT INTO {VERSION} (id, number, token, epoch, paused, made_of)"
        f" VALUES (1, 1, {token}, {token}, FALSE, '')"
        f" ON CONFLICT (id) DO UPDATE SET number = {VERSION}.number + 1, token = {token}{where}"
    )


def _name(source: Source, event: str) -> str:
    return f"{source.table}_listing_{event.lower()}"


def _of_rows(dialect: Dialect) -> list[Trigger]:
    """Return row-level triggers, the only kind that SQLite supports."""
    triggers = []
    number = f"(SELECT number FROM {VERSION})"
    gone = f"UPDATE {VERSION} SET epoch = token;"
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
                when += f" AND ({old}) {dialect.differs} ({new})"
            if source.only:
                when += (
                    f" AND COALESCE({', '.join(f'{row}.{source.only}' for row in rows)}, NULL) IS NOT NULL"
                )
            steps = [f"{next_version(dialect)};"]
            if source.table == RECORD and event == "DELETE":
                steps += [f"DELETE FROM {LISTING} WHERE recommendation_id = OLD.id;", gone]
            if ids:
                steps.append(f"{insert_sql(f'IN ({ids})', number, dialect)};")
            triggers.append(Trigger(_name(source, event), source.table, event, " ".join(steps), when=when))
    return triggers


TURN = "recommendations_listing_turn"


def _functions(dialect: Dialect) -> list[str]:
    """Return SQL that creates the functions called by the statement-level triggers."""
    version = next_version(dialect, f" WHERE NOT {VERSION}.paused RETURNING number INTO at")
    return [
        "CREATE OR REPLACE FUNCTION recommendations_take_turn() RETURNS void LANGUAGE plpgsql AS $$ BEGIN"
        " IF current_setting('lock_timeout') = '0' THEN"
        f" PERFORM set_config('lock_timeout', '{TURN_SECONDS}s', true); END IF;"
        f" PERFORM 1 FROM {VERSION} FOR UPDATE; END $$",
        f"CREATE OR REPLACE FUNCTION {TURN}() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN PERFORM recommendations_take_turn(); RETURN NULL; END $$",
        "CREATE OR REPLACE FUNCTION recommendations_refresh_listing(ids bigint[]) RETURNS void"
        f" LANGUAGE plpgsql AS $$ DECLARE at bigint; BEGIN {version};"
        " IF at IS NULL OR cardinality(ids) = 0 THEN RETURN; END IF;"
        f" DELETE FROM {LISTING} l WHERE l.recommendation_id = ANY(ids)"
        f" AND NOT EXISTS (SELECT 1 FROM {RECORD} r WHERE r.id = l.recommendation_id);"
        f" IF FOUND THEN UPDATE {VERSION} SET epoch = token; END IF;"
        f" {insert_sql('= ANY(ids)', 'at', dialect)}; END $$",
    ]


def _of_statements(dialect: Dialect) -> list[Trigger]:
    """Return statement-level triggers, so that writing a thousand rows derives them all at once.

    A second trigger takes the writers' lock before the statement locks any row. A transaction that waits
    for that lock therefore holds no row lock that its holder may need, and what it derives after waiting
    takes the other writers' changes into account.
    """
    triggers = []
    tables = {"NEW": "NEW TABLE AS new_rows", "OLD": "OLD TABLE AS old_rows"}
    for source in SOURCES:
        columns = ", ".join(source.columns)
        old, new = (f"SELECT {columns} FROM {name}_rows" for name in ("old", "new"))
        rows = {"INSERT": new, "DELETE": old, "UPDATE": f"({old} EXCEPT {new}) UNION ({new} EXCEPT {old})"}
        turn = Trigger(
            _name(source, "turn"),
            source.table,
            "INSERT OR UPDATE OR DELETE",
            moment="BEFORE",
            each="STATEMENT",
            function=TURN,
        )
        triggers.append(turn)
        for event, sides in EVENTS.items():
            only = f" WHERE {source.only} IS NOT NULL" if source.only else ""
            changed = f"(SELECT * FROM ({rows[event]}) c{only}) t"
            ids = " UNION ".join(query.format(rows=changed) for query in source.records)
            refresh = f"ARRAY({ids})" if ids else "ARRAY[]::bigint[]"
            body = (
                f"IF EXISTS (SELECT 1 FROM {changed}) THEN"
                f" PERFORM recommendations_refresh_listing({refresh}); END IF; RETURN NULL;"
            )
            named = " ".join(tables[side] for side in sides)
            triggers.append(
                Trigger(_name(source, event), source.table, event, body, each="STATEMENT", rows=named)
            )
    return triggers


@dataclass(frozen=True, slots=True)
class Definition:
    """The database objects behind the listing: run the statements in `before`, then create the triggers."""

    before: list[str]
    triggers: list[Trigger]

    def digest(self, dialect: Dialect) -> str:
        """Return a hash of the definition; when it changes, all rows must be rederived."""
        made = [sql for trigger in self.triggers for sql in dialect.make(trigger)]
        return sha256("\n".join([*self.before, *made]).encode()).hexdigest()


def definition(connection: BaseDatabaseWrapper) -> Definition:
    """Return the definition of view, functions and triggers for this database."""
    dialect = dialect_of(connection)
    view = f"CREATE VIEW {VIEW} AS {view_sql(connection)}"
    if connection.vendor == "postgresql":
        return Definition([view, *_functions(dialect)], _of_statements(dialect))
    return Definition([view], _of_rows(dialect))
