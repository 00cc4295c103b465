"""What a kind of document brings to be recognised, read, stored and referred to.

Each package below `kinds/` describes its own as `KIND`; `registry.py` finds them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recommendations.reading.document import ParsedDocument
    from recommendations.reading.files.lines import Line

# How far from its start a document shows by a sign what it is, in characters.
START = 20_000  # titles and openings
TITLE_PAGE = 4_000
ANYWHERE = 0
# A treaty body by its name, for patterns.
COMMITTEE = r"(?:Human\s+Rights\s+Committee|Committee\s+(?:against|on)\s+[A-Z][^.]{3,120}?)"


@dataclass(frozen=True, slots=True)
class Sign:
    """A phrase that speaks for a kind, with its weight; it counts within so many characters of the start."""

    weight: int
    pattern: re.Pattern[str]
    within: int = START


def sign(weight: int, pattern: str, within: int = START, *, exact: bool = False) -> Sign:
    """A sign; capitals matter where it is `exact`."""
    return Sign(weight, re.compile(pattern, re.MULTILINE if exact else re.MULTILINE | re.IGNORECASE), within)


def gettext_noop(words: str) -> str:
    """The words as they are; `make messages` gathers them, and the models translate them."""
    return words


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of document that is read."""

    code: str  # in the database, in addresses and for `--kind`
    label: str  # on pages, marked with `gettext_noop`: "Concluding observations"
    name: str  # in a sentence: "a summary of stakeholders' submissions"
    signs: tuple[Sign, ...]
    # The document that lines hold; raises DocumentError.
    parse: Callable[[Sequence[Line]], ParsedDocument]
    # What stands in references between review and paragraph (`KAZ-UPR7-AD-36`), so that two documents of one
    # review never claim the same one; and what stands there where another document has the short reference.
    reference_code: str
    reference_code_where_taken: str = ""
    # For the editors' page: by what it is recognised, and what is made of it.
    recognised_by: str
    becomes: str
    # Raises DocumentError for texts that look like this kind and are of none that is read.
    refuse_others: Callable[[str], None] | None = None
    # The place among the kinds that are read (of two that fit equally the first is taken), and among all
    # kinds of stored documents in lists and choices.
    order: int = 1_000
    stored_order: int = 1_000
