"""The columns that editors may change in a spreadsheet, and the mark that reveals later changes.

The column `version` of an export holds a short digest of each of these columns. When the file is imported,
a cell that does not match its digest was changed in the file, and a record that does not was changed here.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

from recommendations.core.xml import xml_text

if TYPE_CHECKING:
    from collections.abc import Mapping

EDITABLE = (
    "summary",
    "kind",
    "position",
    "selected_for_follow_up",
    "due_on",
    "stakeholders",
    "issues",
    "groups",
)
LISTS = frozenset(("stakeholders", "issues", "groups"))
BETWEEN = "; "
# Characters in a digest; one in 16 million changes goes unnoticed.
LETTERS = 4
_MARK = "v1."
_WHOLE = re.compile(rf"{re.escape(_MARK)}([A-Za-z0-9_-]{{{LETTERS * len(EDITABLE)}}})")


def canonical(name: str, cell: object) -> str:
    """Return a cell in the form used for comparison, which ignores white space and the order of lists."""
    kept = xml_text("" if cell is None else str(cell))
    text = " ".join(unicodedata.normalize("NFC", kept).split())
    if name in LISTS:
        return BETWEEN.join(sorted(part for part in text.split(BETWEEN) if part))
    return text


def digest(name: str, cell: object) -> str:
    """Return the digest of one cell."""
    found = hashlib.blake2s(f"{name}\n{canonical(name, cell)}".encode("utf-8", "replace"), digest_size=3)
    return base64.urlsafe_b64encode(found.digest()).decode()


def version_of(cells: Mapping[str, object]) -> str:
    """Return the version mark of a record, from the cells of its row."""
    return _MARK + "".join(digest(name, cells[name]) for name in EDITABLE)


def digests_in(mark: str) -> dict[str, str] | None:
    """Return the digest of each editable column at export; None if the text is not a version mark."""
    found = _WHOLE.fullmatch(mark.strip())
    if not found:
        return None
    letters = found.group(1)
    return {
        name: letters[start : start + LETTERS]
        for name, start in zip(EDITABLE, range(0, len(letters), LETTERS), strict=True)
    }
