"""Treaty bodies' concluding observations: an example of each of four committees, a real one, single rules."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from recommendations.reading.document import Act, DocumentError, ParsedDocument, Statement
from recommendations.reading.files.lines import lines_of
from recommendations.reading.kinds.observations.follow_up import months_in
from recommendations.reading.kinds.observations.parser import parse
from recommendations.reading.kinds.observations.statements import act_of
from recommendations.reading.reader import read
from tests import reading_quality

ROOT = Path(__file__).resolve().parents[2]
REAL = reading_quality.SHARED / "concluding_observations" / "CCPR_C_NAM_CO_2.paras1-22.txt"
HEAD = "CCPR/C/MLT/CO/9\nConcluding observations on the ninth report of Malta\n"


def make_observations(*paragraphs: str) -> ParsedDocument:
    """Reads observations with these paragraphs, numbered from 1."""
    return parse(lines_of(HEAD + "\n".join(f"{number}. {text}" for number, text in enumerate(paragraphs, 1))))


def selected(document: ParsedDocument) -> list[tuple[str, str, str]]:
    """(paragraph, letter of the item, when it is due) of what is selected for follow-up."""
    return [
        (paragraph.number, statement.item, statement.due_on or statement.due_within)
        for paragraph in document.paragraphs
        for statement in paragraph.statements
        if statement.selected_for_follow_up
    ]


@pytest.mark.parametrize(
    ("time", "months"),
    [
        ("two years", 24),
        ("one (1) year", 12),
        ("a year", 12),
        ("18 months", 18),
        ("twelve months", 12),
        ("", 0),
    ],
)
def test_follow_up_time_is_counted_in_months(time: str, months: int) -> None:
    assert months_in(time) == months


@pytest.fixture(scope="module")
def namibia() -> ParsedDocument:
    if not REAL.exists():
        pytest.skip("the real documents are not here (looked in ../shared/realdata)")
    return read(REAL)


def test_real_observations_are_read_completely(namibia: ParsedDocument) -> None:
    assert (namibia.symbol, namibia.state, namibia.session) == ("CCPR/C/NAM/CO/2", "NAM", "116")
    assert (namibia.body, namibia.considers) == ("Human Rights Committee", "CCPR/C/NAM/2")
    assert [paragraph.number for paragraph in namibia.paragraphs] == [str(number) for number in range(1, 23)]
    assert {paragraph.section[0] for paragraph in namibia.paragraphs[1:]} == {
        *("A. Introduction", "B. Positive aspects"),
        "C. Principal matters of concern and recommendations",
    }
    assert namibia.paragraphs[18].section[-1] == "Enforced disappearances"


def test_real_observations_pair_concerns_with_recommendations(namibia: ParsedDocument) -> None:
    pairs = {paragraph.number: paragraph.pairs_with for paragraph in namibia.paragraphs}
    assert all(pairs[str(n)] == (str(n + 1),) and pairs[str(n + 1)] == (str(n),) for n in range(5, 22, 2))
    assert not any(pairs[str(number)] for number in range(1, 5))


def test_real_observations_have_the_counted_acts(namibia: ParsedDocument) -> None:
    acts = {p.number: Counter(s.act.value for s in p.statements) for p in namibia.paragraphs}
    assert acts["3"] == {"information": 1, "commendation": 11}
    assert acts["9"] == {"concern": 5, "information": 1}
    assert acts["10"] == {"recommendation": 5, "information": 1}
    assert all("recommendation" not in acts[str(number)] for number in range(5, 22, 2))
    assert all(acts[str(number)]["recommendation"] for number in range(6, 23, 2))
    letters = [s.item for s in namibia.paragraphs[11].statements if s.item]
    assert letters == ["a", "b", "c", "e"]  # the text has lost (d)


# Single rules


@pytest.mark.parametrize(
    ("sentence", "act"),
    [
        ("The Committee is concerned that nobody knows what should be done.", "concern"),
        ("The Committee remains deeply concerned.", "concern"),
        ("While welcoming the law, the Committee regrets its delay.", "concern"),
        ("It notes with concern that lamps are out.", "concern"),
        ("The State party should light them.", "recommendation"),
        (
            "The Committee, recalling article 2, urges the State party to do so.",
            "recommendation",
        ),
        ("The Committee reiterates its previous recommendations.", "recommendation"),
        ("The Committee is concerned about it and recommends that it end.", "recommendation"),
        ("The State party is also encouraged to do so.", "recommendation"),
        ("The Committee welcomes the law.", "commendation"),
        ("The Committee notes with appreciation the law.", "commendation"),
        ("The Committee notes the law.", "information"),
    ],
)
def test_sentence_gets_its_act(sentence: str, act: str) -> None:
    assert act_of(sentence) == act


def test_items_take_the_announced_act() -> None:
    paragraph = make_observations(
        "The State party should combat torture, in particular by: (a) Training (i) judges; and (ii) guards, "
        "under article 7 (b); (b) Paying them; (d) Asking. The Committee is concerned about costs."
    ).paragraphs[0]
    assert [(s.act.value, s.item, s.text) for s in paragraph.statements] == [
        ("recommendation", "", "The State party should combat torture, in particular by:"),
        ("recommendation", "a", "Training (i) judges; and (ii) guards, under article 7 (b)"),
        ("recommendation", "b", "Paying them"),
        ("recommendation", "d", "Asking."),
        ("concern", "", "The Committee is concerned about costs."),
    ]


@pytest.mark.parametrize(
    ("request_", "due"),
    [
        (
            "In accordance with rule 75, paragraph 1, of the Committee’s rules of procedure, the State party "
            "is requested to provide, by 5 July 2027, information on the implementation of "
            "the recommendations made in paragraphs 2 (a) (lamps, boats) and 3 above.",
            [("2", "a", "2027-07-05"), ("3", "", "2027-07-05")],
        ),
        (
            "The State party should provide, within one year, relevant information on its implementation of "
            "the recommendations made in paragraphs 2 to 3.",
            [("2", "a", "one year"), ("2", "b", "one year"), ("3", "", "one year")],
        ),
        (
            "The Committee requests the State party to provide, within two years, written information "
            "on steps to implement the recommendations contained in paragraphs 2 (a) and (b) and 17.",
            [("2", "a", "two years"), ("2", "b", "two years")],
        ),
        (
            "The Committee regrets that the information on paragraphs 2 and 3, due by 5 July, is late.",
            [],
        ),
        ("The Committee invites the State party to submit its report by 5 July 2027.", []),
        ("The State party is requested to inform the Committee on paragraphs 2 and 3.", []),
    ],
)
def test_follow_up_selection_is_recognised(request_: str, due: list[tuple[str, str, str]]) -> None:
    document = make_observations(
        "The State party should end fog.",
        "The State party should: (a) Light lamps; (b) Ring bells.",
        "The State party should count boats.",
        request_,
    )
    assert selected(document) == due


def test_heading_separates_concern_from_recommendation() -> None:
    document = make_observations(
        "The Committee is concerned about fog.\nBoats", "The State party should count boats."
    )
    assert [paragraph.pairs_with for paragraph in document.paragraphs] == [(), ()]
    assert document.paragraphs[1].section == ("Boats",)


def test_run_together_paragraphs_are_separated() -> None:
    document = parse(
        lines_of(
            f"{HEAD}1. The Committee met in 2020. Fog 2. The Committee is concerned about fog. "
            "3. The State party should light 2. lamps."
        )
    )
    assert [(p.number, p.section) for p in document.paragraphs] == [
        ("1", ()),
        ("2", ("Fog",)),
        ("3", ("Fog",)),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{HEAD}Nothing.", "the document has no numbered paragraph"),
        (
            f"{HEAD}1. The Committee met.\n3. The State party should light every lamp on every pier it has.",
            "the text is not complete: paragraph 2 is missing",
        ),
        (f"{HEAD}1. The Committee is concerned that", "the text is truncated: it breaks off in paragraph 1"),
        ("1. It met.", "the concluding observations do not say which committee's they are"),
    ],
)
def test_incomplete_document_is_refused_with_reason(text: str, reason: str) -> None:
    with pytest.raises(DocumentError) as refusal:
        parse(lines_of(text))
    assert str(refusal.value) == reason


def test_each_statement_is_attributed_to_the_committee(namibia: ParsedDocument) -> None:
    statements: list[Statement] = [s for p in namibia.paragraphs for s in p.statements]
    assert {statement.stakeholders for statement in statements} == {("CCPR",)}
    assert sum(statement.act is Act.RECOMMENDATION for statement in statements) == 29
