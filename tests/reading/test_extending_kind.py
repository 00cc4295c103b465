"""The walk "A kind of document" of `docs/extending.md`: one package, and it is read, offered and stored."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError

from recommendations.models import Document, Import
from recommendations.models.references import reference
from recommendations.reading import kinds, registry
from tests import extending, make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from django.test import Client

SECTION = "A kind of document"
CODE = "list_of_themes"
EXAMPLE = f"tests/documents/{CODE}/CERD_themes_invented.txt"
PACKAGE = f"recommendations/reading/kinds/{CODE}"
# In a process of the copy: the kind is recognised, may be named, and needs no migration.
PROGRAM = f"""
import django
from django.core.management import call_command
django.setup()
import recommendations
assert recommendations.__file__.startswith({{root!r}}), recommendations.__file__
call_command("parse_document", {EXAMPLE!r}, "--kind", {CODE!r}, stdout=open("named.json", "w"))
call_command("parse_document", {EXAMPLE!r})
assert open("named.json").read()
call_command("makemigrations", check_changes=True, dry_run=True)
"""


def test_walk_touches_one_package_and_its_examples() -> None:
    assert {one.path for one in extending.blocks(SECTION)} == {
        f"{PACKAGE}/__init__.py",
        f"{PACKAGE}/parser.py",
        EXAMPLE,
    }


def test_copy_with_the_kind_of_the_walk_parses_it(tmp_path: Path) -> None:
    for folder in ("recommendations", "tracker"):
        ignored = shutil.ignore_patterns("__pycache__", "static", "locale")
        shutil.copytree(extending.ROOT / folder, tmp_path / folder, ignore=ignored)
    shutil.copy(extending.ROOT / "manage.py", tmp_path)
    extending.write(tmp_path, SECTION)

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(root=str(tmp_path))],
        cwd=tmp_path,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tracker.settings",
            "TRACKER_DEMO": "1",
            "PYTHONPATH": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed, _brace, migrations = done.stdout.rpartition("}")
    document = json.loads(f"{printed}}}")
    assert (document["kind"], document["state"], document["symbol"]) == (CODE, "MLT", "CERD/C/MLT/Q/9")
    assert [one["statements"][0]["act"] for one in document["paragraphs"]] == ["question", "question"]
    assert "No changes detected" in migrations


@pytest.fixture
def _registered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process with the kind of the walk."""
    extending.write(tmp_path, SECTION)
    monkeypatch.setattr(
        kinds, "__path__", [*kinds.__path__, str(tmp_path / PACKAGE).removesuffix(f"/{CODE}")]
    )
    known = dict(registry.KINDS)
    registry.KINDS.update(registry.find_kinds())
    yield
    registry.KINDS.clear()
    registry.KINDS.update(known)
    for name in [name for name in sys.modules if name.startswith(f"{kinds.__name__}.{CODE}")]:
        del sys.modules[name]


@pytest.mark.django_db
@pytest.mark.usefixtures("_registered")
def test_kind_of_the_walk_is_offered_on_the_import_page(client: Client) -> None:
    client.force_login(make.make_user("editor"))
    refused: Any = {
        "what": "document",
        "state": "refused",
        "message": "Unknown.",
        "filename": "themes.txt",
        "file": "themes.txt",
    }
    source = Import.objects.create(size=1, sha256="0" * 64, **refused)
    page = client.get(source.get_absolute_url()).text
    assert f'<option value="{CODE}">List of themes</option>' in page


@pytest.mark.django_db
@pytest.mark.usefixtures("_registered")
def test_kind_of_the_walk_can_be_stored_and_referred_to() -> None:
    document = make.make_document(kind=CODE, symbol="")
    document.full_clean()
    assert document.name == "List of themes"
    assert reference("KAZ", "CERD", "77", CODE, "3.1") == "KAZ-CERD77-LT-3.1"


@pytest.mark.django_db
def test_kind_without_a_package_is_refused() -> None:
    with pytest.raises(ValidationError, match=CODE):
        Document(kind=CODE).clean_fields()
