"""What the filter panel shows of a filter: its values, in which order, how many records each would give."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recommendations.search.filters.values import Given, Option

# A list of values longer than this gets a field to find one by its letters.
FIND_FROM = 12


@dataclass(frozen=True, slots=True)
class Value:
    """One value as the panel shows it; `count` is None where nothing is counted."""

    option: Option
    chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Control:
    """What the filter panel shows of one filter."""

    name: str
    label: str
    kind: str  # search, date, or choices
    help: str
    given: Given
    # Chosen ones first, then those that some record has under the other filters in force.
    values: list[Value] = field(default_factory=list)
    # Those that no record has: one step further away.
    empty: list[Value] = field(default_factory=list)
    # Too many to tick: a field to type one into, beside the most frequent.
    typed: bool = False
    # Stands open before a reader has chosen anything.
    open: bool = False
    # Of the part of the panel that begins with this control.
    heading: str = ""

    @property
    def shown(self) -> bool:
        """Whether there is anything to choose or to type."""
        return bool(self.kind != "choices" or self.values or self.empty or self.typed)

    @property
    def value(self) -> str:
        """The text of a search or date field."""
        return self.given.values[0] if self.given.values else ""

    @property
    def long(self) -> bool:
        """Whether a reader would rather type than look for a value."""
        return len(self.values) + len(self.empty) > FIND_FROM


def offered(
    options: Iterable[Option], given: Given, counts: Mapping[str, int] | None
) -> tuple[list[Value], list[Value]]:
    """Values that match something or are chosen, and those that match nothing, both in their own order."""
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
    """The chosen ones on top; the others in their order, or the most frequent first."""

    def place(value: Value) -> tuple[bool, int]:
        return not value.chosen, -(value.count or 0) if by_count else 0

    return sorted(values, key=place)


def branches_with_chosen_first(values: list[Value]) -> list[Value]:
    """A tree, with the branches that hold a chosen value on top: nothing leaves its place in its branch."""
    roots = {value.option.value.partition("/")[0] for value in values if value.chosen}
    return sorted(values, key=lambda value: value.option.value.partition("/")[0] not in roots)
