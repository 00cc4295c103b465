"""Each kind of document: its package is found, it knows its examples, and everything offers it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from recommendations.models import Document
from recommendations.models.document_kinds import UNREAD, document_kinds, label_of, reference_code
from recommendations.reading.kinds_table import with_table
from recommendations.reading.reader import read, read_lines
from recommendations.reading.recognition import recognise
from recommendations.reading.registry import KINDS
from tests import reading_quality

if TYPE_CHECKING:
    from pathlib import Path

# The examples of a kind stand in the folder of its code: a text beside its `.expected.json`.
EXAMPLES = [
    pytest.param(code, path, id=path.stem)
    for code in KINDS
    for path in sorted((reading_quality.ANNOTATED / code).glob("*.txt"))
]


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_has_an_example(code: str) -> None:
    assert list((reading_quality.ANNOTATED / code).glob("*.txt"))


@pytest.mark.parametrize(("code", "example"), EXAMPLES)
def test_example_is_read_as_expected(code: str, example: Path) -> None:
    expected = json.loads(example.with_suffix(".expected.json").read_text(encoding="utf-8"))
    assert expected["kind"] == code
    assert json.loads(json.dumps(read(example).as_dict())) == expected


@pytest.mark.parametrize(("code", "example"), EXAMPLES)
def test_example_is_recognised_by_words_in_it(code: str, example: Path) -> None:
    lines = read_lines(example)
    recognition = recognise(lines)
    assert recognition.kind == code
    assert recognition.evidence
    for one in recognition.evidence:
        at = int(one.place.removeprefix("line ")) - 1
        assert one.words.split()[0] in lines[at].text


def test_no_code_stands_for_two_kinds_in_references() -> None:
    taken = [reference_code(code, taken=True) for code, _label in document_kinds()]
    assert len(set(taken)) == len(taken)
    assert all(taken)


def test_stored_kinds_are_the_read_and_the_unread() -> None:
    stored = [code for code, _label in document_kinds()]
    assert sorted(stored) == sorted([*KINDS, *UNREAD])
    assert Document._meta.get_field("kind").choices == document_kinds()
    for code, label in document_kinds():
        assert label_of(code) == str(label)


def test_reading_loads_no_django() -> None:
    program = (
        "import sys; from recommendations.reading.reader import KINDS\n"
        "sys.exit('django' in sys.modules or not KINDS)"
    )
    assert (
        subprocess.run([sys.executable, "-c", program], cwd=reading_quality.ROOT, check=False).returncode == 0
    )


def test_editors_page_has_the_table_of_kinds() -> None:
    page = (reading_quality.ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    assert with_table(page) == page
