"""Plain search: rows that contain each word as typed, ignoring case in any script.

SQLite's LIKE and LOWER handle only ASCII letters, so case is folded by a Python function registered on
the connection. PostgreSQL's LOWER depends on the collation. The database's own may be C, which handles
only ASCII, so ICU's root collation is used, which handles every script and is available by default.
User input is passed only as a parameter of LIKE and is never query syntax.
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

# Maximum number of words, because each is a condition on every searched column.
WORDS_MAX = 12
LENGTH_MAX = 300
PHRASE_OR_WORD = re.compile(r'"([^"]*)"|(\S+)')


def fold_case(text: str | None) -> str | None:
    """Return the text in lower case, with typographic apostrophes replaced by the one on keyboards."""
    return None if text is None else text.lower().replace("’", "'")


def words_of(query: str) -> list[str]:
    """Return the folded words of a query; text in double quotes is kept together."""
    plain = re.sub(r"[“”„«»]", '"', unicodedata.normalize("NFC", query))
    found = (phrase.strip() or word.strip('"') for phrase, word in PHRASE_OR_WORD.findall(plain))
    return list(dict.fromkeys(fold_case(word) or "" for word in found if word))


class Folded(Transform):
    """The look-up `__folded`: a text column folded like `fold_case`."""

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
    """Register TRACKER_FOLD on this SQLite connection, once: SQLite refuses while a statement runs."""
    connection.ensure_connection()
    if getattr(connection, "tracker_folding_on", None) is not connection.connection:
        connection.connection.create_function("TRACKER_FOLD", 1, fold_case, deterministic=True)
        connection.tracker_folding_on = connection.connection  # type: ignore[attr-defined]  # a note of ours on the connection


def contains(word: str, fields: Iterable[str]) -> Q:
    """Return a condition for rows with this folded word in any of the fields."""
    return reduce(or_, (Q(**{f"{field}__folded__contains": word}) for field in fields))
