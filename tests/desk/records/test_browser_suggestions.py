"""Suggestions in a real Chromium: one key a decision, and the same by buttons without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import demo, sign_in
from tests.page_checks import assert_looks_right

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.looks]

PASSWORD = "a long password for tests"
RECORD = "KAZ-CCPR144-73.1"
# As if it had just come in: without issues, without links.
PREPARE = f"""
from django.contrib.auth.models import Group, User
from recommendations.models import Recommendation

user = User.objects.create_user("edith", "edith@example.org", {PASSWORD!r})
user.groups.set(Group.objects.filter(name="editor"))
record = Recommendation.objects.get(reference={RECORD!r})
for rows in (record.tags, record.response_links, record.earlier_links):
    rows.all().delete()
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with demo(tmp_path_factory.mktemp("demo"), PREPARE) as running:
        yield running


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.id")


def decided(page: Page) -> list[str]:
    return page.locator(".decided-list li > p").all_inner_texts()


def test_suggestions_are_decided_by_single_keys(browser: Browser, address: str):
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(page, address, "edith", PASSWORD)
    page.goto(f"{address}/desk/records/{RECORD}/")
    page.get_by_role("link", name="Suggestions").click()
    assert_looks_right(page)

    # j walks; the record shows the words of the chosen one only.
    everything = page.locator("#words mark:not(.mark-inactive)").count()
    page.keyboard.press("j")
    first = focused(page)
    assert first.startswith("issue-")
    assert 0 < page.locator("#words mark:not(.mark-inactive)").count() < everything
    page.keyboard.press("j")
    second = focused(page)
    page.keyboard.press("k")
    assert focused(page) == first

    with page.expect_navigation():
        page.keyboard.press("a")
    assert focused(page) == second
    assert [text.partition(":")[0] for text in decided(page)] == ["Accepted"]
    with page.expect_navigation():
        page.keyboard.press("d")
    assert focused(page).startswith("issue-")
    expect(page.locator(f"#{second}")).to_have_count(0)
    assert [text.partition(":")[0] for text in decided(page)] == ["Dismissed", "Accepted"]
    with page.expect_navigation():
        page.keyboard.press("u")
    assert len(decided(page)) == 1
    expect(page.locator(f"#{second}"), "it is suggested again").to_have_count(1)

    # A link: e leads to the rationale, in which a letter is a letter; a accepts it as it was worded.
    row = page.locator(".suggestion[id^=response-]").first
    row.focus()
    response = focused(page)
    page.keyboard.press("e")
    page.keyboard.type("Says that a law was made")
    expect(row.locator("[name=rationale]")).to_have_value("Says that a law was made")
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("a")
    expect(page.locator(f"#{response}")).to_have_count(0)
    assert len(decided(page)) == 2
    page.goto(f"{address}/desk/records/{RECORD}/")
    expect(page.get_by_text("Says that a law was made").first).to_be_visible()


def test_suggestions_are_decided_without_javascript_on_phone(browser: Browser, address: str):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, address, "edith", PASSWORD)
    page.goto(f"{address}/desk/records/{RECORD}/suggestions/")
    expect(page.locator("kbd").first, "keys that do nothing are not shown").to_be_hidden()
    row = page.locator(".suggestion[id^=earlier-]").first
    name = row.locator(".reference").inner_text()
    row.get_by_label("Relation").select_option("repeated")
    with page.expect_navigation():
        row.get_by_role("button", name="Accept").click()
    assert any(name in text and "Accepted" in text for text in decided(page))
    before = len(decided(page))
    with page.expect_navigation():
        page.get_by_role("button", name="Dismiss").last.click()
    assert len(decided(page)) == before + 1
