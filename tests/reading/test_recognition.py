"""The kind of a document is recognised with its evidence, and a person may say otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recommendations.models import Recommendation
from recommendations.reading.document import DocumentError, Position
from recommendations.reading.files.lines import lines_of
from recommendations.reading.reader import read, read_lines, read_recognised
from recommendations.reading.recognition import Evidence, recognise
from tests import reading_quality
from tests.amounts import examples

if TYPE_CHECKING:
    from pathlib import Path

REAL = reading_quality.SHARED


def evidence(text: str) -> list[tuple[str, str]]:
    return [(one.words, one.place) for one in recognise(lines_of(text)).evidence]


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("stakeholder_summaries", "stakeholder_summary"),
        ("press_releases", "dialogue_summary"),
        ("working_group_reports", "working_group_report"),
        ("concluding_observations", "concluding_observations"),
        ("thematic_lists", "thematic_list"),
    ],
)
def test_every_real_document_is_recognised(folder: str, kind: str) -> None:
    if not REAL.exists():
        pytest.skip("the real documents are not here (looked in ../shared/realdata)")
    # Tables of what must be read stand beside the documents. Reading all 150 reports takes minutes, so usual
    # runs take some of them, spread over the States, and `make fuzz` forty times as many.
    documents = sorted(path for path in (REAL / folder).iterdir() if path.suffix in {".txt", ".pdf", ".docx"})
    paths = documents[:: max(1, len(documents) // examples(6))]
    assert paths
    assert {path.name: recognise(read_lines(path)).kind for path in paths} == dict.fromkeys(
        (path.name for path in paths), kind
    )


def test_evidence_gives_words_and_lines_heaviest_first() -> None:
    assert evidence("\n\nConcluding observations on the report\n\nThe State party should go.") == [
        ("Concluding observations on", "line 3"),
        ("The State party should", "line 5"),
    ]


def test_weak_words_alone_recognise_nothing() -> None:
    with pytest.raises(DocumentError, match="none of the documents that are read"):
        recognise(lines_of("She enjoyed the support of her aunt."))


@pytest.mark.parametrize(
    ("symbol", "what"),
    [
        ("A/HRC/WG.6/9/XYZ/1", "a national report"),
        ("A/HRC/WG.6/9/XYZ/2", "a compilation of United Nations information"),
    ],
)
def test_other_kinds_of_report_are_named_in_refusal(symbol: str, what: str) -> None:
    with pytest.raises(DocumentError, match=f"{symbol} is {what}"):
        recognise(lines_of(f"{symbol}\n1. It begins."))


def test_report_citing_another_report_is_recognised() -> None:
    text = "Report of the Working Group on the Universal Periodic Review\n1. See A/HRC/WG.6/9/XYZ/1."
    assert recognise(lines_of(text)).kind == "working_group_report"


def test_given_kind_overrides_recognition(tmp_path: Path) -> None:
    path = tmp_path / "part.txt"
    path.write_text("CCPR/C/MLT/CO/9\n1. The Committee recommends a lamp.", encoding="utf-8")
    document, recognition = read_recognised(path)
    assert (document.kind, recognition and recognition.kind) == ("concluding_observations",) * 2
    document, recognition = read_recognised(path, kind="stakeholder_summary")
    assert document.kind == "stakeholder_summary"
    assert recognition
    assert recognition.evidence[0] == Evidence("CCPR/C/MLT/CO/9", "line 1")
    path.write_text("1. AI recommended a lamp.", encoding="utf-8")
    assert read_recognised(path, kind="stakeholder_summary")[1] is None
    with pytest.raises(DocumentError, match="none of the documents"):
        read_recognised(path)


def test_positions_match_the_models() -> None:
    assert set(Position) - {""} == set(Recommendation.Position.values)


def test_unknown_kind_is_refused_before_opening_the_file(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="known are stakeholder_summary, dialogue_summary, "):
        read(tmp_path / "none", kind="novel")
