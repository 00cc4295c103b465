"""Follows "A status" of `docs/extending.md` in a copy of the project: what it says is right and enough."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from pathlib import Path

ROOT = settings.BASE_DIR
COPIED = ("recommendations", "templates", "tracker", "tests")
TABLE = "recommendations/models/statuses.py"


def section() -> str:
    text = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    found = re.search(r"^## A status\n(.*?)(?=^## |\Z)", text, flags=re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def blocks(language: str) -> list[str]:
    """The code of this language in the section."""
    return re.findall(rf"^```{language}\n(.*?)^```$", section(), flags=re.MULTILINE | re.DOTALL)


def copy_of_project(folder: Path) -> Path:
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name)
    for name in ("manage.py", "pyproject.toml"):
        shutil.copy2(ROOT / name, folder / name)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    found = [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def run(folder: Path, *command: str, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    data = folder.parent / "data"
    ours = {"TRACKER_DEMO": "1", "DATA_DIR": str(data), "DATABASE_URL": f"sqlite:///{data}/test.sqlite3"}
    answer = subprocess.run(
        command, cwd=folder, env=kept | ours | environment, text=True, capture_output=True, check=False
    )
    assert answer.returncode == 0, f"{shlex.join(command)}\n{answer.stdout}{answer.stderr}"
    return answer.stdout


def test_new_status_needs_the_three_files_of_the_docs(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path / "project")
    before = files(project)

    (code,) = blocks("python")
    anchor = code.splitlines(keepends=True)[-1]
    table = (project / TABLE).read_text(encoding="utf-8")
    assert table.count(anchor) == 1, "the last line of the example is where the definition goes"
    (project / TABLE).write_text(table.replace(anchor, code), encoding="utf-8")
    (commands,) = blocks("sh")
    for line in commands.splitlines():
        program, *rest = shlex.split(line)
        assert program == "python"
        run(project, sys.executable, *rest)

    after = files(project)
    changed = {name for name, data in after.items() if before.get(name) != data}
    assert {name.partition("00")[0] for name in changed} == {
        TABLE,
        "recommendations/migrations/",
        "recommendations/static/recommendations/css/statuses.css",
    }
    assert len(changed) == 3
    (value,) = re.findall(r'value="(\w+)"', code)
    looked_for = run(
        project,
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
        *("tests/site/new_status.py", "tests/models/test_status_definitions.py"),
        "tests/public/test_pages.py::test_text_colours_have_enough_contrast",
        NEW_STATUS=value,
    )
    assert " passed" in looked_for
    assert "skipped" not in looked_for
