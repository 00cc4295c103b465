"""Check of files: encoding, ends of lines, what a merge left, size, reasons for what mypy passes over.

`python -m tests.hygiene [FILE ...]`; without files, all of the project. `make lint` and pre-commit run it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.run import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDERS = (".ci", "docs", "fixtures", "recommendations", "templates", "tests", "tracker")
# Kept exactly as their makers wrote them: documents, and libraries of others.
AS_THEY_CAME = re.compile(r"/(?:fixtures|tests)/documents/(?:[^/]+/)?[^/]+\.txt$|/vendor/")
BINARY = {".png", ".ttf", ".xls", ".xlsx", ".pdf", ".docx", ".mo"}
MAX_BYTES = 2_000_000
# In which files (by their names) what is a fault, and what it is called.
FAULTS = (
    (r"", r"\r", "a carriage return"),
    (r"", r"[ \t]+$", "white space at the end of a line"),
    (r"", r"^(?:<{7} |={7}$|>{7} )", "what a merge left"),
    (r"^(?!Makefile$)", r"\t", "a tab"),
    (
        r"\.py$",
        r"# type[:] ignore(?!\[[a-z,-]+\]  # \w)",
        "an ignored type without code and reason",
    ),
)


def of_the_project() -> Iterator[Path]:
    """Every file that could be committed."""
    yield from (path for path in ROOT.iterdir() if path.is_file() and path.name != ".env")
    for folder in FOLDERS:
        files = (path for path in (ROOT / folder).rglob("*") if path.is_file())
        yield from (path for path in files if path.parent.name != "__pycache__")


def faults(path: Path) -> Iterator[str]:
    """What is wrong with the file, each with its line."""
    content = path.read_bytes()
    if len(content) > MAX_BYTES:
        yield f"{path}: larger than {MAX_BYTES} bytes"
    if path.suffix in BINARY or AS_THEY_CAME.search(path.resolve().as_posix()) or not content:
        return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        yield f"{path}: not UTF-8 ({error.reason} at byte {error.start})"
        return
    for files, pattern, name in FAULTS:
        if re.search(files, path.name) and (found := re.search(pattern, text, re.MULTILINE)):
            yield f"{path}:{text.count(chr(10), 0, found.start()) + 1}: {name}"
    if not text.endswith("\n") or text.endswith("\n\n"):
        yield f"{path}: does not end with one end of a line"


def main(arguments: list[str]) -> int:
    """Print a line for each fault; 1 if there is any."""
    paths = [Path(argument) for argument in arguments] or sorted(of_the_project())
    found = [fault for path in paths for fault in faults(path)]
    print("\n".join(found) if found else f"{len(paths)} files are clean.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
