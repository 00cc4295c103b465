"""`manage.py demo`: migrate, load the shipped records and serve them on the loopback address."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recommendations.accounts import services
from recommendations.importing import jobs, worker_locks


class Command(BaseCommand):
    help = "Migrate, load the fixtures and serve on 127.0.0.1, to look around locally."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="default: 8000")
        parser.add_argument("--no-serve", action="store_true", help="prepare the database, then stop")

    def handle(self, *args: Any, port: int, no_serve: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(f"the demo is started as `{settings.PROGRAM} demo`.")
        if not 1 <= port <= 65535:
            raise CommandError(f"{port} is no port: give a number from 1 to 65535.")
        call_command("migrate", verbosity=0, stdout=self.stdout)
        call_command("load_fixtures", stdout=self.stdout)
        for key in jobs.left_over():
            worker_locks.start(key)
        if no_serve:
            return
        self.stdout.write(f"Open http://127.0.0.1:{port}/  (Ctrl+C stops)")
        self.stdout.write(self.sign_in_hint(port))
        # Loopback only: the demo has no HTTPS, and its secret key lasts for one run.
        call_command("runserver", f"127.0.0.1:{port}", use_reloader=False)

    def sign_in_hint(self, port: int) -> str:
        """Return how to sign in to the desk: as an existing administrator, or by creating one."""
        names = [services.name_of(user) for user in services.administrators().order_by("pk")[:3]]
        if not names:
            make = (
                f"TRACKER_DEMO=1 {settings.PROGRAM} createsuperuser" if settings.INSTALLED else "make admin"
            )
            return f"To sign in, make an administrator: `{make}`, in another terminal."
        return f"Sign in at http://127.0.0.1:{port}/desk/ as {' or '.join(names)}; mails are printed here."
