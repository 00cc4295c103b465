"""Sets of record ids, as compressed bitmaps (pyroaring).

Counting how many records two sets share takes about a microsecond for a quarter of a million of them.
That makes hundreds of counts on one page cheap. Sets are immutable, so threads share them without a
lock.
"""

from __future__ import annotations

import sys
from array import array
from typing import TYPE_CHECKING

from pyroaring import FrozenBitMap64

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

# The library provides `|`, `&`, `-`, `in`, `len()` and `intersection_cardinality()`.
Bits = FrozenBitMap64
EMPTY = Bits()


def union(sets: Iterable[Bits]) -> Bits:
    """Return the union of the sets."""
    return EMPTY.union(*sets)


def from_octets(octets: bytes) -> Bits:
    """Return the set of ids encoded as big-endian integers of eight bytes each."""
    ids = array("Q", octets)
    if sys.byteorder == "little":
        ids.byteswap()
    return Bits(ids)


class Gathering:
    """Builds named sets, one id at a time."""

    def __init__(self) -> None:
        self.ids: dict[Hashable, array[int]] = {}

    def add(self, name: Hashable, id: int) -> None:
        """Add an id to the set of this name."""
        ids = self.ids.get(name)
        if ids is None:
            ids = self.ids[name] = array("Q")
        ids.append(id)

    def sets(self) -> dict[Hashable, Bits]:
        """Return the sets, by name."""
        return {name: Bits(ids) for name, ids in self.ids.items()}
