"""The filter panel: the values of each filter, their order, and the number of records for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recommendations.search.filters.values import Given, Option

# A list of values longer than this gets a text field for finding one.
FIND_FROM = 12


@dataclass(frozen=True, slots=True)
class Value:
    """One value as the panel shows it; `count` is None if nothing is counted."""

    option: Option
    chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Control:
    """One filter as the filter panel shows it."""

    name: str
    label: str
    kind: str  # search, date, or choices
    help: str
    given: Given
    # Chosen values first, then those that some record has under the other active filters.
    values: list[Value] = field(default_factory=list)
    # Values that no record has; the panel hides them behind one more step.
    empty: list[Value] = field(default_factory=list)
    # Too many to tick: shows a text field, besides the most frequent values.
    typed: bool = False
    # Expanded before a reader has chosen anything.
    open: bool = False
    # The heading of the section of the panel that begins with this control.
    heading: str = ""

    @property
    def shown(self) -> bool:
        """True if there is anything to choose or type."""
        return bool(self.kind != "choices" or self.values or self.empty or self.typed)

    @property
    def value(self) -> str:
        """Return the text of a search or date field."""
        return self.given.values[0] if self.given.values else ""

    @property
    def long(self) -> bool:
        """True if the list is so long that it needs a text field for finding a value."""
        return len(self.values) + len(self.empty) > FIND_FROM


def offered(
    options: Iterable[Option], given: Given, counts: Mapping[str, int] | None
) -> tuple[list[Value], list[Value]]:
    """Return values that match something or are chosen, and values that match nothing, in their order."""
    options = list(options)
    known, chosen = {option.value for option in options}, {option.value for option in given.chosen}
    values: list[Value] = []
    empty: list[Value] = []
    for option in [*options, *(each for each in given.chosen if each.value not in known)]:
        counted = counts is not None and option.value in known
        count = counts.get(option.value, 0) if counts is not None and counted else None
        value = Value(option, option.value in chosen, count)
        (empty if count == 0 and not value.chosen else values).append(value)
    return values, empty


def chosen_first(values: list[Value], *, by_count: bool = False) -> list[Value]:
    """Return the chosen values first; the others in their own order, or the most frequent first."""

    def place(value: Value) -> tuple[bool, int]:
        return not value.chosen, -(value.count or 0) if by_count else 0

    return sorted(values, key=place)


def branches_with_chosen_first(values: list[Value]) -> list[Value]:
    """Return a tree with the branches that contain a chosen value first; order within branches is kept."""
    roots = {value.option.value.partition("/")[0] for value in values if value.chosen}
    return sorted(values, key=lambda value: value.option.value.partition("/")[0] not in roots)
