"""No file of ours is so long that it has more than one job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.hygiene import ROOT, of_the_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMIT = 400
# Of these the length is decided elsewhere: what others wrote, and what makemigrations writes.
NOT_OURS = {"vendor", "migrations"}
CODE = {".py", ".html", ".css", ".js"}
# Mails, the README of the data set and sitemaps are templates too.
TEMPLATES = {".txt", ".md", ".xml"}


def written_here() -> Iterator[Path]:
    """The Python, templates, style sheets and scripts of the project."""
    for path in of_the_project():
        parts = path.relative_to(ROOT).parts
        if NOT_OURS.isdisjoint(parts) and (
            path.suffix in CODE or (parts[0] == "templates" and path.suffix in TEMPLATES)
        ):
            yield path


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_every_kind_of_file_is_measured() -> None:
    found = list(written_here())
    assert {path.suffix for path in found} == CODE | TEMPLATES
    assert len(found) > 500


def test_every_file_has_fewer_than_400_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): number for path in written_here() if (number := lines_of(path)) >= LIMIT
    }
    assert long == {}
