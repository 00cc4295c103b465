"""The decision on each row: made in the dry run, and again when writing, with the same result."""

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
    """The action that a row leads to."""

    CREATED = "created", _("Created")
    UPDATED = "updated", _("Updated")
    UNCHANGED = "unchanged", _("Left alone")
    REFUSED = "refused", _("Refused")
    CONFLICTS = "conflicts", _("In conflict")


class Change(NamedTuple):
    """A change to one column of a record: the present value and the file's, both as text."""

    column: str
    before: str
    after: str


@dataclass(slots=True)
class Wanted:
    """An item after looking up everything it names."""

    item: Item
    document: int
    locator: str
    raised_by: tuple[int, ...]
    issues: tuple[int, ...]
    groups: tuple[int, ...]


@dataclass(slots=True)
class Decision:
    """The action for one row, and why; a row with several records has one decision for each."""

    row: int
    action: Action
    reference: str = ""
    words: str = ""
    changes: list[Change] = field(default_factory=list)
    # For a refused row: the column and value that are not valid, and why.
    column: str = ""
    value: str = ""
    why: str = ""
    # What to write: a new record, or columns of a known one.
    wanted: Wanted | None = None
    before: Current | None = None
    values: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def refused(cls, row: int, error: RowError, words: str = "") -> Decision:
        """Return the decision for a row that cannot be imported."""
        return cls(row, Action.REFUSED, words=words, column=error.column, value=error.value, why=error.why)


class Digest:
    """A checksum of all decisions, to verify that writing leads to the same ones as the dry run."""

    def __init__(self) -> None:
        self.hash = hashlib.blake2b(digest_size=16)

    def add(self, decision: Decision) -> None:
        """Add a decision to the checksum."""
        pk = decision.before.pk if decision.before else ""
        told = f"{decision.row}|{decision.action.value}|{pk}|{decision.changes}|{decision.why}\n"
        self.hash.update(told.encode("utf-8", "replace"))

    def __str__(self) -> str:
        return self.hash.hexdigest()
