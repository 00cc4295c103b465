"""What search needs of a database beside its tables, made after each `migrate`."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from recommendations.search.text import engines
from recommendations.search.text.index import index_missing


def install(using: str = "default", **_signal: Any) -> None:
    """A receiver of `post_migrate`: SQLite's side, and entries for records that have none yet."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if engines.TABLE not in connection.introspection.table_names(cursor):
            return
    engines.install(connection)
    if using == DEFAULT_DB_ALIAS:
        index_missing()
