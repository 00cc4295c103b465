"""Fixtures → database: idempotent, all or nothing, and never over a person's edit.

Unlike `loaddata`, which writes every row every time and leaves no history, this writes only what is
new or what the fixtures changed, each with a history entry; a row that somebody edited since it was
loaded is left as it is, and so is every published entry of the append-only log.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core import serializers
from django.core.serializers.base import DeserializationError
from django.db import transaction

from recommendations.models import Evidence, FollowUp

if TYPE_CHECKING:
    from pathlib import Path

    from django.db.models import Model

REASON = "Loaded from the fixtures"


class LoadError(Exception):
    """A fixture file that cannot be loaded; nothing of any file was. The message names the file."""


@dataclass
class Loaded:
    """How many rows were created, updated and found unchanged, and which were left alone (by name)."""

    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    left_alone: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [
            f"{sum(self.created.values())} created",
            f"{sum(self.updated.values())} updated",
            f"{self.unchanged} unchanged",
        ]
        if self.left_alone:
            shown = ", ".join(self.left_alone[:5]) + (" …" if len(self.left_alone) > 5 else "")
            parts.append(
                f"{len(self.left_alone)} left alone because they were edited or published here: {shown}"
            )
        return ", ".join(parts)


def load(folder: Path) -> Loaded:
    """Load every `*.json` of a folder in the order of names, in one transaction.

    Raises LoadError, and leaves nothing behind, if one of them is broken.
    """
    loaded = Loaded()
    with transaction.atomic():
        for path in sorted(folder.glob("*.json")):
            try:
                for item in serializers.deserialize("json", path.read_text(encoding="utf-8")):
                    _load_one(item, loaded)
            except DeserializationError as error:
                raise LoadError(f"{path.name} cannot be loaded: {error}") from error
    return loaded


def _load_one(item: Any, loaded: Loaded) -> None:
    row: Any = item.object
    model = type(row)
    name = model._meta.verbose_name
    many = {
        field_name: {getattr(v, "pk", v) for v in values}
        for field_name, values in (item.m2m_data or {}).items()
    }
    if row.pk is None:
        loaded.created[name] += 1
        _save(row, many)
        return
    before = model._base_manager.get(pk=row.pk)
    if not _differs(before, row, many):
        loaded.unchanged += 1
    elif isinstance(row, (FollowUp, Evidence)) or _edited_here(before):
        loaded.left_alone.append(str(before))
    else:
        loaded.updated[name] += 1
        _save(row, many)


def _save(row: Any, many: dict[str, set[Any]]) -> None:
    row._change_reason = REASON
    row.save()
    for name, ids in many.items():
        getattr(row, name).set(ids)


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
