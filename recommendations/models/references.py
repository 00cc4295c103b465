"""How records and responses are called: `KAZ-UPR7-36.7`. One scheme for fixtures and for imports."""

from __future__ import annotations

import re

# What stands between the review and the paragraph in a reference, so that two documents of one
# review never claim the same one. The documents that put things to a State need nothing.
CODE_OF_KIND = {
    "stakeholder_summary": "",
    "dialogue_summary": "",
    "un_compilation": "UN",
    "national_report": "NR",
    "working_group_report": "",
    "addendum": "AD",
    "list_of_issues": "LI",
    "concluding_observations": "CO",
    "follow_up_report": "FR",
    "ngo_submission": "NS",
    "thematic_list": "TL",
    "data_set": "DS",
}
# Where the short reference is taken by another document of the same review: a summary's paragraph 95 has
# hardly twelve statements, but item 95.12 of the report may be called like one.
CODE_WHERE_TAKEN = CODE_OF_KIND | {
    "stakeholder_summary": "SS",
    "dialogue_summary": "DI",
    "working_group_report": "WG",
}


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
    code = (CODE_WHERE_TAKEN if taken else CODE_OF_KIND)[kind]
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
