"""Tables on their way in: recognised, planned row by row, written all or nothing, undone as a whole.

Each function opens its own transaction and calls `progress(done, total)` in it, every second or so: what
is told there must be written elsewhere, or it is not seen before the end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from recommendations.importing.errors import RefusedError

if TYPE_CHECKING:
    from recommendations.models import Import

# Rows done, and rows in all (0 where that is not known).
Progress = Callable[[int, int], None]


def prepare(source: Import, progress: Progress) -> None:
    """Recognise the table and work out what each row would do; saves kind, evidence and report.

    Writes no record. Raises RefusedError for what cannot be read.
    """
    raise RefusedError(gettext("Tables are not read yet."))


def apply(source: Import, progress: Progress) -> None:
    """Write what was planned, all or nothing; sets the report to what was done. Raises RefusedError."""
    raise RefusedError(gettext("Tables are not read yet."))


def undo(source: Import, progress: Progress) -> None:
    """Take back all that the import wrote. Raises RefusedError where something stands in the way."""
    raise RefusedError(gettext("Tables are not read yet."))


def standing_in_the_way(source: Import) -> list[str]:
    """What was built on the import since and keeps it from being undone, a sentence each."""
    return []
