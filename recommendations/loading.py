"""Fixtures → database: idempotent, all or nothing, and never over a person's edit.

Unlike `loaddata`, which writes every row every time and leaves no history, this writes only what is
new or what the fixtures changed, each with a history entry; a row that somebody edited since it was
loaded is left as it is, and so is every published entry of the append-only log. What the fixtures
no longer hold is withdrawn: tags and links are deleted, records and responses unpublished.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core import serializers
from django.core.serializers.base import DeserializationError

from recommendations import listing
from recommendations.models import (
    Evidence,
    FollowUp,
    IssueTag,
    Recommendation,
    RecommendationLink,
    ResponseLink,
    StateResponse,
)
from recommendations.models.sources import looked_up, looking_up_once
from recommendations.search.keeping import indexing_once

if TYPE_CHECKING:
    from pathlib import Path

    from django.db.models import Model

REASON = "Loaded from the fixtures"
# Moments that models keep by themselves; a fixture's own are written after the row.
MOMENTS = ("updated_at", "recorded_at")


class LoadError(Exception):
    """A fixture file that cannot be loaded; nothing of any file was. The message names the file."""


@dataclass
class Loaded:
    """How many rows were created, updated, withdrawn and found unchanged; which were left alone, by name.

    `kept` are published entries that the fixtures now word otherwise: the log is append-only. `withheld`
    are entries that were withdrawn here for safety, with their evidence: nothing brings them back.
    """

    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    withdrawn: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    left_alone: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [
            f"{self.created.total()} created",
            f"{self.updated.total()} updated",
            f"{self.withdrawn.total()} withdrawn",
            f"{self.unchanged} unchanged",
        ]
        if self.left_alone:
            parts.append(
                f"{len(self.left_alone)} left alone because they were edited here: {_few(self.left_alone)}"
            )
        if self.kept:
            parts.append(
                f"{len(self.kept)} published entries kept although the fixtures differ"
                f" (the log is append-only; write a correction): {_few(self.kept)}"
            )
        if self.withheld:
            parts.append(
                f"{len(self.withheld)} not brought back because they were withdrawn here:"
                f" {_few(self.withheld)}"
            )
        return ", ".join(parts)


def _few(names: list[str]) -> str:
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "")


class Loader:
    """One load: what was seen, and the entries to publish once their evidence is there."""

    def __init__(self) -> None:
        self.loaded = Loaded()
        self.seen: dict[type[Model], set[Any]] = {}
        self.to_publish: list[tuple[FollowUp, Any]] = []

    def load(self, path: Path) -> None:
        """Load one file; LoadError if it is broken."""
        try:
            for item in serializers.deserialize("json", path.read_text(encoding="utf-8")):
                self.load_row(item)
        except DeserializationError as error:
            raise LoadError(f"{path.name} cannot be loaded: {error}") from error

    def load_row(self, item: Any) -> None:
        """Create, update or leave one row."""
        row: Any = item.object
        model = type(row)
        name = model._meta.verbose_name
        if isinstance(row, Evidence) and row.follow_up.withdrawn_at:
            return
        if isinstance(row, FollowUp) and row.is_published:
            row.stage = FollowUp.Stage.PUBLISHED  # fixtures hold what was published, and no drafts' stages
        many = {
            field_name: {getattr(value, "pk", value) for value in values}
            for field_name, values in (item.m2m_data or {}).items()
        }
        if row.pk is None:
            self.loaded.created[name] += 1
            self.save(row, many)
        else:
            before = looked_up(model, row.pk) or model._base_manager.get(pk=row.pk)
            if isinstance(before, FollowUp) and before.withdrawn_at:
                self.loaded.withheld.append(str(before))
            elif not _differs(before, row, many):
                self.loaded.unchanged += 1
            elif isinstance(row, (FollowUp, Evidence)):
                self.loaded.kept.append(str(before))
            elif _edited_here(before):
                self.loaded.left_alone.append(str(before))
            else:
                self.loaded.updated[name] += 1
                self.save(row, many)
        self.seen.setdefault(model, set()).add(row.pk)

    def save(self, row: Any, many: dict[str, set[Any]]) -> None:
        """Write a row with its history; an entry stays a draft until its evidence is there."""
        moments = {name: getattr(row, name) for name in MOMENTS if hasattr(row, name)}
        if isinstance(row, FollowUp):
            self.to_publish.append((row, row.published_at))
            row.published_at, row.stage = None, FollowUp.Stage.DRAFT
        row._change_reason = REASON
        row.save()
        for name, ids in many.items():
            getattr(row, name).set(ids)
        if moments:
            type(row)._base_manager.filter(pk=row.pk).update(**moments)

    def publish(self) -> None:
        """Publish the new entries, at the moments that the fixtures give."""
        for entry, at in self.to_publish:
            if at is not None:
                entry.refresh_from_db()
                entry._change_reason = REASON  # type: ignore[attr-defined]  # simple_history reads it there
                entry.publish(at)

    def withdraw(self) -> None:
        """Take back what an earlier load brought and the fixtures no longer hold."""
        for model in (IssueTag, ResponseLink, RecommendationLink, Recommendation, StateResponse):
            if model not in self.seen:
                continue
            history: Any = model.history
            ours = history.filter(history_change_reason=REASON, history_type="+").values("id")
            for row in model._base_manager.filter(pk__in=ours).exclude(pk__in=self.seen[model]):
                self.withdraw_row(row)

    def withdraw_row(self, row: Any) -> None:
        """Delete a tag or link, unpublish a record or response; leave what somebody edited."""
        if _edited_here(row):
            self.loaded.left_alone.append(str(row))
            return
        row._change_reason = REASON
        if not isinstance(row, (Recommendation, StateResponse)):
            row.delete()
        elif row.published:
            row.published = False
            row.save()
        else:
            return
        self.loaded.withdrawn[type(row)._meta.verbose_name] += 1


def load(folder: Path) -> Loaded:
    """Load every `*.json` of a folder in the order of names, in one transaction.

    Raises LoadError, and leaves nothing behind, if one of them is broken.
    """
    loader = Loader()
    with listing.paused(), indexing_once():
        with looking_up_once():
            for path in sorted(folder.glob("*.json")):
                loader.load(path)
        loader.publish()
        loader.withdraw()
    return loader.loaded


def _differs(before: Model, row: Model, many: dict[str, set[Any]]) -> bool:
    """Whether the fixture says something else; moments that the database keeps for itself do not count."""
    for column in row._meta.concrete_fields:
        if column.primary_key or column.name in {"updated_at", "recorded_at", "published_at"}:
            continue
        if getattr(before, column.attname) != getattr(row, column.attname):
            return True
    return any({each.pk for each in getattr(before, name).all()} != ids for name, ids in many.items())


def _edited_here(row: Any) -> bool:
    """Whether a person changed the row after it was loaded."""
    latest = row.history.order_by("-history_date", "-history_id").first()
    return latest is not None and latest.history_change_reason != REASON
