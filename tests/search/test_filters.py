"""What each filter of each list finds."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from recommendations import models
from recommendations.search import filters
from recommendations.search.text.substring_search import words_of
from tests import make
from tests.row_fixtures import kept_rows

pytestmark = pytest.mark.django_db
LONG_AGO = datetime.date(2001, 1, 1)


def found(path: str, **params: Any) -> set[str]:
    """The references (or slugs, or paths) of the rows that a JSON list gives for these filters."""
    answer = Client().get(f"/{path}.json", params)
    assert answer.status_code == 200, answer.content
    rows = answer.json()["results"]
    return {row.get("reference") or row.get("slug") for row in rows}


@kept_rows("class")
def libel() -> models.Recommendation:
    """A record with everything that can be filtered by, beside one with nothing of it."""
    make.make_recommendation(reference="OTHER", text="Something else.")
    torture = make.make_issue(slug="torture", name="Torture")
    kaz = make.make_state(iso3="KAZ", name="Kazakhstan")
    review = make.make_review(
        state=kaz, slug="kaz-ccpr144", mechanism="CCPR", starts_on=datetime.date(2025, 6, 25)
    )
    document = make.make_document(review=review, slug="the-dialogue", symbol="CCPR/C/SR.1")
    return make.make_recommendation(
        document=document,
        reference="LIBEL",
        kind="concern",
        summary="Decriminalize libel",
        position="noted",
        selected_for_follow_up=True,
        due_on=datetime.date(2012, 1, 1),
        raised_by=[make.make_stakeholder(slug="article-19", name="Article Nineteen", acronym="A19")],
        issues=[make.make_issue(slug="torture-definition", name="Definition", parent=torture)],
        groups=[make.make_group(slug="women")],
    )


class TestOneRecord:
    """What finds a record that has everything, beside one that has nothing of it."""

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("q", "decriminalize"),
            ("q", "DECRIMINALIZE libel"),
            ("q", '"criminal libel"'),
            ("q", "nineteen"),
            ("q", "a19"),
            ("q", "Definition"),
            ("q", "libel A19 definition"),
            ("q", "ccpr/c/sr.1"),
            ("kind", "concern"),
            ("state", "KAZ"),
            ("state", "kaz"),
            ("review", "kaz-ccpr144"),
            ("mechanism", "CCPR"),
            ("mechanism", "ccpr"),
            ("issue", "torture"),
            ("issue", "torture-definition"),
            ("issue", "torture/torture-definition"),
            ("group", "women"),
            ("stakeholder", "article-19"),
            ("stakeholder", "a19"),
            ("position", "noted"),
            ("due", "yes"),
            ("due", "overdue"),
            ("from", "2025"),
            ("from", "2025-06"),
            ("from", "2025-06-25"),
            ("document", "the-dialogue"),
            ("reference", "LIBEL"),
        ],
    )
    def test_recommendation_filter_finds_only_the_matching_record(
        self, libel: models.Recommendation, name: str, value: str
    ) -> None:
        assert found("recommendations", **{name: value}) == {"LIBEL"}

    @pytest.mark.parametrize(
        ("name", "value"), [("to", "2010"), ("due", "no"), ("q", "something"), ("kind", "recommendation")]
    )
    def test_recommendation_filter_leaves_out_records_not_matching(
        self, libel: models.Recommendation, name: str, value: str
    ) -> None:
        assert found("recommendations", **{name: value}) == {"OTHER"}

    def test_values_widen_and_filters_narrow_the_result(self, libel: models.Recommendation) -> None:
        assert found("recommendations", kind=["concern", "recommendation"]) == {"LIBEL", "OTHER"}
        assert found("recommendations", kind=["concern", "recommendation"], state="KAZ") == {"LIBEL"}
        assert found("recommendations", kind="recommendation", state="KAZ") == set()

    def test_empty_value_filters_nothing(self, libel: models.Recommendation) -> None:
        everything = dict.fromkeys(filters.RecommendationFilters.base_filters, "")
        assert found("recommendations", **everything) == {"LIBEL", "OTHER"}


def test_year_filter_includes_its_last_day() -> None:
    review = make.make_review(starts_on=datetime.date(2012, 12, 31))
    make.make_recommendation(reference="R", document=make.make_document(review=review))
    assert found("recommendations", to="2012") == {"R"}
    assert found("recommendations", to="2012-12") == {"R"}
    assert found("recommendations", to="2012-11") == set()


@pytest.mark.parametrize("query", ["пыток", "ПЫТОК", "Пыток қинау", "ҚИНАУ"])
def test_words_are_found_in_any_case_and_script(query: str) -> None:
    make.make_recommendation(reference="CYRILLIC", text="Прекратить применение Пыток. Қинау.")
    make.make_recommendation(reference="OTHER")
    assert found("recommendations", q=query) == {"CYRILLIC"}


def test_either_apostrophe_finds_the_other() -> None:
    make.make_recommendation(reference="TYPESET", text="Improve women’s participation.")
    assert found("recommendations", q="women's") == {"TYPESET"}
    assert found("recommendations", q="women’s") == {"TYPESET"}


@pytest.mark.parametrize("query", ["100%", "a_b", "100\\"])
def test_pattern_characters_are_searched_literally(query: str) -> None:
    make.make_recommendation(reference="PLAIN", text="1000 times axb.")
    make.make_recommendation(reference="SIGNS", text="100% a_b 100\\ here")
    assert found("recommendations", q=query) == {"SIGNS"}


@pytest.mark.parametrize("query", ['"', "' OR 1=1 --", "NEAR(a b)", "*", "%", "_", "(", "a AND", '""" -x :y'])
def test_operators_in_query_cause_no_error(query: str) -> None:
    make.make_recommendation(text="Plain words.")
    found("recommendations", q=query)


