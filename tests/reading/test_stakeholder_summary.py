"""Summaries of stakeholders' submissions: by example, on the shipped document, and on the real ones."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from recommendations.reading.document import DocumentError, ParsedDocument
from recommendations.reading.files.lines import Joiner, lines_of
from recommendations.reading.kinds.summary.parser import parse
from recommendations.reading.reader import read
from tests import reading_quality

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "fixtures" / "documents" / "004_56ddd66f866fc131.txt"
REAL = reading_quality.SHARED / "stakeholder_summaries"
NOT_HERE = "the real documents are not here (looked in ../shared/realdata)"


def make_summary(*paragraphs: str, notes: str = "") -> ParsedDocument:
    """Reads a summary with these paragraphs, numbered from 1."""
    numbered = "\n".join(f"{number}. {text}" for number, text in enumerate(paragraphs, start=1))
    return parse(lines_of(f"A/HRC/WG.6/9/XYZ/3\nI. Background\n{numbered}\n{notes}"))


def make_said(*paragraphs: str, notes: str = "") -> list[tuple[str, str, tuple[str, ...]]]:
    """(act, first words, stakeholders) of each statement."""
    document = make_summary(*paragraphs, notes=notes)
    return [
        (statement.act.value, " ".join(statement.text.split()[:3]), statement.stakeholders)
        for paragraph in document.paragraphs
        for statement in paragraph.statements
    ]


def assert_sound(document: ParsedDocument) -> None:
    """What holds of every document read."""
    known = {party.acronym for party in document.stakeholders}
    assert [paragraph.number for paragraph in document.paragraphs] == [
        str(number) for number in range(1, len(document.paragraphs) + 1)
    ]
    for paragraph in document.paragraphs:
        assert paragraph.section
        assert not re.search(r"[\ue000\ue001\n]|A/HRC/WG\.6/\d+/\w+/3|GE\.\d\d-\d", paragraph.text)
        assert all(statement.text in paragraph.text for statement in paragraph.statements)
        assert all(set(statement.stakeholders) <= known for statement in paragraph.statements)


@pytest.fixture(scope="module")
def kazakhstan() -> ParsedDocument:
    return read(SHIPPED)


def test_shipped_summary_is_read_completely(kazakhstan: ParsedDocument) -> None:
    assert_sound(kazakhstan)
    assert (kazakhstan.symbol, kazakhstan.state, kazakhstan.session) == ("A/HRC/WG.6/7/KAZ/3", "KAZ", "7")
    assert len(kazakhstan.paragraphs) == 53
    assert kazakhstan.endnotes == {}


def test_shipped_summary_has_16_stakeholders(kazakhstan: ParsedDocument) -> None:
    acronyms = {party.acronym for party in kazakhstan.stakeholders}
    assert acronyms == {
        *("JS1", "JS2", "JS3", "JS4", "AI", "PRI-Central Asia", "FH", "HRW", "WCADP", "ICJ", "JC", "GIEACPC"),
        *("Forum 18", "BF", "EAJCW", "Earthjustice"),
    }
    assert all(party.members == () for party in kazakhstan.stakeholders)


def test_shipped_summary_has_each_mark_once(kazakhstan: ParsedDocument) -> None:
    """Mark 1 stands in the introduction, before the first numbered paragraph."""
    marks = Counter(
        mark for paragraph in kazakhstan.paragraphs for s in paragraph.statements for mark in s.endnotes
    )
    assert marks == Counter(range(2, 143))


def test_shipped_summary_keeps_only_its_own_numbers(kazakhstan: ParsedDocument) -> None:
    numbers = re.findall(r"(?<![A-Z])\b\d[\d.,%–-]*", " ".join(p.text for p in kazakhstan.paragraphs))
    bare = {number.rstrip(".,") for number in numbers}
    years = {number for number in bare if re.fullmatch(r"(?:19|20)\d\d", number)}
    assert bare - years == {"2", "1", "11.1", "61", "6", "1%", "3%", "72", "570-590", "18", "11", "10", "12"}


def test_shipped_summary_names_stakeholders_of_every_statement(kazakhstan: ParsedDocument) -> None:
    assert all(s.stakeholders for paragraph in kazakhstan.paragraphs for s in paragraph.statements)


@pytest.mark.parametrize(
    ("file", "paragraphs", "stakeholders", "notes"),
    [
        ("A_HRC_WG.6_7_SVN_3.repo-extract.txt", 49, 10, 75),
        ("A_HRC_WG.6_7_SVN_3.pdf", 49, 10, 75),
        ("A_HRC_WG.6_47_CRI_3.md-extract.txt", 93, 26, 132),
        ("A_HRC_WG.6_41_BRA_3.md-extract.txt", 83, 70, 199),
        ("A_HRC_WG.6_48_SVN_3.pdf", 89, 20, 124),
    ],
)
def test_real_summary_is_read_completely(file: str, paragraphs: int, stakeholders: int, notes: int) -> None:
    if not REAL.exists():
        pytest.skip(NOT_HERE)
    document = read(REAL / file)
    assert_sound(document)
    assert len(document.paragraphs) == paragraphs
    assert len(document.stakeholders) == stakeholders
    assert list(document.endnotes) == [str(number) for number in range(1, notes + 1)]
    assert document.published_on


def test_pdf_and_text_of_one_document_agree() -> None:
    if not REAL.exists():
        pytest.skip(NOT_HERE)
    text = read(REAL / "A_HRC_WG.6_7_SVN_3.repo-extract.txt")
    pdf = read(REAL / "A_HRC_WG.6_7_SVN_3.pdf")
    assert [p.text for p in pdf.paragraphs] == [p.text for p in text.paragraphs]
    assert [[s.endnotes for s in p.statements] for p in pdf.paragraphs] == [
        [s.endnotes for s in p.statements] for p in text.paragraphs
    ]


@pytest.mark.parametrize(
    "path",
    sorted(reading_quality.ANNOTATED.glob("*.annotated.json")),
    ids=lambda path: path.name.split(".")[0],
)
def test_reading_agrees_with_human_annotation(path: Path) -> None:
    row = reading_quality.measure_one(path)
    if row.skipped:
        pytest.skip(row.skipped)
    figures = [
        figure for figure in (row.precision, row.recall, row.acts, row.attribution) if figure is not None
    ]
    assert min(figures) > 0.95, row.faults


def test_act_counts_only_if_the_speaker_says_it() -> None:
    assert make_said(
        "AI noted that the Committee had recommended a law.",
        "AI noted the gap and recommended a law.",
        "AI drew attention to the recommendation of the Committee.",
        "AI stated that the State should be commended.",
        "AI stated that the media should inform.",
        "AI welcomed the law but regretted its delay.",
        "According to national legislation, minors should be released. AI noted it.",
    ) == [
        ("information", "AI noted that", ("AI",)),
        ("recommendation", "AI noted the", ("AI",)),
        ("information", "AI drew attention", ("AI",)),
        ("commendation", "AI stated that", ("AI",)),
        ("recommendation", "AI stated that", ("AI",)),
        ("concern", "AI welcomed the", ("AI",)),
        ("information", "According to national", ()),
        ("information", "AI noted it.", ("AI",)),
    ]


def test_speakers_carry_on_to_following_sentences() -> None:
    said = make_said(
        "Amnesty International (AI) and JS 2 noted x. They recommended y. Pay had fallen. "
        "According to JS2, z. "
        "It urged a change. The same submission asked for a law."
    )
    assert [speakers for _, _, speakers in said] == [("AI", "JS2")] * 3 + [("JS2",)] * 3


def test_another_speaker_divides_a_sentence() -> None:
    assert make_said("JS1 noted a gap, while JS2 recommended a law; JS3 urged a fund.") == [
        ("information", "JS1 noted a", ("JS1",)),
        ("recommendation", "JS2 recommended a", ("JS2",)),
        ("recommendation", "JS3 urged a", ("JS3",)),
    ]


def test_several_submissions_are_resolved_by_their_endnote() -> None:
    notes = "Notes\n1 JS1, p. 2; AI, p. 3. See also JS9, p. 1."
    said = make_said("AI noted x. JS1 noted y. Two submissions recommended z.1", notes=notes)
    assert said[-1] == ("recommendation", "Two submissions recommended", ("JS1", "AI"))


def test_number_is_endnote_mark_only_in_sequence() -> None:
    document = make_summary(
        "AI noted No. 2 of 2020.1 It fell after COVID-192 to 3.5 per cent.3 JS4 agreed in 2004.",
        "JS4 noted 5.4 cases.",
    )
    assert document.paragraphs[0].text == (
        "AI noted No. 2 of 2020. It fell after COVID-19 to 3.5 per cent. JS4 agreed in 2004."
    )
    assert [s.endnotes for s in document.paragraphs[0].statements] == [(1,), (2, 3), ()]


def test_line_break_does_not_split_a_word() -> None:
    joiner = Joiner("a public duty\nself-mutilation")
    assert joiner.join(["a pub-", "lic duty"]) == "a public duty"
    assert joiner.join(["self-", "mutilation of Hindu-", "speaking CoE-", "ECRI, pp. 8–", "17"]) == (
        "self-mutilation of Hindu-speaking CoE-ECRI, pp. 8–17"
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("Nothing is numbered here.", "the document has no numbered paragraph"),
        ("1. AI noted this and that and then the", "the text is truncated: it breaks off in paragraph 1"),
        (
            "1. AI noted this.\n3. AI noted that the law was good and the practice of the courts was bad.",
            "the text is not complete: paragraph 2 is missing",
        ),
        (
            "1. AI noted this.1 AI saw that.2 AI said so.3\nNotes\n1 AI, p. 1.\n2 AI, p. 2.",
            "the text is truncated: it breaks off after endnote 2 of 3",
        ),
    ],
)
def test_incomplete_document_is_refused_with_reason(body: str, reason: str) -> None:
    with pytest.raises(DocumentError) as refusal:
        parse(lines_of(f"I. Background\n{body}"))
    assert str(refusal.value) == reason
