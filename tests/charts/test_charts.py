"""The charts of the records: what they show and what not, their page, their files, how they are cited."""

from __future__ import annotations

import datetime
import io
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from lxml import etree, html
from PIL import Image

from recommendations.charts.build import NAMES, build
from recommendations.models import Document, Recommendation, Stakeholder
from tests import make
from tests.charts.helpers import selection, words
from tests.exports.test_citations import read_bibtex, read_ris
from tests.row_fixtures import kept_rows

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.looks


@kept_rows("class")
def records() -> dict[str, Recommendation]:
    """Two reviews of one State, a link between them, and a claim that others do not share."""
    state = make.make_state()
    first = make.make_review(state=state, slug="first", starts_on=datetime.date(2010, 2, 1), session="7")
    later = make.make_review(
        state=state, slug="later", starts_on=datetime.date(2025, 6, 25), session="144", mechanism="CCPR"
    )
    issue = make.make_issue(slug="torture", name="Torture")
    person = make.make_stakeholder(slug="hrw", name="Human Rights Watch", acronym="HRW")
    one = make.make_recommendation(
        reference="ONE", document=make.make_document(review=first), raised_by=[person], issues=[issue]
    )
    two = make.make_recommendation(
        reference="TWO", kind="question", document=make.make_document(review=later)
    )
    make.make_recommendation(
        reference="THANKS", kind="commendation", document=one.document, raised_by=[person]
    )
    make.make_link(one, two)
    make.make_follow_up(one, role="state", status="implemented")
    make.make_follow_up(one, role="un_body", status="not_implemented")
    make.make_response([two])
    return {"one": one, "two": two}


@pytest.mark.django_db
@pytest.mark.usefixtures("records")
class TestWhatIsShown:
    def test_state_claim_is_set_against_others_verdict(self):
        chart = build("state-and-others", selection())
        row = next(row for row in chart.tables[0].heat.rows if row.label == "State: implemented")
        found = {
            column.tone: cell.number
            for column, cell in zip(chart.tables[0].heat.columns, row.cells, strict=True)
        }
        assert found["not_implemented"] == 1
        assert sum(found.values()) == 1
        assert "on 1 the State reports more progress" in chart.lead

    def test_commendations_have_no_status(self):
        assert "1 commendation" in words(build("stakeholders", selection()))
        assert build("stakeholders", selection()).tables[0].heat.rows[0].total.number == 1
        assert build("issues", selection("kind=commendation")).empty

    def test_arc_joins_reviews_and_links_to_repeated_records(self, client: Client):
        arc = next(
            link for link in build("time-line", selection()).draw(1000).links() if "asks again" in link.label
        )
        assert "1 link: 1 record of CCPR 144 (2025) asks again what was raised in UPR 7 (2010)" in arc.label
        found = client.get(arc.url.replace("/recommendations/", "/recommendations.json")).json()
        assert [record["reference"] for record in found["results"]] == ["TWO"]

    def test_review_coverage_counts_answered_and_followed_up(self):
        rows = build("reviews", selection()).tables[0].heat.rows
        by_name = {row.label: [cell.number for cell in row.cells[:2]] for row in rows}
        assert by_name == {"Freedonia, CCPR 144 (2025)": [1, 0], "Freedonia, UPR 7 (2010)": [0, 1]}

    @pytest.mark.parametrize("name", NAMES)
    def test_hidden_records_are_in_no_chart(self, name: str):
        Document.objects.update(published=False)
        assert build(name, selection()).empty

    def test_hidden_stakeholder_is_in_no_chart(self):
        Stakeholder.objects.update(published=False)
        assert build("stakeholders", selection()).empty

    def test_link_to_hidden_record_draws_no_arc(self, records: dict[str, Recommendation]):
        Recommendation.objects.filter(pk=records["one"].pk).update(published=False)
        assert "asks again" not in str(list(build("time-line", selection()).draw(1000).links()))


