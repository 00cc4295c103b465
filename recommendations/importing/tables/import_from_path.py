"""Imports a table from a path in one go: for the command line, measurements and tests."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations.importing import worker_locks
from recommendations.importing.errors import RefusedError
from recommendations.importing.tables import apply, prepare
from recommendations.importing.tables.planning import forget_results
from recommendations.models import Import

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recommendations.importing.tables import Progress

# Import option that marks an import started here, which ends with its process.
HERE = "at_once"


@contextmanager
def brought_in(path: Path, **options: Any) -> Iterator[Import]:
    """Hold a locked import of the file for the block; it is deleted afterwards unless it was written.

    Imports left by killed processes are deleted first. Raises RefusedError when the same file is already
    being imported.
    """
    source = keep(path, options)
    with worker_locks.in_hand(source.key):
        try:
            yield source
        finally:
            if not Import.objects.filter(pk=source.pk, state=Import.State.DONE).exists():
                forget(source)


def keep(path: Path, options: dict[str, Any]) -> Import:
    """Store a copy of the file, as an upload does."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        for other in Import.objects.filter(sha256=sha256, state__in=Import.UNDER_WAY):
            if HERE in other.options and not worker_locks.is_in_hand(other.key):
                forget(other)
        file.seek(0)
        kind = path.suffix.removeprefix(".").upper()
        source = Import(
            what=Import.What.TABLE,
            filename=path.name[-255:],
            size=path.stat().st_size,
            sha256=sha256,
            options={**options, "type": kind, HERE: True},
            state=Import.State.READY,
        )
        source.file.save(path.name[-100:], File(file), save=False)
    try:
        with transaction.atomic():
            source.save()
    except IntegrityError:
        source.file.delete(save=False)
        raise RefusedError(_("The same file is on its way in already; see it at the desk.")) from None
    return source


def write(source: Import, progress: Progress) -> None:
    """Write what was planned, all or nothing, and mark the import as done."""
    with transaction.atomic():
        apply(source, progress)
        source.state, source.finished_at = Import.State.DONE, timezone.now()
        source.save(update_fields=["state", "finished_at"])


def forget(source: Import) -> None:
    """Delete an import that wrote nothing, with its files."""
    forget_results(source)
    name, storage = source.file.name, source.file.storage
    source.delete()
    if name:
        storage.delete(name)


def import_table(path: Path, progress: Progress = lambda _done, _total: None, **options: Any) -> Import:
    """Import, plan and write. Raises RefusedError when that fails, leaving nothing behind."""
    with brought_in(path, **options) as source:
        prepare(source, progress)
        write(source, progress)
    return source
