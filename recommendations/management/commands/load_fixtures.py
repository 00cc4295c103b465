"""`manage.py load_fixtures`: load the shipped records into the database; idempotent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recommendations.importing.fixtures.load import LoadError, load


class Command(BaseCommand):
    help = "Load fixtures/built. Rows edited here since, and published follow-up, are left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.FIXTURES_DIR / "built")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if not any(folder.glob("*.json")):
            raise CommandError(f"no fixtures in {folder}. Run `manage.py build_fixtures` first.")
        try:
            loaded = load(folder)
        except LoadError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Fixtures: {loaded}.")