@pytest.mark.django_db
@pytest.mark.usefixtures("records")
class TestFiles:
    @pytest.mark.parametrize("name", NAMES)
    def test_svg_states_filter_source_and_address(self, client: Client, name: str):
        answer = client.get(f"/pictures/{name}.svg?state=FRE")
        assert answer["Content-Type"] == "image/svg+xml"
        root = etree.fromstring(answer.content)
        text = " ".join(root.itertext())
        assert "Filter: State: Freedonia" in text
        assert "Source: Recommendation Tracker" in text
        assert f"http://testserver/pictures/{name}/?state=FRE" in text
        today = timezone.localdate()
        assert f"Tracker, {today.day} {today:%B %Y}" in text
        assert not root.xpath("//@class")

    @pytest.mark.parametrize("name", NAMES)
    def test_png_is_twice_the_size_of_the_svg(self, client: Client, name: str):
        svg = etree.fromstring(client.get(f"/pictures/{name}.svg").content)
        answer = client.get(f"/pictures/{name}.png")
        assert answer["Content-Type"] == "image/png"
        image = Image.open(io.BytesIO(answer.content))
        image.load()
        assert abs(image.width - 2 * float(svg.get("width"))) <= 1
        assert abs(image.height - 2 * float(svg.get("height"))) <= 1

    @pytest.mark.parametrize("name", NAMES)
    def test_png_states_source_in_pixels_and_metadata(self, client: Client, settings: Any, name: str):
        def foot() -> tuple[Image.Image, dict[str, Any]]:
            """The pixels below the last rule, where source, date and address stand; and what is said."""
            image = Image.open(io.BytesIO(client.get(f"/pictures/{name}.png?state=FRE").content))
            image.load()
            last_lines = image.convert("L").crop((0, image.height - 120, image.width, image.height - 20))
            return last_lines, image.info

        pixels, info = foot()
        assert pixels.getextrema()[0] < 80, "nothing is written there"
        assert info["Description"] == "Filter: State: Freedonia"
        today = timezone.localdate()
        assert info["Source"] == f"Source: Recommendation Tracker, {today.day} {today:%B %Y}"
        assert info["URL"] == f"http://testserver/pictures/{name}/?state=FRE"
        settings.SITE_URL = "https://tracker.example.org"
        moved, info = foot()
        assert info["URL"].startswith("https://tracker.example.org/pictures/")
        assert moved.tobytes() != pixels.tobytes(), "the address is not drawn"
        settings.SITE_NAME = "Another Tracker"
        renamed, _ = foot()
        assert renamed.tobytes() != moved.tobytes(), "the source is not drawn"

    @pytest.mark.parametrize("format", ["svg", "png", "bib", "ris"])
    @pytest.mark.parametrize(
        ("parameters", "named"),
        [("status=nonsense", "nonsense"), ("colour=red", "colour"), ("page=0", "page 0")],
    )
    def test_invalid_parameters_are_refused_in_a_sentence(
        self, client: Client, format: str, parameters: str, named: str
    ):
        answer = client.get(f"/pictures/issues.{format}?{parameters}")
        assert answer.status_code == 400
        assert answer["Content-Type"].startswith("text/plain")
        assert named.split()[0] in answer.content.decode()

    @pytest.mark.parametrize("path", ["/pictures/nothing.svg", "/pictures/issues.gif", "/pictures/nothing/"])
    def test_unknown_chart_names_and_formats_are_404(self, client: Client, path: str):
        assert client.get(path).status_code == 404

    def test_query_text_is_escaped_in_svg(self, client: Client):
        answer = client.get("/pictures/issues.svg", {"q": '<script>"&\x01'})
        assert answer.status_code == 200
        root = etree.fromstring(answer.content)
        assert not root.xpath("//*[local-name()='script']")


@pytest.mark.django_db
class TestPage:
    def test_page_without_records_says_so(self, client: Client):
        answer = client.get("/pictures/")
        assert answer.status_code == 200
        assert answer.content.decode().count("Nothing to show for these records.") == len(NAMES)

    def test_invalid_filter_is_explained_on_page(self, client: Client):
        make.make_recommendation()
        answer = client.get("/pictures/?status=nonsense&colour=red")
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "does not know “nonsense”" in text
        assert "“colour” is not a filter" in text

    def test_filter_is_kept_in_every_link(self, client: Client, records: dict[str, Recommendation]):
        page = html.fromstring(client.get("/pictures/?state=FRE&status=not_implemented").content)
        links = page.xpath("//section[@class='chart']//a[starts-with(@href, '/recommendations/')]/@href")
        assert links
        assert all("state=FRE" in link for link in links)
        files = page.xpath("//a[@download]/@href")
        assert files
        assert all("state=FRE&status=not_implemented" in link for link in files)

    def test_form_keeps_filters_it_does_not_offer(self, client: Client):
        make.make_recommendation()
        page = html.fromstring(client.get("/pictures/?state=FRE&disagree=false").content)
        form = page.xpath("//form[@action='/pictures/']")[0]
        assert dict(form.form_values()) == {
            "state": "FRE",
            "review": "",
            "issue": "",
            "kind": "",
            "stakeholder": "",
            "disagree": "false",
        }

    def test_form_keeps_two_chosen_reviews(self, client: Client):
        slugs = {make.make_recommendation().document.review.slug for _ in range(2)}
        query = "&".join(f"review={slug}" for slug in slugs)
        page = html.fromstring(client.get(f"/pictures/?{query}").content)
        values = page.xpath("//form[@action='/pictures/']")[0].form_values()
        assert {value for name, value in values if name == "review"} == {*slugs, ""}

    def test_query_count_does_not_grow_with_records(
        self, django_assert_num_queries: DjangoAssertNumQueries, client: Client, records: dict
    ):
        # 1 States, 2 reviews, 3 issues, 4 stakeholders of the form · 5 the version of the data · 6 issues
        # 7 reviews of the time line · 8 names of stakeholders · 9 reviews of the coverage
        client.get("/pictures/")  # reads the sets that are counted by
        with django_assert_num_queries(9):
            client.get("/pictures/")
        for n in range(2):
            record = make.make_recommendation(
                raised_by=[make.make_stakeholder()],
                issues=[make.make_issue()],
                document=make.make_document(
                    review=make.make_review(state=make.make_state(iso3=f"AA{'AB'[n]}", name=f"A{n}"))
                ),
            )
            make.make_follow_up(record)
            make.make_response([record])
            make.make_link(records["one"], record)
        client.get("/pictures/")
        with django_assert_num_queries(9):
            client.get("/pictures/")


