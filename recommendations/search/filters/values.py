"""The values of a filter: those it offers, and what an address gives it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import ngettext

Rows = QuerySet[Any]
Narrow = Callable[[Rows, list[Any]], Rows]
# Of unknown values so many are shown to be dropped; none of them matches anything.
UNKNOWN_MAX = 5


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter: as it stands in the address, in words, and what rows are matched by."""

    value: str
    label: str
    keys: tuple[Any, ...] = ()
    # In a tree, the name of what holds this; empty at the top.
    within: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What the address gives one filter: options it knows, values it does not, what to tell the reader."""

    chosen: tuple[Option, ...] = ()
    unknown: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def asked(self) -> bool:
        """Whether the filter takes part at all."""
        return bool(self.chosen or self.unknown)

    @property
    def keys(self) -> list[Any]:
        """What rows are matched by: any one of these."""
        return list(dict.fromkeys(key for option in self.chosen for key in option.keys))

    @property
    def values(self) -> list[str]:
        """All values, as they stand in the address."""
        return [*(option.value for option in self.chosen), *self.unknown]


def shown(value: str) -> str:
    """A value of the address, short and printable, in quotation marks."""
    clean = "".join(c if c.isprintable() else "·" for c in value)
    return f"“{clean[:40]}…”" if len(clean) > 40 else f"“{clean}”"


def named(values: Sequence[str], most: int = UNKNOWN_MAX) -> str:
    """Some values in quotation marks: `“a”, “b” and 3 more`."""
    listed = ", ".join(shown(value) for value in values[:most])
    more = len(values) - most
    if more <= 0:
        return listed
    words = ngettext("%(names)s and %(n)s more", "%(names)s and %(n)s more", more)
    return words % {"names": listed, "n": more}
