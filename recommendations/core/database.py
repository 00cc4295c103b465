"""What differs between SQLite and PostgreSQL in our own SQL: triggers, and a few words.

Everything that keeps tables true by triggers makes them here: the append-only log, the listing, the search
index of SQLite. Triggers are made after `migrate` and not in a migration, because SQLite drops those of a
table that a later migration rebuilds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import connections

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger of one database. `body` is its statements, each with a semicolon at its end.

    On PostgreSQL they become a function in PL/pgSQL with the trigger's own name, unless `function` names
    one that is there; `rows` names the rows of a statement (`REFERENCING`). `when` is for SQLite: a
    condition on PostgreSQL cannot hold a query, so it stands in the body.
    """

    name: str
    table: str
    event: str
    body: str = ""
    moment: str = "AFTER"
    each: str = "ROW"
    when: str = ""
    rows: str = ""
    function: str = ""


class Dialect(ABC):
    """How one database says what both can do."""

    # Compares rows, null with null too: `(a, b) <differs> (c, d)`.
    differs: ClassVar[str]
    # A text that never comes twice.
    token: ClassVar[str]
    # Behind a subquery: keeps the planner from copying its columns' SQL to wherever they are named.
    fence: ClassVar[str]
    # Whether a table can be emptied past the triggers of its rows.
    truncates: ClassVar[bool]
    # The names of all triggers that work.
    names: ClassVar[str]

    @abstractmethod
    def make(self, trigger: Trigger) -> list[str]:
        """The statements that make a trigger."""

    @abstractmethod
    def drop(self, trigger: Trigger) -> list[str]:
        """The statements that take it away if it is there."""

    @abstractmethod
    def refusal(self, name: str, table: str, event: str, when: str, message: str) -> Trigger:
        """A trigger that refuses an event on a row (or TRUNCATE) under a condition."""


class SQLite(Dialect):
    differs = "IS NOT"
    token = "lower(hex(randomblob(16)))"  # noqa: S105  (no secret)
    fence = "LIMIT -1 OFFSET 0"
    truncates = False
    names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"

    def make(self, trigger: Trigger) -> list[str]:
        when = f" WHEN {trigger.when}" if trigger.when else ""
        return [
            f"CREATE TRIGGER {trigger.name} {trigger.moment} {trigger.event} ON {trigger.table}"
            f" FOR EACH ROW{when} BEGIN {trigger.body} END"
        ]

    def drop(self, trigger: Trigger) -> list[str]:
        return [f"DROP TRIGGER IF EXISTS {trigger.name}"]

    def refusal(self, name: str, table: str, event: str, when: str, message: str) -> Trigger:
        body = f"SELECT RAISE(ABORT, '{message}');"
        return Trigger(name, table, event, body, moment="BEFORE", when=when)


class PostgreSQL(Dialect):
    differs = "IS DISTINCT FROM"
    token = "gen_random_uuid()::text"  # noqa: S105  (no secret)
    fence = "OFFSET 0"
    truncates = True
    names = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"

    def make(self, trigger: Trigger) -> list[str]:
        function = trigger.function or trigger.name
        rows = f" REFERENCING {trigger.rows}" if trigger.rows else ""
        made = (
            f"CREATE TRIGGER {trigger.name} {trigger.moment} {trigger.event} ON {trigger.table}{rows}"
            f" FOR EACH {trigger.each} EXECUTE FUNCTION {function}()"
        )
        if trigger.function:
            return [made]
        body = f"RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {trigger.body} END $$"
        return [f"CREATE OR REPLACE FUNCTION {function}() {body}", made]

    def drop(self, trigger: Trigger) -> list[str]:
        dropped = [f"DROP TRIGGER IF EXISTS {trigger.name} ON {trigger.table}"]
        return dropped if trigger.function else [*dropped, f"DROP FUNCTION IF EXISTS {trigger.name}()"]

    def refusal(self, name: str, table: str, event: str, when: str, message: str) -> Trigger:
        refuse = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'"
        row = {"TRUNCATE": "NULL", "DELETE": "OLD"}.get(event, "NEW")
        body = f"IF {when} THEN {refuse}; END IF; RETURN {row};"
        each = "STATEMENT" if event == "TRUNCATE" else "ROW"
        return Trigger(name, table, event, body, moment="BEFORE", each=each)


_DIALECTS: dict[str, Dialect] = {"sqlite": SQLite(), "postgresql": PostgreSQL()}


def dialect_of(connection: BaseDatabaseWrapper) -> Dialect:
    """How the database of this connection says things."""
    return _DIALECTS[connection.vendor]


def install(cursor: Any, triggers: Iterable[Trigger]) -> None:
    """Make these triggers, in place of those that have their names."""
    triggers = list(triggers)
    remove(cursor, triggers)
    dialect = dialect_of(connections[cursor.db.alias])
    for trigger in triggers:
        for sql in dialect.make(trigger):
            cursor.execute(sql)


def remove(cursor: Any, triggers: Iterable[Trigger]) -> None:
    """Take these triggers away, as far as they are there."""
    connection = connections[cursor.db.alias]
    tables = set(connection.introspection.table_names(cursor))
    for trigger in triggers:
        if trigger.table in tables:
            for sql in dialect_of(connection).drop(trigger):
                cursor.execute(sql)


def are_installed(cursor: Any, triggers: Iterable[Trigger]) -> bool:
    """Whether there are triggers of all these names, and none is switched off."""
    cursor.execute(dialect_of(connections[cursor.db.alias]).names)
    return {trigger.name for trigger in triggers} <= {name for (name,) in cursor.fetchall()}


def analyse(connection: BaseDatabaseWrapper, tables: Iterable[str]) -> None:
    """Let PostgreSQL know in this transaction already how many rows these tables have.

    It counts by itself only what is committed, and plans for a few rows where there are many thousands.
    """
    if connection.vendor == "postgresql":
        names = ", ".join(connection.ops.quote_name(table) for table in tables)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {names}")
