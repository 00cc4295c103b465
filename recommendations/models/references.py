"""How records and responses are called: `KAZ-UPR7-36.7`. One scheme for fixtures and for imports."""

from __future__ import annotations

import re

from recommendations.models.document_kinds import reference_code


def reference(
    state: str,
    mechanism: str,
    session: str,
    kind: str,
    at: str,
    *,
    response: bool = False,
    taken: bool = False,
) -> str:
    """State, mechanism and session, then the place in the document; responses have an R before it.

    `taken` names the kind of document too, for where another document has the short reference.
    """
    code = reference_code(kind, taken=taken)
    place = f"{'R' if response else ''}{at}"
    return f"{state}-{mechanism}{session}-{f'{code}-' if code else ''}{place}"


def place(number: str, statement: int, statements: int) -> str:
    """The end of a reference: `36.7` for the seventh statement of paragraph 36, `95.12` for item 95.12.

    A paragraph that is an item of a list by its number (`95.12`, `14 (b)`) and has one statement needs no
    number of the statement.
    """
    bare = re.sub(r"[^A-Za-z0-9.-]+", "", number).strip(".-") or "0"
    is_item = bool(re.search(r"\d\.\d|\d[a-z]+$", bare))
    return bare if is_item and statements == 1 else f"{bare}.{statement}"
