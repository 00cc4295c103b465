"""`manage.py import_document PATH [--dry-run] [--kind KIND]`: turn a document into drafts, like an upload."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.core.management.base import BaseCommand
from django.db import transaction

from recommendations.importing import files, jobs
from recommendations.importing.documents import reading
from recommendations.importing.errors import RefusedError
from recommendations.models import Import
from recommendations.reading.registry import KINDS

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """Publishes nothing: people decide on the drafts at the desk. Exits with 2 if the file is refused."""

    help = "Bring in a document: its passages become drafts to decide on at /desk/import/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the document's file")
        parser.add_argument("--kind", choices=KINDS, default="", help="the kind, where it is not recognised")
        parser.add_argument("--dry-run", action="store_true", help="say what would be; write nothing")

    def handle(self, *args: Any, path: Path, kind: str, dry_run: bool, **options: Any) -> None:
        try:
            lines = self.dry_run(path, kind) if dry_run else self.bring_in(path, kind)
        except (RefusedError, OSError) as refusal:
            reason = str(refusal) if isinstance(refusal, RefusedError) else "The file cannot be read."
            self.stderr.write(f"import_document: {path}: {reason}", self.style.NOTICE)
            sys.exit(2)
        self.stdout.write("\n".join(lines))

    def bring_in(self, path: Path, kind: str) -> list[str]:
        """Create drafts, as an upload does; return lines to print. Raises RefusedError."""
        with path.open("rb") as file:
            expect_document(file)
            source, is_new = files.receive(File(file, name=path.name), made_by=None, kind=kind)
        if is_new:
            jobs.run(source.key)
            source.refresh_from_db()
        if source.state == Import.State.REFUSED:
            raise RefusedError(source.message)
        known = "" if is_new else " It was brought in before."
        return [*summary(source), f"Decide on the drafts at {source.get_absolute_url()}.{known}"]

    def dry_run(self, path: Path, kind: str) -> list[str]:
        """Create drafts and roll back; return lines to print. Raises RefusedError."""
        with path.open("rb") as file:
            expect_document(file)
            sha256 = files.checksum(file)
        lines: list[str] = []
        with transaction.atomic():
            source = Import(what=Import.What.DOCUMENT, kind=kind, filename=path.name, size=0, sha256=sha256)
            # DONE, because an unfinished import blocks another one of the same file.
            source.state, source.options = Import.State.DONE, {"kind": kind} if kind else {}
            source.save()
            reading.take(source, reading.read(path, kind))
            lines = summary(source)
            transaction.set_rollback(True)
        return [*lines, "Nothing was written."]


def expect_document(file: Any) -> None:
    """Raise RefusedError for a table."""
    if files.what_is(file).what != Import.What.DOCUMENT:
        raise RefusedError("This is a table; bring it in at /desk/import/.")


def summary(source: Import) -> list[str]:
    """Return lines about what was read: the document, its drafts, stakeholders not found."""
    drafts = list(source.drafts.all())
    kinds = Counter(draft.kind or draft.becomes for draft in drafts if not draft.outcome)
    known = sum(draft.outcome == "known" for draft in drafts)
    new = [
        str(party.read["name"]) for party in source.parties.order_by("name") if party.stakeholder_id is None
    ]
    what = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common()) or "none"
    review = source.review or " ".join(
        str(source.options.get(name, "")) for name in ("state", "mechanism", "session")
    )
    return [
        f"{source.options.get('symbol') or source.filename}: {source.kind_words}",
        f"Review: {review}{'' if source.review else ' (not here yet)'}",
        f"Drafts: {len(drafts)}; {len(drafts) - known} new ({what}), {known} known already",
        f"Stakeholders not found here: {', '.join(new) or 'none'}",
    ]
