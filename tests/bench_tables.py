"""The last part of `make bench`: the importing of tables. `python -m tests.bench_tables [rows …]`.

On a PostgreSQL database that has only the shipped records, found like that of tests/bench_size.py. For each
number of rows the dry run, the writing, the dry run of the same file again, and the undoing: seconds by
the clock, rows a second, seconds of computing here and (where PostgreSQL runs on this machine) in the
server's process, and the most memory that this process had.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench_fill import database_of_its_own, server, table_of
from tests.run import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (41_066, 250_000)
TICKS = os.sysconf("SC_CLK_TCK")


def server_seconds() -> float:
    """Seconds that the server's process for our connection has computed; 0 where that cannot be seen."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.exists():
        return 0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def measure(name: str, number: int, work: Callable[[], Any]) -> None:
    """Do it, and print a line of the table."""
    started, here, there = time.perf_counter(), time.process_time(), server_seconds()
    work()
    seconds = time.perf_counter() - started
    here, there = time.process_time() - here, server_seconds() - there
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"| {name} | {seconds:.1f} | {number / seconds:,.0f} | {here:.1f} | {there:.1f} | {memory} |",
        flush=True,
    )


def run(number: int) -> None:
    """Import a table of so many rows into an empty database, and take it back."""
    from django.core.management import call_command
    from django.db import transaction

    from recommendations.importing.fixtures.load import load
    from recommendations.importing.tables import import_from_path, prepare, undo

    def quiet(_done: int, _total: int) -> None:
        """Nobody looks."""

    def take_back(source: Any) -> None:
        with transaction.atomic():
            undo(source, quiet)

    call_command("migrate", verbosity=0)
    load(ROOT / "fixtures" / "built")
    with tempfile.TemporaryDirectory() as folder:
        path = table_of(number, Path(folder) / "rows.csv")
        print(f"\n{number:,} rows, {path.stat().st_size // 1_000_000} MB\n")
        print("| step | seconds | rows a second | computing here | in the server | peak MB |")
        print("|---|---:|---:|---:|---:|---:|")
        with import_from_path.brought_in(path) as source:
            measure("dry run", number, lambda: prepare(source, quiet))
            measure("writing", number, lambda: import_from_path.write(source, quiet))
        with import_from_path.brought_in(path) as again:
            measure("the same file again", number, lambda: prepare(again, quiet))
        measure("undoing", number, lambda: take_back(source))


def main(sizes: list[int]) -> None:
    """Measure where there is what it needs."""
    print("\n## Importing a table (PostgreSQL)")
    with server() as lacking:
        if lacking:
            print(f"\nSkipped: {lacking}")
            return
        for number in sizes:
            with database_of_its_own("tracker_bench_tables"):
                run(number)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))
