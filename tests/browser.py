"""What the browser tests share: the demo as a process of its own, and a real Chromium.

The demo runs outside the tests' process, as a newcomer would start it, on a database of its own: a
SQLite file, or a new database on the PostgreSQL server of the test run.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
import urllib.request
import uuid
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit

from tests.run import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ADMIN = ("editor", "a long password for tests")


@contextlib.contextmanager
def database(folder: Path) -> Iterator[str]:
    """The DATABASE_URL of an empty database that is gone afterwards."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{folder / 'demo.sqlite3'}"
        return
    import psycopg

    name = f"browser_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
        try:
            yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[call-overload]


@contextlib.contextmanager
def demo(folder: Path) -> Iterator[str]:
    """The demo with its records and an administrator; yields its address without a slash at the end."""
    with database(folder) as url:
        environment = os.environ | {"DATABASE_URL": url, "TRACKER_DEMO": "1", "SECRET_KEY": "k" * 50}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        port = free_port()
        log = (folder / "demo.log").open("w")
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address, process, folder / "demo.log")
            subprocess.run(
                [sys.executable, "manage.py", "createsuperuser", "--noinput", "--username", ADMIN[0]],
                cwd=ROOT,
                env=environment
                | {"DJANGO_SUPERUSER_PASSWORD": ADMIN[1], "DJANGO_SUPERUSER_EMAIL": "editor@example.org"},
                check=True,
                capture_output=True,
            )
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)
            log.close()


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 120) -> None:
    """Return once the demo answers; say what it printed if it does not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(URLError, ConnectionError), urllib.request.urlopen(f"{address}/"):  # noqa: S310
            return
        time.sleep(0.3)
    raise RuntimeError(f"the demo does not answer at {address}:\n{log.read_text()}")
