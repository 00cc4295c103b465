"""On the shipped records, the figures of the charts agree with the lists they lead to, under any filter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.http import QueryDict
from lxml import html

from recommendations.charts.build import NAMES, build
from recommendations.charts.selection import Selection
from recommendations.models import Recommendation
from recommendations.public.charts import query_of
from tests.charts.helpers import counted_links, selection

if TYPE_CHECKING:
    from django.test import Client

FILTERS = [
    "",
    "state=KAZ",
    "review=kaz-upr7",
    "issue=torture",
    "issue=expression&issue=torture",
    "stakeholder=human-rights-watch",
    "stakeholder=js1&stakeholder=ai",
    "kind=concern&kind=commendation",
    "kind=commendation",
    "status=not_implemented&status=in_progress",
    "assessor=state&status=implemented",
    "assessor=tracker",
    "status_state=implemented&status=partially_implemented",
    "response=no",
    "response=yes&response=no",
    "response=declines",
    "disagree=true",
    "chain=open",
    "linked=kaz-upr7",
    "linked=kaz-upr7&relation=repeated",
    "q=libel",
    "year=2025",
]


@pytest.mark.looks
@pytest.mark.usefixtures("shipped")
class TestShipped:
    """On the records that come with the project."""

    def test_every_number_equals_count_behind_its_link(self, client: Client):
        seen = set()
        for name in NAMES:
            for url, number in counted_links(build(name, selection())):
                if url in seen:
                    continue
                seen.add(url)
                answer = client.get(
                    url.replace("/recommendations/", "/recommendations.json", 1) + "&per_page=1"
                )
                assert answer.json()["count"] == number, (name, url)
        assert len(seen) > 200

    @pytest.mark.parametrize("parameters", FILTERS)
    def test_filtered_numbers_equal_counts_behind_links(self, parameters: str):
        base = query_of(QueryDict(parameters))
        assert not base.problems
        counts: dict[str, int] = {}
        for name in NAMES:
            for url, number in counted_links(build(name, Selection.of(base))):
                if url not in counts:
                    narrower = query_of(QueryDict(url.partition("?")[2]))
                    assert not narrower.problems, url
                    counts[url] = narrower.rows.count()
                assert counts[url] == number, (name, url)
        if parameters not in {"kind=commendation"}:
            assert counts

    def test_parts_add_up_to_all_records(self):
        chosen = selection()
        expected = Recommendation.objects.published().expecting_follow_up().count()
        matrix = build("state-and-others", chosen).tables[0].heat
        assert sum(row.total.number for row in matrix.rows) == expected
        assert matrix.totals.total.number == expected
        coverage = build("reviews", chosen).tables[0].heat
        assert sum(row.total.number for row in coverage.rows) == expected
        for row in coverage.rows:
            _, followed_up, *statuses = (cell.number for cell in row.cells)
            assert sum(statuses) == row.total.number
            assert sum(statuses[:-1]) == followed_up

    def test_agreement_sentence_counts_as_the_cells_do(self):
        chart = build("state-and-others", selection())
        both, same, more, less = (int(n) for n in re.findall(r"\d+", chart.lead))
        outlined = sum(cell.number for row in chart.tables[0].heat.rows for cell in row.cells if cell.agrees)
        assert outlined == same
        assert same + more + less == both

    def test_chosen_issue_shows_issues_below_it(self):
        rows = build("issues", selection("issue=torture")).tables[0].heat.rows
        assert not rows[0].indent
        assert len(rows) > 1
        assert all(row.indent for row in rows[1:])
        assert all(row.total.number <= rows[0].total.number for row in rows[1:])

    def test_page_has_every_chart_with_table_and_files(self, client: Client):
        page = html.fromstring(client.get("/pictures/").content)
        for name in NAMES:
            section = page.get_element_by_id(f"picture-{name}")
            assert section.xpath(".//table//td//a")
            files = section.xpath(".//a[@download]/@href")
            assert files == [f"/pictures/{name}.svg", f"/pictures/{name}.png"]
        assert not page.xpath("//main//@style")
        assert not page.xpath("//main//style")

    def test_ids_on_the_page_are_unique(self, client: Client):
        ids = html.fromstring(client.get("/pictures/").content).xpath("//@id")
        assert len(ids) == len(set(ids))
