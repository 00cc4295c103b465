"""Atom feeds: valid XML, the newest first, permanent ids, true dates, the same filters."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree, html

from recommendations.models import Recommendation
from tests import make

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def feed(path: str, **params: Any) -> Any:
    """The parsed feed."""
    answer = Client().get(f"/{path}.atom", params)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return etree.fromstring(answer.content)


def each(tree: Any, path: str) -> list[str]:
    """The texts that a path finds."""
    return [str(found) for found in tree.xpath(path, namespaces=ATOM)]


def set_changed(record: Recommendation, when: datetime.datetime) -> None:
    """Put the date of the last change where the test wants it."""
    Recommendation.objects.filter(pk=record.pk).update(updated_at=when)


def test_feed_lists_last_changed_records_first_with_date() -> None:
    old, new = make.make_recommendation(reference="OLD"), make.make_recommendation(reference="NEW")
    set_changed(new, datetime.datetime(2025, 7, 2, tzinfo=datetime.UTC))
    set_changed(old, datetime.datetime(2025, 7, 1, tzinfo=datetime.UTC))
    tree = feed("recommendations")
    base = "http://testserver/recommendations"
    assert each(tree, "//a:entry/a:id/text()") == [f"{base}/NEW/", f"{base}/OLD/"]
    assert each(tree, "//a:entry/a:link/@href") == [f"{base}/NEW/", f"{base}/OLD/"]
    assert each(tree, "//a:entry/a:updated/text()") == [
        "2025-07-02T00:00:00+00:00",
        "2025-07-01T00:00:00+00:00",
    ]
    assert each(tree, "/a:feed/a:updated/text()") == ["2025-07-02T00:00:00+00:00"]


def test_feed_takes_the_filters_of_its_list() -> None:
    make.make_recommendation(reference="CONCERN", kind="concern")
    make.make_recommendation(reference="OTHER")
    tree = feed("recommendations", kind="concern")
    assert each(tree, "//a:entry/a:id/text()") == ["http://testserver/recommendations/CONCERN/"]
    assert each(tree, "/a:feed/a:link[@rel='self']/@href") == [
        "http://testserver/recommendations.atom?kind=concern"
    ]
    assert each(tree, "/a:feed/a:link[@rel='alternate']/@href") == [
        "http://testserver/recommendations/?kind=concern"
    ]


def test_a_feed_holds_the_newest_fifty() -> None:
    paragraph = make.make_paragraph()
    for _ in range(52):
        make.make_recommendation(paragraph=paragraph)
    assert len(each(feed("recommendations"), "//a:entry/a:id/text()")) == 50


def test_feed_entries_have_publication_date_and_permanent_id() -> None:
    when = timezone.now().replace(microsecond=0) - datetime.timedelta(days=3)
    entry = make.make_follow_up(published_at=when)
    tree = feed("follow-up")
    assert each(tree, "//a:entry/a:updated/text()") == [when.isoformat()]
    assert each(tree, "//a:entry/a:id/text()") == [f"http://testserver{entry.get_absolute_url()}"]
    assert "In progress" in each(tree, "//a:entry/a:title/text()")[0]


def test_documents_and_responses_have_feeds() -> None:
    response = make.make_response(summary="A new law")
    assert "A new law" in each(feed("responses"), "//a:entry/a:title/text()")[0]
    ids = each(feed("documents"), "//a:entry/a:id/text()")
    assert f"http://testserver{response.document.get_absolute_url()}" in ids


def test_document_without_history_uses_its_own_date() -> None:
    document = make.make_document(published_on=datetime.date(2009, 11, 4))
    document.history.all().delete()
    assert each(feed("documents"), "//a:entry/a:updated/text()") == ["2009-11-04T00:00:00+00:00"]


def test_characters_invalid_in_xml_are_left_out() -> None:
    make.make_recommendation(text="a\x0bb <c> & d")
    assert "ab <c> & d" in each(feed("recommendations"), "//a:entry/a:summary/text()")[0]
    feed("recommendations", q="\x0b\x01a")


def test_empty_feed_has_a_fixed_date() -> None:
    assert each(feed("recommendations"), "/a:feed/a:updated/text()") == ["2000-01-01T00:00:00+00:00"]


def test_each_page_links_to_its_feed() -> None:
    record = make.make_recommendation(
        reference="FRE-1", raised_by=[make.make_stakeholder()], issues=[make.make_issue()]
    )
    make.make_follow_up(record, summary="News of it.")
    make.make_follow_up(make.make_recommendation(), summary="News of another.")
    pages = [record, record.document, record.document.review, record.raised_by.get(), record.issues.get()]
    for page in ["/recommendations/", *(row.get_absolute_url() for row in pages)]:
        tree = html.fromstring(Client().get(page).content)
        (address,) = tree.xpath("//head/link[@rel='alternate'][@type='application/atom+xml']/@href")
        answer = Client().get(address)
        assert answer.status_code == 200, page
        entries = each(etree.fromstring(answer.content), "//a:entry/a:id/text()")
        assert any("/recommendations/FRE-1/" in entry for entry in entries), page
    (address,) = html.fromstring(Client().get(record.get_absolute_url()).content).xpath(
        "//head/link[@type='application/atom+xml']/@href"
    )
    assert address == "/follow-up.atom?recommendation=FRE-1"
    assert each(etree.fromstring(Client().get(address).content), "//a:entry/a:summary/text()") == [
        "News of it."
    ]
