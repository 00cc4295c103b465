"""From the documents and their curation to fixtures: complete, verbatim, the same bytes each time."""

from __future__ import annotations

import json
import shutil

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from recommendations.importing.fixtures.build import build
from recommendations.importing.fixtures.curation import CurationError
from recommendations.reading.files.text import fold

FIXTURES = settings.BASE_DIR / "fixtures"


@pytest.fixture(scope="module")
def built():
    return build(FIXTURES)


def rows(built, model):
    return [
        row["fields"]
        for name in sorted(built)
        for row in json.loads(built[name])
        if row["model"] == f"recommendations.{model}"
    ]


@pytest.fixture
def copy(tmp_path):
    """The fixtures' sources, to be spoilt."""
    for part in ("taxonomy", "documents"):
        shutil.copytree(FIXTURES / part, tmp_path / part)
    return tmp_path


def test_the_shipped_fixtures_are_what_a_rebuild_gives(built):
    assert {path.name for path in (FIXTURES / "built").glob("*.json")} == built.keys()
    for name, data in built.items():
        assert (FIXTURES / "built" / name).read_bytes() == data, f"{name} is not current: run make fixtures"


def test_rebuilding_gives_the_same_bytes(built):
    assert build(FIXTURES) == built


def test_the_check_says_which_file_is_not_current(copy):
    call_command("build_fixtures", folder=copy, verbosity=0)
    call_command("build_fixtures", folder=copy, check=True)
    target = copy / "built" / "06_chains.json"
    target.write_text(target.read_text()[:-10])
    with pytest.raises(CommandError, match=r"not current: 06_chains\.json"):
        call_command("build_fixtures", folder=copy, check=True)


def test_every_quote_stands_verbatim_in_its_source(built):
    """Not only in the paragraph as read: in the file as received, but for white space and endnote marks."""
    paragraphs = {(p["document"][0], p["number"]): p["text"] for p in rows(built, "paragraph")}
    quotes = [*rows(built, "recommendation"), *rows(built, "stateresponse"), *rows(built, "evidence")]
    assert len(quotes) > 400
    for quote in quotes:
        assert quote["text"] in paragraphs[tuple(quote["paragraph"])]
    dialogue = fold((FIXTURES / "documents" / "000_aa714492c530a688.txt").read_text(encoding="utf-8"))
    for quote in quotes:
        if quote["paragraph"][0] == "ccpr-144-kaz-dialogue":
            assert quote["text"] in dialogue


def test_the_2010_summary_is_complete(built):
    ours = [p for p in rows(built, "paragraph") if p["document"] == ["a-hrc-wg6-7-kaz-3"]]
    assert [p["number"] for p in ours] == [str(n) for n in range(1, 54)]
    assert all(p["section"] for p in ours)
    records = [r for r in rows(built, "recommendation") if r["document"] == ["a-hrc-wg6-7-kaz-3"]]
    assert {r["paragraph"][1] for r in records} == {str(n) for n in range(1, 54)}
    assert all(r["raised_by"] for r in records)
    raised_by = {slug for r in records for [slug] in r["raised_by"]}
    assert len(raised_by) == 16
    joint = [s for s in rows(built, "stakeholder") if s["kind"] == "joint_submission"]
    assert len(joint) == 4
    assert all("not named in the text" in s["note"] for s in joint)


def test_every_record_has_issues_and_every_2010_record_a_reading_of_what_became_of_it(built):
    tagged = {tag["recommendation"][0] for tag in rows(built, "issuetag")}
    read = {f["recommendation"][0] for f in rows(built, "followup") if f["role"] == "tracker"}
    for record in rows(built, "recommendation"):
        assert record["reference"] in tagged
        if record["document"] == ["a-hrc-wg6-7-kaz-3"] and record["kind"] != "commendation":
            assert record["reference"] in read


def test_every_response_paragraph_of_the_delegation_is_a_response(built):
    """No block of answers is left out: each paragraph of the delegation has a response."""
    spoken = {
        p["number"]
        for p in rows(built, "paragraph")
        if p["section"][:1] in (["Responses by the Delegation"], ["Presentation of the Report"])
    }
    assert spoken == {r["paragraph"][1] for r in rows(built, "stateresponse") if r["paragraph"][1] in spoken}


def test_every_question_of_the_experts_is_a_record(built):
    """Each sentence of the experts that ends with a question mark stands in a record."""
    records = [r for r in rows(built, "recommendation") if r["document"] == ["ccpr-144-kaz-dialogue"]]
    missing = []
    for paragraph in rows(built, "paragraph"):
        if paragraph["document"] != ["ccpr-144-kaz-dialogue"] or not paragraph["section"]:
            continue
        asked = [part for part in paragraph["text"].split("? ") if part.strip()]
        questions = asked if paragraph["text"].endswith("?") else asked[:-1]
        for question in questions:
            last_words = " ".join(question.rstrip("?").split()[-2:])
            if not any(last_words in r["text"] for r in records if r["paragraph"][1] == paragraph["number"]):
                missing.append((paragraph["number"], question))
    assert missing == []


def test_claims_of_the_state_alone_are_never_read_as_implemented(built):
    """The tracker calls a record implemented only where the Committee or a second voice stands behind it."""
    by_record = {}
    for entry in rows(built, "followup"):
        by_record.setdefault(entry["recommendation"][0], {})[entry["role"]] = entry
    for roles in by_record.values():
        tracker = roles.get("tracker")
        if tracker and tracker["status"] == "implemented":
            assert roles.get("un_body", {}).get("status") in {"implemented", "partially_implemented"}


def test_no_information_says_where_was_looked(built):
    for entry in rows(built, "followup"):
        if entry["status"] == "no_information":
            assert "dialogue" in entry["summary"] or "account" in entry["summary"], entry["reference"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'begins = "HRW recommended that Kazakhstan place',
            'begins = "HRW asked that Kazakhstan place',
            "36.7",
        ),
        ('at = "36.7"', 'at = "36.99"', "statements"),
        ('at = "36.7"', 'at = "99.1"', "no paragraph 99"),
        ('at = "36.7"', 'at = "nowhere"', "not a paragraph and statement"),
        ('raised_by = ["HRW"]', 'raised_by = ["Nobody"]', "no stakeholder 'Nobody'"),
        ('issues = ["defamation"', 'issues = ["nonsense"', "no issue 'nonsense'"),
        ('groups = ["journalists"', 'groups = ["nonsense"', "no population group 'nonsense'"),
        ('symbol = "A/HRC/WG.6/7/KAZ/3"', 'symbol = "A/HRC/WG.6/7/KAZ/4"', "symbol is"),
        ("[document]", "[documents]", "unknown table documents"),
    ],
)
def test_what_does_not_fit_is_an_error_that_names_the_place(copy, old, new, message):
    path = copy / "documents" / "004_56ddd66f866fc131.curation.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CurationError, match=message):
        build(copy)


def test_a_shift_in_the_source_is_an_error(copy):
    path = copy / "documents" / "004_56ddd66f866fc131.txt"
    path.write_text(
        path.read_text(encoding="utf-8").replace("place a moratorium on criminal", "lift a moratorium on")
    )
    with pytest.raises(CurationError, match=r"36\.7"):
        build(copy)
