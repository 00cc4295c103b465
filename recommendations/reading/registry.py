"""The kinds of document that are read: every package below `kinds/` with a `KIND`."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from operator import attrgetter
from typing import TYPE_CHECKING

from recommendations.reading import kinds

if TYPE_CHECKING:
    from recommendations.reading.kind import Kind


def find_kinds() -> dict[str, Kind]:
    """The kinds by their codes, in order."""
    found: list[Kind] = [
        import_module(f"{kinds.__name__}.{package.name}").KIND
        for package in pkgutil.iter_modules(kinds.__path__)
        if package.ispkg
    ]
    return {kind.code: kind for kind in sorted(found, key=attrgetter("order", "code"))}


KINDS = find_kinds()
