"""The filter panel: what it offers, in what order, with which counts; and the filters that it brought."""

from __future__ import annotations

import datetime

import pytest
from django.conf import settings
from django.test import Client
from lxml import html

from recommendations.search.filters import RecommendationFilters
from tests import make

pytestmark = pytest.mark.django_db


def facet(name: str, query: str = "") -> html.HtmlElement:
    answer = Client().get(f"/recommendations/?{query}")
    tree = html.document_fromstring(answer.content.decode())
    found = tree.xpath(f"//details[@id='facet-{name}']")
    return found[0] if found else None


def values(name: str, query: str = "", *, empty: bool = False) -> list[tuple[str, str]]:
    """The values of a facet with the numbers beside them: those in sight, or those one step away."""
    where = "ancestor::details[contains(@class, 'facet-zero-values')]"
    boxes = facet(name, query).xpath(f".//input[@type='checkbox'][{where if empty else f'not({where})'}]")
    figures = [box.getparent().find_class("numeric") for box in boxes]
    return [
        (box.get("value"), figure[0].text if figure else "")
        for box, figure in zip(boxes, figures, strict=True)
    ]


def references(query: str) -> set[str]:
    rows = Client().get(f"/recommendations.json?{query}").json()["results"]
    return {row["reference"] for row in rows}


def test_value_count_respects_the_other_filters() -> None:
    make.make_recommendation(kind="concern", position="noted")
    make.make_recommendation(kind="concern")
    make.make_recommendation(kind="question")
    assert values("kind") == [("concern", "2"), ("question", "1")]
    assert values("kind", "position=noted") == [("concern", "1")]
    assert values("kind", "kind=question") == [("question", "1"), ("concern", "2")]  # chosen on top


def test_values_without_records_are_listed_apart() -> None:
    make.make_recommendation(kind="concern")
    empty = [("recommendation", "0"), ("question", "0"), ("commendation", "0")]
    assert values("kind", empty=True) == empty
    assert values("kind", "kind=question") == [("question", "0"), ("concern", "1")]


def test_issue_is_listed_below_group_counting_both() -> None:
    group = make.make_issue(slug="torture", name="Torture")
    below = make.make_issue(slug="police", name="Police", parent=group)
    other = make.make_issue(slug="press", name="Press")
    make.make_recommendation(issues=[group, below])
    make.make_recommendation(issues=[below, other])
    assert sorted(values("issue")) == [("press", "1"), ("torture", "2"), ("torture/police", "2")]
    listed = [value for value, _ in values("issue", "issue=press")]
    assert listed == ["press", "torture", "torture/police"]
    items = facet("issue").xpath(".//li[@class='nested']//input/@value")
    assert items == ["torture/police"]


def test_most_frequent_stakeholder_comes_first() -> None:
    rare, frequent = make.make_stakeholder(slug="a"), make.make_stakeholder(slug="z")
    make.make_recommendation(raised_by=[rare, frequent])
    make.make_recommendation(raised_by=[frequent])
    assert values("stakeholder") == [("z", "2"), ("a", "1")]


def test_too_many_values_show_most_frequent_and_text_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommendations.search.filters.base.OPTIONS_MAX", 1)
    monkeypatch.setattr("recommendations.search.filters.model_filters.OPTIONS_MAX", 1)
    monkeypatch.setattr("recommendations.search.filters.model_filters.FREQUENT_MAX", 1)
    make.make_recommendation(raised_by=[make.make_stakeholder(slug="one")])
    frequent = make.make_stakeholder(slug="frequent")
    for _ in range(2):
        make.make_recommendation(raised_by=[frequent])
    assert values("stakeholder") == [("frequent", "2")]
    assert facet("stakeholder").xpath(".//input[@type='text']/@name") == ["stakeholder"]


def test_each_role_with_entries_has_a_status_filter() -> None:
    make.make_follow_up(make.make_recommendation(), role="state", status="implemented")
    make.make_recommendation()
    assert values("status_state") == [("implemented", "1"), ("not_assessed", "1")]
    assert facet("status_nhri") is None
    assert facet("status_nhri", "status_nhri=regressed") is not None


