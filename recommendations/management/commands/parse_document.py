"""`manage.py parse_document PATH [--kind KIND]`: print the parsed document as JSON, without a database."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from recommendations.reading.document import DocumentError
from recommendations.reading.reader import read
from recommendations.reading.registry import KINDS

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """Exits with 2 and one line on standard error if the document cannot be read."""

    help = "Read a document (text, PDF, DOCX or HTML) and print its paragraphs and statements as JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", help="the document's file")
        parser.add_argument("--kind", choices=KINDS, help="the kind of document, where it is not recognised")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            document = read(options["path"], options["kind"])
        except DocumentError as refusal:
            self.stderr.write(f"parse_document: {options['path']}: {refusal}", self.style.NOTICE)
            sys.exit(2)
        self.stdout.write(json.dumps(document.as_dict(), ensure_ascii=False, indent=2))
