"""`manage.py run_imports`: process waiting imports; run it every minute by cron or systemd.

The desk also starts it for each new file.
"""

from __future__ import annotations

import subprocess
import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from recommendations.importing import jobs

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """Processes imports that wait or were interrupted, each in its own process."""

    help = "Work on the imports that wait or were left; several at once do not disturb each other."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--one", metavar="KEY", help="only this import, in this process, within limits")

    def handle(self, *args: Any, one: str | None, **options: Any) -> None:
        if one is not None:
            self.run_one(one)
            return
        keys = jobs.left_over()
        for key in keys:
            subprocess.run(  # noqa: S603
                [*settings.COMMAND_LINE, "run_imports", "--one", str(key)],
                check=False,
            )
        self.stdout.write(f"{len(keys)} {'import' if len(keys) == 1 else 'imports'} taken in hand.")

    def run_one(self, key: str) -> None:
        """Process one import within the worker's limits. Raises CommandError for an invalid key."""
        try:
            found = uuid.UUID(key)
        except ValueError:
            raise CommandError(f"{key} is not the key of an import.") from None
        jobs.impose_limits()
        jobs.run(found)