def test_statuses_of_two_roles_can_be_combined() -> None:
    claimed = make.make_recommendation(reference="CLAIMED")
    make.make_follow_up(claimed, role="state", status="implemented")
    make.make_follow_up(claimed, role="un_body", status="not_implemented")
    make.make_recommendation(reference="SILENT")
    assert references("status_state=implemented&status_un_body=not_implemented") == {"CLAIMED"}
    assert references("status_state=implemented&status_un_body=implemented") == set()
    assert references("status_un_body=not_assessed") == {"SILENT"}


def make_in_years(*years: int) -> None:
    """A record R<year> in a review that began on the last day of each year."""
    for year in years:
        review = make.make_review(starts_on=datetime.date(year, 12, 31))
        make.make_recommendation(reference=f"R{year}", document=make.make_document(review=review))


def test_newest_year_comes_first() -> None:
    make_in_years(2010, 2012)
    assert values("year") == [("2012", "1"), ("2010", "1")]


def test_year_filter_finds_records_of_the_year() -> None:
    make_in_years(2010, 2012)
    assert references("year=2010") == {"R2010"}
    assert references("year=2010&year=2012") == {"R2010", "R2012"}
    assert Client().get("/recommendations.json?year=MMX").json()["errors"]["year"]


def test_chain_filter_finds_expected_records() -> None:
    records = {
        name: make.make_recommendation(reference=name)
        for name in ("OPEN", "DONE", "CLAIMED", "LATER", "RELATED", "NEAR", "ALONE")
    }
    for name in ("OPEN", "DONE", "CLAIMED"):
        make.make_link(records[name], records["LATER"])
    make.make_link(records["RELATED"], records["NEAR"], relation="related")
    make.make_link(records["ALONE"], records["NEAR"], confirmed=False)
    make.make_follow_up(records["DONE"], status="implemented")
    make.make_follow_up(records["CLAIMED"], role="state", status="implemented")
    # What only the State calls implemented is still open; what was only related was not asked again.
    assert references("chain=open") == {"OPEN", "CLAIMED"}
    assert references("chain=any") == set(records) - {"ALONE"}
    assert references("chain=none") == {"ALONE"}
    assert references("chain=none&chain=open") == {"ALONE", "OPEN", "CLAIMED"}


def test_shown_address_omits_empty_and_default_fields() -> None:
    answer = Client().get("/recommendations/?q=&kind=concern&from=&sort=newest&per_page=25")
    assert answer["HX-Push-Url"] == "/recommendations/?kind=concern"


def test_scripts_and_styles_stay_small_with_licence_included() -> None:
    import gzip

    static = settings.BASE_DIR / "recommendations" / "static" / "recommendations"
    files = [*static.rglob("*.js"), *static.glob("css/*.css")]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) < 60_000
    assert "Zero-Clause BSD" in (static / "vendor" / "htmx.LICENSE.txt").read_text(encoding="utf-8")


def test_every_filter_of_the_panel_is_documented() -> None:
    text = (settings.BASE_DIR / "docs" / "analysts.md").read_text(encoding="utf-8")
    filters = RecommendationFilters.base_filters
    assert [name for name, one in filters.items() if one.in_panel and f"`{name}`" not in text] == []


def test_panel_has_sections_and_keeps_filters_not_shown() -> None:
    make.make_recommendation()
    answer = Client().get("/recommendations/?document=x&kind=concern")
    form = html.document_fromstring(answer.content.decode()).get_element_by_id("filters")
    headings = [each.text for each in form.iter("h3")]
    assert headings == ["Where and when", "What was raised", "What became of it"]
    parts = RecommendationFilters.sections.values()
    named = [name for names in parts for name in names]
    in_panel = [name for name, one in RecommendationFilters.base_filters.items() if one.in_panel]
    assert sorted(["q", "reference", *named]) == sorted([*in_panel, *({"reference"} - {*in_panel})])
    assert form[0].get("type") == "hidden"
