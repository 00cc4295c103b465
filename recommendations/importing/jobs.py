"""Runs import steps: each import is handled by one worker at a time, and each step is all or nothing.

Reading happens outside of any request (docs/decisions/0044). Each step is one of `prepare`, `apply` and
`undo` of `documents` or `tables`. The import's state changes in the same transaction as the rows the step
writes, so a killed worker leaves either both or neither, and the next worker starts the step over.
"""

from __future__ import annotations

import logging
import os
import resource
import signal
import socket
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.models import HistoricalRecords

from recommendations.importing import documents, files, tables, worker_locks
from recommendations.importing.errors import RefusedError
from recommendations.models import Import

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType
    from uuid import UUID

    from django.contrib.auth.models import User
    from django.utils.functional import _StrPromise

logger = logging.getLogger(__name__)
State = Import.State
# After this many sudden ends a step is not retried automatically: the file itself may crash the worker.
MOST_ATTEMPTS = 3
# Limits of a worker process: seconds of wall-clock time and of CPU time, and bytes of memory.
SECONDS, MEMORY = 3_600, 1_500 * 1024 * 1024


class OverrunError(Exception):
    """Raised when the worker exceeds its time limit."""


class LostError(Exception):
    """Raised when another worker has taken over the import."""


class Step(NamedTuple):
    """The function run in a state, and the message shown when it fails because of an internal error."""

    verb: str
    failed: _StrPromise


STEPS = {
    State.READING: Step(
        "prepare",
        gettext_lazy(
            "The file could not be read to its end: it takes too long, or too much memory, or is broken."
        ),
    ),
    State.APPLYING: Step(
        "apply", gettext_lazy("The writing stopped before its end, so nothing of it was written. Try again.")
    ),
    State.UNDOING: Step(
        "undo", gettext_lazy("The undoing stopped before its end, so nothing of it was undone. Try again.")
    ),
}


def module_of(source: Import) -> ModuleType:
    """Return the module that implements the steps for this import."""
    return tables if source.what == Import.What.TABLE else documents


def undo_blockers(source: Import) -> list[str]:
    """Return the reasons why the import cannot be undone, one sentence each."""
    found: list[str] = module_of(source).undo_blockers(source)
    return found


# Requests by people


def ask(source: Import, state: Import.State, *, of: tuple[Import.State, ...], **values: Any) -> bool:
    """Move the import from one of the states `of` to `state` for a worker; return whether that was possible.

    When two requests arrive at once, only one succeeds.
    """
    values |= {"state": state, "attempts": 0, "message": "", "worker": ""}
    if not Import.objects.filter(pk=source.pk, state__in=of).update(**values):
        return False
    transaction.on_commit(lambda: worker_locks.start(source.key))
    return True


def read_again(source: Import, *, what: str = "", kind: str | None = None) -> bool:
    """Discard all decisions and read the file again, as another type if given; return whether possible."""
    # For a table, keep how a person described its columns.
    kept = {"type", "kind", *(() if what else tables.KEPT)}
    options = {name: value for name, value in source.options.items() if name in kept}
    if kind is not None:
        options["kind"] = kind
    values = {
        "options": options,
        "kind": options.get("kind", ""),
        "what": what or source.what,
        "parsed": None,
    }
    if source.rows.exists() or not source.file:
        return False
    return ask(source, State.WAITING, of=(State.REFUSED, State.READY), **values, report={}, evidence=[])


def publish(source: Import, *, by: User | None) -> bool:
    """Request that the accepted decisions be written; return whether that was possible."""
    return ask(source, State.APPLYING, of=(State.READY, State.DONE), applied_by=by)


def undo(source: Import, *, by: User | None) -> bool:
    """Request that everything the import wrote be taken back; return whether that was possible."""
    return ask(source, State.UNDOING, of=(State.READY, State.DONE), undone_by=by)


def take_up(source: Import) -> bool:
    """Reopen an undone import with all its decisions; return whether that was possible."""
    if source.what != Import.What.DOCUMENT or not source.parsed or files.earlier(source.sha256):
        return False
    undone = Import.objects.filter(pk=source.pk, state=State.UNDONE)
    return bool(undone.update(state=State.READY, undone_by=None, undone_at=None))


def discard(source: Import) -> bool:
    """Discard an import that has written nothing, deleting its file and everything read from it."""
    with transaction.atomic():
        kept = Import.objects.select_for_update().get(pk=source.pk)
        if kept.state not in {State.READY, State.REFUSED, State.UNDONE} or kept.rows.exists():
            return False
        name = kept.file.name
        kept.drafts.all().delete()
        kept.parties.all().delete()
        kept.state, kept.file, kept.parsed, kept.evidence = State.DISCARDED, "", None, []
        kept.save()
    tables.forget_results(kept)
    if name:
        Import._meta.get_field("file").storage.delete(name)
    return True


