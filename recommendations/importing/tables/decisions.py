"""What becomes of each row: decided in the dry run, and again, to the same end, when it is written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from recommendations.importing.tables.current import Current
    from recommendations.importing.tables.items import Item, RowError


class Action(models.TextChoices):
    """What a row does."""

    CREATED = "created", _("Created")
    UPDATED = "updated", _("Updated")
    UNCHANGED = "unchanged", _("Left alone")
    REFUSED = "refused", _("Refused")
    CONFLICTS = "conflicts", _("In conflict")


class Change(NamedTuple):
    """One column of a record: what it holds, and what the file has; both in words."""

    column: str
    before: str
    after: str


@dataclass(slots=True)
class Wanted:
    """An item with what it names looked up."""

    item: Item
    document: int
    locator: str
    raised_by: tuple[int, ...]
    issues: tuple[int, ...]
    groups: tuple[int, ...]


@dataclass(slots=True)
class Decision:
    """What one row does, and why; a row may be several records, each with a decision of its own."""

    row: int
    action: Action
    reference: str = ""
    words: str = ""
    changes: list[Change] = field(default_factory=list)
    # Of a refused row: the column and the value that do not do, and why.
    column: str = ""
    value: str = ""
    why: str = ""
    # What is to be written: a new record, or columns of a known one.
    wanted: Wanted | None = None
    before: Current | None = None
    values: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def refused(cls, row: int, error: RowError, words: str = "") -> Decision:
        """A row that cannot be taken."""
        return cls(row, Action.REFUSED, words=words, column=error.column, value=error.value, why=error.why)


class Digest:
    """What was decided in all, so that writing can tell whether it still comes to the same."""

    def __init__(self) -> None:
        self.hash = hashlib.blake2b(digest_size=16)

    def add(self, decision: Decision) -> None:
        """Take a decision in."""
        pk = decision.before.pk if decision.before else ""
        told = f"{decision.row}|{decision.action.value}|{pk}|{decision.changes}|{decision.why}\n"
        self.hash.update(told.encode("utf-8", "replace"))

    def __str__(self) -> str:
        return self.hash.hexdigest()
