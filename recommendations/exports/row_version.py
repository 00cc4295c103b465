"""The columns that editors may change in a spreadsheet, and the mark that reveals later changes.

The column `version` of an export holds a short digest of each of these columns. When the file is imported,
a cell that does not match its digest was changed in the file, and a record that does not was changed here.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recommendations.core.xml import xml_text

if TYPE_CHECKING:
    from collections.abc import Mapping

BETWEEN = "; "
# Characters in a digest; one in 16 million changes goes unnoticed.
LETTERS = 4
_MARK = "v1."


@dataclass(frozen=True, slots=True)
class RowVersion:
    """The mark over the columns that editors may change, in this order; `lists` hold several values."""

    names: tuple[str, ...]
    lists: frozenset[str]

    def canonical(self, name: str, cell: object) -> str:
        """A cell as it is compared: white space and the order of a list do not matter."""
        kept = xml_text("" if cell is None else str(cell))
        text = " ".join(unicodedata.normalize("NFC", kept).split())
        if name in self.lists:
            return BETWEEN.join(sorted(part for part in text.split(BETWEEN) if part))
        return text

    def digest(self, name: str, cell: object) -> str:
        """The digest of one cell."""
        text = f"{name}\n{self.canonical(name, cell)}"
        found = hashlib.blake2s(text.encode("utf-8", "replace"), digest_size=3)
        return base64.urlsafe_b64encode(found.digest()).decode()

    def mark(self, cells: Mapping[str, object]) -> str:
        """The mark of a record, from the cells of its row."""
        return _MARK + "".join(self.digest(name, cells[name]) for name in self.names)

    def digests_in(self, mark: str) -> dict[str, str] | None:
        """For each column its digest when the file was made; None for what is no mark."""
        found = re.fullmatch(
            rf"{re.escape(_MARK)}([A-Za-z0-9_-]{{{LETTERS * len(self.names)}}})", mark.strip()
        )
        if not found:
            return None
        letters = found.group(1)
        return {
            name: letters[start : start + LETTERS]
            for name, start in zip(self.names, range(0, len(letters), LETTERS), strict=True)
        }
