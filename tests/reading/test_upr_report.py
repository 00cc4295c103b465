"""Reports of the UPR working group and their addenda: examples, the real report, single rules."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from recommendations.reading.document import Act, DocumentError, ParsedDocument, Statement
from recommendations.reading.files.lines import lines_of
from recommendations.reading.kinds.upr_addendum import parser as upr_addendum
from recommendations.reading.kinds.upr_report import parser as upr_report
from recommendations.reading.prose import state_names, title_page
from recommendations.reading.prose.positions import numbers_in, position_of
from recommendations.reading.prose.recommenders import Recommenders
from recommendations.reading.reader import read
from tests import reading_quality

ROOT = Path(__file__).resolve().parents[2]
REAL = reading_quality.SHARED / "working_group_reports"
DATA_SET = reading_quality.SHARED / "datasets" / "upr_recommendations_s1-20_utf8.csv"
NOT_HERE = "the real documents are not here (looked in ../shared/realdata)"
TITLE = "Report of the Working Group on the Universal Periodic Review\nMalta\n"
SUPPORTED = "The recommendations listed below enjoy the support of Malta:"


def make_report(*paragraphs: str) -> ParsedDocument:
    """Reads a report with these lines after its title."""
    return upr_report.parse(lines_of(TITLE + "\n".join(paragraphs)))


def items(document: ParsedDocument) -> dict[str, Statement]:
    """The statements that are recommendations, by their paragraph's number."""
    return {
        paragraph.number: statement
        for paragraph in document.paragraphs
        for statement in paragraph.statements
        if statement.act is Act.RECOMMENDATION
    }


# The real report


@pytest.fixture(scope="module", params=["kazakhstan2010.pdf", "kazakhstan2010.pymupdf.txt"])
def kazakhstan(request: pytest.FixtureRequest) -> ParsedDocument:
    path = REAL / request.param
    if not path.exists():
        pytest.skip(NOT_HERE)
    return read(path)


def test_real_report_has_its_metadata(kazakhstan: ParsedDocument) -> None:
    assert (kazakhstan.kind, kazakhstan.symbol, kazakhstan.state) == (
        *("working_group_report", "A/HRC/14/10"),
        "KAZ",
    )
    assert (kazakhstan.session, kazakhstan.published_on) == ("7", "2010-03-23")


def test_real_report_has_its_128_items(kazakhstan: ParsedDocument) -> None:
    wanted = [f"95.{number}" for number in range(1, 103)] + [f"97.{number}" for number in range(1, 27)]
    assert list(items(kazakhstan)) == wanted
    numbers = [paragraph.number for paragraph in kazakhstan.paragraphs]
    assert [number for number in numbers if "." not in number] == [str(number) for number in range(1, 99)]
    assert all(len(p.statements) == 1 for p in kazakhstan.paragraphs if "." in p.number)


def test_real_report_has_the_positions_of_its_items(kazakhstan: ParsedDocument) -> None:
    positions = Counter((number.split(".")[0], item.position) for number, item in items(kazakhstan).items())
    assert positions == {("95", "supported"): 102, ("97", "pending"): 26}


def test_real_report_has_the_states_of_the_data_set(kazakhstan: ParsedDocument) -> None:
    if not DATA_SET.exists():
        pytest.skip(NOT_HERE)
    with DATA_SET.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["To"] == "Kazakhstan" and row["Session"] == "7"]
    found = Counter(code for item in items(kazakhstan).values() for code in item.stakeholders)
    assert found == Counter(state_names.code_of(row["From"]) for row in rows)
    assert items(kazakhstan)["95.3"].stakeholders == ("SVN", "KOR")


