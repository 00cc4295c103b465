"""One worker has an import in hand; what it leaves is taken over; whatever goes wrong a person can act."""

from __future__ import annotations

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from recommendations.importing import documents, jobs, worker_locks
from recommendations.importing.errors import RefusedError
from recommendations.models import Import
from tests.importing.helpers import TEXT, brought_in, upload, worked_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(desk) -> Import:
    """An import that nobody has in hand."""
    upload(desk, TEXT)
    return Import.objects.get()


def test_import_in_hand_is_not_taken_by_another(waiting) -> None:
    with worker_locks.in_hand(waiting.key) as held:
        assert held is not None
        assert worker_locks.is_in_hand(waiting.key)
        assert jobs.left_over() == []
        assert jobs.run(waiting.key) is None
    assert not worker_locks.is_in_hand(waiting.key)
    assert jobs.left_over() == [waiting.key]


def test_progress_is_shown_on_the_import_page(waiting, desk) -> None:
    with worker_locks.in_hand(waiting.key) as held:
        held.note(250, 1_000)
        assert worker_locks.progress(waiting.key) == (250, 1_000)
        page = desk.get(waiting.get_absolute_url()).text
        assert "250 of 1000" in page
        fragment = desk.get(waiting.get_absolute_url(), headers={"HX-Request": "true"})
        assert "<html" not in fragment.text
        assert "HX-Refresh" not in fragment.headers
    worked_on(waiting)
    fragment = desk.get(waiting.get_absolute_url(), headers={"HX-Request": "true"})
    assert fragment.headers["HX-Refresh"] == "true"


def test_continuing_by_hand_is_offered_only_without_worker(waiting, desk, settings, monkeypatch) -> None:
    ends = threading.Event()

    class Process:
        """A worker that is not yet far enough to have the import in hand."""

        def __init__(self, *_args, **_kwargs) -> None:
            self.wait = ends.wait

    def offered() -> bool:
        fragment = desk.get(waiting.get_absolute_url(), headers={"HX-Request": "true"}).text
        assert ("Nobody is at it" in fragment) == ("Go on with it" in fragment)
        return "Go on with it" in fragment

    assert offered()
    settings.IMPORTS_START_AT_ONCE = True
    monkeypatch.setattr(worker_locks.subprocess, "Popen", Process)
    before = set(threading.enumerate())
    worker_locks.start(waiting.key)
    assert not offered()
    with monkeypatch.context() as patched:
        patched.setattr(worker_locks, "BEGINNING", 0)  # it takes far too long
        assert offered()
    assert not offered()
    (watcher,) = set(threading.enumerate()) - before
    ends.set()  # it has died at once
    watcher.join()
    assert offered()


@pytest.mark.parametrize("state", ["reading", "applying", "undoing"])
def test_import_of_dead_worker_is_taken_over(waiting, state, monkeypatch) -> None:
    Import.objects.filter(pk=waiting.pk).update(state=state, worker="gone:1", attempts=1)
    done = []
    for verb in ("prepare", "apply", "undo"):
        monkeypatch.setattr(documents, verb, lambda *_args, verb=verb: done.append(verb))
    assert jobs.left_over() == [waiting.key]
    worked_on(waiting)
    assert done == [{"reading": "prepare", "applying": "apply", "undoing": "undo"}[state]]
    assert waiting.state in {"ready", "done", "undone"}
    assert jobs.left_over() == []


def test_file_that_kills_its_workers_is_refused(waiting) -> None:
    Import.objects.filter(pk=waiting.pk).update(state="reading", attempts=jobs.MOST_ATTEMPTS)
    worked_on(waiting)
    assert waiting.state == "refused"
    assert "could not be read to its end" in waiting.message


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RefusedError("Too bad."), "Too bad."),
        (MemoryError(), "too much memory"),
        (jobs.OverrunError(), "too long"),
        (OperationalError("database is locked"), "busy"),
        (ValueError("what was in the file"), "could not be read to its end"),
    ],
)
def test_failed_import_is_refused_and_can_be_retried(waiting, monkeypatch, caplog, error, words) -> None:
    def fail(*_args: object) -> None:
        raise error

    monkeypatch.setattr(documents, "prepare", fail)
    worked_on(waiting)
    assert waiting.state == "refused"
    assert words in waiting.message
    assert jobs.read_again(waiting)
    monkeypatch.undo()
    assert worked_on(waiting).state == "ready"


def test_failed_publishing_is_rolled_back(monkeypatch) -> None:
    source = brought_in()

    def half(one: Import, _progress: object) -> None:
        one.drafts.all().delete()
        raise ValueError

    monkeypatch.setattr(documents, "apply", half)
    jobs.publish(source, by=None)
    worked_on(source)
    assert (source.state, source.drafts.count()) == ("ready", 4)
    assert "nothing of it was written" in source.message


def test_worker_that_lost_its_import_writes_nothing(monkeypatch) -> None:
    source = brought_in()

    def overtaken(one: Import, _progress: object) -> None:
        one.drafts.all().delete()
        Import.objects.filter(pk=one.pk).update(worker="another:7")

    monkeypatch.setattr(documents, "apply", overtaken)
    jobs.publish(source, by=None)
    worked_on(source)
    assert source.drafts.count() == 4


def test_second_request_for_busy_import_is_refused() -> None:
    source = brought_in()
    assert jobs.publish(source, by=None)
    assert not jobs.publish(source, by=None)
    assert not jobs.undo(source, by=None)
    assert not jobs.discard(source)


def test_number_of_simultaneous_workers_is_limited(monkeypatch) -> None:
    monkeypatch.setattr(worker_locks, "WORKERS", {"sqlite": 1, "postgresql": 1})
    order = []
    entered = threading.Event()

    def other() -> None:
        entered.wait()
        with worker_locks.slot():
            order.append("second")

    thread = threading.Thread(target=other)
    thread.start()
    with worker_locks.slot():
        entered.set()
        thread.join(0.5)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_run_imports_command_starts_waiting_imports(waiting, capsys, monkeypatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(
        "recommendations.management.commands.run_imports.subprocess.run",
        lambda command, **_: started.append(command),
    )
    call_command("run_imports")
    assert capsys.readouterr().out == "1 import taken in hand.\n"
    assert started[0][-2:] == ["--one", str(waiting.key)]
    with pytest.raises(CommandError, match="not the key"):
        call_command("run_imports", "--one", "x")
