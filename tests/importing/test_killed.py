"""`kill -9` while a table is written, and while it is undone: everything or nothing, and the next run works.

Each once in a usual run of the tests, and often by `make crash` (docs/performance.md).
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.amounts import KILLS
from tests.browser import ROOT, database
from tests.importing.tables import line, write_csv

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# More than MANY, so that the listing is derived at the end.
ROWS = 2_500
TABLES = ("recommendation", "issuetag", "searchentry", "importedrow", "review", "document", "stakeholder")
UNDO = """
from recommendations.importing import tables
from recommendations.models import Import
for source in Import.objects.filter(state="done"):
    from django.db import transaction
    with transaction.atomic():
        tables.undo(source, lambda done, total: None)
        Import.objects.filter(pk=source.pk).update(state="undone")
"""


class Site:
    """A database of its own, worked on by processes of their own."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url = url
        self.environment = os.environ | {
            "DATABASE_URL": url,
            "MEDIA_ROOT": str(folder / "media"),
            "TRACKER_DEMO": "1",
            "SECRET_KEY": "k" * 50,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A command of the site, begun."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, *arguments: str) -> str:
        """A command of the site, to its end."""
        with self.start(*arguments) as process:
            said = process.communicate()[0].decode()
        assert process.returncode == 0, said
        return said

    def kill(self, after: float, *arguments: str) -> None:
        """A command of the site, killed after so many seconds."""
        with self.start(*arguments) as process:
            time.sleep(after)
            process.kill()

    def count(self) -> tuple[int, ...]:
        """How many rows the tables have."""
        queries = [f"SELECT count(*) FROM recommendations_{table}" for table in TABLES]
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as connection:
                return tuple(connection.execute(query).fetchone()[0] for query in queries)
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            # The server finishes what it was told to do before it notices that nobody is there any more.
            query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
            while connection.execute(query, [connection.info.backend_pid]).fetchone() != (0,):
                time.sleep(0.05)
            return tuple(connection.execute(each).fetchone()[0] for each in queries)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site without any records."""
    with database(tmp_path) as url:
        found = Site(tmp_path, url)
        found.run("migrate", "--verbosity", "0")
        found.run("flush", "--noinput")
        yield found


def test_killed_import_leaves_everything_or_nothing_and_can_rerun(site: Site, tmp_path: Path) -> None:
    path = str(write_csv(tmp_path / "list.csv", [line(Text=f"Do thing {n}.") for n in range(ROWS)]))
    nothing = site.count()
    assert not any(nothing)
    started = time.monotonic()
    site.run("import_table", path)
    takes, everything = time.monotonic() - started, site.count()
    assert everything[0] == ROWS
    started = time.monotonic()
    site.run("shell", "-c", UNDO)
    undoing = time.monotonic() - started
    assert site.count() == nothing
    moments = random.Random()  # noqa: S311  (nothing secret)
    for _ in range(KILLS):
        site.kill(moments.uniform(0.3, takes * 1.05), "import_table", path)
        assert site.count() in (nothing, everything)
        # Left alone or done: the next run comes to its end, whatever the one before left behind.
        site.run("import_table", path)
        assert site.count() == everything
        site.kill(moments.uniform(0.3, undoing * 1.05), "shell", "-c", UNDO)
        assert site.count() in (nothing, everything)
        site.run("shell", "-c", UNDO)
        assert site.count() == nothing
