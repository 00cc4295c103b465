"""A site that is the same each time: a database of its own, a clock that stands still, keys that are fixed.

`prepare` has to come before anything of Django's is set up: fields and modules remember the clock they find.
"""

from __future__ import annotations

import datetime
import io
import logging
import os
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

LOADED_AT = datetime.datetime(2026, 1, 12, 9, 30, tzinfo=datetime.UTC)
ASKED_AT = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=datetime.UTC)
SITE_URL = "https://tracker.example.org"
# Who asks, by the name in the list of addresses; nobody is signed in as "nobody".
NOBODY, PEOPLE = "nobody", ("chief", "edith", "rita", "cleo")


class Fixed:
    """The time of the site, and the next of its random keys."""

    def __init__(self) -> None:
        self.time = LOADED_AT
        self.stem, self.number = "", 0

    def now(self) -> datetime.datetime:
        """In place of `django.utils.timezone.now`."""
        return self.time

    def begin(self, stem: str) -> None:
        """Begin a step, whose keys do not depend on how many were made before it."""
        self.stem, self.number = stem, 0

    def key(self) -> uuid.UUID:
        """In place of `uuid.uuid4`."""
        self.number += 1
        made = uuid.uuid5(uuid.NAMESPACE_URL, f"{SITE_URL}/{self.stem}/{self.number}")
        return uuid.UUID(bytes=made.bytes, version=4)


fixed = Fixed()


def prepare(folder: Path) -> None:
    """Set up Django on an empty database in the folder, with the clock and the keys fixed."""
    os.environ.update(
        DATABASE_URL=f"sqlite:///{folder / 'snapshot.sqlite3'}",
        MEDIA_ROOT=str(folder / "media"),
        DJANGO_SETTINGS_MODULE="tests.settings",
        SECRET_KEY="a-key-for-snapshots-only-long-enough-for-every-check",
        SITE_URL=SITE_URL,
    )
    import django
    from django.utils import timezone

    # What is refused is part of what is asked for.
    logging.disable(logging.CRITICAL)

    timezone.now = fixed.now
    uuid.uuid4 = fixed.key
    django.setup()


def fill() -> None:
    """Load the shipped records, add the made-up ones, and let the day come on which the site is asked."""
    from django.core.management import call_command

    from tests.snapshot.made_up import make_up

    fixed.time = LOADED_AT
    call_command("demo", "--no-serve", stdout=io.StringIO())
    make_up(fixed)
    fixed.time = ASKED_AT
    fixed.begin("asked")


def client_of(who: str) -> Client:
    """A client that is signed in as this person. A failure of the site is an answer like others."""
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(raise_request_exception=False)
    if who != NOBODY:
        client.force_login(User.objects.get(username=who))
    return client
