"""Runs that are killed, run twice at once, or meet a broken mail server: each digest is sent, and once."""

from __future__ import annotations

import email
import os
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from contextlib import closing
from smtplib import SMTPServerDisconnected
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from recommendations.desk.alerts.sending import Run
from recommendations.models import AlertSetting, Digest
from tests import make
from tests.desk.alerts.digests import DAY, MIDNIGHT, MORNING, SITE, entry, reader, send

if TYPE_CHECKING:
    from pathlib import Path

KILLED = -9


class Child:
    """Runs of `manage.py send_digests` in processes of their own, on the database as it is now."""

    def __init__(self, folder: Path) -> None:
        self.mails = folder / "mails"
        self.mails.mkdir()
        if connection.vendor == "sqlite":
            # The tests' database is in this process's memory; what it holds goes to a file.
            connection.ensure_connection()
            with closing(sqlite3.connect(folder / "db.sqlite3")) as file:
                connection.connection.backup(file)
            self.url = f"sqlite:///{folder / 'db.sqlite3'}"
        else:
            values = connection.settings_dict
            login = f"{values['USER']}:{values['PASSWORD']}" if values["PASSWORD"] else values["USER"]
            port = f":{values['PORT']}" if values["PORT"] else ""
            self.url = f"postgres://{login}@{values['HOST']}{port}/{values['NAME']}"

    def start(self, **values: str) -> subprocess.Popen[str]:
        """Begin a run."""
        own = {
            "DJANGO_SETTINGS_MODULE": "tests.desk.alerts.killing_mail_settings",
            "DATABASE_URL": self.url,
            "MAIL_FOLDER": str(self.mails),
        }
        return subprocess.Popen(
            [sys.executable, "manage.py", "send_digests"],
            cwd=settings.BASE_DIR,
            env=os.environ | own | values,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, **values: str) -> tuple[int, str]:
        """A whole run: its exit code, and what it said."""
        process = self.start(**values)
        out, err = process.communicate(timeout=120)
        return process.returncode, out + err

    def arrived(self) -> Counter[tuple[str, str]]:
        """How often each mail has arrived, by its recipient and Message-ID."""
        found = [email.message_from_bytes(file.read_bytes()) for file in self.mails.iterdir()]
        return Counter((message["To"], message["Message-ID"]) for message in found)


def people(number: int) -> list[str]:
    """The addresses of so many people, for each of whom a digest waits in fact (not in the tests' year)."""
    record = make.make_recommendation()
    readers = [reader(record) for _ in range(number)]
    AlertSetting.objects.update(told_until=timezone.now() - 3 * DAY)
    entry(record, timezone.now() - DAY)
    return [user.email for user in readers]


@pytest.mark.django_db(transaction=True)
def test_killed_run_is_finished_by_next_without_duplicates(tmp_path):
    addresses = people(4)
    child = Child(tmp_path)
    assert child.run(MAIL_KILLS="before 1")[0] == KILLED
    assert child.arrived() == {}
    assert child.run(MAIL_KILLS="before 3")[0] == KILLED
    assert len(child.arrived()) == 2
    code, said = child.run()
    assert (code, "2 sent (1 at a further attempt)" in said) == (0, True), said
    assert sorted(to for to, _id in child.arrived()) == sorted(addresses)
    assert set(child.arrived().values()) == {1}
    assert "0 sent" in child.run()[1]


@pytest.mark.django_db(transaction=True)
def test_mail_resent_after_kill_keeps_its_message_id(tmp_path):
    """One mail twice cannot be excluded (docs/administrators.md); mail programs can tell by its id."""
    addresses = people(3)
    child = Child(tmp_path)
    assert child.run(MAIL_KILLS="after 2")[0] == KILLED
    assert child.run()[0] == 0
    assert sorted(to for to, _id in child.arrived()) == sorted(addresses)
    assert sorted(child.arrived().values()) == [1, 1, 2]


