"""Safe when nothing is set, and one clear line when something is wrong."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings

from recommendations.checks import check_settings


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """manage.py with nothing in its environment but what is given."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_key_it_refuses_with_one_line():
    answer = run("check")
    assert answer.returncode == 1
    assert answer.stderr.startswith("manage.py: SECRET_KEY is not set.")
    assert answer.stderr.count("\n") == 1


def test_reading_a_document_needs_no_key():
    answer = run("parse_document", "no-such-file.pdf")
    assert answer.returncode == 2
    assert answer.stderr == "parse_document: no-such-file.pdf: there is no such file\n"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://u:p@h/db", "DATABASE_URL must begin with postgres:// or sqlite:///"),
        ("nonsense", "DATABASE_URL"),
    ],
)
def test_a_database_we_do_not_know_is_refused_with_one_line(url, message):
    answer = run("check", SECRET_KEY="k" * 50, DATABASE_URL=url)
    assert answer.returncode == 1
    assert message in answer.stderr
    assert "Traceback" not in answer.stderr


def test_nothing_set_is_safe():
    code = (
        "from django.conf import settings as s;"
        "print(s.DEBUG, s.ALLOWED_HOSTS, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT)"
    )
    answer = run("shell", "-v0", "-c", code, SECRET_KEY="k" * 50)
    assert answer.stdout.strip().endswith("False [] True True")


def test_the_demo_answers_only_to_this_machine():
    answer = run("demo", "--port", "70000")
    assert answer.returncode == 1
    assert "70000 is no port" in answer.stderr


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("STALE_AFTER_MONTHS", 0, "tracker.E001"),
        ("SITE_URL", "tracker.example.org", "tracker.E002"),
        ("SITE_URL", "https://tracker.example.org/?x", "tracker.E002"),
        ("ALLOWED_HOSTS", [], "tracker.W002"),
        ("SECRET_KEY", "short", "tracker.W003"),
    ],
)
def test_settings_that_make_no_sense_are_named(settings, name, value, code):
    settings.DEMO = settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["tracker.example.org"]
    assert check_settings(None) == []
    setattr(settings, name, value)
    assert [message.id for message in check_settings(None)] == [code]
