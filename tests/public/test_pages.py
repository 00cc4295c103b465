"""The overview, the methodology, the frame of every page and what the badges say."""

import datetime
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from lxml.html import document_fromstring

from recommendations.charts import statistics
from recommendations.charts.build import build
from recommendations.charts.selection import Selection
from recommendations.models import FollowUp, Recommendation, ResponseLink
from recommendations.models.statuses import STATUS_LABELS, STATUSES
from recommendations.search.facets.index import current
from tests.make import (
    make_document,
    make_follow_up,
    make_issue,
    make_link,
    make_recommendation,
    make_response,
    make_review,
    make_stakeholder,
)
from tests.pages import page_words


@pytest.fixture
def data(db):
    """Records in two groups of issues, of every kind, with several statuses; one in both groups."""
    justice, equality = (
        make_issue(slug="justice", name="Justice"),
        make_issue(slug="equality", name="Equality"),
    )
    trial = make_issue(slug="trial", name="Fair trial", parent=justice)
    ngo = make_stakeholder()
    review, later = make_review(), make_review(mechanism="CCPR", starts_on=datetime.date(2025, 6, 25))
    document = make_document(review=review)
    both = make_recommendation(document=document, issues=[trial, equality], raised_by=[ngo])
    concern = make_recommendation(document=document, issues=[justice], kind="concern")
    make_recommendation(document=document, issues=[equality], kind="question")
    make_recommendation(document=document, issues=[equality], kind="commendation")
    make_recommendation(document=document)  # of no issue
    make_follow_up(both, status="regressed")
    make_follow_up(both, role="state", status="implemented")
    make_follow_up(concern, status="no_information")
    make_response([both])
    again = make_recommendation(document=make_document(review=later), issues=[trial], summary="Once more")
    make_link(both, again)
    return both


def test_every_page_has_unique_title_and_description(client, data):
    data.summary = 'An end to "criminal" & <civil> libel'
    data.save()
    rows = [data, data.responses.get(), data.document, data.document.review, data.raised_by.get()]
    lists = ("recommendations", "responses", "issues", "stakeholders", "reviews", "documents", "follow-up")
    pages = ["/", "/methodology/", "/no-such-page/", *(f"/{name}/" for name in lists)]
    pages += [row.get_absolute_url() for row in [*rows, data.tags.first().issue]]
    titles = set()
    for page in pages:
        head = document_fromstring(client.get(page).content.decode()).find("head")
        [title], [description] = head.xpath("title/text()"), head.xpath("meta[@name='description']/@content")
        assert head.xpath("meta[@property='og:title']/@content") == [title]
        assert head.xpath("meta[@property='og:description']/@content") == [description]
        assert len(description) > 20, page
        assert "&" not in title.replace(" & ", " "), page  # escaped once
        titles.add(title)
    assert len(titles) == len(pages)
    assert any('An end to "criminal" & <civil> libel' in title for title in titles)


def numbers_of(table, row):
    """The numbers of a line of a chart's table, by status; those that are 0 left out."""
    cells = zip(table.columns, row.cells, strict=True)
    return {column.tone: cell.number for column, cell in cells if cell.number}


def test_issue_table_counts_records_once_per_line_and_total(data):
    table = build("issues", Selection.everything()).tables[0].heat
    assert {row.label: (numbers_of(table, row), row.total.number) for row in table.rows} == {
        "Justice": ({"regressed": 1, "no_information": 1, "not_assessed": 1}, 3),
        "Equality": ({"regressed": 1, "not_assessed": 1}, 2),
    }
    assert numbers_of(table, table.totals) == {"regressed": 1, "no_information": 1, "not_assessed": 3}
    assert table.totals.total.number == 5


def test_every_overview_number_equals_its_linked_list(client, data):
    html = client.get("/").text
    links = set(re.findall(r'<a href="(/[a-z-]+/[^"]*)">(\d+)</a>', html))
    assert len(links) > 12
    for address, number in links:
        parts = urlsplit(address.replace("&amp;", "&"))
        answer = client.get(f"{parts.path.rstrip('/')}.json?{parts.query}")
        assert answer.json()["count"] == int(number), address


@pytest.mark.parametrize("thing", ["issue", "stakeholder", "review"])
def test_every_detail_page_number_equals_its_linked_list(client, data, thing):
    rows = {
        "issue": data.tags.first().issue.parent or data.tags.last().issue.parent,
        "stakeholder": data.raised_by.get(),
        "review": data.document.review,
    }
    links = set(
        re.findall(r'<a href="(/[a-z-]+/\?[^"]*)">(\d+)</a>', client.get(rows[thing].get_absolute_url()).text)
    )
    assert links
    for address, number in links:
        parts = urlsplit(address.replace("&amp;", "&"))
        assert client.get(f"{parts.path.rstrip('/')}.json?{parts.query}").json()["count"] == int(number), (
            address
        )


def test_overview_shows_repeated_records(client, data):
    text = page_words(client.get("/").text)
    assert "2010 · Universal Periodic Review" in text
    assert "2025 · Human Rights Committee Once more" in text


