"""Tracks which imports are being worked on and their progress, in files outside the database transaction.

Each run holds an operating-system lock on its own file for as long as its process lives. The kernel
releases the lock however the process ends, even after `kill -9`, so no timeout is needed to decide
whether a worker is dead. The progress is written to the same file: rows written inside the transaction
are not visible from outside, and SQLite has only one writer.
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
# Maximum number of imports worked on at once, one process each; SQLite has only one writer anyway.
WORKERS = {"sqlite": 1, "postgresql": 2}
EVERY = 0.3  # seconds between two progress updates
BEGINNING = 10  # seconds within which a new process has locked its import, even on a slow machine
_NOTE = "{:020d} {:020d}"


class Done(NamedTuple):
    """The number of steps done and the total, which is 0 if unknown."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        """Return the progress as a whole percentage, 0 if the total is unknown."""
        return min(100, self.done * 100 // self.total) if self.total else 0


class Run:
    """A file that stays locked while a worker runs the import, and holds its progress."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.noted_at = 0.0

    def note(self, done: int, total: int) -> None:
        """Write the progress to the file, at most once every `EVERY` seconds."""
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
    """Hold the lock on this file for the block; None if another process has it."""
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
    """Hold the lock on this import for the block; None if another worker has it."""
    path = _path(key)
    # A page that checks whether a worker is running holds the lock for an instant, so try again.
    with taken(path, tries=20) as run:
        if run:
            os.ftruncate(run.descriptor, 0)
        yield run
        if run:
            # A process that opened the file just before may lock it too; the database then admits only one.
            path.unlink(missing_ok=True)


@contextmanager
def slot() -> Iterator[None]:
    """Hold one of the places for concurrent workers, waiting until one is free."""
    places = [_folder() / f"worker-{number}.lock" for number in range(WORKERS[connection.vendor])]
    while True:
        for place in places:
            with taken(place) as run:
                if run:
                    yield
                    return
        time.sleep(0.2)


def is_in_hand(key: UUID) -> bool:
    """Return whether a living process is working on the import or waiting for its turn."""
    path = _path(key)
    if not path.exists():
        return False
    with taken(path, how=fcntl.LOCK_SH) as run:
        return run is None


def is_beginning(key: UUID) -> bool:
    """Return whether a process was started for the import so recently that it may not have locked it yet."""
    with suppress(OSError):
        return time.time() - _begun(key).stat().st_mtime < BEGINNING
    return False


def progress(key: UUID) -> Done | None:
    """Return the progress of the import, or None if none has been written."""
    with suppress(OSError, ValueError):
        done, total = _path(key).read_text("ascii").split()
        return Done(int(done), int(total))
    return None


def start(key: UUID) -> None:
    """Start working on the import in a separate process that outlives the request.

    If no process can be started, the import waits for `manage.py run_imports`.
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

    # Wait for the process to end, so that it does not remain as a zombie.
    threading.Thread(target=wait, daemon=True).start()
