"""Keeps the index up to date when a record, or anything that names it, changes.

The index is updated in the same transaction as the change. `QuerySet.update` and `bulk_create` send no
signals, so code that uses them on searchable fields must call `index_recommendations`.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save

from recommendations.models import (
    Document,
    Issue,
    IssueTag,
    PopulationGroup,
    Recommendation,
    Review,
    Stakeholder,
    State,
)
from recommendations.search.text.index import index_recommendations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from django.db.models import Model

# For each model that names records: its searchable fields, and the look-up from a record.
NAMING: dict[type[Model], tuple[tuple[str, ...], str]] = {
    Stakeholder: (("name", "acronym", "published"), "raised_by"),
    Issue: (("name", "parent_id"), "issues"),
    PopulationGroup: (("name",), "groups"),
    State: (("name", "iso3"), "document__review__state"),
    Review: (("state_id",), "document__review"),
    Document: (("symbol", "review_id"), "document"),
    IssueTag: (("recommendation_id", "issue_id", "origin"), "tags"),
}
THROUGH = (Recommendation.raised_by.through, Recommendation.groups.through)
_waiting = threading.local()


@contextmanager
def indexing_once() -> Iterator[None]:
    """Collect changed records within this block and index them together at its end; for bulk loading."""
    if getattr(_waiting, "ids", None) is not None:
        yield
        return
    _waiting.ids = set()
    try:
        yield
        index_recommendations(_waiting.ids)
    finally:
        _waiting.ids = None


def touch(ids: Iterable[int]) -> None:
    """Reindex these records, now or at the end of an `indexing_once` block."""
    waiting = getattr(_waiting, "ids", None)
    if waiting is None:
        index_recommendations(ids)
    else:
        waiting.update(ids)


def named_by(row: Any) -> list[int]:
    """Return the ids of the records that this row names."""
    keys = [row.pk]
    if isinstance(row, Issue):
        # Use parents rather than paths, because paths of descendants are updated later.
        below = keys
        while below := list(Issue.objects.filter(parent__in=below).values_list("pk", flat=True)):
            below = [pk for pk in below if pk not in keys]
            keys += below
    look_up = NAMING[type(row)][1]
    return list(Recommendation.objects.filter(**{f"{look_up}__in": keys}).values_list("pk", flat=True))


def remember(sender: type[Model], instance: Any, **_: Any) -> None:
    """Keep the previous values of a row that names records, before it is saved."""
    fields = NAMING[sender][0]
    instance._named_before = sender._base_manager.filter(pk=instance.pk).values_list(*fields).first()


def renamed(sender: type[Model], instance: Any, **_: Any) -> None:
    """Reindex the records that a saved row names, if its searchable fields changed."""
    before = instance.__dict__.pop("_named_before", None)
    if before == tuple(getattr(instance, field) for field in NAMING[sender][0]):
        return
    if isinstance(instance, IssueTag):
        touch({instance.recommendation_id} | ({before[0]} if before else set()))
    elif before is not None:  # a new row names nothing yet
        touch(named_by(instance))


def record_saved(instance: Recommendation, **_: Any) -> None:
    """Reindex a record after it was saved."""
    touch([instance.pk])


def tag_deleted(instance: IssueTag, origin: Any = None, **_: Any) -> None:
    """Reindex the record of a deleted tag, unless the record itself is being deleted."""
    model = getattr(origin, "model", type(origin))
    if origin is None or model is IssueTag:
        touch([instance.recommendation_id])


def naming_row_goes(instance: Any, **_: Any) -> None:
    """Note which records a stakeholder or group names, before it is deleted."""
    instance._named_records = named_by(instance)


def naming_row_gone(instance: Any, **_: Any) -> None:
    """Reindex those records after the deletion."""
    touch(instance.__dict__.pop("_named_records", []))


def names_changed(
    sender: type[Model], instance: Any, action: str, pk_set: set[int] | None, reverse: bool, **_: Any
) -> None:
    """Reindex records after stakeholders or groups were added or removed, from either side."""
    if not reverse:
        if action.startswith("post_"):
            touch([instance.pk])
    elif action == "pre_clear":
        instance._named_records = named_by(instance)
    elif action == "post_clear":
        touch(instance.__dict__.pop("_named_records", []))
    elif action.startswith("post_"):
        touch(pk_set or ())


def watch() -> None:
    """Connect the signal receivers."""

    def connect(signal: Any, receiver: Callable[..., None], sender: type[Model]) -> None:
        signal.connect(receiver, sender=sender, dispatch_uid=f"search-{receiver.__name__}-{sender.__name__}")

    connect(post_save, record_saved, Recommendation)
    for model in NAMING:
        connect(pre_save, remember, model)
        connect(post_save, renamed, model)
    connect(post_delete, tag_deleted, IssueTag)
    for model in (Stakeholder, PopulationGroup):
        connect(pre_delete, naming_row_goes, model)
        connect(post_delete, naming_row_gone, model)
    for through in THROUGH:
        connect(m2m_changed, names_changed, through)
