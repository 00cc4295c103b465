"""Taking an import back: new records go, changed ones get back what they held, all of it or nothing."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection
from django.db.models import ManyToOneRel, Max, OneToOneRel
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.importing.tables import bulk
from recommendations.importing.tables.current import REASON, current
from recommendations.importing.tables.decisions import Action, Decision
from recommendations.importing.tables.writing import (
    EDITED,
    GROUPS,
    HISTORY,
    PAST,
    RAISED,
    RECORD,
    TAG_HISTORY,
    Writer,
)
from recommendations.models import (
    Following,
    ImportDraft,
    ImportedRow,
    IssueTag,
    Listing,
    Recommendation,
    SearchEntry,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import Model, QuerySet

    from recommendations.models import Import

CHUNK = 2_000
TAKEN_BACK = f"{REASON}: taken back"
# What goes with a record; anything else that hangs on it was made by people.
GOES_ALONG = (IssueTag, SearchEntry, Listing, RAISED, GROUPS, Following)
# What was made beside the records, in the order in which it can go.
BESIDE = ("document", "review", "stakeholder", "issue", "state")
NAMED = 5


def newest_history() -> dict[str, int]:
    """The newest entries of the histories: what comes after them, somebody did later."""
    return {
        "history": HISTORY.objects.aggregate(newest=Max("history_id"))["newest"] or 0,
        "tag_history": TAG_HISTORY.objects.aggregate(newest=Max("history_id"))["newest"] or 0,
    }


def written(source: Import, action: str, model: str = "recommendation") -> QuerySet[Any, Any]:
    """The ids of what the import made or changed."""
    rows = ImportedRow.objects.filter(source=source, action=action, model=model)
    return rows.order_by().values("object_id")


def relations(model: type[Model], besides: Sequence[type[Model]] = ()) -> list[tuple[Any, str]]:
    """What can hang on a row of a model and keeps it: the other model, and its field."""
    found = []
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, (ManyToOneRel, OneToOneRel)):
            other: Any = relation.related_model
            if other not in besides and not other.__name__.startswith("Historical"):
                found.append((other, relation.field.name))
    return found


def undo_blockers(source: Import) -> list[str]:
    """What was built on the import since and keeps it from being undone, a sentence each."""
    created = written(source, ImportedRow.Action.CREATED)
    sentences = []
    for model, field in relations(Recommendation, (*GOES_ALONG, ImportDraft)):
        rows = model._base_manager.filter(**{f"{field}__in": created})
        if model is Recommendation:
            rows = rows.exclude(pk__in=created)
        if number := rows.count():
            references = rows.order_by().values_list(f"{field}__reference", flat=True).distinct()[:NAMED]
            sentences.append(
                _("{number} × {what} hang on its records ({references}).").format(
                    number=number, what=model._meta.verbose_name_plural, references=", ".join(references)
                )
            )
    return sentences + later_edits(source)


def later_edits(source: Import) -> list[str]:
    """Whether somebody changed its records since; and whether it is known at all."""
    done = source.report.get("done") or {}
    rows = ImportedRow.objects.filter(source=source, model="recommendation")
    touched = rows.order_by().values("object_id")
    references: set[str] = set()
    for model, field, since in (
        (HISTORY, "id", "history"),
        (TAG_HISTORY, "recommendation_id", "tag_history"),
    ):
        later = model.objects.filter(**{f"{field}__in": touched}, history_id__gt=done.get(since, 0))
        ids = later.order_by().values_list(field, flat=True).distinct()[: NAMED + 1]
        references |= set(Recommendation.objects.filter(pk__in=list(ids)).values_list("reference", flat=True))
        if later.exists() and not references:
            references.add("…")
    if not references:
        return []
    named = sorted(references)[:NAMED]
    more = " …" if len(references) > NAMED else ""
    return [
        ngettext(
            "A record was changed since the import ({references}).",
            "Records were changed since the import ({references}).",
            len(references),
        ).format(references=", ".join(named) + more)
    ]


def take_back(source: Import, progress: Callable[[int, int], None], number: int) -> list[str]:
    """Undo in the open transaction; the names of what was made too, but stays, as others use it."""
    done = 0
    rows = ImportedRow.objects.filter(source=source, model="recommendation").order_by("-pk")
    last: int | None = None
    while chunk := list((rows.filter(pk__lt=last) if last else rows)[:CHUNK]):
        last = chunk[-1].pk
        delete([row.object_id for row in chunk if row.action == ImportedRow.Action.CREATED], source)
        restore([row for row in chunk if row.action == ImportedRow.Action.UPDATED], source)
        done += len(chunk)
        progress(done, number)
    kept = [
        label for name in BESIDE for label in remove_unused(source, apps.get_model("recommendations", name))
    ]
    ImportedRow.objects.filter(source=source).delete()
    return kept


def remove_unused(source: Import, model: Any) -> list[str]:
    """Delete what the import made of this model and nothing else uses; the names of what stays."""
    ids = set(
        written(source, ImportedRow.Action.CREATED, model._meta.model_name).values_list(
            "object_id", flat=True
        )
    )
    ids &= set(model._base_manager.filter(pk__in=ids).values_list("pk", flat=True))
    used: set[int] = set()
    for other, field in relations(model):
        rows = other._base_manager.filter(**{f"{field}__in": ids}).order_by()
        # Issues of the same import go with the one above them.
        rows = rows.exclude(pk__in=ids) if other is model else rows
        used |= set(rows.values_list(field, flat=True))
    gone = sorted(ids - used)
    history = model.history.model
    names = [field.attname for field in history.tracked_fields]
    past = Writer(source, TAKEN_BACK).past("-")
    rows = list(model._base_manager.filter(pk__in=gone).values_list(*names))
    bulk.insert(history, (*names, *PAST), ((*row, *past) for row in rows))
    model._base_manager.filter(pk__in=gone)._raw_delete(connection.alias)
    return [str(row) for row in model._base_manager.filter(pk__in=ids & used).order_by("pk")]


def delete(pks: list[int], source: Import) -> None:
    """Delete records that the import made, which their history tells."""
    if not pks:
        return
    writer = Writer(source, TAKEN_BACK)
    tags = list(IssueTag.objects.filter(recommendation__in=pks).values_list("pk", flat=True))
    writer.untag(tags)
    kept = (*RECORD, "paragraph_id", "parent_id", "merged_into_id")
    past = writer.past("-")
    rows = list(Recommendation.objects.filter(pk__in=pks).values_list("pk", *kept))
    bulk.insert(HISTORY, ("id", *kept, *PAST), ((*row, *past) for row in rows))
    ImportDraft.objects.filter(recommendation__in=pks).update(recommendation=None)
    marks = ", ".join(["%s"] * len(pks))
    with connection.cursor() as cursor:
        # The rows of these tables are derived, or of no meaning without their record, and keep no history.
        for model in (SearchEntry, Listing, RAISED, GROUPS, Following):
            cursor.execute(
                f"DELETE FROM {model._meta.db_table} WHERE recommendation_id IN ({marks})",  # noqa: S608
                pks,
            )
        cursor.execute(f"DELETE FROM {Recommendation._meta.db_table} WHERE id IN ({marks})", pks)  # noqa: S608


def restore(rows: list[ImportedRow], source: Import) -> None:
    """Give records that the import changed what they held before."""
    if not rows:
        return
    records = current([row.object_id for row in rows])
    decisions = []
    for row in rows:
        before = row.before or {}
        decision = Decision(int(row.locator or 0), Action.UPDATED, before=records[row.object_id])
        for column, value in before.items():
            if column == "issues":
                decision.values[column] = frozenset(
                    issue for issue, origin in value if origin != IssueTag.Origin.SUGGESTION
                )
            elif column == "due_on":
                decision.values[column] = datetime.date.fromisoformat(value) if value else None
            else:
                decision.values[column] = frozenset(value) if isinstance(value, list) else value
        decisions.append(decision)
    edited = source.kind == "own_export"
    writer = Writer(source, f"{EDITED}: taken back" if edited else TAKEN_BACK)
    writer.update(decisions, origin=IssueTag.Origin.SOURCE.value)
    restore_origins(rows)


def restore_origins(rows: list[ImportedRow]) -> None:
    """The origin of each tag as it was, suggestions too."""
    for row in rows:
        for issue, origin in (row.before or {}).get("issues", ()):
            tag, made = IssueTag.objects.get_or_create(
                recommendation_id=row.object_id, issue_id=issue, defaults={"origin": origin}
            )
            if not made and tag.origin != origin:
                tag.origin = origin
                tag.save()
