"""What goes when an entry is withdrawn for safety: all that it said and rested on, wherever it is kept.

What stays: that there was an entry of that date, who recorded, published and withdrew it and when (for
staff), and the public reason. The database lets nothing else through (`models/append_only.py`).
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
# An entry's own fields without what it said; confidence cannot be empty, so it says what it says by default.
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


def empty(entry: FollowUp, *, by: User, reason: str, at: datetime.datetime) -> None:
    """Withdraw a published entry, locked in a transaction; its files go when that is committed."""
    evidence: Any = Evidence.history.filter(follow_up_id=entry.pk)
    # Files that were there when the draft was reviewed, too; those of the rows go with them (uploads.py).
    files = {name for name in evidence.values_list("file", flat=True) if name}
    pieces = {*evidence.values_list("id", flat=True), *entry.evidence.values_list("pk", flat=True)}
    # The base manager's rows, which know no append-only; the triggers of the database still watch.
    FollowUp._base_manager.filter(pk=entry.pk).update(withdrawn_at=at, withdrawal_reason=reason, **EMPTY)
    for piece in entry.evidence.all():
        piece._change_reason, piece._history_user = HISTORY_REASON, by  # type: ignore[attr-defined]  # simple_history reads it there
        models.Model.delete(piece)
    _empty_history(entry, evidence, by)
    # A step that had to say why goes on saying something.
    entry.steps.exclude(comment="").update(comment=HISTORY_REASON)
    _empty_admin_log(FollowUp, {entry.pk})
    _empty_admin_log(Evidence, pieces)
    storage = Evidence._meta.get_field("file").storage
    for name in files:
        transaction.on_commit(partial(uploads.remove, Evidence, storage, name, "default"))


def _empty_history(entry: FollowUp, evidence: Any, by: User) -> None:
    """Take from former versions what they said and why they were made; add that the entry was withdrawn."""
    history: Any = FollowUp.history
    history.filter(id=entry.pk).update(history_change_reason=None, **EMPTY)
    evidence.update(history_change_reason=None, **EMPTY_EVIDENCE)
    evidence.filter(history_type="-").update(history_change_reason=HISTORY_REASON)
    stored = FollowUp.objects.get(pk=entry.pk)
    history.bulk_history_create([stored], update=True, default_user=by, default_change_reason=HISTORY_REASON)


def _empty_admin_log(model: type[models.Model], ids: set[int]) -> None:
    """Take from the admin's own log what it called the rows, and what was changed in them."""
    rows = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=[str(pk) for pk in ids]
    )
    rows.update(object_repr=HISTORY_REASON, change_message="")
