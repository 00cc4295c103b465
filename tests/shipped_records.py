"""The shipped records in the test database: loaded as the application does it once, then copied.

Loading takes ten seconds, and a dozen modules want them.
"""

from __future__ import annotations

import contextlib
import sqlite3
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection

from recommendations.importing.fixtures.load import load
from recommendations.models import append_only
from recommendations.search import listing
from tests.browser import filled_database

# By table, as the database gives them: rows with their columns, or one text.
_copied: dict[str, Any] = {}
# Kept by triggers, which make them of the other rows.
DERIVED = {"recommendations_listing", "recommendations_listingversion"}


def bring() -> None:
    """Put the shipped records into the database, in the transaction that is open."""
    if not _copied:
        if connection.vendor == "postgresql":
            load(settings.BASE_DIR / "fixtures" / "built")
            copy()
            return
        with contextlib.closing(sqlite3.connect(filled_database())) as demo:
            for table in tables():
                _copied[table] = demo.execute(f"SELECT * FROM {table}").fetchall()
    with listing.paused():
        # Evidence cannot be added to a published entry, in whatever order rows come.
        append_only.remove()
        paste()
        connection.check_constraints()
        append_only.install()


def tables() -> list[str]:
    """The tables of all models."""
    return [model._meta.db_table for model in models()]


def models() -> list[Any]:
    """All models of the application, histories and links too, but what is derived."""
    found = apps.get_app_config("recommendations").get_models(include_auto_created=True)
    return [model for model in found if model._meta.db_table not in DERIVED]


def copy() -> None:
    """Remember every row, on PostgreSQL."""
    with connection.cursor() as cursor:
        for table in tables():
            with cursor.copy(f"COPY {table} TO STDOUT") as rows:
                _copied[table] = b"".join(rows)


def paste() -> None:
    """Put every row in place of what is there, which is what migrations made."""
    with connection.cursor() as cursor:
        for table, rows in _copied.items():
            cursor.execute(f"DELETE FROM {table}")
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} FROM STDIN") as into:
                    into.write(rows)
            elif rows:
                marks = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        for sql in connection.ops.sequence_reset_sql(no_style(), models()):
            cursor.execute(sql)
