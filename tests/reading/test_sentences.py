"""Where a sentence ends, and that splitting loses nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.reading.files.text import fold
from recommendations.reading.prose.sentences import split_sentences

WHOLE = [
    "Mr. Smith, Ms. Jones and Dr. Brown spoke for the St. George Society.",
    "JS1 referred to Act No. 10120 and Art. 5, para. 3, p. 12 of bill No. 23.443.",
    "The case of Toonen v. Australia covered, e.g. States, i.e. their courts, cf. Annex II.",
    "Women hold 11.1 per cent of seats.",
    "The meeting began at 3 p.m. Geneva time.",
    "J. K. Rowling wrote to the U.S. Department of State.",
    "It asked for: (i) a law; (ii) a fund. (iii) A court.",
    "It asked for: 1. A law; 2. A fund.",
    "Just Atonement Inc. (JAI) commended the plan.",
    "The court said “It is void. It never was law” and closed.",
    "The law (adopted in 2009. Amended since) applies.",
]


@pytest.mark.parametrize("text", WHOLE)
def test_sentence_is_not_split_inside(text: str) -> None:
    assert split_sentences(text) == [text]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("They were called “sects”.", "The Becket Fund (BF) noted it."),
        ("The claim was “fear of reprisals.”", "JS2 raised concerns."),
        ("The rate was 61 per cent of that of men.", "According to JS4, it fell."),
        ("It ended at 3 p.m.", "The delegation thanked all."),
        ("The law covers hepatitis C.", "It is new."),
        ("This was so in 2009.", "80 persons were held."),
        ("Was it so?", "“Erased” persons said yes."),
        ("The Act (see No. 12.) applies to NGOs etc.", "They disagree."),
        ("An opening “ that never closes.", "The next begins."),
    ],
)
def test_sentences_are_split_between(first: str, second: str) -> None:
    assert split_sentences(f"{first} {second}") == [first, second]


def test_empty_text_has_no_sentences() -> None:
    assert split_sentences("") == []


@given(st.text(st.characters(codec="utf-8"), max_size=400).map(fold))
def test_splitting_keeps_all_characters(text: str) -> None:
    assert " ".join(split_sentences(text)) == text


@given(st.text("aB.1 “”()?!:;", max_size=200).map(fold))
def test_splitting_keeps_all_characters_of_difficult_text(text: str) -> None:
    sentences = split_sentences(text)
    assert " ".join(sentences) == text
    assert all(sentences)
