"""The index in the database and how it is asked: every difference between the two engines.

PostgreSQL holds a `tsvector` with a GIN index, SQLite an FTS5 table over the same stems. Neither is left
to part or cut words: the vector is written as a literal, the FTS5 tokenizer parts at spaces only. What
is asked is put together here from stems, which are letters and digits; nobody's typing gets this far.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, F, FloatField, Func

from recommendations.core.database import Trigger, are_installed
from recommendations.core.database import install as install_triggers
from recommendations.search.text.query import All, Node, Not, Query, Words
from recommendations.search.text.query import Any as AnyOf

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

TABLE = "recommendations_searchentry"
FTS = "recommendations_searchfts"
COLUMNS = ("title", "words", "names")
# Between two texts of a column.
APART = "|"
# How much a hit counts in the title, the words, the names.
WEIGHTS = (1.0, 0.6, 0.3)
LETTERS = "ABC"
# A vector counts places no further than 16,383.
PLACES_MAX = 5_000


def vector_literal(*columns: str) -> str:
    """The literal of a tsvector: each stem with its place and the weight of its column.

    Places leave a gap at `|` and between columns, so that no phrase spans it.
    """
    places, place = [], 0
    for letter, column in zip(LETTERS, columns, strict=True):
        for stem in column.split()[:PLACES_MAX]:
            place += 1
            if stem != APART:
                places.append(f"'{stem}':{place}{letter}")
        place += 1
    return " ".join(places)


def tsquery(node: Node) -> str:
    """The literal of a tsquery."""
    if isinstance(node, Words):
        return "(" + " <-> ".join(f"'{stem}'" for stem in node.stems) + ")"
    if isinstance(node, Not):
        return f"!{tsquery(node.node)}"
    return "(" + (" & " if isinstance(node, All) else " | ").join(map(tsquery, node.nodes)) + ")"


def fts_query(node: Node) -> str | None:
    """The query of FTS5, or None for what it cannot say: NOT stands only between two things there."""
    if isinstance(node, Words):
        return '"' + " ".join(node.stems) + '"'
    if isinstance(node, Not):
        return None
    parts = [fts_query(inner) for inner in node.nodes]
    if None in parts:
        return None
    return "(" + (" AND " if isinstance(node, All) else " OR ").join(map(str, parts)) + ")"


def sqlite_condition(node: Node, column: str) -> tuple[str, list[str]]:
    """A condition on the id of a record, with its parameters: what FTS5 can say in one piece is one."""
    if match := fts_query(node):
        return f"{column} IN (SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s)", [match]  # noqa: S608
    if isinstance(node, Not):
        inner, params = sqlite_condition(node.node, column)
        return f"NOT ({inner})", params
    assert isinstance(node, (All, AnyOf))  # noqa: S101  (words are always said in one piece)
    parts = [sqlite_condition(inner, column) for inner in node.nodes]
    between = " AND " if isinstance(node, All) else " OR "
    return "(" + between.join(sql for sql, _ in parts) + ")", [p for _, params in parts for p in params]


class Matches(Func):
    """Whether a record's entry matches the query."""

    output_field = BooleanField()

    def __init__(self, query: Query) -> None:
        assert query.tree is not None  # noqa: S101  (the filter finds nothing for it)
        super().__init__(F("search__recommendation"), F("search__vector"))
        self.tree = query.tree

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Any:
        column, params = compiler.compile(self.get_source_expressions()[0])
        assert not params  # noqa: S101  (a plain column, which may stand several times)
        return sqlite_condition(self.tree, column)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Any:
        vector, params = compiler.compile(self.get_source_expressions()[1])
        return f"{vector} @@ %s::tsquery", [*params, tsquery(self.tree)]


class Relevance(Func):
    """How well a record's entry matches: more hits, and hits in the title, come first."""

    output_field = FloatField()

    def __init__(self, query: Query) -> None:
        super().__init__(*(F(f"search__{column}") for column in (*COLUMNS, "vector")))
        self.wanted = query.wanted

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Any:
        register_relevance(connection)
        compiled = [compiler.compile(column) for column in self.get_source_expressions()[:3]]
        params = [param for _, of_column in compiled for param in of_column]
        wanted = "\n".join(" ".join(words.stems) for words in self.wanted)
        return f"TRACKER_RELEVANCE({', '.join(sql for sql, _ in compiled)}, %s)", [*params, wanted]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Any:
        if not self.wanted:
            return "0::double precision", []
        vector, params = compiler.compile(self.get_source_expressions()[3])
        weights = "{0," + ",".join(str(weight) for weight in reversed(WEIGHTS)) + "}"
        asked = " | ".join(tsquery(words) for words in self.wanted)
        return f"ts_rank(%s::real[], {vector}, %s::tsquery, 1)", [weights, *params, asked]


def relevance(title: str, words: str, names: str, wanted: str) -> float:
    """SQLite's measure: for each word its hits in each column, of which each further one counts less."""
    score = 0.0
    for asked in wanted.split("\n") if wanted else ():
        for weight, column in zip(WEIGHTS, (title, words, names), strict=True):
            hits = f" {column} ".count(f" {asked} ")
            score += weight * hits / (hits + 1)
    return score


def register_relevance(connection: BaseDatabaseWrapper) -> None:
    """Give this SQLite connection the function TRACKER_RELEVANCE, once."""
    connection.ensure_connection()
    if getattr(connection, "tracker_relevance_on", None) is not connection.connection:
        connection.connection.create_function("TRACKER_RELEVANCE", 4, relevance, deterministic=True)
        connection.tracker_relevance_on = connection.connection  # type: ignore[attr-defined]  # a note of ours on the connection


def fts_triggers() -> list[Trigger]:
    """What keeps the FTS5 table in step with the entries."""
    columns = ", ".join(COLUMNS)
    new, old = (", ".join(f"{row}.{column}" for column in COLUMNS) for row in ("NEW", "OLD"))
    add = f"INSERT INTO {FTS}(rowid, {columns}) VALUES (NEW.recommendation_id, {new});"  # noqa: S608
    drop = (
        f"INSERT INTO {FTS}({FTS}, rowid, {columns})"  # noqa: S608
        f" VALUES ('delete', OLD.recommendation_id, {old});"
    )
    bodies = {"insert": add, "delete": drop, "update": drop + add}
    return [Trigger(f"{FTS}_{event}", TABLE, event.upper(), body) for event, body in bodies.items()]


def install(connection: BaseDatabaseWrapper) -> None:
    """What the database needs beside the entries: PostgreSQL nothing, SQLite its FTS5 table and triggers.

    Made and filled if any of them is missing.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        there = FTS in connection.introspection.table_names(cursor)
        if there and are_installed(cursor, fts_triggers()):
            return
        cursor.execute(f"DROP TABLE IF EXISTS {FTS}")
        cursor.execute(
            f"CREATE VIRTUAL TABLE {FTS} USING fts5({', '.join(COLUMNS)}, content='{TABLE}',"
            f" content_rowid='recommendation_id', tokenize=\"ascii tokenchars '{APART}'\")"
        )
        install_triggers(cursor, fts_triggers())
        cursor.execute(f"INSERT INTO {FTS}({FTS}) VALUES ('rebuild')")  # noqa: S608