def test_related_or_same_review_records_are_no_example(db):
    document = make_document()
    make_link(make_recommendation(document=document), make_recommendation(document=document))
    make_link(make_recommendation(), make_recommendation(), relation="related")
    assert statistics.raised_again(current(), 4) == []


def test_role_status_counts_the_roles_newest_entry(data):
    make_follow_up(data, role="state", status="in_progress", as_of=datetime.date(2024, 2, 1))
    table = build("roles", Selection.everything()).tables[0].heat
    assert {row.label: numbers_of(table, row) for row in table.rows} == {
        "State": {"in_progress": 1},
        "Tracker": {"regressed": 1, "no_information": 1},
    }


def test_overview_takes_fixed_number_of_queries(client, data):
    # the version of the data; responses, entries, reviews, stakeholders, documents; the chart: issues;
    # newest entries; what was raised again, its tags and status
    client.get("/")  # reads the sets that are counted by
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for _ in range(3):
        record = make_recommendation(issues=[make_issue()])
        make_follow_up(record)
        make_link(
            record,
            make_recommendation(
                document=make_document(review=make_review(starts_on=datetime.date(2020, 1, 1)))
            ),
        )
    client.get("/")
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(many) == len(few) == 10


def test_methodology_explains_every_value(client, db):
    text = page_words(client.get("/methodology/").text)
    for choices in (
        FollowUp.Status.labels,
        FollowUp.Role.labels,
        FollowUp.Confidence.labels,
        Recommendation.Kind.labels,
        ResponseLink.Stance.labels,
        ["Not assessed"],
    ):
        for label in choices:
            assert str(label) in text
    assert "After 24 months" in text


def test_methodology_gives_limits_of_public_documents(client, db):
    make_document(symbol="A/1", note="Members are not named.")
    make_document(symbol="A/2", note="SECRET", published=False)
    text = page_words(client.get("/methodology/").text)
    assert "A/1" in text
    assert "Members are not named." in text
    assert "SECRET" not in text


def test_page_has_canonical_address_and_nothing_inline(client, data, settings):
    settings.SITE_URL = "https://tracker.example.org"
    html = client.get(data.get_absolute_url()).text
    assert f'<link rel="canonical" href="https://tracker.example.org{data.get_absolute_url()}">' in html
    assert '<a class="skip-link" href="#main">' in html
    assert 'aria-current="true">Recommendations</a>' in html
    assert not re.search(r"<style|style=|<script>|onclick", html)
    for address in re.findall(r'(?:href|src)="/static/([^"#]+)', html):
        assert finders.find(address), address


def badge_of(tag, value):
    return Template("{% load tracker %}{% " + tag + " value %}").render(Context({"value": value}))


def test_status_badge_has_a_word_and_own_shape():
    badges = {status: badge_of("status_badge", status) for status in STATUS_LABELS}
    assert {status: strip_tags(badge) for status, badge in badges.items()} == STATUS_LABELS
    assert all('<svg aria-hidden="true"' in badge for badge in badges.values())
    shapes = [re.search(r' d="([^"]+)"', badge)[1] for badge in badges.values()]
    assert len(set(shapes)) == len(shapes)


@pytest.mark.parametrize(("value", "label"), ResponseLink.Stance.choices)
def test_stance_badge_has_a_word_and_own_shape(value, label):
    html = badge_of("stance_badge", value)
    assert strip_tags(html) == label
    assert 'aria-hidden="true"' in html
    sprite = Path(finders.find("recommendations/icons.svg")).read_text(encoding="utf-8")
    shapes = dict(re.findall(r'<symbol id="(\w+)"[^>]*>(.*?)</symbol>', sprite))
    assert value in shapes
    assert list(shapes.values()).count(shapes[value]) == 1


def test_kind_badge_is_a_word():
    html = Template("{% load tracker %}{% kind_badge 'concern' %}").render(Context())
    assert strip_tags(html) == "Concern"


def contrast(one, other):
    """The contrast ratio of two `#rrggbb` colours (WCAG 2.2)."""

    def luminance(colour):
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_colours_have_enough_contrast(mode):
    css = Path(finders.find("recommendations/css/variables.css")).read_text(encoding="utf-8")
    light, dark, _print = css.split("@media")
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light))
    if mode == "dark":
        colours |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", dark))
    texts = {name: colours[name] for name in ("ink", "muted", "accent")}
    texts |= {value: getattr(status, mode) for value, status in STATUSES.items()}
    for name, text in texts.items():
        for ground in ("paper", "surface", "sunken"):
            assert contrast(text, colours[ground]) >= 4.5, (name, ground)
    assert contrast(colours["paper"], colours["accent"]) >= 4.5


def test_status_colours_have_enough_contrast_on_paper():
    assert [value for value, status in STATUSES.items() if contrast(status.paper, "#ffffff") < 4.5] == []


def test_request_to_another_host_is_refused(client, settings):
    settings.ALLOWED_HOSTS = ["tracker.example.org"]
    client.raise_request_exception = False
    answer = client.get("/", HTTP_HOST="evil.example.net")
    assert answer.status_code == 400