@pytest.mark.django_db(transaction=True)
def test_simultaneous_runs_send_each_mail_once(tmp_path):
    addresses = people(5)
    child = Child(tmp_path)
    both = [child.start(MAIL_TAKES="0.3") for _ in range(2)]
    said = ["".join(process.communicate(timeout=120)) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sorted(to for to, _id in child.arrived()) == sorted(addresses)
    assert set(child.arrived().values()) == {1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"), reason="SQLite locks it all")
def test_run_skips_person_claimed_by_another_run():
    record = make.make_recommendation()
    reader(record)
    entry(record)
    busy = Run(MORNING, SITE)
    pk = AlertSetting.objects.get().pk
    digest = busy.claim(pk)
    reached, go_on = threading.Event(), threading.Event()

    def hold(_message: object) -> None:
        reached.set()
        assert go_on.wait(20)

    def deliver() -> None:
        busy.mailer.send = hold
        busy.deliver(digest)
        connection.close()

    thread = threading.Thread(target=deliver)
    thread.start()
    assert reached.wait(20)
    report = send()
    go_on.set()
    thread.join()
    assert (report.sent, report.failed, mail.outbox) == (0, 0, [])
    assert Digest.objects.get().state == "sent"


@pytest.mark.django_db
def test_same_claim_in_two_runs_sends_once():
    record = make.make_recommendation()
    reader(record)
    entry(record)
    one, other = Run(MORNING, SITE), Run(MORNING, SITE)
    pk = AlertSetting.objects.get().pk
    claims = [(run, run.claim(pk)) for run in (one, other)]
    assert [run.deliver(digest) for run, digest in claims] == ["sent", "prepared"]
    assert len(mail.outbox) == 1
    assert one.claim(pk) is None


class Refusing(EmailBackend):
    """Refuses certain recipients, or everything."""

    refuses: tuple[str, ...] = ()
    is_down = False

    def open(self) -> bool:
        if self.is_down:
            raise ConnectionRefusedError("secret-host:25")
        return True

    def send_messages(self, messages):
        if messages[0].to[0] in self.refuses:
            raise SMTPServerDisconnected(f"no such user {messages[0].to[0]}")
        return super().send_messages(messages)


@pytest.fixture
def refusing(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    return lambda **values: [monkeypatch.setattr(Refusing, name, value) for name, value in values.items()]


@pytest.mark.django_db
def test_refused_address_does_not_stop_other_mails(refusing, caplog):
    first, second, third = people(3)
    refusing(refuses=(second,))
    with pytest.raises(CommandError, match="2 sent, 0 with nothing to tell, 1 failed"):
        call_command("send_digests")
    assert [message.to for message in mail.outbox] == [[first], [third]]
    assert "SMTPServerDisconnected" in caplog.text
    assert second not in caplog.text
    refusing(refuses=())
    call_command("send_digests")
    assert mail.outbox[-1].to == [second]
    assert len(mail.outbox) == 3


@pytest.mark.django_db
def test_unreachable_mail_server_ends_run_without_loss(refusing):
    people(2)
    refusing(is_down=True)
    with pytest.raises(CommandError, match=r"The mail server cannot be used \(ConnectionRefusedError\)"):
        call_command("send_digests")
    refusing(is_down=False)
    call_command("send_digests")
    assert len(mail.outbox) == 2


@pytest.mark.django_db
def test_failed_digest_is_sent_unchanged_before_the_next(refusing):
    record = make.make_recommendation()
    user = reader(record)
    early = entry(record)
    refusing(refuses=(user.email,))
    assert send().failed == 1
    claimed = Digest.objects.get()
    later = entry(record, MIDNIGHT + DAY / 2)
    refusing(refuses=())
    report = send(MORNING + DAY)
    assert (report.sent, report.again) == (2, 1)
    one, two = mail.outbox
    assert f"#entry-{early.pk}\n" in one.body
    assert f"#entry-{later.pk}\n" not in one.body
    assert one.message()["Message-ID"] == claimed.message_id != two.message()["Message-ID"]
    assert f"#entry-{later.pk}\n" in two.body
    assert f"#entry-{early.pk}\n" not in two.body


@pytest.mark.django_db
def test_switching_off_after_claim_drops_the_digest(refusing):
    record = make.make_recommendation()
    user = reader(record)
    entry(record)
    refusing(refuses=(user.email,))
    send()
    refusing(refuses=())
    user.alert_setting.choose("off", MORNING)
    assert send().sent == 0
    setting = AlertSetting.objects.get()
    setting.choose("daily", MORNING)
    assert send().sent == 0
    entry(record, MORNING)
    assert send(MORNING + DAY).sent == 1
    assert mail.outbox[0].subject.endswith("1 new entry")
