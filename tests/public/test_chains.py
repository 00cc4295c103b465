"""Chains: which records are one family, at which address it stands, and what its page and list show."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from recommendations.models import Document, Recommendation, RecommendationLink
from recommendations.public.chain_detail import Wording, all_chains, walk
from recommendations.templatetags.citing import marked
from tests import make

CANARY = "SHIBBOLETH"


def record_of(year: int, reference: str, **values: Any) -> Recommendation:
    """A public record of a review of that year."""
    review = make.make_review(starts_on=datetime.date(year, 2, 1))
    return make.make_recommendation(reference=reference, document=make.make_document(review=review), **values)


def three(relation: str = "repeated") -> list[Recommendation]:
    """A chain of three records, of 2010, 2015 and 2020."""
    records = [record_of(year, f"FRE-{year}") for year in (2010, 2015, 2020)]
    make.make_link(records[0], records[1], relation=relation)
    make.make_link(records[1], records[2], relation="taken_up")
    return records


def text_of(address: str) -> str:
    """What a reader sees at an address, white space folded."""
    answer = Client().get(address)
    assert answer.status_code == 200
    return " ".join(strip_tags(answer.text).split())


@pytest.mark.django_db
class TestFamily:
    def test_chain_has_one_address_for_all_records(self) -> None:
        three()
        assert Client().get("/chains/FRE-2010/").status_code == 200
        for other in ("FRE-2015", "FRE-2020"):
            answer = Client().get(f"/chains/{other}/")
            assert answer.status_code == 302
            assert answer["Location"] == f"/chains/FRE-2010/#{other}"

    def test_chain_lists_records_in_time_order_with_details(self) -> None:
        first, second, _ = three()
        first.raised_by.add(make.make_stakeholder(name="Article 19"))
        make.make_response([first], reference="ANSWER", stance="commits")
        make.make_follow_up(second, role="civil_society", status="regressed")
        text = text_of("/chains/FRE-2010/")
        assert text.index("FRE-2010") < text.index("FRE-2015") < text.index("FRE-2020")
        for words in (
            "Article 19",
            "ANSWER",
            "Commits",
            "Regressed",
            "as of 1 January 2024",
            "Asks the same.",
        ):
            assert words in text

    def test_related_records_are_neighbours_not_chain_members(self) -> None:
        first, *_ = three()
        related = record_of(2012, "RELATED")
        make.make_link(first, related, relation="related", rationale="The same prison.")
        assert [family.size for family in all_chains()] == [3]
        text = text_of("/chains/FRE-2010/")
        assert "Related to FRE-2010: The same prison." in text
        assert "No record of another time asks the same" in text_of("/chains/RELATED/")

    def test_record_without_links_has_no_chain(self) -> None:
        make.make_recommendation(reference="ALONE")
        assert Client().get("/chains/ALONE/").status_code == 404

    def test_circle_of_links_ends(self) -> None:
        first, _, last = three()
        make.make_link(first, last)
        ids, steps, complete = walk(last.pk)
        assert (len(ids), len(steps), complete) == (3, 3, True)

    def test_chain_above_the_limit_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("recommendations.public.chain_detail.CHAIN_MAX", 2)
        three()
        assert "This chain is longer than what is shown" in text_of("/chains/FRE-2010/")

    def test_chain_queries_grow_only_with_its_levels(self) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as asked:
                assert Client().get("/chains/FRE-2010/").status_code == 200
            return len(asked)

        first, *_, last = three()
        make.make_follow_up(first)
        make.make_response([first])
        make.make_link(first, record_of(2013, "NEAR"), relation="related")
        before = queries()
        for n in range(5):
            other = record_of(2011, f"WIDE-{n}")
            make.make_link(first, other)
            make.make_follow_up(other, role="civil_society")
            make.make_response([other])
            make.make_link(other, record_of(2014, f"NEAR-{n}"), relation="related")
        assert queries() == before
        make.make_link(last, record_of(2024, "DEEP"))
        assert queries() == before + 1


@pytest.mark.django_db
class TestWhatIsHidden:
    def test_nothing_hidden_is_on_chain_or_list(self) -> None:
        first, second, third = three()
        withheld = make.make_stakeholder(name=CANARY, acronym=CANARY, published=False)
        first.raised_by.add(withheld)
        make.make_follow_up(first, role="civil_society", assessor=withheld)
        make.make_follow_up(first, published_at=None, summary=CANARY)
        draft = record_of(2022, f"{CANARY}-1", text=CANARY, published=False)
        make.make_link(first, draft, rationale=CANARY)
        other = record_of(2023, "OTHER")
        make.make_link(third, other, confirmed=False, rationale=CANARY)
        make.make_link(draft, other, rationale=CANARY)
        make.make_link(second, record_of(2009, f"{CANARY}-2", published=False), relation="related")
        make.make_response([second], reference=f"{CANARY}-R", published=False)
        for address in ("/chains/FRE-2010/", "/chains/", "/chains.json", "/sitemap-chains-1.xml"):
            answer = Client().get(address)
            assert answer.status_code == 200
            assert CANARY not in answer.text, address
            assert "OTHER" not in answer.text, address
        for ending in ("bib", "ris"):
            assert CANARY not in Client().get(f"/chains/FRE-2010/cite.{ending}").text
        assert Client().get(f"/chains/{CANARY}-1/").status_code == 404

    def test_hidden_middle_record_splits_the_chain(self) -> None:
        _, middle, _ = three()
        Document.objects.filter(pk=middle.document_id).update(published=False)
        assert all_chains() == []
        assert Client().get("/chains/FRE-2010/").status_code == 404
        assert Client().get("/chains/FRE-2015/").status_code == 404


@pytest.mark.django_db
class TestList:
    def test_chain_list_shows_longest_first_with_details(self) -> None:
        short = [record_of(2001, "SHORT-1"), record_of(2021, "SHORT-2")]
        make.make_link(*short)
        _, _, last = three()
        make.make_follow_up(last, status="implemented", role="un_body")
        rows = Client().get("/chains.json").json()["results"]
        assert [(row["reference"], row["size"], row["from"], row["to"]) for row in rows] == [
            ("FRE-2010", 3, 2010, 2020),
            ("SHORT-1", 2, 2001, 2021),
        ]
        assert (rows[0]["status_then"], rows[0]["status_now"]) == ("not_assessed", "implemented")
        by_span = Client().get("/chains.json?sort=span").json()["results"]
        assert [row["reference"] for row in by_span] == ["SHORT-1", "FRE-2010"]
        text = text_of("/chains/")
        assert "2 chains" in text
        assert "2010–2020" in text
        assert "3 records" in text

    def test_chain_matches_when_one_record_matches(self) -> None:
        issue = make.make_issue(slug="torture", name="Torture")
        records = three()
        records[1].tags.create(issue=issue)
        other = make.make_review(state=make.make_state(iso3="SYL", name="Sylvania"))
        pair = [
            make.make_recommendation(reference=f"SYL-{n}", document=make.make_document(review=other))
            for n in (1, 2)
        ]
        make.make_link(*pair)

        def found(query: str) -> list[str]:
            rows = Client().get(f"/chains.json?{query}").json()["results"]
            return [row["reference"] for row in rows]

        assert found("issue=torture") == ["FRE-2010"]
        assert found("state=SYL") == ["SYL-1"]
        assert found("state=SYL&issue=torture") == []
        assert found(f"review={records[2].document.review.slug}") == ["FRE-2010"]

    def test_impossible_filters_cause_no_server_error(self) -> None:
        three()
        assert Client().get("/chains/?state=ZZZ&issue=none&page=9&sort=odd&x=1").status_code == 200
        assert Client().get("/chains.json?state=ZZZ").status_code == 400

    def test_chain_list_pages_hold_each_chain_once(self) -> None:
        for n in range(3):
            make.make_link(record_of(2000, f"A{n}"), record_of(2010, f"B{n}"))
        first = Client().get("/chains.json?per_page=2").json()
        second = Client().get("/chains.json?per_page=2&page=2").json()
        assert first["count"] == 3
        references = [row["reference"] for row in first["results"] + second["results"]]
        assert references == ["A0", "A1", "A2"]

    def test_chain_list_queries_do_not_grow(self) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as asked:
                Client().get("/chains/?state=FRE")
            return len(asked)

        three()
        before = queries()
        for n in range(4):
            make.make_link(record_of(2000, f"A{n}"), record_of(2010, f"B{n}"))
        assert queries() == before

    def test_empty_chain_list_says_so(self) -> None:
        assert "Nothing has been published yet." in text_of("/chains/")


@pytest.mark.django_db
def test_record_links_to_its_chain() -> None:
    three()
    make.make_recommendation(reference="ALONE")
    assert 'href="/chains/FRE-2015/"' in Client().get("/recommendations/FRE-2015/").text
    assert 'href="/chains/' not in Client().get("/recommendations/ALONE/").text.split("<main")[1]


class TestWording:
    def test_differing_words_are_marked_on_both_sides(self) -> None:
        wording = Wording(
            "The State should abolish the death penalty.", "The State must abolish the death penalty!"
        )
        assert wording.alike
        assert [(piece.words, piece.mark) for piece in wording.then] == [
            ("The State", ""),
            ("should", "del"),
            ("abolish the death penalty.", ""),
        ]
        assert [(piece.words, piece.mark) for piece in wording.now] == [
            ("The State", ""),
            ("must", "ins"),
            ("abolish the death penalty!", ""),
        ]

    def test_common_words_are_marked_where_little_is_alike(self) -> None:
        wording = Wording(
            "ICJ noted that torture by guards went unpunished",
            "What had been done against the tortures that policemen commit?",
        )
        assert not wording.alike
        assert [piece.words for piece in wording.then if piece.mark] == ["torture"]
        assert [piece.words for piece in wording.now if piece.mark] == ["tortures"]

    def test_wording_ignores_case_and_punctuation(self) -> None:
        assert Wording("Abolish it.", "abolish IT").same

    def test_marks_have_spoken_words_and_escaped_markup(self) -> None:
        found = str(marked(Wording("a b c <i> d", "a b c <b> d").then))
        assert '<del><span class="visually-hidden">[not in the later wording: </span>&lt;i&gt;' in found
        assert "<i>" not in found

    @given(st.text(max_size=80), st.text(max_size=80))
    def test_wording_comparison_loses_no_word(self, then: str, now: str) -> None:
        wording = Wording(then, now)
        assert " ".join(piece.words for piece in wording.then) == " ".join(then.split())
        assert " ".join(piece.words for piece in wording.now) == " ".join(now.split())


def test_shipped_chains_hold_every_joining_link(shipped: None, db: None) -> None:
    families = all_chains()
    links = RecommendationLink.objects.published().exclude(relation="related")
    assert families
    of = {pk: family.pk for family in families for pk in family.ids}
    for earlier, later in links.values_list("earlier_id", "later_id"):
        assert of[earlier] == of[later]
    assert max(family.size for family in families) < 20
