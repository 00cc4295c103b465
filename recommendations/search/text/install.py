"""Database objects that search needs in addition to its tables, created after each `migrate`."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from recommendations.search.text import engines
from recommendations.search.text.index import index_missing


def install(using: str = "default", **_signal: Any) -> None:
    """Receive `post_migrate`: set up SQLite's FTS5 table, and index records that have no entry yet."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if engines.TABLE not in connection.introspection.table_names(cursor):
            return
    engines.install(connection)
    if using == DEFAULT_DB_ALIAS:
        index_missing()
