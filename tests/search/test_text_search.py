"""What search finds: the same cases on every database, since the suite runs on each of them."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from recommendations.models import Recommendation
from recommendations.search.text.engines import Matches, Relevance
from recommendations.search.text.highlight import highlight, passage
from recommendations.search.text.query import TOKENS_MAX, read
from recommendations.search.text.stemming import fold, forms_and_stems, stems, tokens
from tests import make
from tests.amounts import examples

pytestmark = pytest.mark.django_db

TYPED = st.text(max_size=60) | st.lists(
    st.sampled_from(
        [
            "torture",
            "OR",
            "NOT",
            "AND",
            "-",
            '"',
            "(",
            ")",
            "law",
            "пыток",
            "'",
            "*",
            ":",
            "\\",
            "\x00",
            "the",
            "%",
        ]
    ),
    max_size=14,
).map(" ".join)


def make_corpus() -> None:
    """A few records that differ in just what the cases ask."""
    kaz = make.make_state(iso3="KAZ", name="Kazakhstan")
    document = make.make_document(
        review=make.make_review(state=kaz, slug="kaz-upr7"), slug="summary", symbol="A/HRC/WG.6/7/KAZ/3"
    )
    justice = make.make_issue(slug="justice", name="Justice")
    ngo = make.make_stakeholder(slug="article-19", name="Article Nineteen", acronym="A19")
    hidden = make.make_stakeholder(slug="canary", name="Zanzibar Canary", acronym="ZC", published=False)

    def record(reference: str, text: str, **values: Any) -> None:
        make.make_recommendation(reference=reference, text=text, **values)

    record("WOMAN", "Protect every woman's right to decriminalised work.")
    record("WOMEN", "Protect women and girls from violence.", groups=[make.make_group(name="Refugees")])
    record("DEATH", "Abolish the death penalty. Torture must end.", raised_by=[ngo])
    record("PENALTY", "A penalty, not death, for thieves: criminal libel and defamation.")
    record(
        "KAZ-UPR7-36.4",
        "Close the café of JS 1; organize elections.",
        document=document,
        paragraph=make.make_paragraph(document=document),
        issues=[make.make_issue(slug="prisons", name="Prisons", parent=justice)],
        summary="Free assembly",
    )
    record("CYRILLIC", "Прекратить применение пыток. Ёлка.", raised_by=[hidden])
    record("KAZAKH", "Қинауды тоқтату. ӘДІЛЕТ министрлігі.")
    record("SECRET", "Draft on torture and women.", published=False)


CASES: list[tuple[str, set[str]]] = [
    # stems, case, accents, apostrophes, spelling
    ("woman", {"WOMAN", "WOMEN"}),
    ("WOMEN’S", {"WOMAN", "WOMEN"}),
    ("protecting rights", {"WOMAN"}),
    ("decriminalizing", {"WOMAN"}),
    ("CAFE", {"KAZ-UPR7-36.4"}),
    ("organise election", {"KAZ-UPR7-36.4"}),
    ("Применения ПЫТОК", {"CYRILLIC"}),
    ("елка", {"CYRILLIC"}),
    ("әділет", {"KAZAKH"}),
    ("ҚИНАУДЫ", {"KAZAKH"}),
    # words, phrases, operators
    ("death penalty", {"DEATH", "PENALTY"}),
    ('"death penalty"', {"DEATH"}),
    ("«death penalties»", {"DEATH"}),
    ('"penalty death"', set()),
    ("the death of a penalty", {"DEATH", "PENALTY"}),
    ("torture OR libel", {"DEATH", "PENALTY"}),
    ("death torture OR libel", {"DEATH", "PENALTY"}),
    ("women OR girls violence", {"WOMEN"}),
    ("(women violence) OR café", {"WOMEN", "KAZ-UPR7-36.4"}),
    ("penalty -torture", {"PENALTY"}),
    ("penalty NOT torture", {"PENALTY"}),
    ('penalty -"death penalty"', {"PENALTY"}),
    ("penalty −libel", {"DEATH"}),
    ("-penalty -protect -пыток -әділет", {"KAZ-UPR7-36.4"}),
    ("libel OR -penalty -protect -пыток -әділет", {"PENALTY", "KAZ-UPR7-36.4"}),
    ("libel OR -(penalty OR protect OR пыток OR әділет)", {"PENALTY", "KAZ-UPR7-36.4"}),
    ("women AND girls", {"WOMEN"}),
    # names, issues and what is above them, groups, State, symbol, references
    ("article nineteen", {"DEATH"}),
    ("a19", {"DEATH"}),
    ("A 19", {"DEATH"}),
    ("js1", {"KAZ-UPR7-36.4"}),
    ("prison", {"KAZ-UPR7-36.4"}),
    ("justice", {"KAZ-UPR7-36.4"}),
    ("refugee", {"WOMEN"}),
    ("Kazakhstan", {"KAZ-UPR7-36.4"}),
    ("A/HRC/WG.6/7/KAZ/3", {"KAZ-UPR7-36.4"}),
    ("kaz-upr7-36", {"KAZ-UPR7-36.4"}),
    ("free assembly elections", {"KAZ-UPR7-36.4"}),
    # a phrase spans neither two texts nor two columns
    ('"free assembly kaz"', set()),
    ('"assembly close"', set()),
    ('"elections prisons"', set()),
    # read literally
    ('"death', {"DEATH", "PENALTY"}),
    ("death OR", {"DEATH", "PENALTY"}),
    ("OR death", {"DEATH", "PENALTY"}),
    ("))death((", {"DEATH", "PENALTY"}),
    ("death AND AND penalty", {"DEATH", "PENALTY"}),
    ("death*", {"DEATH", "PENALTY"}),
    ("title:death", set()),
    ("NEAR(death penalty)", set()),
    ("death & penalty", {"DEATH", "PENALTY"}),
    ("death:A", set()),
    ("' OR 1=1 --", set()),
    ("%", set()),
    ("-", set()),
    # what is not public
    ("zanzibar", set()),
    ("ZC", set()),
    ("draft", set()),
]


def found(text: str) -> set[str]:
    """References of the public records that a query finds."""
    query = read(text)
    rows = Recommendation.objects.published()
    return set(rows.filter(Matches(query)).values_list("reference", flat=True)) if query.tree else set()


def test_every_search_case_finds_expected_records() -> None:
    make_corpus()
    wrong = {text: found(text) for text, expected in CASES if found(text) != expected}
    assert wrong == {}


def test_list_finds_the_same_as_the_engine() -> None:
    make_corpus()
    for text, expected in CASES:
        rows = Client().get("/recommendations.json", {"q": text}).json()["results"]
        assert {row["reference"] for row in rows} == expected, text


@given(text=TYPED)
@settings(max_examples=examples(37), suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(text="(" * 300)
@example(text="-(" * 100 + "a" + ")" * 100)
@example(text="a OR " * 60)
@example(text="NOT NOT NOT")
@example(text='"' * 7)
def test_no_query_fails_or_finds_hidden_records(text: str) -> None:
    if not Recommendation.objects.exists():
        make_corpus()
    query = read(text)
    assert str(query.in_words) is not None
    if query.tree is None:
        return
    rows = Recommendation.objects.published().filter(Matches(query)).alias(relevance=Relevance(query))
    assert "SECRET" not in set(rows.order_by("-relevance").values_list("reference", flat=True))
    outside = Recommendation.objects.published().exclude(Matches(query))
    assert rows.count() + outside.count() == Recommendation.objects.published().count()


@given(text=st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    forms = [form for form, _ in forms_and_stems(text)]
    assert [form for form, _ in forms_and_stems(" ".join(forms))] == forms


@given(text=st.text(max_size=80))
def test_stems_are_letters_or_digits(text: str) -> None:
    assert all(stem and stem.isalnum() for stem in stems(text))
    assert [token.stem for token in tokens(text)] == stems(text)


@given(text=st.text(max_size=120), query=TYPED)
@example(text="<b>Torture</b> & women’s & woman", query="torture woman")
def test_highlighting_keeps_the_text_unchanged(text: str, query: str) -> None:
    marked = highlight(text, read(query).wanted)
    assert html.unescape(re.sub(r"</?mark>", "", marked)) == html.unescape(html.escape(text))
    assert not re.search(r"<(?!/?mark>)", marked)
    shown = html.unescape(re.sub(r"</?mark>", "", passage(text, read(query).wanted, 40)))
    assert shown.removeprefix("… ").removesuffix(" …").strip() in " ".join(text.split())


def test_hits_are_marked_as_words_and_as_phrases() -> None:
    text = "The death penalty: a penalty for women’s death."
    assert highlight(text, read('"death penalties" woman').wanted) == (
        "The <mark>death penalty</mark>: a penalty for <mark>women’s</mark> death."
    )
    assert "<mark>" not in highlight(text, read("-death").wanted)


def test_passage_surrounds_the_hit() -> None:
    text = "Once upon a time. " * 30 + "The death penalty was abolished. " + "And so on. " * 30
    shown = passage(text, read("abolish").wanted, 120)
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "death penalty was <mark>abolished</mark>" in shown
    assert len(shown) < 150


def test_too_many_words_are_cut_with_notice() -> None:
    query = read(" ".join(f"word{letter}" for letter in "abcdefghijklmnopqrstuvwxyzабвгдежзи"))
    assert query.cut
    assert sum(len(words.stems) for words in query.wanted) == TOKENS_MAX
    page = Client().get("/recommendations/", {"q": "verbatim " * 40}).content.decode()
    assert f"at most {TOKENS_MAX} words" in page


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("women girls", ""),
        ("women OR girls", "“women” or “girls”"),
        ("violence women OR girls", "“violence” and (“women” or “girls”)"),
        ('-"death penalty"', "not “death penalty”"),
        ("a (b OR c) -(d e)", "(“b” or “c”) and not (“d” and “e”)"),
    ],
)
def test_query_with_operators_is_put_in_words(text: str, words: str) -> None:
    assert read(text).in_words == words
