"""Runs all tests on SQLite and then, where a server or its programs are found, on PostgreSQL.

What no database can change (reading documents, how pages look) runs on SQLite only.

`python -m tests.run [pytest arguments]`. A PostgreSQL DATABASE_URL is used as it is; otherwise, where
PostgreSQL's programs are installed, a cluster of our own is started on a free port (as an
unprivileged user when we are root, which PostgreSQL refuses) and removed at the end.
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
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
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
            **quiet,  # type: ignore[call-overload]
        )
        # Durability is of no use to a database that lives for one test run.
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
        control = [*prefix, programs / "pg_ctl", "-D", data, "-w"]
        subprocess.run([*control, "-o", options, "-l", str(folder / "log"), "start"], cwd=folder, **quiet)  # type: ignore[call-overload]
        try:
            yield f"postgres://tracker@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], cwd=folder, **quiet)  # type: ignore[call-overload]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_pytest(arguments: list[str], database_url: str | None) -> int:
    """One run of all tests; a list of arguments narrows it down."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    if database_url:
        environment["DATABASE_URL"] = database_url
        arguments = ["--second-database", *arguments]
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-n", "auto", "--dist", "loadscope"),
            *("--durations", "30", "--durations-min", "3"),
            *arguments,
        ],
        cwd=ROOT,
        env=environment,
        check=False,
    ).returncode


def main(arguments: list[str]) -> int:
    """Run both; the exit code is the worse of the two."""
    print("== Tests on SQLite", flush=True)
    worst = run_pytest(arguments, None)
    given = os.environ.get("DATABASE_URL", "")
    programs = postgresql_programs()
    if given.startswith("postgres"):
        print("== Tests on PostgreSQL (DATABASE_URL)", flush=True)
        ran = "SQLite and PostgreSQL (the server of DATABASE_URL)"
        worst = max(worst, run_pytest(arguments, given))
    elif programs:
        print(f"== Tests on PostgreSQL (a cluster of our own, {programs})", flush=True)
        ran = "SQLite and PostgreSQL (a cluster of our own)"
        with cluster(programs) as url:
            worst = max(worst, run_pytest(arguments, url))
    else:
        ran = "SQLite only: no PostgreSQL server in DATABASE_URL, and no PostgreSQL programs installed"
    print(f"== Ran on {ran}: {'all passed' if worst == 0 else 'FAILED'}", flush=True)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
