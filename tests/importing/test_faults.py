"""`kill -9` of a worker at any moment leaves everything or nothing, and the next run does the rest.

Once for each step in every run of the tests; `IMPORT_FAULTS=10` for twenty kills.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import ROOT, database
from tests.importing.helpers import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.browser]  # on both databases, each with one of its own

TIMES = int(os.environ.get("IMPORT_FAULTS", "1"))
RECORDS = 60
# What the test asks of the database, in a process of its own like the worker.
COUNT = """
import json
from recommendations.models import (
    Document, Import, ImportedRow, Paragraph, Recommendation, Review, Stakeholder
)
source = Import.objects.first()
print(json.dumps({
    "state": source.state if source else "", "message": source.message if source else "",
    "drafts": source.drafts.count() if source else 0,
    "rows": ImportedRow.objects.count(), "records": Recommendation.objects.count(),
    "others": [model.objects.count() for model in (Review, Document, Paragraph, Stakeholder)],
}))
"""
BEGIN = """

from django.core.files.base import File
from recommendations.importing import files
from recommendations.models import State
State.objects.get_or_create(iso3="KGZ", defaults={"name": "Kyrgyzstan"})
source, _ = files.receive(File(open(FILE, "rb"), name="a.txt"), made_by=None)
print(source.key)
"""
SETTLE = """
from recommendations.importing import jobs
from recommendations.models import Import
source = Import.objects.first()
source.options |= {"state": "KGZ", "starts_on": "2010-02-01", "title": "A summary", "confirmed": True}
source.save()
source.parties.update(is_new=True)
source.drafts.update(state="accepted")
assert jobs.ASK(source, by=None)
"""
AGAIN = """
from recommendations.importing import jobs
from recommendations.models import Import
assert jobs.take_up(Import.objects.first())
"""
# Runs each line of its input, which is Python as JSON, and answers with a line: what that printed, as JSON.
ANSWERER = """
import contextlib, io, json, sys
import django
django.setup()
for line in sys.stdin:
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(json.loads(line), {})
    print(json.dumps(printed.getvalue()), flush=True)
"""


class Site:
    """A database and a folder for files, used only by processes of their own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.environment = os.environ | {
            "DATABASE_URL": url,
            "MEDIA_ROOT": str(folder / "media"),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }
        self.answerer: subprocess.Popen[str] | None = None

    def manage(self, *arguments: str, **values: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
            **values,
        )

    def ask(self, code: str) -> str:
        """What this Python prints, run in the site's one process that nobody kills."""
        if self.answerer is None:
            command = [sys.executable, "-c", ANSWERER]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            self.answerer = subprocess.Popen(command, cwd=ROOT, env=self.environment, text=True, **pipes)
        assert self.answerer.stdin
        assert self.answerer.stdout
        print(json.dumps(code), file=self.answerer.stdin, flush=True)
        answer = self.answerer.stdout.readline()
        assert answer, "it ended with an error, which stands on standard error"
        return json.loads(answer).strip()

    def close(self) -> None:
        """End that process."""
        if self.answerer is not None:
            self.answerer.communicate()

    def counts(self) -> dict[str, Any]:
        return json.loads(self.ask(COUNT))

    def killed_worker(self, key: str, after: float) -> float:
        """Kill a worker after so many seconds; 0, or how long it took if it had ended by itself."""
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "run_imports", "--one", key],
            cwd=ROOT,
            env=self.environment,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        began = time.monotonic()
        try:
            worker.wait(after)
        except subprocess.TimeoutExpired:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
            return 0.0
        return time.monotonic() - began

    def whole_run(self, key: str) -> float:
        """Seconds that a worker takes that nobody kills."""
        began = time.monotonic()
        self.manage("run_imports", "--one", key)
        return time.monotonic() - began


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("faults")
    with database(folder) as url:
        site = Site(url, folder)
        site.manage("migrate", "--verbosity", "0")
        yield site
        site.close()


def test_killed_worker_leaves_everything_or_nothing(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    more = [
        f"{number}. Known Watch (KW) recommended that Kyrgyzstan pass law number {number} within a year.\n"
        for number in range(4, RECORDS + 1)
    ]
    file.write_text(TEXT + "\n" + "\n".join(more), encoding="utf-8")
    key = site.ask(f"FILE = {str(file)!r}\n{BEGIN}")
    before = site.counts()
    took = {"prepare": site.whole_run(key)}
    read = site.counts()
    assert (read["state"], read["drafts"]) == ("ready", RECORDS + 1)
    for step in ("publish", "undo"):
        site.ask(SETTLE.replace("ASK", step))
        took[step] = site.whole_run(key)
        if step == "publish":
            written = site.counts()
            assert (written["state"], written["message"], written["records"]) == ("done", "", RECORDS + 1)
        else:
            assert site.counts()["others"] == before["others"]
            site.ask(AGAIN)
    killed = halfway = tries = 0
    chance = random.Random(os.environ.get("IMPORT_FAULTS_SEED", "1"))  # noqa: S311
    # Where the machine is quicker than it was, a run may end before it is killed.
    while tries < TIMES or (not killed and tries < TIMES + 10):
        tries += 1
        for step, states in (("publish", ("applying", "done")), ("undo", ("undoing", "undone"))):
            site.ask(SETTLE.replace("ASK", step))
            # The last part of a run is where it writes.
            ended = site.killed_worker(key, chance.uniform(0.5, 1.0) * took[step])
            killed += not ended
            # The machine is not always as quick.
            took[step] = ended or took[step] * 1.05
            found = site.counts()
            assert found["state"] in states
            everything = found["state"] == states[1]
            assert (found["records"] > 0) == (everything == (step == "publish"))
            whole = written if found["records"] else before
            assert (found["rows"], found["others"]) == (whole["rows"], whole["others"])
            halfway += not everything
            if not everything:
                site.manage("run_imports")  # as cron would
                found = site.counts()
                assert (found["state"], found["message"]) == (states[1], "")
        site.ask(AGAIN)
    print(f"killed {killed} of {2 * tries}, {halfway} before the end; a run takes {took}")  # noqa: T201
    assert killed


def test_worker_killed_while_reading_begins_anew(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "b.txt"
    file.write_text(TEXT + "\n4. Spring came late.\n", encoding="utf-8")
    key = site.ask(f"FILE = {str(file)!r}\n{BEGIN}")
    assert not site.killed_worker(key, 0.5)
    site.manage("run_imports")
    found = site.counts()
    assert (found["state"], found["drafts"], found["message"]) == ("ready", 4, "")
