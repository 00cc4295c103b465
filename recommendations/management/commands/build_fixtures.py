"""`manage.py build_fixtures [--check]`: build the fixtures from the documents and their curation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recommendations.importing.fixtures.build import build
from recommendations.importing.fixtures.curation import CurationError
from recommendations.reading.document import DocumentError


class Command(BaseCommand):
    help = "Build fixtures/built from the documents and their curation."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a rebuild would")
        parser.add_argument("--folder", type=Path, default=settings.FIXTURES_DIR, help="default: fixtures")

    def handle(self, *args: Any, check: bool, folder: Path, **options: Any) -> None:
        try:
            files = build(folder)
        except (CurationError, DocumentError) as error:
            raise CommandError(str(error)) from error
        built = folder / "built"
        present = {path.name for path in built.glob("*.json")}
        stale = sorted(
            (present - files.keys())
            | {
                name
                for name, data in files.items()
                if name not in present or (built / name).read_bytes() != data
            }
        )
        if check:
            if stale:
                raise CommandError(f"not current: {', '.join(stale)}. Run `manage.py build_fixtures`.")
            self.stdout.write(f"{len(files)} fixture files are current.")
            return
        built.mkdir(exist_ok=True)
        for name in present - files.keys():
            (built / name).unlink()
        for name, data in files.items():
            (built / name).write_bytes(data)
        self.stdout.write(f"{len(files)} fixture files built, {len(stale)} changed.")
