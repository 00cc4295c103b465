"""Safe when nothing is set, and one clear line when something is wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from django.conf import settings

from recommendations.core.checks import check_settings


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


def test_missing_secret_key_is_refused_in_one_line():
    answer = run("check")
    assert answer.returncode == 1
    assert answer.stderr.startswith("manage.py: SECRET_KEY is not set.")
    assert answer.stderr.count("\n") == 1


def test_reading_a_document_needs_no_secret_key():
    answer = run("parse_document", "no-such-file.pdf")
    assert answer.returncode == 2
    assert answer.stderr == "parse_document: no-such-file.pdf: there is no such file\n"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://u:p@h/db", "DATABASE_URL must begin with postgres:// or sqlite:///"),
        ("nonsense", "DATABASE_URL must begin with"),
        ("", "DATABASE_URL must begin with"),
        ("postgres://", "DATABASE_URL must begin with"),
        ("postgres://user:secret@host", "DATABASE_URL must begin with"),
        ("sqlite://", "DATABASE_URL must begin with"),
        ("postgres://user:secret/word@host/name", "DATABASE_URL cannot be read"),
    ],
)
def test_unknown_database_url_is_refused_in_one_line(url, message):
    answer = run("check", SECRET_KEY="k" * 50, DATABASE_URL=url)
    assert answer.returncode == 1
    assert message in answer.stderr
    assert "secret" not in answer.stderr
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "url", ["", "localhost:25", "http://mail", "smtp://", "smtp://user:secret@host:port"]
)
def test_invalid_email_url_is_refused_in_one_line(url):
    answer = run("check", SECRET_KEY="k" * 50, EMAIL_URL=url)
    assert answer.returncode == 1
    assert "EMAIL_URL" in answer.stderr
    assert "secret" not in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_mail_settings_are_read_from_the_environment():
    code = (
        "from django.conf import settings as s;"
        "print(s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_HOST_USER, s.EMAIL_USE_TLS, s.DEFAULT_FROM_EMAIL)"
    )
    mail = {"EMAIL_URL": "smtp+tls://me%40x:p%3Aw@mail.example.org:587", "EMAIL_FROM": "desk@example.org"}
    answer = run("shell", "-v0", "-c", code, SECRET_KEY="k" * 50, **mail)
    assert answer.stdout.strip().endswith("mail.example.org 587 me@x True desk@example.org")


def test_defaults_are_safe():
    code = (
        "from django.conf import settings as s;"
        "print(s.DEBUG, s.ALLOWED_HOSTS, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT)"
    )
    answer = run("shell", "-v0", "-c", code, SECRET_KEY="k" * 50)
    assert answer.stdout.strip().endswith("False [] True True")


def test_demo_refuses_an_impossible_port():
    answer = run("demo", "--port", "70000")
    assert answer.returncode == 1
    assert "70000 is no port" in answer.stderr


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("STALE_AFTER_MONTHS", 0, "tracker.E001"),
        ("UPLOAD_MAX_MB", 0, "tracker.E005"),
        ("SITE_URL", "tracker.example.org", "tracker.E002"),
        ("SESSION_IDLE_MINUTES", 0, "tracker.E003"),
        ("SITE_URL", "https://tracker.example.org/?x", "tracker.E002"),
        ("ALLOWED_HOSTS", [], "tracker.W002"),
        ("SECRET_KEY", "short", "tracker.W003"),
    ],
)
def test_system_checks_report_unsafe_settings(settings, name, value, code):
    settings.DEMO = settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["tracker.example.org"]
    assert check_settings(None) == []
    setattr(settings, name, value)
    assert [message.id for message in check_settings(None)] == [code]


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("STALE_AFTER_MONTHS", "abc", "whole number"),
        ("STALE_AFTER_MONTHS", "", "whole number"),
        ("STALE_AFTER_MONTHS", "-1", "whole number"),
        ("HSTS_SECONDS", "x", "whole number"),
        ("CONN_MAX_AGE", "1.5", "whole number"),
        ("HTTPS", "nope", "true, on, yes, 1, false, off, no, 0"),
        ("HTTPS", "enabled", "true, on, yes, 1, false, off, no, 0"),
        ("DEBUG", "", "true, on, yes, 1, false, off, no, 0"),
        ("BEHIND_PROXY", "sure", "true, on"),
        ("TRACKER_DEMO", "perhaps", "true, on"),
        ("LOG_LEVEL", "foo", "DEBUG, INFO, WARNING, ERROR, CRITICAL"),
    ],
)
def test_invalid_environment_value_is_refused_in_one_line(name, value, allowed):
    given = {"SECRET_KEY": "k" * 50, "DATABASE_URL": "postgres://h/n", name: value}
    answer = run("check", **given)
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"manage.py: {name} is {value!r}: allowed ")
    assert allowed in answer.stderr
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize(("value", "secure"), [("Yes", True), ("1", True), ("off", False), ("FALSE", False)])
def test_switch_accepts_the_usual_words(value, secure):
    code = "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT)"
    answer = run("shell", "-v0", "-c", code, SECRET_KEY="k" * 50, HTTPS=value, LOG_LEVEL="error")
    assert answer.stdout.strip() == f"{secure} {secure}"


@pytest.mark.parametrize("server", ["wsgi", "asgi"])
@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is not set."),
        ("HTTPS", "nope", "HTTPS is 'nope': allowed "),
        ("SITE_URL", "tracker.example.org", "(tracker.E002) SITE_URL is 'tracker.example.org'."),
        ("STALE_AFTER_MONTHS", "0", "(tracker.E001) STALE_AFTER_MONTHS is 0."),
    ],
)
def test_misconfigured_server_stops_with_one_line(server, name, value, line):
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": "k" * 50, name: value}
    answer = subprocess.run(
        [sys.executable, "-c", f"import tracker.{server}"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 3
    assert answer.stderr.startswith(f"tracker.{server}: {line}")
    assert answer.stderr.count("\n") == 1


def test_configured_server_starts():
    answer = subprocess.run(
        [sys.executable, "-c", "from tracker.wsgi import application; print(callable(application))"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "SECRET_KEY": "k" * 50, "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "True\n", "")


def test_fresh_clone_can_create_its_database(tmp_path):
    for name in ("tracker", "recommendations"):
        ignore = shutil.ignore_patterns("__pycache__", "static")
        shutil.copytree(settings.BASE_DIR / name, tmp_path / name, ignore=ignore)
    shutil.copy(settings.BASE_DIR / "manage.py", tmp_path)
    answer = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "TRACKER_DEMO": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.returncode, answer.stderr) == (0, "")
    assert (tmp_path / "data" / "tracker.sqlite3").exists()


def test_home_holds_data_static_files_and_env(tmp_path):
    (tmp_path / ".env").write_text("SITE_NAME=From the file\n")
    code = (
        "from django.conf import settings as s;"
        "print(s.SITE_NAME, s.DATABASES['default']['NAME'], s.MEDIA_ROOT, s.STATIC_ROOT, sep='|')"
    )
    answer = run("shell", "-v0", "-c", code, SECRET_KEY="k" * 50, TRACKER_HOME=str(tmp_path))
    data = tmp_path / "data"
    expected = ["From the file", data / "tracker.sqlite3", data / "media", tmp_path / "staticfiles"]
    assert answer.stdout.strip().split("|") == [str(each) for each in expected]
    assert data.is_dir()
