"""`manage.py build_status_css [--check]`: the style sheet of the statuses, from their definitions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recommendations.public.status_css import PATH, status_css


class Command(BaseCommand):
    help = f"Build static/{PATH} from the definitions in models/statuses.py."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a rebuild would")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        file = Path(apps.get_app_config("recommendations").path) / "static" / PATH
        css = status_css()
        current = file.exists() and file.read_text(encoding="utf-8") == css
        if check and not current:
            raise CommandError(f"{PATH} is not current. Run `manage.py build_status_css`.")
        if not current:
            file.write_text(css, encoding="utf-8")
        self.stdout.write(f"{PATH} {'is current' if current else 'was built'}.")
