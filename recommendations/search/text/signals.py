"""What keeps the index in step: whoever changes a record, or what it is named by, has it indexed anew.

In the same transaction, so that the two never part. `QuerySet.update` and `bulk_create` send no signals:
whoever uses them on something that is searched calls `index_recommendations`.
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

# For each model that names records: the fields that search knows, and the look-up from a record.
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
    """Within this block records are only remembered, and indexed together at its end: for loading many."""
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
    """Index these records anew, now or at the end of the block."""
    waiting = getattr(_waiting, "ids", None)
    if waiting is None:
        index_recommendations(ids)
    else:
        waiting.update(ids)


def named_by(row: Any) -> list[int]:
    """The ids of the records that this row names."""
    keys = [row.pk]
    if isinstance(row, Issue):
        # By parents, not by paths: those of the issues below are written later.
        below = keys
        while below := list(Issue.objects.filter(parent__in=below).values_list("pk", flat=True)):
            below = [pk for pk in below if pk not in keys]
            keys += below
    look_up = NAMING[type(row)][1]
    return list(Recommendation.objects.filter(**{f"{look_up}__in": keys}).values_list("pk", flat=True))


def remember(sender: type[Model], instance: Any, **_: Any) -> None:
    """Before a row that names records is saved: how it was."""
    fields = NAMING[sender][0]
    instance._named_before = sender._base_manager.filter(pk=instance.pk).values_list(*fields).first()


def renamed(sender: type[Model], instance: Any, **_: Any) -> None:
    """After it was saved: the records it names, if anything that search knows is another."""
    before = instance.__dict__.pop("_named_before", None)
    if before == tuple(getattr(instance, field) for field in NAMING[sender][0]):
        return
    if isinstance(instance, IssueTag):
        touch({instance.recommendation_id} | ({before[0]} if before else set()))
    elif before is not None:  # a new row names nothing yet
        touch(named_by(instance))


def record_saved(instance: Recommendation, **_: Any) -> None:
    """A record's own words."""
    touch([instance.pk])


def tag_deleted(instance: IssueTag, origin: Any = None, **_: Any) -> None:
    """A tag taken off; not where the whole record goes, which must not be indexed on its way out."""
    model = getattr(origin, "model", type(origin))
    if origin is None or model is IssueTag:
        touch([instance.recommendation_id])


def naming_row_goes(instance: Any, **_: Any) -> None:
    """Before a stakeholder or a group is deleted: which records it names."""
    instance._named_records = named_by(instance)


def naming_row_gone(instance: Any, **_: Any) -> None:
    """After it is deleted."""
    touch(instance.__dict__.pop("_named_records", []))


def names_changed(
    sender: type[Model], instance: Any, action: str, pk_set: set[int] | None, reverse: bool, **_: Any
) -> None:
    """Stakeholders or groups were put on a record or taken off, from either side."""
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
    """Connect the receivers."""

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
