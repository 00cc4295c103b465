"""Sets of records as bits of one long number.

Counting how many records two sets share takes some microseconds for a quarter of a million of them, and a
set no more memory than a bit for each record. That is what makes hundreds of counts on one page cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Bits = int
# Ids lie in blocks of 2 ** BLOCK; each block that has any has its place in every set.
BLOCK = 12
WITHIN = (1 << BLOCK) - 1
# A word has 2 ** WORD ids.
WORD = 5


class Places:
    """Which bit stands for which id.

    Ids have long gaps (each import that is taken back leaves one), so bit n cannot simply stand for id
    n. Blocks are only ever added, by whoever builds sets; readers of older sets are not disturbed.
    """

    def __init__(self) -> None:
        self.blocks: dict[int, int] = {}

    def of(self, ids: Iterable[int]) -> Bits:
        """The set of these ids; those that no set knows are left out."""
        gathering = Gathering(self)
        for id in ids:
            if id >> BLOCK in self.blocks:
                gathering.add(None, id)
        return gathering.sets().get(None, 0)

    def of_words(self, words: Iterable[tuple[int, int]]) -> Bits:
        """The set of ids given as words: ids from 32 times a number on, and which of these 32, as bits."""
        known = len(self.blocks)  # meanwhile there may be more
        buffer = bytearray(known << BLOCK - 3)
        for number, word in words:
            block = self.blocks.get(number >> BLOCK - WORD)
            if block is not None and block < known:
                at = block << BLOCK - 3 | (number & (1 << BLOCK - WORD) - 1) << 2
                buffer[at : at + 4] = word.to_bytes(4, "little")
        return int.from_bytes(buffer, "little")

    def ids(self, bits: Bits) -> list[int]:
        """The ids in a set."""
        block_at = {place: block for block, place in self.blocks.items()}
        found = []
        for at, byte in enumerate(bits.to_bytes(-(-bits.bit_length() // 8), "little")):
            if byte:
                first = block_at[at >> BLOCK - 3] << BLOCK | (at << 3) & WITHIN
                found += [first + bit for bit in range(8) if byte >> bit & 1]
        return found


class Members:
    """A set to ask for single ids, which with the long number itself would take long."""

    def __init__(self, places: Places, bits: Bits) -> None:
        self.blocks = places.blocks
        self.bytes = bits.to_bytes(-(-bits.bit_length() // 8), "little")

    def __contains__(self, id: int) -> bool:
        block = self.blocks.get(id >> BLOCK)
        if block is None:
            return False
        bit = block << BLOCK | id & WITHIN
        at = bit >> 3
        return at < len(self.bytes) and bool(self.bytes[at] >> (bit & 7) & 1)


def union(sets: Iterable[Bits]) -> Bits:
    """What is in any of the sets."""
    found = 0
    for one in sets:
        found |= one
    return found


class Gathering:
    """Sets that grow one id at a time, by name."""

    def __init__(self, places: Places) -> None:
        self.blocks = places.blocks
        self.buffers: dict[object, bytearray] = {}

    def add(self, name: object, id: int) -> None:
        """Put an id into the set of this name."""
        block = self.blocks.get(id >> BLOCK)
        if block is None:
            block = self.blocks[id >> BLOCK] = len(self.blocks)
        bit = block << BLOCK | id & WITHIN
        at = bit >> 3
        buffer = self.buffers.get(name)
        if buffer is None:
            buffer = self.buffers[name] = bytearray(at + 64)
        elif at >= len(buffer):
            buffer.extend(bytes(at + 1024 - len(buffer)))
        buffer[at] |= 1 << (bit & 7)

    def sets(self) -> dict[object, Bits]:
        """The sets."""
        return {name: int.from_bytes(buffer, "little") for name, buffer in self.buffers.items()}
