"""Start of a server process, which exits if the configuration is invalid."""

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

# gunicorn stops on this exit status of a worker instead of restarting it for ever.
CANNOT_BOOT = 3
# Thresholds for gc.set_threshold, of the three generations.
GARBAGE = (10_000, 10, 10)


def start(server: str, get_application: Callable[[], Application]) -> Application:
    """Return the application, or print each configuration error on standard error and exit.

    Only the tracker's own system checks are run, and only errors stop the start.
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
    tune_garbage_collection()
    return application


def tune_garbage_collection() -> None:
    """Load the URL configuration, exempt all loaded objects from garbage collection, and collect less often.

    A full collection took a tenth of a second about every twenty pages, so that one page in twenty took twice
    as long, or three times once a process has loaded the data for suggestions.
    """
    reverse("overview")
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
