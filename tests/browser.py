"""What the browser tests share: the demo as a process of its own, and a real Chromium.

The demo runs outside the tests' process, as a newcomer would start it, on a database of its own: a
SQLite file, or a new database on the PostgreSQL server of the test run.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.run import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ADMIN = ("editor", "a long password for tests")
MAKE_ADMIN = f"""
from django.contrib.auth.models import User
User.objects.create_superuser({ADMIN[0]!r}, "editor@example.org", {ADMIN[1]!r})
"""

PERIOD = 30  # seconds for which a one-time code is shown
# By the demo's address and the name a person signs in with: the secret of their app for one-time codes.
_secrets: dict[tuple[str, str], str] = {}
_used: set[tuple[str, int]] = set()
_own = tempfile.TemporaryDirectory(prefix="tracker-demo-")


def filled_database() -> Path:
    """A SQLite file with what a demo begins with: made by the first process of a test run that wants it."""
    # Shared by all of them if tests/run.py started them.
    folder = Path(os.environ.get("TRACKER_TESTS_FOLDER", _own.name))
    ready, made = folder / "filled.sqlite3", folder / "made.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            settings = {"DATABASE_URL": f"sqlite:///{made}", "TRACKER_DEMO": "1", "SECRET_KEY": "k" * 50}
            environment = os.environ | settings
            environment.pop("DJANGO_SETTINGS_MODULE", None)
            command = [sys.executable, "manage.py", "demo", "--no-serve"]
            subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
            with contextlib.closing(sqlite3.connect(made)) as connection:
                connection.execute("PRAGMA journal_mode = DELETE")  # all in one file
            made.rename(ready)
    return ready


@contextlib.contextmanager
def database(folder: Path, *, filled: bool = False) -> Iterator[str]:
    """The DATABASE_URL of a database that is gone afterwards: empty, or with SQLite `filled` for a demo."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        if filled:
            shutil.copyfile(filled_database(), folder / "demo.sqlite3")
        yield f"sqlite:///{folder / 'demo.sqlite3'}"
        return
    import psycopg

    name = f"browser_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextlib.contextmanager
def demo(folder: Path, prepare: str = "") -> Iterator[str]:
    """The demo with its records and an administrator; yields its address without a slash at the end.

    `prepare` is Python, run on the demo's database before that.
    """
    with database(folder, filled=True) as url:
        environment = os.environ | {"DATABASE_URL": url, "TRACKER_DEMO": "1", "SECRET_KEY": "k" * 50}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        port = free_port()
        log = (folder / "demo.log").open("w")
        # What is loaded already need not be compared row by row with what it was made of.
        serve = ["runserver", f"127.0.0.1:{port}", "--noreload"]
        begin = serve if url.startswith("sqlite") else ["demo", "--port", str(port)]
        process = subprocess.Popen(
            [sys.executable, "manage.py", *begin],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address, process, folder / "demo.log")
            shell = [sys.executable, "manage.py", "shell", "--no-imports", "-c", MAKE_ADMIN + prepare]
            subprocess.run(shell, cwd=ROOT, env=environment, check=True)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)
            log.close()


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 300) -> None:
    """Return once the demo answers; say what it printed if it does not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(URLError, ConnectionError), urllib.request.urlopen(f"{address}/"):  # noqa: S310
            return
        time.sleep(0.3)
    raise RuntimeError(f"the demo does not answer at {address}:\n{log.read_text()}")


def sign_in(page: Page, address: str, name: str = ADMIN[0], password: str = ADMIN[1]) -> None:
    """Sign in as a person would: the password, then a one-time code; at the first time the app is set up."""
    page.goto(f"{address}/desk/account/login/")
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/account/login/" not in url)
    if "/2fa/authenticate/" in page.url:
        enter_code(page, _secrets[address, name])
        page.wait_for_url(lambda url: "/2fa/" not in url)
    elif "/2fa/" in page.url:
        set_up_second_factor(page, address, name)


def set_up_second_factor(page: Page, address: str, name: str) -> None:
    """Set up an app for one-time codes for who is signed in, and go to the desk."""
    page.goto(f"{address}/desk/account/2fa/totp/activate/")
    secret = _secrets[address, name] = page.locator("#authenticator_secret").input_value()
    enter_code(page, secret)
    page.wait_for_url("**/recovery-codes/")
    page.goto(f"{address}/desk/")


def enter_code(page: Page, secret: str) -> None:
    """Type a code that is valid now and was not used before: no code is taken twice."""
    while True:
        now = int(time.time()) // PERIOD
        # One period early or late is allowed for.
        counter = next((each for each in (now, now + 1, now - 1) if (secret, each) not in _used), None)
        if counter is not None:
            break
        time.sleep(1)
    _used.add((secret, counter))
    page.locator("input[name=code]").fill(format_hotp_value(hotp_value(secret, counter)))
    page.locator("input[name=code]").press("Enter")
