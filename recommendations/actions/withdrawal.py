"""Remove the content and evidence of an entry withdrawn for safety, wherever it is stored.

What remains is that an entry of that date existed, who recorded, published and withdrew it and when (for
staff), and the public reason. The database's triggers allow no other update (`models/append_only.py`).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from recommendations.models import Evidence, FollowUp, uploads
from recommendations.models.follow_up import EMPTY_WHEN_WITHDRAWN

if TYPE_CHECKING:
    import datetime

    from django.contrib.auth.models import User

HISTORY_REASON = "Withdrawn for safety"
# Values of a withdrawn entry's fields; confidence cannot be empty, so it gets its default.
EMPTY = dict.fromkeys(EMPTY_WHEN_WITHDRAWN, "") | {"confidence": FollowUp.Confidence.MEDIUM}
EMPTY_EVIDENCE = {
    "kind": "",
    "stance": "",
    "access": Evidence.Access.PRIVATE,
    "title": "",
    "date": None,
    "paragraph": None,
    "text": "",
    "url": "",
    "file": "",
}


def remove_content(entry: FollowUp, *, by: User, reason: str, at: datetime.datetime) -> None:
    """Withdraw a published entry, already locked; its files are deleted on commit."""
    evidence: Any = Evidence.history.filter(follow_up_id=entry.pk)
    # Include files of earlier versions; deleting a row deletes only its current file (uploads.py).
    files = {name for name in evidence.values_list("file", flat=True) if name}
    pieces = {*evidence.values_list("id", flat=True), *entry.evidence.values_list("pk", flat=True)}
    # The base manager skips the model's append-only checks; the database triggers still apply.
    FollowUp._base_manager.filter(pk=entry.pk).update(withdrawn_at=at, withdrawal_reason=reason, **EMPTY)
    for piece in entry.evidence.all():
        piece._change_reason, piece._history_user = HISTORY_REASON, by  # type: ignore[attr-defined]  # simple_history reads it there
        models.Model.delete(piece)
    _empty_history(entry, evidence, by)
    # Steps that require a comment keep one, without the original text.
    entry.steps.exclude(comment="").update(comment=HISTORY_REASON)
    _empty_admin_log(FollowUp, {entry.pk})
    _empty_admin_log(Evidence, pieces)
    storage = Evidence._meta.get_field("file").storage
    for name in files:
        transaction.on_commit(partial(uploads.remove, Evidence, storage, name, "default"))


def _empty_history(entry: FollowUp, evidence: Any, by: User) -> None:
    """Remove content and reasons from earlier versions, and add a history line for the withdrawal."""
    history: Any = FollowUp.history
    history.filter(id=entry.pk).update(history_change_reason=None, **EMPTY)
    evidence.update(history_change_reason=None, **EMPTY_EVIDENCE)
    evidence.filter(history_type="-").update(history_change_reason=HISTORY_REASON)
    stored = FollowUp.objects.get(pk=entry.pk)
    history.bulk_history_create([stored], update=True, default_user=by, default_change_reason=HISTORY_REASON)


def _empty_admin_log(model: type[models.Model], ids: set[int]) -> None:
    """Remove names of the rows and descriptions of changes from Django's admin log."""
    rows = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=[str(pk) for pk in ids]
    )
    rows.update(object_repr=HISTORY_REASON, change_message="")