def test_real_report_has_no_page_headers_or_marks(kazakhstan: ParsedDocument) -> None:
    assert set(kazakhstan.endnotes) == {"1", "2"}
    by_number = {paragraph.number: paragraph for paragraph in kazakhstan.paragraphs}
    assert by_number["95.38"].statements[0].endnotes == (2,)
    assert by_number["95.38"].text.endswith("out of wedlock (Slovenia);")
    assert not re.search(r"A/HRC/14/10|\ue000|\.{4}|Page", " ".join(p.text for p in kazakhstan.paragraphs))
    assert by_number["96"].statements[0].answers[:2] == ("95.7", "95.8")
    assert len(by_number["96"].statements[0].answers) == 68


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("the Sudan", "SDN"),
        ("The  GAMBIA", "GMB"),
        ("Cote d'Ivoire", "CIV"),
        ("Sudan and Chad", ""),
        ("", ""),
    ],
)
def test_state_name_may_have_an_article(name: str, code: str) -> None:
    assert state_names.code_of(name) == code


def test_publication_date_is_the_distribution_date() -> None:
    header = ["Reissued on 1 May 2010", "Geneva, 7–18 May 2010", "Distr.: General", "4 June 2010"]
    assert title_page.published_on(header) == "2010-06-04"
    assert title_page.published_on(header[1:2]) == ""
    assert title_page.published_on(header[:2]) == "2010-05-01"


def test_every_name_in_the_data_set_is_a_state() -> None:
    if not DATA_SET.exists():
        pytest.skip(NOT_HERE)
    with DATA_SET.open(encoding="utf-8", newline="") as file:
        names = {row["From"] for row in csv.DictReader(file)}
    assert {name for name in names if not state_names.code_of(name)} == {"&#40;Unknown&#41;", "Macedonia FYR"}


# Items


def test_item_and_following_paragraph_may_share_a_number() -> None:
    document = make_report(
        "1. The report is short.",
        f"2. {SUPPORTED}",
        "1. To light it (Cuba);",
        "2. To dim it (Spain);",
        "3. To sell it (Chad).",
        "3. All recommendations reflect the position of the States.",
    )
    assert [paragraph.number for paragraph in document.paragraphs] == ["1", "2", "2.1", "2.2", "2.3", "3"]


def test_list_ends_where_next_number_is_a_paragraph() -> None:
    document = make_report(
        f"1. {SUPPORTED}",
        "1. To light it (Cuba).",
        "2. The recommendations below did not enjoy the support of Malta:",
        "1. To dim it (Spain).",
        "3. All conclusions reflect positions.",
    )
    assert {number: item.position for number, item in items(document).items()} == {
        "1.1": "supported",
        "2.1": "noted",
    }


def test_excerpt_may_begin_at_the_list() -> None:
    document = make_report(f"139. {SUPPORTED}", "139.1 Light it (Cuba);", "139.2 Dim it (Spain).")
    assert list(items(document)) == ["139.1", "139.2"]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["1. The report is short."], "no numbered list of recommendations was found in the report"),
        (["nothing"], "the document has no numbered paragraph"),
        (
            [f"1. {SUPPORTED}", "1. To light the lamp which"],
            "the text is truncated: it breaks off in paragraph 1.1",
        ),
        (
            [
                *(f"1. {SUPPORTED}", "1. To light it (Cuba);"),
                "The following recommendations will be examined by Malta: to dim it (Spain).",
            ],
            "the text is not complete: item 1.1 runs on into the next list of recommendations",
        ),
    ],
)
def test_incomplete_document_is_refused_with_reason(lines: list[str], reason: str) -> None:
    with pytest.raises(DocumentError) as refusal:
        make_report(*lines)
    assert str(refusal.value) == reason