@pytest.mark.django_db
@pytest.mark.usefixtures("records")
class TestAddress:
    """Each chart of any records has an address of its own, and says how to cite it."""

    @pytest.fixture(autouse=True)
    def _site(self, settings: Any) -> None:
        settings.SITE_URL = "https://tracker.example.org"

    @pytest.mark.parametrize("name", NAMES)
    def test_single_chart_page_has_files_and_citation(self, client: Client, name: str):
        page = html.fromstring(client.get(f"/pictures/{name}/?state=FRE").content)
        address = f"https://tracker.example.org/pictures/{name}/?state=FRE"
        assert page.xpath("//link[@rel='canonical']/@href") == [address]
        assert [one.get("id") for one in page.xpath("//section[@class='chart']")] == [f"picture-{name}"]
        title = build(name, selection()).title
        assert page.xpath("string(//h1)") == title
        assert page.xpath("//section[@class='chart']//table//td")
        sentence = page.xpath("string(//p[@class='citation'])")
        assert f"“{title}” (picture, State: Freedonia). Recommendation Tracker, retrieved on" in sentence
        assert sentence.endswith(address)
        files = page.xpath("//div[@class='cite']//a[@rel='nofollow']/@href")
        key, fields = read_bibtex(client.get(files[0]).text)
        tags = read_ris(client.get(files[1]).text)
        assert fields["title"] == title
        assert fields["url"] == address
        assert fields["note"] == "picture, State: Freedonia"
        assert fields["urldate"] == timezone.localdate().isoformat()
        assert (tags["ID"], tags["UR"], tags["TI"]) == ([key], [address], [title])

    def test_filter_order_does_not_change_citation(self, client: Client):
        keys = {
            client.get(f"/pictures/issues.bib?{query}").text
            for query in (
                "state=FRE&kind=concern",
                "kind=concern&state=fre",
                "kind=concern&state=FRE&sort=oldest",
            )
        }
        assert len(keys) == 1
        assert client.get("/pictures/issues.bib?state=FRE").text not in keys
        assert client.get("/pictures/roles.bib?kind=concern&state=FRE").text not in keys

    @pytest.mark.parametrize(
        "path", ["/", "/issues/torture/", "/reviews/first/", "/stakeholders/hrw/", "/reviews/", "/pictures/"]
    )
    def test_chart_is_cited_alike_alone_and_among_others(self, client: Client, path: str):
        page = html.fromstring(client.get(path).content)
        charts = page.xpath("//section[@class='chart']")
        assert charts
        for chart in charts:
            (alone,) = chart.xpath(".//a[text()='This picture alone']/@href")
            sentence = chart.xpath("string(.//p[@class='citation'])")
            assert sentence.endswith(f"https://tracker.example.org{alone}")
            own = html.fromstring(client.get(alone).content)
            assert own.xpath("string(//div[@class='cite']/p[@class='citation'])") == sentence
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))

    def test_record_list_links_to_its_charts(self, client: Client):
        page = html.fromstring(client.get("/recommendations/?state=FRE&response=no&sort=oldest").content)
        (link,) = page.xpath("//a[starts-with(@href, '/pictures/?')]/@href")
        shown = html.fromstring(client.get(link).content)
        assert shown.xpath("//a[contains(@class, 'chip')]/@href")
        assert not shown.xpath("//div[@class='notice']")
        (back,) = shown.xpath("//p[contains(@class, 'chart-records')]/a/@href")
        assert "state=FRE&response=no" in back


@pytest.mark.django_db
def test_drawing_shows_25_stakeholders_and_table_lists_all():
    document = make.make_document()
    for _ in range(30):
        make.make_recommendation(document=document, raised_by=[make.make_stakeholder()])
    chart = build("stakeholders", selection())
    assert "Drawn are the first 25 of 30 stakeholders; the table lists them all." in words(chart)
    assert len(chart.tables[0].heat.rows) == 30
