"""Plain search: rows that contain each word as typed, whatever its case or script.

SQLite's own LIKE and LOWER know only ASCII letters, so there the folding is done by a Python function that
is registered on the connection. PostgreSQL's LOWER follows a collation: not the database's, which may be
C and then knows ASCII only, but ICU's root collation, which knows every script and is there by default.
What a reader types is only ever a parameter of LIKE, never a piece of a query language.
"""

from __future__ import annotations

import re
import unicodedata
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Q, TextField, Transform

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

# Each word is a condition on every searched column, so their number is limited.
WORDS_MAX = 12
LENGTH_MAX = 300
PHRASE_OR_WORD = re.compile(r'"([^"]*)"|(\S+)')


def fold_case(text: str | None) -> str | None:
    """Small letters, and the typewriter's apostrophe for the typographer's, which no keyboard has."""
    return None if text is None else text.lower().replace("’", "'")


def words_of(query: str) -> list[str]:
    """The folded words of a query; what stands in double quotes is kept together."""
    plain = re.sub(r"[“”„«»]", '"', unicodedata.normalize("NFC", query))
    found = (phrase.strip() or word.strip('"') for phrase, word in PHRASE_OR_WORD.findall(plain))
    return list(dict.fromkeys(fold_case(word) or "" for word in found if word))


class Folded(Transform):
    """The look-up `__folded`: a text column as `fold_case` would write it."""

    lookup_name = "folded"
    output_field = TextField()

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, Any]:  # type: ignore[override]  # the stubs name every optional argument
        column, params = compiler.compile(self.lhs)
        return f"""REPLACE(LOWER({column} COLLATE "und-x-icu"), '’', '''')""", params

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, Any]:
        register_folding(connection)
        column, params = compiler.compile(self.lhs)
        return f"TRACKER_FOLD({column})", params


CharField.register_lookup(Folded)
TextField.register_lookup(Folded)


def register_folding(connection: BaseDatabaseWrapper) -> None:
    """Give this SQLite connection the function TRACKER_FOLD, once: SQLite refuses while a statement runs."""
    connection.ensure_connection()
    if getattr(connection, "tracker_folding_on", None) is not connection.connection:
        connection.connection.create_function("TRACKER_FOLD", 1, fold_case, deterministic=True)
        connection.tracker_folding_on = connection.connection  # type: ignore[attr-defined]  # a note of ours on the connection


def contains(word: str, fields: Iterable[str]) -> Q:
    """Rows with this (folded) word in any of the fields."""
    return reduce(or_, (Q(**{f"{field}__folded__contains": word}) for field in fields))