@pytest.mark.parametrize(
    ("item", "states"),
    [
        ("Ratify it (Spain, France and Freedonia)", ("ESP", "FRA", "Freedonia")),
        ("Ratify it (Iran (Islamic Republic of)) (Netherlands (Kingdom of the))", ("IRN", "NLD")),
        ("Ratify (Slovenia)/consider (the Republic of Korea) it", ("SVN", "KOR")),
        ("Keep to (Paris Principles)", ()),
        ("Accede to it (OP-CAT) (Lao People’s Democratic Republic);", ("LAO",)),
        ("Do this (Sylvania); do that (Bosnia and Herzegovina and Cuba).", ("Sylvania", "BIH", "CUB")),
        ("Work with Freedonia (Freedonia) on it (Côte d’Ivoire)", ("CIV",)),
        ("Free the islands (Malta and Gozo)", ()),
        ("End it (European Union, Holy See);", ("European Union", "VAT")),
        ("Read articles 3 (a) and 4 (b) (Türkiye)", ("TUR",)),
        ("Close (the bracket is lost (Guinea-Bissau)", ("GNB",)),
    ],
)
def test_recommending_states_are_read_from_brackets(item: str, states: tuple[str, ...]) -> None:
    assert Recommenders("MLT").of(item) == states


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("listed below enjoy the support of Malta:", "supported"),
        ("have been examined by Malta and enjoy the support of Malta:", "supported"),
        (
            "Malta considers that they are already implemented or in the process of implementation",
            "supported",
        ),
        ("will be examined by Malta, which will provide responses in due time", "pending"),
        ("Malta will provide its response in due course", "pending"),
        ("did not enjoy the support of Malta:", "noted"),
        ("do not enjoy the support of Malta and would thus be noted:", "noted"),
        ("have been examined by Malta and have been noted by Malta", "noted"),
        ("Malta takes note of the following recommendations", "noted"),
        ("Malta cannot accept the recommendation", "noted"),
        ("enjoy the partial support", "supported_in_part"),
        ("Malta partially accepts the recommendation", "supported_in_part"),
        ("Malta thanked the delegations.", ""),
    ],
)
def test_position_is_read_from_words_above_list(text: str, position: str) -> None:
    assert position_of(text) == position


def test_recommendation_numbers_and_ranges_are_read() -> None:
    assert numbers_in("7.2, 7.4–7.6 and 8.1 to 8.3") == ("7.2", "7.4", "7.5", "7.6", "8.1", "8.2", "8.3")
    assert numbers_in("recommendations Nos. 1, 3–5 and 9 above", "95") == (
        "95.1",
        "95.3",
        "95.4",
        "95.5",
        "95.9",
    )
    assert numbers_in("A/HRC/14/10 of 3.2.2010 has 1,200 lines") == ()
    assert len(numbers_in(" ".join(f"{n}.1–{n}.401" for n in range(1, 100)))) == 2000


# The addendum


def make_answers(*lines: str) -> dict[str, tuple[str, ...]]:
    """Position → the numbers that the addendum gives it."""
    document = upr_addendum.parse(lines_of(f"{TITLE}Addendum\n" + "\n".join(lines)))
    found: dict[str, list[str]] = {}
    for paragraph in document.paragraphs:
        for statement in paragraph.statements:
            found.setdefault(statement.position.value, []).extend(statement.answers)
    return {position: tuple(dict.fromkeys(numbers)) for position, numbers in found.items() if numbers}


def test_addendum_answers_are_read_by_number() -> None:
    assert make_answers(
        "1. The following enjoy the support of Malta: 7.1, 7.3–7.5.",
        "2. The State cannot accept recommendations 7.6 and",
        "7.7.",
        "Recommendations 7.8 and 7.9: partially accepted.",
    ) == {
        "supported": ("7.1", "7.3", "7.4", "7.5"),
        "noted": ("7.6", "7.7"),
        "supported_in_part": ("7.8", "7.9"),
    }


def test_recommendation_quoted_in_addendum_is_no_answer() -> None:
    assert make_answers("Noted recommendations", "7.1 Accept it and support it (Cuba)") == {"noted": ("7.1",)}


def test_addendum_without_answers_is_refused() -> None:
    with pytest.raises(DocumentError, match="no answer to a numbered recommendation"):
        make_answers("1. Malta is grateful to all.")
