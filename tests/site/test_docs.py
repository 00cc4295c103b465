"""The documents for people say only what exists: settings, commands, make targets, files."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = settings.BASE_DIR
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    ROOT / "ARCHITECTURE.md",
    ROOT / "CODE_OF_CONDUCT.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]


def text_of_all() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def test_documented_settings_equal_existing_settings():
    source = (ROOT / "tracker" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))
    administrators = (ROOT / "docs" / "administrators.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", administrators, flags=re.MULTILINE))
    assert documented == read


def test_every_documented_command_exists():
    named = set(re.findall(r"manage\.py (\w+)", text_of_all()))
    assert named
    assert named <= set(get_commands())


def test_every_documented_make_target_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)`|^    make ([a-z]+)", text_of_all(), flags=re.MULTILINE))
    assert {one or other for one, other in named} <= targets


@pytest.mark.parametrize("document", PAGES, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_link_to_a_file_works(document):
    for target in re.findall(r"\]\((?!http|#)([^)#]+)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_every_documented_system_check_exists():
    checks = (ROOT / "recommendations" / "core" / "checks.py").read_text(encoding="utf-8")
    for code in re.findall(r"tracker\.[EW]\d{3}", text_of_all()):
        assert code in checks


def test_every_documented_test_file_exists():
    named = set(re.findall(r"`(tests/[\w/]+\.\w+)`", text_of_all()))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
