"""Builds the wheel, installs it in an environment of its own, and uses it from an empty folder.

`python -m tests.package`. The environment has the locked requirements and the wheel, and nothing of this
checkout, so that a file which the wheel lacks is missed here. Takes about 80 seconds, a third of it pip's.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import urljoin

from tests.run import ROOT, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

# Where each folder of a checkout is in the wheel.
FOLDERS = {
    "recommendations": "recommendations",
    "tracker": "tracker",
    "templates": "tracker/templates",
    "fixtures": "tracker/fixtures",
}
BUILT_FROM = (*FOLDERS, "pyproject.toml", "README.md", "LICENSE", ".gitignore")
PIP = ("-m", "pip", "--quiet", "--disable-pip-version-check")


class IncompleteError(Exception):
    """Something that a user of the wheel relies on is not there."""


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What the command prints; its environment is what is given, and pip's own settings."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"} or "PIP_" in name}
    answer = subprocess.run(
        command, cwd=cwd, env=kept | environment, text=True, capture_output=True, check=False
    )
    if answer.returncode:
        raise IncompleteError(f"{' '.join(map(str, command))}\n{answer.stdout}{answer.stderr}")
    return answer.stdout


def build(folder: Path) -> Path:
    """The wheel of what is in this checkout, with a compiled catalogue, which no commit has."""
    tree = folder / "tree"
    tree.mkdir()
    for name in BUILT_FROM:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tree)
    catalogue = tree / "recommendations" / "locale" / "ky" / "LC_MESSAGES"
    catalogue.mkdir(parents=True)
    for suffix in ("po", "mo"):
        (catalogue / f"django.{suffix}").write_bytes(b"")
    # The builder comes from the locked requirements, not from a download that nothing has checked.
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder))
    run(sys.executable, *PIP, "wheel", *options, str(tree), cwd=folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


def compare(wheel: Path, tree: Path) -> int:
    """How many files the wheel holds: exactly those of the folders that it was built from."""
    expected = {
        f"{inside}/{path.relative_to(tree / outside).as_posix()}"
        for outside, inside in FOLDERS.items()
        for path in (tree / outside).rglob("*")
        if path.is_file()
    }
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    if held != expected:
        raise IncompleteError(f"missing: {sorted(expected - held)}; not wanted: {sorted(held - expected)}")
    return len(held)


def install(wheel: Path, folder: Path) -> Path:
    """The folder of programs of a new environment with the locked requirements and the wheel."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    run(python, *PIP, "install", "--require-hashes", "-r", str(ROOT / "requirements.txt"), cwd=folder)
    run(python, *PIP, "install", "--no-deps", "--no-index", str(wheel), cwd=folder)
    run(python, *PIP, "check", cwd=folder)  # the locked requirements are all that the wheel asks for
    return python.parent


@contextlib.contextmanager
def served(command: list[str], port: int, home: Path, environment: dict[str, str]) -> Iterator[str]:
    """The address at which the command answers."""
    address = f"http://127.0.0.1:{port}"
    with (home.parent / "served.log").open("w+") as log:
        process = subprocess.Popen(
            command, cwd=home, env={"PATH": os.environ["PATH"], **environment}, stdout=log, stderr=log
        )
        try:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline and process.poll() is None:
                if answers(port):
                    break
                time.sleep(0.2)
            else:
                log.seek(0)
                raise IncompleteError(f"{' '.join(command)} does not answer:\n{log.read()}")
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


def answers(port: int) -> bool:
    """Whether somebody listens on this port."""
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


def get(address: str) -> tuple[str, bytes]:
    """The type and the content of what is at this address."""
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310
        return answer.headers["Content-Type"], answer.read()


def read_pages(address: str) -> int:
    """How many static files the front page and the page of a record ask for: all of them are there."""
    files = set()
    listing = json.loads(get(f"{address}/recommendations.json")[1])
    for path in ("/", f"/recommendations/{listing['results'][0]['reference']}/"):
        kind, content = get(address + path)
        if not kind.startswith("text/html") or b"</html>" not in content:
            raise IncompleteError(f"{path} is no page")
        files |= {
            urljoin(address, found)
            for found in re.findall(r'(?:href|src)="(/static/[^"#]+)', content.decode())
        }
    if not files:
        raise IncompleteError("the pages ask for no style sheet")
    for file in sorted(files):
        if not get(file)[1]:
            raise IncompleteError(f"{file} is empty")
    if not get(f"{address}/pictures/issues.png")[1].startswith(b"\x89PNG"):
        raise IncompleteError("no chart is drawn as PNG, for which the fonts are needed")
    return len(files)


def use(programs: Path, home: Path) -> int:
    """Do from an empty folder what docs/administrators.md says, with gunicorn and with the demo."""
    tracker = str(programs / "recommendation-tracker")
    environment = {"SECRET_KEY": "k" * 50, "ALLOWED_HOSTS": "127.0.0.1", "HTTPS": "off"}
    run(tracker, "check", "--fail-level", "WARNING", cwd=home, **environment)
    run(tracker, "migrate", "--verbosity", "0", cwd=home, **environment)
    run(tracker, "load_fixtures", cwd=home, **environment)
    run(tracker, "collectstatic", "--no-input", cwd=home, **environment)
    # A document is read by a process of its own, and an import worked on by another.
    shell = [tracker, "shell", "--verbosity", "0", "--command"]
    ask = (
        "import json; from django.conf import settings as s;"
        "print(json.dumps([s.COMMAND_LINE, str(s.FIXTURES_DIR)]))"
    )
    command_line, fixtures = json.loads(run(*shell, ask, cwd=home, **environment))
    document = next(Path(fixtures, "documents").glob("0*.txt"))
    run(tracker, "import_document", "--dry-run", str(document), cwd=home, **environment)
    run(*command_line, "run_imports", cwd=home, **environment)
    made = sorted(path.name for path in home.iterdir())
    if made != ["data", "staticfiles"]:
        raise IncompleteError(f"the folder holds {made}")

    port = free_port()
    gunicorn = [
        str(programs / "gunicorn"),
        "--no-control-socket",
        "--bind",
        f"127.0.0.1:{port}",
        "tracker.wsgi",
    ]
    with served(gunicorn, port, home, environment) as address:
        read_pages(address)
    shutil.rmtree(home / "staticfiles")  # the demo serves straight from the wheel
    port = free_port()
    with served([tracker, "demo", "--port", str(port)], port, home, {}) as address:
        return read_pages(address)


def main() -> int:
    """Say in one line that it is complete, or what is missing."""
    with tempfile.TemporaryDirectory(prefix="tracker-package-") as name:
        folder = Path(name)
        home = folder / "home"
        home.mkdir()
        try:
            wheel = build(folder)
            files = compare(wheel, folder / "tree")
            shutil.rmtree(folder / "tree")
            static = use(install(wheel, folder / "environment"), home)
        except (IncompleteError, URLError) as error:
            print(f"The package is not complete: {error}", file=sys.stderr)
            return 1
        print(
            f"{wheel.name}: {files} files, installed and served; two pages and their {static} static files."
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
