"""Runs all tests on SQLite and, where a server or its programs are found, on PostgreSQL at the same time.

What no database can change (reading documents, how pages look) runs on SQLite only.

`python -m tests.run [--fast] [pytest arguments]`; with --fast on SQLite only, and without browsers. A
PostgreSQL DATABASE_URL is used as it is; otherwise, where PostgreSQL's programs are installed, a cluster
of our own is started on a free port (as an unprivileged user when we are root, which PostgreSQL refuses)
and removed at the end.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent


def postgresql_programs() -> Path | None:
    """The folder of initdb and pg_ctl, the newest version if there are several; None if not installed."""
    folders = [Path(found).parent for found in [shutil.which("initdb")] if found]
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(versions, key=lambda path: float(path.parent.name), reverse=True)
    return next((path for path in folders if (path / "initdb").exists() and (path / "pg_ctl").exists()), None)


def unprivileged() -> list[str]:
    """The prefix of a command that must not run as root."""
    if os.geteuid() != 0:
        return []
    subprocess.run(["id", "postgres"], check=True, capture_output=True)
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextlib.contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """A PostgreSQL cluster for as long as the block runs; yields its DATABASE_URL."""
    prefix, port = unprivileged(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="tracker-pg-"))
    quiet: dict[str, Any] = {"check": True, "stdout": subprocess.DEVNULL}
    if prefix:
        shutil.chown(folder, "postgres", "postgres")
    try:
        data = str(folder / "data")
        subprocess.run(
            [
                *prefix,
                programs / "initdb",
                "-D",
                data,
                "-U",
                "tracker",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ],
            cwd=folder,
            **quiet,
        )
        # Durability is of no use to a database that lives for one test run.
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
        control: list[str | Path] = [*prefix, programs / "pg_ctl", "-D", data, "-w"]
        subprocess.run([*control, "-o", options, "-l", str(folder / "log"), "start"], cwd=folder, **quiet)
        try:
            yield f"postgres://tracker@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], cwd=folder, **quiet)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start_pytest(
    arguments: list[str], database_url: str | None, output: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Begin one run of all tests; a list of arguments narrows it down."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    workers = os.cpu_count() or 1
    if database_url:
        environment["DATABASE_URL"] = database_url
        arguments = ["--second-database", *arguments]
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "pytest", "-q", "-n", str(workers), "--dist", "loadscope"),
            # In the order of tests/conftest.py: what waits most comes first, while there is other work.
            "--no-loadscope-reorder",
            *("--durations", "20", "--durations-min", "1"),
            *arguments,
        ],
        cwd=ROOT,
        env=environment,
        stdout=output,
    )


@contextlib.contextmanager
def second_run(arguments: list[str], database_url: str | None) -> Iterator[Callable[[], int]]:
    """All tests on PostgreSQL beside the first run, which leaves processors idle while its browsers wait.

    Yields what waits for its end, prints what it said, and returns its exit code; 0 if there is no database.
    """
    if database_url is None:
        yield lambda: 0
        return
    with tempfile.TemporaryFile() as output, start_pytest(arguments, database_url, output) as process:

        def finish() -> int:
            process.wait()
            output.seek(0)
            shutil.copyfileobj(output, sys.stdout.buffer)
            sys.stdout.flush()
            return process.returncode

        try:
            yield finish
        finally:
            process.terminate()


def main(arguments: list[str]) -> int:
    """Run both at once; the exit code is that of the first that failed."""
    if fast := "--fast" in arguments:
        arguments = ["-m", "not browser", *(each for each in arguments if each != "--fast")]
    given = "" if fast else os.environ.get("DATABASE_URL", "")
    programs = None if fast else postgresql_programs()
    with contextlib.ExitStack() as stack:
        # What the test processes make once for all of them.
        os.environ["TRACKER_TESTS_FOLDER"] = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="tracker-")
        )
        url = None
        if fast:
            ran = "SQLite only, without browsers"
        elif given.startswith("postgres"):
            url, ran = given, "SQLite and PostgreSQL (the server of DATABASE_URL)"
        elif programs:
            url = stack.enter_context(cluster(programs))
            ran = f"SQLite and PostgreSQL (a cluster of our own, {programs})"
        else:
            ran = "SQLite only: no PostgreSQL server in DATABASE_URL, and no PostgreSQL programs installed"
        print(f"== Tests on {ran}", flush=True)
        finish = stack.enter_context(second_run(arguments, url))
        first = start_pytest(arguments, None).wait()
        if url:
            print("== That was SQLite; on PostgreSQL:", flush=True)
        second = finish()
    failed = first or second
    print(f"== Ran on {ran}: {'FAILED' if failed else 'all passed'}", flush=True)
    return abs(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
