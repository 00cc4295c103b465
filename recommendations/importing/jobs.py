"""The work on imports: what waits is taken in hand by one worker, and ends entirely or not at all.

Reading happens outside of any request (docs/decisions/0044). Each step is one of `prepare`, `apply` and
`undo` of `documents` or `tables`; the state of the import changes in the same transaction as what the step
wrote, so that a worker that is killed leaves both or neither, and the next one begins anew.
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
# A step that ended suddenly so often is not begun again by itself: the file may be what kills it.
MOST_ATTEMPTS = 3
# Of a worker process: seconds by the clock and of computing, and bytes of memory.
SECONDS, MEMORY = 3_600, 1_500 * 1024 * 1024


class OverrunError(Exception):
    """The worker took too long."""


class LostError(Exception):
    """Somebody else has the import in hand now."""


class Step(NamedTuple):
    """What is done in a state, and the sentence for when it fails for a reason of our own."""

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
    """Where the steps of such an import are."""
    return tables if source.what == Import.What.TABLE else documents


def undo_blockers(source: Import) -> list[str]:
    """What keeps the import from being undone, a sentence each."""
    found: list[str] = module_of(source).undo_blockers(source)
    return found


# What people ask for


def ask(source: Import, state: Import.State, *, of: tuple[Import.State, ...], **values: Any) -> bool:
    """Bring the import from one of these states to another, for a worker to go on; whether that was possible.

    Of two who ask at once one succeeds.
    """
    values |= {"state": state, "attempts": 0, "message": "", "worker": ""}
    if not Import.objects.filter(pk=source.pk, state__in=of).update(**values):
        return False
    transaction.on_commit(lambda: worker_locks.start(source.key))
    return True


def read_again(source: Import, *, what: str = "", kind: str | None = None) -> bool:
    """Read the file from the beginning, as something else if that is said; what was decided is dropped."""
    # Of a table, what a person said of its columns stays.
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
    """Have written what is decided."""
    return ask(source, State.APPLYING, of=(State.READY, State.DONE), applied_by=by)


def undo(source: Import, *, by: User | None) -> bool:
    """Have all of it taken back."""
    return ask(source, State.UNDOING, of=(State.READY, State.DONE), undone_by=by)


def take_up(source: Import) -> bool:
    """Go on with what was undone: every decision is still there."""
    if source.what != Import.What.DOCUMENT or not source.parsed or files.earlier(source.sha256):
        return False
    undone = Import.objects.filter(pk=source.pk, state=State.UNDONE)
    return bool(undone.update(state=State.READY, undone_by=None, undone_at=None))


def discard(source: Import) -> bool:
    """Give it up before anything was written: its file and what was read go."""
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


# What a worker does


def left_over() -> list[UUID]:
    """The imports that somebody should take in hand: new ones, and those whose worker was killed."""
    keys = Import.objects.filter(state__in=Import.AT_WORK).order_by("pk").values_list("key", flat=True)
    return [key for key in keys if not worker_locks.is_in_hand(key)]


def run(key: UUID) -> Import | None:
    """Take the import in hand and do its next step; None where somebody else is at it, or nothing to do."""
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
    """The import, marked as in this process's hand; None where there is nothing to do."""
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
    """Do the step of the import's state. Whatever goes wrong, the import is left where a person can act."""
    step = STEPS[State(source.state)]
    try:
        message = str(step.failed) if source.attempts > MOST_ATTEMPTS else attempt(source, step, held)
        if message:
            if not connection.in_atomic_block:
                # The connection may be what broke.
                connection.close_if_unusable_or_obsolete()
            settle(source, failed(source), message=message)
    except LostError:
        logger.warning("An import is in another worker's hand now; what this one did was taken back.")


def attempt(source: Import, step: Step, held: worker_locks.Run) -> str:
    """Do the step and settle the import; where that fails nothing is written, and the sentence says why."""
    verb = getattr(module_of(source), step.verb)
    try:
        with acting_as(source.undone_by if source.state == State.UNDOING else source.applied_by):
            if source.state == State.READING:
                # Outside of a transaction: a large file takes long, and what is left behind is replaced.
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
        # A fault of ours must not leave the import in nobody's hand; the log tells where it was.
        logger.exception("An import failed.")
        return str(step.failed)
    return ""


def succeeded(source: Import) -> Import.State:
    """Where an import stands after it was written or undone."""
    if source.state == State.UNDOING:
        return State.UNDONE
    return State.READY if source.drafts.filter(state="open").exists() else State.DONE


def failed(source: Import) -> Import.State:
    """Where an import stands when a step did not come to its end."""
    if source.state == State.READING:
        return State.REFUSED
    if source.what == Import.What.TABLE and source.state == State.UNDOING:
        return State.DONE
    return State.READY


def settle(source: Import, state: Import.State, message: str = "", **values: Any) -> None:
    """Leave the import in this state, unless it is no longer in our hand (LostError)."""
    mine = Import.objects.filter(pk=source.pk, state=source.state, worker=source.worker)
    now = {"finished_at": timezone.now()} if state == State.REFUSED else {}
    if state == State.UNDONE:
        now = {"undone_at": timezone.now()}
        values.pop("finished_at", None)
    if not mine.update(state=state, message=message, attempts=0, **now, **values):
        raise LostError


@contextmanager
def acting_as(user: User | None) -> Iterator[None]:
    """Let the history of what is written name this person, as in a request."""
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
    """Hold this process to the limits of a worker. Reading has narrower ones of its own (`confined.py`)."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 60))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def overrun(*_: object) -> None:
        raise OverrunError

    signal.signal(signal.SIGXCPU, overrun)
    signal.signal(signal.SIGALRM, overrun)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
