"""Who has an import in hand, and how far it is: told through files, because a transaction tells nothing.

Each run holds a lock of the operating system on a file of its own for as long as its process lives; the
kernel lets go of it however the process ends, also by `kill -9`. So nobody has to guess from a clock
whether a worker is dead. How much is done stands in the same file: rows written inside of the
transaction could not be seen from outside, and SQLite has only one writer.
"""

from __future__ import annotations

import fcntl
import logging
import os
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import connection

from recommendations.models.imports import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

logger = logging.getLogger(__name__)
# So many imports are worked on at once, each by a process; SQLite has one writer anyway.
WORKERS = {"sqlite": 1, "postgresql": 2}
EVERY = 0.3  # seconds between two notes of how far it is
BEGINNING = 10  # seconds in which a new process has the import in hand, on a slow machine too
_NOTE = "{:020d} {:020d}"


class Done(NamedTuple):
    """How much is done of how much; the total is 0 where it is not known."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        """Whole percent, 0 where the total is not known."""
        return min(100, self.done * 100 // self.total) if self.total else 0


class Run:
    """A file that is locked while somebody is at work on the import, and says how far they are."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.noted_at = 0.0

    def note(self, done: int, total: int) -> None:
        """Write down how far it is; not more often than anybody would look."""
        now = time.monotonic()
        if now - self.noted_at >= EVERY or (total and done >= total):
            self.noted_at = now
            os.pwrite(self.descriptor, _NOTE.format(done, total).encode(), 0)


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _path(key: UUID) -> Path:
    return _folder() / f"{key.hex}.run"


def _begun(key: UUID) -> Path:
    return _folder() / f"{key.hex}.begun"


@contextmanager
def taken(path: Path, tries: int = 1, how: int = fcntl.LOCK_EX) -> Iterator[Run | None]:
    """The lock on this file, or None where somebody else has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield Run(descriptor) if _locked(descriptor, tries, how) else None
    finally:
        os.close(descriptor)


def _locked(descriptor: int, tries: int, how: int) -> bool:
    for attempt in range(tries):
        if attempt:
            time.sleep(0.05)
        with suppress(OSError):
            fcntl.flock(descriptor, how | fcntl.LOCK_NB)
            return True
    return False


@contextmanager
def in_hand(key: UUID) -> Iterator[Run | None]:
    """This import to oneself, or None where somebody has it in hand."""
    path = _path(key)
    # A page that asks whether somebody is at it holds the lock for an instant.
    with taken(path, tries=20) as run:
        if run:
            os.ftruncate(run.descriptor, 0)
        yield run
        if run:
            # Two can hold it for a moment if one opened it just before: the database lets only one on.
            path.unlink(missing_ok=True)


@contextmanager
def slot() -> Iterator[None]:
    """A place among those that work at once; waits until one is free."""
    places = [_folder() / f"worker-{number}.lock" for number in range(WORKERS[connection.vendor])]
    while True:
        for place in places:
            with taken(place) as run:
                if run:
                    yield
                    return
        time.sleep(0.2)


def is_in_hand(key: UUID) -> bool:
    """Whether a living process is at work on the import, or waits for its turn."""
    path = _path(key)
    if not path.exists():
        return False
    with taken(path, how=fcntl.LOCK_SH) as run:
        return run is None


def is_beginning(key: UUID) -> bool:
    """Whether a process was started for the import so lately that it may not have it in hand yet."""
    with suppress(OSError):
        return time.time() - _begun(key).stat().st_mtime < BEGINNING
    return False


def progress(key: UUID) -> Done | None:
    """How far the import is, if anybody has noted it."""
    with suppress(OSError, ValueError):
        done, total = _path(key).read_text("ascii").split()
        return Done(int(done), int(total))
    return None


def start(key: UUID) -> None:
    """Begin to work on the import in a process of its own, which outlives the request.

    Where that cannot be, the import waits for `manage.py run_imports`.
    """
    if not settings.IMPORTS_START_AT_ONCE:
        return
    begun = _begun(key)
    try:
        begun.touch(mode=0o600)
        process = subprocess.Popen(  # noqa: S603
            [*settings.COMMAND_LINE, "run_imports", "--one", str(key)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        logger.exception("No process could be started to work on an import.")
        begun.unlink(missing_ok=True)
        return

    def wait() -> None:
        process.wait()
        begun.unlink(missing_ok=True)

    # Somebody has to take note of its end, or it stays in the table of processes.
    threading.Thread(target=wait, daemon=True).start()
