"""The linter for small things sees each of them, and leaves alone what others wrote."""

from __future__ import annotations

import pytest

from tests.hygiene import faults


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"one\r\n", "1: a carriage return"),
        (b"one\ntwo \n", "2: white space at the end of a line"),
        (b"one\n<<<<<<< HEAD\n", "2: what a merge left"),
        (b"one\n\ttwo\n", "2: a tab"),
        (b"one\ntwo = 1  # type\x3a ignore[misc]\n", "2: an ignored type without code and reason"),
        (b"two = 1  # type\x3a ignore  # why\n", "1: an ignored type without code and reason"),
        (b"one", "does not end with one end of a line"),
        (b"one\n\n", "does not end with one end of a line"),
        (b"caf\xe9\n", "not UTF-8 (invalid continuation byte at byte 3)"),
        (b"x\n" * 1_000_001, "larger than 2000000 bytes"),
    ],
)
def test_each_fault_is_named_with_its_line(tmp_path, content, fault):
    path = tmp_path / "file.py"
    path.write_bytes(content)
    (line,) = faults(path)
    assert line.startswith(str(path))
    assert line.endswith(fault)


@pytest.mark.parametrize("name", ["file.py", "fixtures/documents/000.txt", "static/vendor/library.js"])
def test_clean_files_and_those_of_others_have_no_fault(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        b"two = 1  # type: ignore[misc]  # why\n"
        if name.endswith(".py")
        else b"as it came \r\n\tfrom elsewhere"
    )
    assert list(faults(path)) == []