def test_quoted_words_stay_together() -> None:
    assert words_of('Free "Legal Aid" “Fair  trial” now') == ["free", "legal aid", "fair  trial", "now"]


def test_shared_acronym_finds_all_its_stakeholders() -> None:
    first = make.make_stakeholder(slug="js1-2010", acronym="JS1")
    second = make.make_stakeholder(slug="js1-2014", acronym="JS1")
    make.make_recommendation(reference="A", raised_by=[first])
    make.make_recommendation(reference="B", raised_by=[second])
    assert found("recommendations", stakeholder="JS1") == {"A", "B"}
    assert found("recommendations", stakeholder="js1-2014") == {"B"}


@kept_rows("class")
def assessed() -> None:
    """DIFFER: the State says implemented, the committee (later) in progress. OLD: long ago. NONE: nobody."""
    differ = make.make_recommendation(reference="DIFFER")
    make.make_follow_up(differ, role="state", status="implemented")
    committee = make.make_stakeholder(slug="hrc", acronym="HRC", kind="committee")
    make.make_follow_up(
        differ, role="un_body", assessor=committee, status="regressed", as_of=datetime.date(2020, 1, 1)
    )
    make.make_follow_up(
        differ, role="un_body", assessor=committee, status="in_progress", as_of=timezone.localdate()
    )
    make.make_follow_up(make.make_recommendation(reference="OLD"), status="not_implemented", as_of=LONG_AGO)
    make.make_recommendation(reference="NONE")


class TestStatus:
    """What became of records, by who says so."""

    @pytest.mark.parametrize(
        ("params", "expected"),
        [
            ({"status": "in_progress"}, {"DIFFER"}),
            ({"status": "implemented"}, set()),  # a State's own claim makes nothing implemented
            ({"status": "regressed"}, set()),  # overtaken by a newer entry
            ({"status": "not_assessed"}, {"NONE"}),
            ({"status": ["not_assessed", "not_implemented"]}, {"NONE", "OLD"}),
            ({"status": "implemented", "assessor": "state"}, {"DIFFER"}),
            ({"status": "in_progress", "assessor": "state"}, set()),
            ({"status": "not_assessed", "assessor": "state"}, {"OLD", "NONE"}),
            ({"assessor": "un_body"}, {"DIFFER"}),
            ({"assessor": ["un_body", "tracker"]}, {"DIFFER", "OLD"}),
            ({"assessor": "hrc"}, {"DIFFER"}),
            ({"assessor": "HRC", "status": "in_progress"}, {"DIFFER"}),
            ({"assessor": "hrc", "status": "regressed"}, set()),
            ({"assessor": "hrc", "status": "not_assessed"}, {"OLD", "NONE"}),
            ({"disagree": "true"}, {"DIFFER"}),
            ({"disagree": "1"}, {"DIFFER"}),
            ({"disagree": "false"}, {"OLD", "NONE"}),
            ({"stale": "true"}, {"OLD"}),
            ({"stale": "no"}, {"DIFFER", "NONE"}),
        ],
    )
    def test_status_finds_matches(self, assessed: None, params: dict[str, Any], expected: set[str]) -> None:
        assert found("recommendations", **params) == expected

    @pytest.mark.parametrize("status", ["in_progress", "not_implemented", "not_assessed", "implemented"])
    def test_status_filter_and_shown_status_agree(self, assessed: None, status: str) -> None:
        rows = Client().get("/recommendations.json").json()["results"]
        shown = {row["reference"] for row in rows if row["status"] == status}
        assert found("recommendations", status=status) == shown


@pytest.mark.parametrize(
    ("value", "expected"),
    [("yes", {"ANSWERED"}), ("no", {"SILENT"}), ("disputes", {"ANSWERED"}), ("commits", set())],
)
def test_response_filter_finds_expected_records(value: str, expected: set[str]) -> None:
    make.make_response(answers=[make.make_recommendation(reference="ANSWERED")], stance="disputes")
    silent = make.make_recommendation(reference="SILENT")
    make.make_response_link(
        response=make.make_response(), recommendation=silent, stance="commits", confirmed=False
    )
    assert found("recommendations", response=value) == expected


