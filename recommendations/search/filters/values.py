"""The values of a filter: the options it offers, and the values given in an address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import ngettext

Rows = QuerySet[Any]
Narrow = Callable[[Rows, list[Any]], Rows]
# How many unknown values are shown, so that readers can drop them; unknown values match nothing.
UNKNOWN_MAX = 5


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter: its form in the address, its words, and the keys that rows are matched by."""

    value: str
    label: str
    keys: tuple[Any, ...] = ()
    # In a tree, the name of the parent; empty at the top.
    within: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """The values an address gives one filter: known options, unknown values, and problems to report."""

    chosen: tuple[Option, ...] = ()
    unknown: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def asked(self) -> bool:
        """True if the filter is active."""
        return bool(self.chosen or self.unknown)

    @property
    def keys(self) -> list[Any]:
        """Return the keys that rows are matched by: any one of them."""
        return list(dict.fromkeys(key for option in self.chosen for key in option.keys))

    @property
    def values(self) -> list[str]:
        """Return all values as given in the address."""
        return [*(option.value for option in self.chosen), *self.unknown]


def shown(value: str) -> str:
    """Return a value of the address, shortened and printable, in quotation marks."""
    clean = "".join(c if c.isprintable() else "·" for c in value)
    return f"“{clean[:40]}…”" if len(clean) > 40 else f"“{clean}”"


def named(values: Sequence[str], most: int = UNKNOWN_MAX) -> str:
    """Return some values in quotation marks: `“a”, “b” and 3 more`."""
    listed = ", ".join(shown(value) for value in values[:most])
    more = len(values) - most
    if more <= 0:
        return listed
    words = ngettext("%(names)s and %(n)s more", "%(names)s and %(n)s more", more)
    return words % {"names": listed, "n": more}
