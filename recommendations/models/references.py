"""References of records and responses, e.g. `KAZ-UPR7-36.7`: one scheme for fixtures and imports."""

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
    """Return the reference: State, mechanism, session and place, with `R` before the place of a response.

    With `taken` it includes the kind of document, for when another document has the short reference.
    """
    code = reference_code(kind, taken=taken)
    place = f"{'R' if response else ''}{at}"
    return f"{state}-{mechanism}{session}-{f'{code}-' if code else ''}{place}"


def place(number: str, statement: int, statements: int) -> str:
    """Return the end of a reference: `36.7` for statement 7 of paragraph 36, `95.12` for item 95.12.

    A paragraph whose number is that of a list item (`95.12`, `14 (b)`) and that has only one statement
    needs no statement number.
    """
    bare = re.sub(r"[^A-Za-z0-9.-]+", "", number).strip(".-") or "0"
    is_item = bool(re.search(r"\d\.\d|\d[a-z]+$", bare))
    return bare if is_item and statements == 1 else f"{bare}.{statement}"