def test_suggested_issue_is_not_found() -> None:
    issue = make.make_issue(slug="guessed", name="Guessed")
    record = make.make_recommendation()
    record.tags.create(issue=issue, origin="suggestion")
    assert found("recommendations", issue="guessed") == set()
    assert found("recommendations", q="guessed") == set()


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"q": "measure"}, {"RES"}),
        ({"state": "kaz"}, {"RES"}),
        ({"review": "kaz-ccpr144"}, {"RES"}),
        ({"mechanism": "ccpr"}, {"RES"}),
        ({"issue": "torture"}, {"RES"}),
        ({"stance": "commits"}, {"RES"}),
        ({"stance": "disputes"}, set()),
        ({"recommendation": "LIBEL"}, {"RES"}),
        ({"recommendation": "LIBEL", "stance": "commits", "issue": "torture"}, {"RES"}),
        ({"speaker": "head_of_delegation"}, {"RES"}),
        ({"from": "2025"}, {"RES"}),
        ({"document": "the-dialogue"}, {"RES"}),
    ],
)
def test_response_list_filters_find_matches(
    libel: models.Recommendation, params: dict[str, Any], expected: set[str]
) -> None:
    make.make_response(reference="ELSE", text="Nothing.")
    paragraph = make.make_paragraph(document=libel.document, text="A measure was taken.")
    make.make_response(
        answers=[libel],
        stance="commits",
        reference="RES",
        paragraph=paragraph,
        document=libel.document,
        text="A measure was taken.",
        speaker="head_of_delegation",
        date=datetime.date(2025, 6, 26),
    )
    assert found("responses", **params) == expected


def test_stance_and_record_must_match_the_same_answer(libel: models.Recommendation) -> None:
    other = models.Recommendation.objects.get(reference="OTHER")
    response = make.make_response(answers=[libel], stance="commits", reference="RES")
    make.make_response_link(response=response, recommendation=other, stance="disputes")
    assert found("responses", recommendation="LIBEL", stance="disputes") == set()
    assert found("responses", recommendation="OTHER", stance="disputes") == {"RES"}


@pytest.mark.parametrize(
    "params",
    [
        {"q": "parliament"},
        {"q": "committee one"},
        {"status": "in_progress"},
        {"assessor": "un_body"},
        {"assessor": "the-committee"},
        {"assessor": "cttee"},
        {"role": "un_body"},
        {"state": "kaz"},
        {"review": "kaz-ccpr144"},
        {"issue": "torture"},
        {"confidence": "high"},
        {"from": "2024"},
        {"recommendation": "LIBEL"},
    ],
)
def test_follow_up_filters_find_matches(libel: models.Recommendation, params: dict[str, Any]) -> None:
    other = models.Recommendation.objects.get(reference="OTHER")
    make.make_follow_up(other, status="regressed", as_of=LONG_AGO, summary="Worse.")
    committee = make.make_stakeholder(
        slug="the-committee", name="Committee One", acronym="CTTEE", kind="committee"
    )
    entry = make.make_follow_up(libel, role="un_body", assessor=committee, confidence="high")
    assert found("follow-up", **params) == {entry.reference}


def test_stakeholder_filters_find_matches(libel: models.Recommendation) -> None:
    make.make_stakeholder(slug="idle", kind="nhri")
    assert found("stakeholders", q="NINETEEN") == {"article-19"}
    assert found("stakeholders", kind="nhri") == {"idle"}
    assert found("stakeholders", state="KAZ") == {"article-19"}
    assert found("stakeholders", review="kaz-ccpr144") == {"article-19"}


def test_document_filters_find_matches(libel: models.Recommendation) -> None:
    addendum = make.make_document(slug="addendum", kind="addendum", published_on=datetime.date(2011, 1, 1))
    assert found("documents", q="ccpr") == {"the-dialogue"}
    assert found("documents", kind="addendum") == {addendum.slug}
    assert found("documents", state="KAZ") == {"the-dialogue"}
    assert found("documents", review="kaz-ccpr144") == {"the-dialogue"}
    assert found("documents", to="2011") == {addendum.slug}


def test_review_and_issue_filters_find_matches(libel: models.Recommendation) -> None:
    assert found("reviews", q="kazakh") == {"kaz-ccpr144"}
    assert found("reviews", state="kaz") == {"kaz-ccpr144"}
    assert found("reviews", mechanism="CCPR") == {"kaz-ccpr144"}
    assert found("reviews", **{"from": "2020"}) == {"kaz-ccpr144"}
    assert found("issues", q="definit") == {"torture-definition"}