# Work done by a worker


def left_over() -> list[UUID]:
    """Return the keys of imports that need a worker: new ones, and those whose worker was killed."""
    keys = Import.objects.filter(state__in=Import.AT_WORK).order_by("pk").values_list("key", flat=True)
    return [key for key in keys if not worker_locks.is_in_hand(key)]


def run(key: UUID) -> Import | None:
    """Lock the import and do its next step; None if another worker has it or there is nothing to do."""
    with worker_locks.in_hand(key) as held:
        if held is None:
            return None
        with worker_locks.slot():
            source = claim(key)
            if source is not None:
                work(source, held)
                source.refresh_from_db()
            return source


def claim(key: UUID) -> Import | None:
    """Mark the import as taken by this process and return it; None if there is nothing to do."""
    with transaction.atomic():
        source = Import.objects.select_for_update(of=("self",)).filter(key=key).first()
        if source is None or source.state not in Import.AT_WORK:
            return None
        if source.state == State.WAITING:
            source.state = State.READING
        source.worker = f"{socket.gethostname()[:60]}:{os.getpid()}"
        source.attempts += 1
        source.save(update_fields=["state", "worker", "attempts"])
        return source


def work(source: Import, held: worker_locks.Run) -> None:
    """Do the step for the import's state. Any failure leaves the import in a state a person can act on."""
    step = STEPS[State(source.state)]
    try:
        message = str(step.failed) if source.attempts > MOST_ATTEMPTS else attempt(source, step, held)
        if message:
            if not connection.in_atomic_block:
                # The failure may be a broken connection.
                connection.close_if_unusable_or_obsolete()
            settle(source, failed(source), message=message)
    except LostError:
        logger.warning("An import is in another worker's hand now; what this one did was taken back.")


def attempt(source: Import, step: Step, held: worker_locks.Run) -> str:
    """Do the step and settle the import. On failure nothing is written; return the message that says why."""
    verb = getattr(module_of(source), step.verb)
    try:
        with acting_as(source.undone_by if source.state == State.UNDOING else source.applied_by):
            if source.state == State.READING:
                # No transaction: a large file takes long to read, and another reading replaces leftovers.
                verb(source, held.note)
                settle(source, State.READY)
                return ""
            with transaction.atomic():
                verb(source, held.note)
                settle(source, succeeded(source), finished_at=timezone.now())
    except LostError:
        raise
    except RefusedError as refusal:
        return str(refusal)
    except (MemoryError, OverrunError):
        return str(step.failed)
    except OperationalError:
        logger.exception("The database stopped an import.")
        return _("The database was busy for too long. Nothing was written; try again.")
    except Exception:
        # A bug must not leave the import stuck in progress; the log has the traceback.
        logger.exception("An import failed.")
        return str(step.failed)
    return ""


def succeeded(source: Import) -> Import.State:
    """Return the state of an import after it was written or undone."""
    if source.state == State.UNDOING:
        return State.UNDONE
    return State.READY if source.drafts.filter(state="open").exists() else State.DONE


def failed(source: Import) -> Import.State:
    """Return the state of an import after a failed step."""
    if source.state == State.READING:
        return State.REFUSED
    if source.what == Import.What.TABLE and source.state == State.UNDOING:
        return State.DONE
    return State.READY


def settle(source: Import, state: Import.State, message: str = "", **values: Any) -> None:
    """Leave the import in this state. Raises LostError when this worker no longer holds it."""
    mine = Import.objects.filter(pk=source.pk, state=source.state, worker=source.worker)
    now = {"finished_at": timezone.now()} if state == State.REFUSED else {}
    if state == State.UNDONE:
        now = {"undone_at": timezone.now()}
        values.pop("finished_at", None)
    if not mine.update(state=state, message=message, attempts=0, **now, **values):
        raise LostError


@contextmanager
def acting_as(user: User | None) -> Iterator[None]:
    """Record this person as the author in the history of everything written in the block, as in a request."""
    before = getattr(HistoricalRecords.context, "request", None)
    if user is not None:
        HistoricalRecords.context.request = SimpleNamespace(user=user)
    try:
        yield
    finally:
        if before is not None:
            HistoricalRecords.context.request = before
        elif hasattr(HistoricalRecords.context, "request"):
            del HistoricalRecords.context.request


def impose_limits() -> None:
    """Apply a worker's limits to this process. The document reader has stricter ones (`confined.py`)."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 60))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def overrun(*_: object) -> None:
        raise OverrunError

    signal.signal(signal.SIGXCPU, overrun)
    signal.signal(signal.SIGALRM, overrun)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
