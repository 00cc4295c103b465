"""Press releases on treaty bodies' dialogues: examples, the shipped account, real ones, any text."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommendations.reading.document import Act, DocumentError, ParsedDocument, ParsedParagraph, Speaker
from recommendations.reading.kinds.dialogue.parser import parse
from recommendations.reading.prose import state_names
from tests.amounts import examples

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "fixtures" / "documents" / "000_aa714492c530a688.txt"
REAL = ROOT.parent / "shared" / "realdata" / "press_releases"
HEAD = Speaker.HEAD_OF_DELEGATION
LEAD = "The Committee against Torture today concluded its consideration of the second report of Malta."


def make_account(*blocks: str, lead: str = LEAD) -> str:
    """The text of an account that has a lead and these blocks."""
    return "\n\n".join([lead, *blocks])


def statements(paragraph: ParsedParagraph) -> list[tuple[str, str]]:
    return [(statement.act.value, statement.text) for statement in paragraph.statements]


@pytest.fixture(scope="module")
def shipped() -> ParsedDocument:
    return parse(SHIPPED.read_text(encoding="utf-8"))


# The shipped account


def test_shipped_account_has_its_metadata(shipped: ParsedDocument) -> None:
    assert (shipped.kind, shipped.symbol, shipped.considers) == ("dialogue_summary", "", "CCPR/C/KAZ/3")
    assert (shipped.state, shipped.body, shipped.session) == ("KAZ", "Human Rights Committee", "144")
    assert shipped.published_on == "2025-06-26"
    assert shipped.title.startswith("In Dialogue with Kazakhstan, Experts of the Human Rights Committee")
    assert [(one.acronym, one.name, one.kind) for one in shipped.stakeholders] == [
        ("CCPR", "Human Rights Committee", "committee"),
        ("KAZ", "Kazakhstan", "state"),
    ]


def test_shipped_account_has_104_paragraphs(shipped: ParsedDocument) -> None:
    assert [paragraph.number for paragraph in shipped.paragraphs] == [str(n) for n in range(1, 105)]
    assert shipped.paragraphs[0].text.startswith("The Human Rights Committee today concluded")
    assert shipped.paragraphs[44].text.startswith("The independent national preventive mechanism")


def test_shipped_account_is_divided_into_rounds(shipped: ParsedDocument) -> None:
    sections: dict[tuple[str, ...], list[int]] = {}
    for paragraph in shipped.paragraphs:
        sections.setdefault(paragraph.section, []).append(int(paragraph.number))
    questions, answers = "Questions by Committee Experts", "Responses by the Delegation"
    follow_up = "Follow-Up Questions by Committee Experts"
    assert {path: (numbers[0], numbers[-1]) for path, numbers in sections.items()} == {
        (): (1, 12),
        ("Report",): (13, 13),
        ("Presentation of the Report",): (14, 27),
        (questions, "First round"): (28, 42),
        (answers, "First round"): (43, 58),
        (follow_up, "First round"): (59, 61),
        (answers, "First round", "Follow-up"): (62, 69),
        (questions, "Second round"): (70, 82),
        (answers, "Second round"): (83, 97),
        (follow_up, "Second round"): (98, 98),
        (answers, "Second round", "Follow-up"): (99, 102),
        ("Closing Remarks",): (103, 104),
    }


def test_shipped_account_has_the_counted_acts(shipped: ParsedDocument) -> None:
    """Counted by hand: besides the question marks 16 indirect questions (32, 61, 98), 17 commendations."""
    asked = [
        paragraph
        for paragraph in shipped.paragraphs
        if paragraph.section and "Questions" in paragraph.section[0]
    ]
    acts = Counter(statement.act for paragraph in asked for statement in paragraph.statements)
    marks = sum(paragraph.text.count("?") for paragraph in asked)
    assert acts[Act.QUESTION] == marks + 7 + 8 + 1
    assert acts[Act.COMMENDATION] == 17
    assert acts[Act.RECOMMENDATION] == acts[Act.RESPONSE] == 0
    responses = [s for p in shipped.paragraphs if p.speaker is Speaker.DELEGATION for s in p.statements]
    assert {(s.act, s.stakeholders) for s in responses} == {(Act.RESPONSE, ("KAZ",))}


def test_shipped_account_stands_verbatim_in_its_source(shipped: ParsedDocument) -> None:
    source = re.sub(r"\s+", " ", SHIPPED.read_text(encoding="utf-8"))
    for paragraph in shipped.paragraphs:
        assert paragraph.text in source


# Rules, one by one


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Was it so?", ["question"]),
        ("“Was it so?”, asked the Expert.", ["question"]),
        ("An Expert asked how many had been tried.", ["question"]),
        ("The Committee called for statistics on trials.", ["question"]),
        ("Police had asked detainees to sign confessions.", ["concern"]),
        ("An Expert said officers had asked detainees to sign.", ["concern"]),
        ("An Expert asked about bail; the use of cells (old; new); and visits.", ["question"] * 3),
        ("An Expert welcomed the law but wondered when it would apply.", ["commendation", "question"]),
        ("An Expert welcomed the law, but cells were crowded.", ["commendation", "concern"]),
        ("The State party had a law, but cells were crowded.", ["concern"]),
        ("The Committee recommended that the cells be closed.", ["recommendation"]),
        ("The State party should close the cells.", ["recommendation"]),
        ("Malta had established an ombudsman.", ["information"]),
        ("Malta had established an ombudsman without a budget.", ["concern"]),
        ("An Expert thanked the delegation.", ["information"]),
    ],
)
def test_expert_sentences_get_their_acts(text: str, expected: list[str]) -> None:
    document = parse(make_account("Questions by Committee Experts", text))
    found = statements(document.paragraphs[1])
    assert [act for act, _ in found] == expected
    assert " ".join(words for _, words in found) == text


@pytest.mark.parametrize(
    ("heading", "text", "speaker"),
    [
        ("Questions by Country Rapporteurs", "Cells were crowded.", Speaker.EXPERTS),
        ("Questions from the Experts", "ANNA BERG, Committee Chairperson, said so.", Speaker.CHAIRPERSON),
        ("Questions from the Experts", "ANNA BERG, Committee Rapporteur, said so.", Speaker.EXPERTS),
        ("Replies by the Delegation", "Cells were clean.", Speaker.DELEGATION),
        ("Replies by the Delegation", "JO BORG, Minister, head of the delegation, said so.", HEAD),
        ("Introduction of the Report", "Much had been done.", HEAD),
        ("Concluding Remarks", "ANNA BERG, Committee Chair, said so.", Speaker.CHAIRPERSON),
        ("Concluding Remarks", "JO BORG, Chair of the Board and head of delegation, said so.", HEAD),
        ("Statement by the Ombudsman", "EVA VELLA, Ombudsman, said so.", Speaker.NARRATOR),
        ("Report", "The Committee has before it the report (CAT/C/MLT/2).", Speaker.NARRATOR),
    ],
)  # fmt: skip
def test_heading_gives_the_speaker(heading: str, text: str, speaker: str) -> None:
    assert parse(make_account(heading, text)).paragraphs[1].speaker == speaker


def test_short_names_are_known_from_introductions() -> None:
    document = parse(
        make_account(
            "Presenting the report, Jo Borg, Minister of Justice, said that cells were clean.",
            "In her closing remarks, Ms. Berg said that the Committee was concerned.",
            "In his closing remarks, Mr. Borg said that cells were clean.",
            "Closing Remarks",
            "ANNA BERG, Committee Chairperson, thanked all.",
        )
    )
    speakers = [paragraph.speaker.value for paragraph in document.paragraphs]
    assert speakers == ["narrator", "head_of_delegation", "chairperson", "head_of_delegation", "chairperson"]


def test_consecutive_question_blocks_are_one_round() -> None:
    document = parse(
        make_account(
            "Questions by Country Rapporteurs",
            "One?",
            "Questions by Other Experts",
            "Two?",
            "Responses",
            "Yes.",
        )
    )
    assert [paragraph.section[1:] for paragraph in document.paragraphs] == [()] + [("First round",)] * 3


def test_report_of_next_meeting_is_not_considered_one() -> None:
    document = parse(
        make_account("The Committee will next consider the report of Mali (CAT/C/MLI/2).", "It was over.")
    )
    assert (document.state, document.considers) == ("MLT", "")


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("first", "1"),
        ("twelfth", "12"),
        ("thirtieth", "30"),
        ("fifty-fifth", "55"),
        ("hundredth", "100"),
        ("one hundredth", "100"),
        ("one hundred and twentieth", "120"),
        ("one hundred forty-third", "143"),
        ("144th", "144"),
        ("special", ""),
    ],
)
def test_session_number_is_read_from_words(words: str, number: str) -> None:
    assert parse(make_account(f"This is the Committee's {words} session.")).session == number


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("26.06.2025", "2025-06-26"),
        ("13 February 2014", "2014-02-13"),
        ("June 23, 2016", "2016-06-23"),
        ("2016-06-23", "2016-06-23"),
        ("GENEVA (3 May 2019)", "2019-05-03"),
        ("31.02.2025", ""),
        ("Soon", ""),
    ],
)
def test_publication_date_is_read(line: str, expected: str) -> None:
    assert parse(f"{line}\n\n{make_account('It was over.')}").published_on == expected


@pytest.mark.parametrize(
    ("name", "iso3"),
    [
        ("the Republic of Korea", "KOR"),
        ("the Democratic People’s Republic of Korea", "PRK"),
        ("Guinea Bissau", "GNB"),
        ("Papua New Guinea", "PNG"),
        ("the Niger", "NER"),
        ("the Democratic Republic of the Congo", "COD"),
        ("IRAN (ISLAMIC REPUBLIC OF)", "IRN"),
        ("Atlantis", ""),
    ],
)
def test_state_names_give_their_code(name: str, iso3: str) -> None:
    assert state_names.iso3_in(f"the report of {name} was late") == iso3


def test_every_member_state_has_its_own_code() -> None:
    others = {"VAT", "PSE", "COK", "NIU", "HKG", "MAC"}
    assert len(set(state_names.NAMES) - others) == 193


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no text"),
        ("\n \n", "no text"),
        ("Skip to main content\n\nHome", "no text"),
        ("A law was adopted today. It was good.", "not an account"),
        ("El Comité contra la Tortura examinó hoy el informe de Malta.\n\nFin.", "not an account"),
        (LEAD, "breaks off"),
        (LEAD.replace("Malta", "Atlantis") + "\n\nIt was over.", "names no State"),
    ],
)
def test_other_text_is_refused_with_reason(text: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason) as refused:
        parse(text)
    assert "\n" not in str(refused.value)


_BLOCKS = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        [
            LEAD,
            "Questions by Committee Experts",
            "Responses by the Delegation",
            "Discussion",
            "Closing Remarks",
            "An Expert asked about (a; b; and c",
            "ANNA BERG, Committee Chair, said “yes; no",
            "Ms. , said",
            "CAT/C/MLT/2",
            "one hundred and session",
            "• >",
            "99.99.9999",
        ]
    ),
)


@settings(max_examples=examples(50))
@given(st.lists(_BLOCKS, max_size=12), st.sampled_from(["\n\n", "\n", " "]), st.booleans())
def test_any_text_is_read_or_refused(blocks: list[str], separator: str, has_lead: bool) -> None:
    text = separator.join([LEAD, *blocks] if has_lead else blocks)
    try:
        document = parse(text)
    except DocumentError:
        return
    known = {stakeholder.acronym for stakeholder in document.stakeholders}
    for paragraph in document.paragraphs:
        assert " ".join(statement.text for statement in paragraph.statements) == paragraph.text
        assert all(set(statement.stakeholders) <= known for statement in paragraph.statements)


@pytest.mark.skipif(
    not REAL.is_dir(), reason="the real press releases are not part of the project (../shared)"
)
@pytest.mark.parametrize(
    ("name", "state", "acronym", "published_on", "speakers"),
    [
        ("2014-02-13_CERD_Kazakhstan", "KAZ", "CERD", "2014-02-13", "narrator head_of_delegation experts"),
        ("2015-11_CAT_Azerbaijan", "AZE", "CAT", "", "narrator head_of_delegation experts"),
        ("2016-06-23_CCPR_Kazakhstan", "KAZ", "CCPR", "2016-06-23",
         "narrator head_of_delegation experts head_of_delegation"),
    ],
)  # fmt: skip
def test_real_account_is_read(name: str, state: str, acronym: str, published_on: str, speakers: str) -> None:
    document = parse((REAL / f"{name}.excerpt.txt").read_text(encoding="utf-8"))
    assert (document.state, document.stakeholders[0].acronym) == (state, acronym)
    assert document.published_on == published_on
    assert " ".join(paragraph.speaker.value for paragraph in document.paragraphs) == speakers
