"""`manage.py parse_document`: JSON on the way out, exit 2 and one line for what cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import call_command

SHIPPED = Path(__file__).resolve().parents[2] / "fixtures" / "documents" / "004_56ddd66f866fc131.txt"
FIELDS = [
    *("symbol", "kind", "state", "session", "title", "published_on", "body"),
    *("stakeholders", "paragraphs", "endnotes"),
]


def test_command_prints_the_document_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("parse_document", str(SHIPPED))
    printed = capsys.readouterr().out
    document = json.loads(printed)
    assert set(FIELDS) <= set(document)
    assert set(document["stakeholders"][0]) == {"acronym", "name", "kind", "members"}
    assert set(document["paragraphs"][0]) == {"number", "section", "text", "statements", "speaker"}
    assert set(document["paragraphs"][0]["statements"][0]) == {"text", "act", "stakeholders", "endnotes"}
    assert "“self-reported case”" in printed


def test_command_accepts_a_given_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "part.txt"
    path.write_text("1. AI recommended a law on the matter of the islands.", encoding="utf-8")
    call_command("parse_document", str(path), "--kind", "stakeholder_summary")
    assert json.loads(capsys.readouterr().out)["kind"] == "stakeholder_summary"


def test_command_refuses_with_exit_2_and_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "empty.pdf"
    path.write_bytes(b"")
    with pytest.raises(SystemExit) as stopped:
        call_command("parse_document", str(path))
    assert stopped.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"parse_document: {path}: the file is empty\n"
