"""The names of tests: subject and outcome in at most ten words, so that they can be found and said."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TESTS = settings.BASE_DIR / "tests"
WORDS_MAX = 10


def names_in(path: Path) -> Iterator[str]:
    """The names of a file's tests, those within classes too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield node.name


def too_long(name: str) -> bool:
    return len(name.removeprefix("test_").split("_")) > WORDS_MAX


def test_names_have_at_most_ten_words():
    names = [(path, name) for path in TESTS.rglob("test_*.py") for name in names_in(path)]
    assert len(names) > 1000
    assert [f"{path.relative_to(TESTS)}: {name}" for path, name in names if too_long(name)] == []


def test_name_of_eleven_words_is_too_long():
    assert too_long("test_a_b_c_d_e_f_g_h_i_j_k")
    assert not too_long("test_a_b_c_d_e_f_g_h_i_j")
