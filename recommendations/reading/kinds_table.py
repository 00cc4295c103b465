"""Writes the table of kinds into a page of the docs: `python -m recommendations.reading.kinds_table PATH`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from recommendations.reading.registry import KINDS

HEADING = "| kind | recognised by | becomes |"


def table() -> str:
    """The kinds as rows of Markdown."""
    rows = [f"| `{kind.code}` | {kind.recognised_by} | {kind.becomes} |" for kind in KINDS.values()]
    return "\n".join([HEADING, "|---|---|---|", *rows])


def with_table(text: str) -> str:
    """The page with the table as it is today. ValueError where it has none."""
    written, tables = re.subn(rf"^{re.escape(HEADING)}$(?:\n\|.*)*", lambda _: table(), text, flags=re.M)
    if tables != 1:
        raise ValueError(f"the page must have one table with the heading {HEADING}")
    return written


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(with_table(page.read_text(encoding="utf-8")), encoding="utf-8")
