"""Tables on their way in: recognised, planned row by row, written all or nothing, undone as a whole.

Each function calls `progress(done, total)` after every some thousand rows; `apply` and `undo` do so in their
transaction, so what is told there must be written elsewhere, or it is not seen before the end.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from recommendations.importing.errors import RefusedError
from recommendations.importing.tables import undoing
from recommendations.importing.tables.current import REASON
from recommendations.importing.tables.decisions import Action, Decision
from recommendations.importing.tables.planning import Plan, dry_run, forget_results, results_of, storage
from recommendations.importing.tables.undoing import undo_blockers
from recommendations.importing.tables.writing import EDITED, MANY, Writer
from recommendations.models import IssueTag
from recommendations.models.listing import lock_for_write
from recommendations.search import listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recommendations.models import Import

__all__ = [
    "KEPT",
    "Progress",
    "apply",
    "forget_results",
    "prepare",
    "refuse_undecided",
    "results_of",
    "storage",
    "undo",
    "undo_blockers",
]

# Rows done, and rows in all (0 where that is not known).
Progress = Callable[[int, int], None]
# Of the options of an import, what a person said of the table's columns.
KEPT = ("columns", "mapping", "review")


def prepare(source: Import, progress: Progress) -> None:
    """Recognise the table and work out what each row would do; saves kind, evidence and report.

    Writes no record. Raises RefusedError for what cannot be read. Where a person has to name the columns
    first, the report says so (`needs_mapping`) and has no numbers.
    """
    with opened(source) as file:
        dry_run(source, file, progress)
    source.save(update_fields=["kind", "evidence", "report"])


def apply(source: Import, progress: Progress) -> None:
    """Write what was planned, all or nothing; the report then says what was done. Raises RefusedError."""
    refuse_undecided(source)
    report = source.report
    number = report[Action.CREATED.value] + report[Action.UPDATED.value] + report[Action.CONFLICTS.value]
    with transaction.atomic(), listing.paused() if number > MANY else transaction.atomic():
        lock_for_write()
        with opened(source) as file:
            done = write(source, file, progress)
        source.report = report | {"done": done, "written": written(source)}
        source.save(update_fields=["report"])


def write(source: Import, file: IO[bytes], progress: Progress) -> dict[str, int]:
    """Decide on every row again, and write; RefusedError where that is not what the dry run found."""
    writer = Writer(source)
    plan = Plan(source, file, writer.make)
    edits = plan.edits is not None
    origin = IssueTag.Origin.EDITOR if edits else IssueTag.Origin.SOURCE
    writer.reason = EDITED if edits else REASON
    for decisions in plan.chunks():
        if plan.lookup is not None:
            writer.create([one for one in decisions if one.action == Action.CREATED], plan.lookup)
        writer.update([one for one in decisions if is_taken(source, one)], origin=origin.value)
        progress(plan.rows, source.report["rows"])
    if str(plan.digest) != source.report["digest"]:
        raise RefusedError(
            _("Records have changed since the dry run, so it does not hold any more; make it anew.")
        )
    writer.flush()
    writer.finish()
    return dict(writer.counts) | undoing.newest_history()


def written(source: Import) -> dict[str, int]:
    """How many rows of each model were made or changed."""
    counts = source.rows.order_by().values_list("model", "action").annotate(Count("pk"))
    return {f"{model} {action}": number for model, action, number in counts}


def is_taken(source: Import, decision: Decision) -> bool:
    """Whether a known record is to be changed: in a conflict only if a person chose the file's values."""
    if decision.action == Action.CONFLICTS:
        options = source.options
        choices = options.get("choices") or {}
        return bool(choices.get(str(decision.row), options.get("conflicts")) == "file")
    return decision.action == Action.UPDATED


def refuse_undecided(source: Import) -> None:
    """Refuse to write a table that was not read to its end, or of which something is left to decide."""
    report, options = source.report, source.options
    if "digest" not in report:
        raise RefusedError(_("Say first what the columns of the table mean."))
    if not any(report[action.value] for action in (Action.CREATED, Action.UPDATED, Action.CONFLICTS)):
        raise RefusedError(_("There is nothing to write: no row would change anything."))
    choices = options.get("choices") or {}
    undecided = report[Action.CONFLICTS.value] - len(choices)
    open_conflicts = undecided > 0 and options.get("conflicts") not in ("file", "keep")
    if (report[Action.REFUSED.value] or open_conflicts) and not options.get("leave_out"):
        raise RefusedError(
            _(
                "{refused} rows are refused and {conflicts} in conflict: mend the file, or choose to leave"
                " those rows out."
            ).format(refused=report[Action.REFUSED.value], conflicts=max(undecided, 0))
        )


def undo(source: Import, progress: Progress) -> None:
    """Take back all that the import wrote. Raises RefusedError where something stands in the way."""
    if reasons := undo_blockers(source):
        raise RefusedError(" ".join(reasons))
    number = source.rows.count()
    with transaction.atomic(), listing.paused() if number > MANY else transaction.atomic():
        lock_for_write()
        if reasons := undo_blockers(source):
            raise RefusedError(" ".join(reasons))
        kept = undoing.take_back(source, progress, number)
        source.report = source.report | {"kept": kept, "written": {}}
        source.save(update_fields=["report"])


@contextmanager
def opened(source: Import) -> Iterator[IO[bytes]]:
    """The file of the import."""
    try:
        with source.file.storage.open(str(source.file.name), "rb") as file:
            yield file
    except FileNotFoundError:
        raise RefusedError(_("The file is not there any more; bring it in again.")) from None
