"""Taking an import back as a whole, as long as nothing was built on what it wrote."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q
from django.utils.translation import gettext as _

from recommendations.actions.record_editing import set_change_reason
from recommendations.importing.documents.publishing import reason
from recommendations.importing.errors import RefusedError
from recommendations.models import (
    Document,
    Evidence,
    FollowUp,
    FormerReference,
    Import,
    ImportedRow,
    Recommendation,
    RecommendationLink,
    ResponseLink,
    Review,
    Stakeholder,
    StateResponse,
)
from recommendations.models.listing import lock_for_write
from recommendations.search.text.signals import indexing_once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import QuerySet

SHOWN = 12


def undo_blockers(source: Import) -> list[str]:
    """What was built on the import since, a sentence each; at most so many as anybody would read."""
    found = []
    for sentence in _in_the_way(source):
        found.append(sentence)
        if len(found) == SHOWN:
            break
    return found


def _created(source: Import) -> dict[str, list[int]]:
    ids: dict[str, list[int]] = defaultdict(list)
    for model, pk in source.rows.filter(action="created").values_list("model", "object_id"):
        ids[model].append(pk)
    return ids


def _in_the_way(source: Import) -> Iterator[str]:
    ids = _created(source)
    records, responses = ids["recommendation"], ids["stateresponse"]
    for pk in (
        FollowUp.objects.filter(recommendation__in=records)
        .values_list("recommendation", flat=True)
        .distinct()
    ):
        yield _("Follow-up was logged on {record}.").format(record=Recommendation.objects.get(pk=pk))
    for link in (
        ResponseLink.objects.filter(Q(recommendation__in=records) | Q(response__in=responses))
        .exclude(pk__in=ids["responselink"])
        .select_related("response", "recommendation")
    ):
        yield _("{response} is linked to {record}.").format(
            response=link.response, record=link.recommendation
        )
    for step in RecommendationLink.objects.touching(records).select_related("earlier", "later"):
        yield _("{earlier} and {later} are linked.").format(earlier=step.earlier, later=step.later)
    for record in (
        Recommendation.objects.filter(pk__in=records)
        .filter(Q(parts__isnull=False) | Q(merged__isnull=False) | Q(merged_into__isnull=False))
        .distinct()
    ):
        yield _("{record} was split or merged.").format(record=record)
    for record in (
        Recommendation.objects.filter(pk__in=records)
        .filter(Q(notes__isnull=False) | Q(followed_by__isnull=False))
        .distinct()
    ):
        yield _("Somebody follows {record} or keeps a note on it.").format(record=record)
    for former in FormerReference.objects.filter(recommendation__in=records):
        yield _("{record} has another reference now.").format(record=former.recommendation)
    yield from _edited(source)
    yield from _others(source, ids)


def _others(source: Import, ids: dict[str, list[int]]) -> Iterator[str]:
    """What others made of the same document, review or stakeholders."""
    records, responses = ids["recommendation"], ids["stateresponse"]
    for model, own in ((Recommendation, records), (StateResponse, responses)):
        others: QuerySet[Any] = model.objects.filter(document__in=ids["document"]).exclude(pk__in=own)
        for row in others:
            yield _("{record} was made of the same document.").format(record=row)
    for evidence in Evidence.objects.filter(paragraph__in=ids["paragraph"]).select_related("paragraph"):
        yield _("Evidence quotes {paragraph}.").format(paragraph=evidence.paragraph)
    for document in Document.objects.filter(review__in=ids["review"]).exclude(pk__in=ids["document"]):
        yield _("{document} belongs to the same review.").format(document=document)
    for other in Import.objects.filter(Q(review__in=ids["review"]) | Q(document__in=ids["document"])).exclude(
        pk=source.pk
    ):
        yield _("The import of {name} belongs to the same review or document.").format(name=other.filename)
    people = Stakeholder.objects.filter(pk__in=ids["stakeholder"])
    raised = Recommendation.raised_by.through._default_manager.filter(stakeholder=OuterRef("pk"))
    # Beside an OR, PostgreSQL reads `IN (SELECT …)` whole for each row once it outgrows work_mem.
    used = (
        Exists(raised.exclude(recommendation__in=records))
        | Exists(FollowUp.objects.filter(assessor=OuterRef("pk")))
        | Q(member_of__isnull=False)
        | Q(members__isnull=False)
        | Q(memberships__isnull=False)
        | Q(followed_by__isnull=False)
    )
    for person in people.filter(used).distinct():
        yield _("{stakeholder} is named elsewhere too.").format(stakeholder=person)
    for review in Review.objects.filter(pk__in=ids["review"], stakeholders__isnull=False).distinct():
        if review.stakeholders.exclude(pk__in=ids["stakeholder"]).exists():
            yield _("Other stakeholders belong to {review}.").format(review=review)


def _edited(source: Import) -> Iterator[str]:
    """Rows that somebody changed after the import wrote them."""
    ours = reason(source)
    for row in source.rows.exclude(model="paragraph"):
        model: Any = apps.get_model("recommendations", row.model)
        latest = model.history.filter(id=row.object_id).order_by("-history_date", "-history_id").first()
        if latest is None or latest.history_type == "-":
            yield _("{what} is not there any more.").format(what=f"{model._meta.verbose_name} {row.locator}")
        elif latest.history_change_reason != ours:
            yield _("{what} was edited since.").format(what=model.objects.get(pk=row.object_id))


def undo(source: Import, progress: Callable[[int, int], None]) -> None:
    """Take back all that the import wrote. Raises RefusedError where something stands in the way."""
    with transaction.atomic(), indexing_once():
        lock_for_write()
        if sentences := undo_blockers(source):
            raise RefusedError(" ".join([_("Nothing was undone."), *sentences]))
        rows = list(source.rows.order_by("-pk"))
        source.drafts.filter(outcome__in=["created", "updated"]).update(
            outcome="", recommendation=None, response=None
        )
        source.document = source.document if not _holds(rows, "document") else None
        source.review = source.review if not _holds(rows, "review") else None
        source.report = {name: value for name, value in source.report.items() if name != "written"}
        source.save(update_fields=["document", "review", "report"])
        try:
            for number, row in enumerate(rows, start=1):
                _take_back(source, row)
                progress(number, len(rows))
        except ProtectedError:
            raise RefusedError(_("Nothing was undone: something else rests on what was imported.")) from None
        source.rows.all().delete()


def _holds(rows: list[ImportedRow], model: str) -> bool:
    return any(row.model == model and row.action == ImportedRow.Action.CREATED for row in rows)


def _take_back(source: Import, kept: ImportedRow) -> None:
    model: Any = apps.get_model("recommendations", kept.model)
    row = model.objects.get(pk=kept.object_id)
    set_change_reason(row, f"Undone: {reason(source)}")
    if kept.action == ImportedRow.Action.CREATED:
        row.delete()
        return
    for name, value in (kept.before or {}).items():
        is_day = name == "due_on" and value
        setattr(row, name, datetime.date.fromisoformat(value) if is_day else value)
    row.save()
