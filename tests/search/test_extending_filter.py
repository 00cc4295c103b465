"""Follows "A counted filter" of `docs/extending.md` in a copy of the project: three files are enough."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

if TYPE_CHECKING:
    from pathlib import Path

# Decided above the database: once is enough.
pytestmark = pytest.mark.rules

ROOT = settings.BASE_DIR
COPIED = ("recommendations", "templates", "tracker", "tests", "docs")
LISTING, ANALYSTS = "recommendations/models/listing.py", "docs/analysts.md"


def block(language: str) -> str:
    """The one block of this language in the section."""
    text = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    section = re.search(r"^## A counted filter\n(.*?)(?=^## |\Z)", text, flags=re.MULTILINE | re.DOTALL)
    assert section
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", section[1], flags=re.MULTILINE | re.DOTALL)
    return str(found)


def insert(path: Path, code: str) -> None:
    """Put the code where its last line stands."""
    anchor = code.splitlines(keepends=True)[-1]
    text = path.read_text(encoding="utf-8")
    assert text.count(anchor) == 1, f"the last line of the example stands once in {path.name}"
    path.write_text(text.replace(anchor, code), encoding="utf-8")


def files(folder: Path) -> dict[str, bytes]:
    found = [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def run(project: Path, *command: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    data = project.parent / "data"
    data.mkdir(exist_ok=True)
    ours = {"TRACKER_DEMO": "1", "DATA_DIR": str(data), "DATABASE_URL": f"sqlite:///{data}/test.sqlite3"}
    answer = subprocess.run(
        command, cwd=project, env=kept | ours, text=True, capture_output=True, check=False
    )
    assert answer.returncode == 0, f"{shlex.join(command)}\n{answer.stdout}{answer.stderr}"
    return answer.stdout


def test_counted_filter_needs_the_three_files_of_the_docs(tmp_path: Path) -> None:
    project = tmp_path / "project"
    for name in COPIED:
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("manage.py", "pyproject.toml"):
        shutil.copy2(ROOT / name, project / name)
    before = files(project)

    insert(project / LISTING, block("python"))
    insert(project / ANALYSTS, block("markdown"))
    for line in block("sh").splitlines():
        program, *rest = shlex.split(line)
        assert program == "python"
        run(project, sys.executable, *rest)

    changed = {name for name, data in files(project).items() if before.get(name) != data}
    (migration,) = changed - {LISTING, ANALYSTS}
    assert re.fullmatch(r"recommendations/migrations/\d{4}_listing_selected\.py", migration)
    looked_for = run(
        project,
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/search/new_facet.py"),
        *("tests/search/test_declared_facets.py", "tests/search/test_facet_panel.py", "-k"),
        "new_facet or triggers or documented or parts or label",
    )
    assert " passed" in looked_for
    assert "skipped" not in looked_for
