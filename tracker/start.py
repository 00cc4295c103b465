"""How a server starts: configured rightly, or not at all."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, TypeVar

import django
from django.core.checks import ERROR, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Callable

Application = TypeVar("Application")

# With this status of a worker, gunicorn stops instead of starting the next one, for ever.
CANNOT_BOOT = 3
# Of how many new objects the garbage is searched for, and how often before all others are searched too.
GARBAGE = (10_000, 10, 10)


def start(server: str, get_application: Callable[[], Application]) -> Application:
    """The application; a misconfiguration is a line a mistake on standard error, and the end.

    Of the system checks only the tracker's own are run, and only errors stop the start.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    try:
        django.setup(set_prefix=False)
        from recommendations.core.checks import TAG  # imports the settings

        mistakes = [
            f"({message.id}) {message.msg} {message.hint or ''}".rstrip()
            for message in run_checks(tags=[TAG])
            if message.is_serious(ERROR) and not message.is_silenced()
        ]
    except ImproperlyConfigured as error:
        mistakes = [str(error)]
    if mistakes:
        sys.stderr.write("".join(f"{server}: {mistake}\n" for mistake in mistakes))
        sys.exit(CANNOT_BOOT)
    application = get_application()
    settle()
    return application


def settle() -> None:
    """Load what every page needs, take it out of the search for garbage, and let that search come seldom.

    It goes through all there is, every twenty pages or so, for a tenth of a second: a page in twenty took
    twice as long, or three times where the process has learned what suggestions are made of.
    """
    reverse("overview")
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
