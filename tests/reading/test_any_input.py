"""Whatever comes in, every reader reads it or refuses it with its own error, in time, and invents nothing."""

from __future__ import annotations

import contextlib
import re
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommendations.reading.document import DocumentError, ParsedDocument
from recommendations.reading.files.lines import MARK, Line, lines_of, mark
from recommendations.reading.files.text import fold
from recommendations.reading.kinds.upr_report import parser as upr_report
from recommendations.reading.reader import parse
from recommendations.reading.recognition import recognise
from recommendations.reading.registry import KINDS
from tests.amounts import examples

SYMBOLS = [
    "A/HRC/14/10\n",
    "A/HRC/WG.6/9/XYZ/3\n",
    "CCPR/C/MLT/CO/9\n",
    "CAT/C/MLT/CO/1-2\n",
    "\f",
    "Page 3\n",
    "7\n",
]
NUMBERS = [
    "1. ",
    "2. ",
    "3. ",
    "4.\n",
    "1.1 ",
    "2.1 ",
    "2.2 ",
    "2.3 ",
    "1. To ",
    "(a) ",
    "(b) ",
    "(c) ",
    "(i) ",
    "2.1–2.3",
]
UPR = [
    "Report of the Working Group on the Universal Periodic Review\n",
    "Malta\n",
    "The recommendations listed below enjoy the support of Malta:\n",
    "will be examined by Malta, which will provide responses in due time:\n",
    "did not enjoy the support of Malta",
    "To light it (Spain);\n",
    " (Iran (Islamic Republic of)) (Freedonia, Cuba and Chad);\n",
    " (Paris Principles).\n",
    "Recommendation 2.2: Accepted.\n",
    "Theme: Lamps\n",
    "Source of Position: A/HRC/0/99\n",
    "Supported\n",
    "- Lamps\n",
    "SDGs:\n",
]
TREATY = [
    "Concluding observations on the ninth report of Malta*\n",
    "The Committee is concerned ",
    "The Committee welcomes ",
    "The State party should:\n",
    "It should also ",
    "requested to provide, by 5 July 2027, information on the implementation in paragraphs 1 (a) and 2",
    "within two years",
    "C. Principal matters of concern\n",
    "I. Introduction\n",
    "* Adopted by the Committee at its eighty-first session.\n",
    "The Committee against Torture today concluded its consideration of the second report of Malta.\n\n",
    "Questions by Committee Experts\n\n",
]
PUNCTUATION = [
    ". ",
    ".\n",
    ";\n",
    ": ",
    "\n",
    "\n\n",
    "1 See above.\n",
    "law.1 ",
    "Notes\n",
    "Annex\n",
    "…",
    "”",
    "(",
    ")",
    "–",
]
PIECES = st.sampled_from([*SYMBOLS, *NUMBERS, *UPR, *TREATY, *PUNCTUATION])
TEXTS = st.lists(st.one_of(PIECES, PIECES, st.text(max_size=8)), max_size=40).map("".join)
HEADS = {
    "working_group_report": "Report of the Working Group on the Universal Periodic Review\nMalta\n"
    "1. It met.\n"
    "2. The recommendations listed below enjoy the support of Malta:\n2.1 To light it (Spain);\n",
    "addendum": "Report of the Working Group on the Universal Periodic Review\nMalta\n"
    "Addendum\n2.1 Accepted.\n",
    "concluding_observations": "CCPR/C/MLT/CO/9\n1. The Committee met.\n",
    "thematic_list": "UPR of Malta (4th Cycle - 42nd Session)\n"
    + "".join(f"8.{n} Do it (Chad);\nNoted\n" for n in range(1, 9)),
    "stakeholder_summary": "A/HRC/WG.6/9/XYZ/3\nI. Background\n1. AI noted it.\n",
    "dialogue_summary": "The Committee against Torture today concluded its consideration of the "
    "report of Malta.\n\n",
}


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, str]:
    """(kind, text) of a document that begins as its kind does and goes on as anything may."""
    kind = draw(st.sampled_from(sorted(HEADS)))
    paragraph, item = (2, 1) if kind in ("working_group_report", "addendum") else (1, 0)
    lines = []
    for _ in range(draw(st.integers(1, 8))):
        opening = draw(st.sampled_from(["paragraph", "item", "none"]))
        words = draw(st.lists(st.one_of(PIECES, PIECES, st.text(max_size=6)), min_size=1, max_size=5))
        if opening == "paragraph":
            paragraph, item = paragraph + 1, 0
            lines.append(f"{paragraph}. {''.join(words)}")
        elif opening == "item":
            item += 1
            lines.append(f"{paragraph}.{item} {''.join(words)}")
        else:
            lines.append("".join(words))
    return kind, HEADS[kind] + "\n".join(lines) + "\nIt ends."


MARKED = st.sampled_from([mark(1), mark(2), mark(77)])


