"""What pages say of themselves to machines: valid JSON-LD, true, and never a way out of its element."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from recommendations.exports.schema_org import script
from tests import make
from tests.browser import demo

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

BREAKOUT = '</script><script>alert(1)</script><!-- & \u2028 "'


def data_of(path: str) -> dict[str, Any]:
    """The one data block of a page."""
    answer = Client().get(path)
    assert answer.status_code == 200
    (block,) = html.fromstring(answer.content).xpath("//script[@type='application/ld+json']/text()")
    found: dict[str, Any] = json.loads(str(block))
    assert found["@context"] == "https://schema.org"
    return found


@pytest.mark.django_db
def test_record_json_ld_is_quotation_of_its_document(settings: Any) -> None:
    settings.SITE_URL = "https://tracker.example.org"
    issue = make.make_issue(slug="torture", name="Torture")
    review = make.make_review(starts_on=datetime.date(2010, 2, 1), precision="month")
    document = make.make_document(review=review, symbol="A/HRC/1")
    record = make.make_recommendation(
        reference="FRE-1",
        document=document,
        paragraph=make.make_paragraph(document=document, number="36"),
        raised_by=[
            make.make_stakeholder(name="Article 19"),
            make.make_stakeholder(name="X", published=False),
        ],
        issues=[issue],
    )
    found = data_of(record.get_absolute_url())
    assert found["@type"] == "Quotation"
    assert found["url"] == "https://tracker.example.org/recommendations/FRE-1/"
    assert (found["identifier"], found["text"]) == ("FRE-1", make.WORDS)
    assert [one["name"] for one in found["creator"]] == ["Article 19"]
    assert [one["name"] for one in found["about"]] == ["Torture"]
    assert found["isPartOf"]["identifier"] == "A/HRC/1"
    assert found["isPartOf"]["pagination"] == "para. 36"
    assert found["temporalCoverage"] == "2010-02"
    assert found["spatialCoverage"]["name"] == "Freedonia"


@pytest.mark.django_db
def test_response_document_and_site_have_json_ld() -> None:
    response = make.make_response(date=datetime.date(2020, 6, 1))
    assert data_of(response.get_absolute_url())["dateCreated"] == "2020-06-01"
    document = make.make_document(published_on=datetime.date(2009, 11, 4), url="https://example.org/doc")
    found = data_of(document.get_absolute_url())
    assert (found["@type"], found["datePublished"]) == ("DigitalDocument", "2009-11-04")
    assert found["isBasedOn"] == "https://example.org/doc"
    site, data_set = data_of("/")["@graph"]
    assert site["potentialAction"]["target"]["urlTemplate"].endswith(
        "/recommendations/?q={search_term_string}"
    )
    for download in data_set["distribution"]:
        answer = Client().get(download["contentUrl"].removeprefix("http://testserver"))
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith(download["encodingFormat"])
        answer.getvalue()  # to the end: a stream that is only closed takes the tests' connection with it


@pytest.mark.django_db
def test_markup_cannot_leave_the_data_block() -> None:
    record = make.make_recommendation(
        text=BREAKOUT, summary="</ScRiPt>", raised_by=[make.make_stakeholder(name=BREAKOUT)]
    )
    found = data_of(record.get_absolute_url())
    assert found["text"] == BREAKOUT
    assert found["creator"][0]["name"] == BREAKOUT
    page = html.fromstring(Client().get(record.get_absolute_url()).content)
    assert "alert(1)" not in "".join(page.xpath("//script[not(@type='application/ld+json')]/text()"))


@given(st.text())
def test_any_text_survives_in_data_block(words: str) -> None:
    block = script({"text": words})
    inner = block.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set(inner) & set("<>&\u2028\u2029")
    assert json.loads(inner) == {"text": words}


def test_data_blocks_do_not_violate_content_security_policy(page: Page, tmp_path: Path) -> None:
    """The policy forbids scripts within the page; a data block is none."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    blocks = {"/chains/": 0, "/chains/KAZ-UPR7-23.3/": 0, "/": 1, "/recommendations/KAZ-UPR7-23.3/": 1}
    with demo(tmp_path) as address:
        for path, number in blocks.items():
            page.goto(address + path)
            assert page.locator("script[type='application/ld+json']").count() == number
            assert said == [], path
        # Chromium would have told: it tells of a style that is put into the page.
        page.evaluate(
            "document.head.append(Object.assign(document.createElement('style'), {innerText: 'p{}'}))"
        )
        page.wait_for_timeout(200)
        assert "Content Security Policy" in "".join(said)