def words_of(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", MARK.sub("", text)))


def assert_sound(document: ParsedDocument, source: str) -> None:
    """Nothing is invented: statements stand in their paragraph, words in the source."""
    numbers = [paragraph.number for paragraph in document.paragraphs]
    assert len(numbers) == len(set(numbers))
    known = {party.acronym for party in document.stakeholders}
    letters = re.sub(r"\W", "", fold(source))
    for paragraph in document.paragraphs:
        assert paragraph.text == fold(paragraph.text)
        assert all(word in letters for word in words_of(paragraph.text))
        assert not paragraph.text or paragraph.statements
        position = 0
        for statement in paragraph.statements:
            found = paragraph.text.find(statement.text, position)
            assert statement.text
            assert found >= position
            position = found + len(statement.text)
            assert set(statement.stakeholders) <= known or document.kind == "addendum"


@settings(max_examples=examples(62))
@given(kind=st.sampled_from(list(KINDS)), text=TEXTS)
def test_any_text_is_read_or_refused_by_each_reader(kind: str, text: str) -> None:
    with contextlib.suppress(DocumentError):
        assert_sound(parse(lines_of(text), kind), text)


@settings(max_examples=examples(100))
@given(documents())
def test_text_beginning_like_document_is_read_or_refused(kind_and_text: tuple[str, str]) -> None:
    kind, text = kind_and_text
    with contextlib.suppress(DocumentError):
        assert_sound(parse(lines_of(text), kind), text)


@settings(max_examples=examples(25))
@given(
    kind=st.sampled_from(list(KINDS)),
    lines=st.lists(
        st.builds(
            Line,
            st.lists(st.one_of(PIECES.map(str.strip), MARKED), max_size=4).map(" ".join),
            cell=st.one_of(st.none(), st.tuples(st.integers(1, 3), st.integers(1, 4))),
        ),
        max_size=25,
    ),
)
def test_lines_with_marks_and_cells_are_read_or_refused(kind: str, lines: list[Line]) -> None:
    with contextlib.suppress(DocumentError):
        parse(lines, kind)


@settings(max_examples=examples(37))
@given(TEXTS)
def test_evidence_stands_on_the_stated_line(text: str) -> None:
    lines = lines_of(text)
    try:
        recognition = recognise(lines)
    except DocumentError:
        return
    assert recognition.evidence
    for evidence in recognition.evidence:
        at = int(evidence.place.removeprefix("line ")) - 1
        first = evidence.words.split()[0]
        assert first in fold(MARK.sub("", lines[at].text))


def observations(body: str) -> str:
    return (
        f"CCPR/C/MLT/CO/9\nConcluding observations on the report of Malta\n1. The Committee met.\n2. {body}."
    )


SMALL_WORDS = ["lamps", "should", "be", "lit", "(art. 2)", "and", "boats,", "No. 5"]
ITEMS = st.lists(
    st.lists(st.sampled_from(SMALL_WORDS), min_size=1, max_size=6).map(" ".join),
    min_size=1,
    max_size=8,
)  # fmt: skip


@settings(max_examples=examples(37))
@given(ITEMS)
def test_statements_keep_every_word_of_their_paragraph(items: list[str]) -> None:
    listed = " ".join(f"({chr(97 + place)}) {item};" for place, item in enumerate(items))
    paragraph = parse(
        lines_of(observations(f"The State party should: {listed}")), "concluding_observations"
    ).paragraphs[1]
    letters = Counter(chr(97 + place) for place in range(len(items)))
    stated = sum((words_of(statement.text) for statement in paragraph.statements), Counter())
    assert stated + letters == words_of(paragraph.text)


@settings(max_examples=examples(37))
@given(ITEMS, st.booleans())
def test_items_keep_every_word_of_their_list(items: list[str], counts_alone: bool) -> None:
    numbers = [f"{place}." if counts_alone else f"3.{place}" for place in range(1, len(items) + 1)]
    listed = "\n".join(f"{number} To {item} (Spain);" for number, item in zip(numbers, items, strict=True))
    head = f"{upr_report.BODY}\nMalta\n3. The list below enjoys the support of Malta:"
    document = parse(lines_of(f"{head}\n{listed}"), "working_group_report")
    told = [(paragraph.number, paragraph.text) for paragraph in document.paragraphs[1:]]
    assert told == [(f"3.{n}", f"To {item} (Spain);") for n, item in enumerate(items, start=1)]
    assert all(p.statements[0].stakeholders == ("ESP",) for p in document.paragraphs[1:])


LARGE = {
    "brackets": "1. The list enjoys the support of Malta:\n1. " + "(" * 60_000 + "Spain" + ")" * 60_000 + ".",
    "states": "1. The list enjoys the support of Malta:\n1. Do (" + "Guinea, " * 15_000 + "Chad).",
    "items": "1. The list enjoys the support of Malta:\n"
    + "".join(f"1.{n} Do it (Chad);\n" for n in range(1, 1000)) * 8,
    "numbers": "1. Malta accepts " + "1.1–1.400, " * 12_000 + "1.2.",
    "and": "1. The Committee " + "and, " * 40_000 + "ends.\n2. The State party should:" + " (a) x;" * 15_000,
    "headings": "1. It met.\n" + "Heading here\n" * 15_000 + "2. The Committee is concerned.",
    "stars": "* Adopted\n" * 25_000 + "1. It met.",
    "pages": "A/HRC/14/10\n1 Note.\n2. It\n" * 8_000,
    "marks": f"1. It met.{mark(1)}\n" * 8_000 + f"\n{mark(1)} Note.",
    "spaces": "1. It met" + " " * 150_000 + ".\n" + ("a" + " " * 1000 + "\n") * 150,
    "within": "1. The Committee requests " + "to provide within two years by May paragraphs 1 " * 5_000 + ".",
    "letters": "A.\n" * 20_000 + "1. It met.",
}  # fmt: skip


@pytest.mark.parametrize("body", LARGE.values(), ids=LARGE)
def test_large_text_takes_bounded_time(body: str) -> None:
    head = "CCPR/C/MLT/CO/9\nReport of the Working Group on the Universal Periodic Review\nMalta\n"
    lines = lines_of(head + body)
    for kind in (*KINDS, ""):
        started = time.process_time()
        with contextlib.suppress(DocumentError):
            _ = parse(lines, kind) if kind else recognise(lines)
        assert time.process_time() - started < 10, kind
