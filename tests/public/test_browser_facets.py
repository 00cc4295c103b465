"""Filtering in a real Chromium: in place with JavaScript, and the same by the form without it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.looks]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


def box(page: Page, name: str, value: str) -> Locator:
    return page.locator(f"#filters input[name='{name}'][value='{value}']")


def count_line(page: Page) -> Locator:
    return page.locator("#list-count")


@pytest.fixture
def problems(page: Page) -> list[str]:
    """What the browser complains about, above all the content security policy."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def test_filter_choice_applies_at_once_and_back_undoes(page: Page, address: str, problems: list[str]):
    page.goto(f"{address}/recommendations/")
    page.evaluate("window.stillHere = true")
    before = count_line(page).inner_text()
    unfiltered = page.locator("#options-status").inner_text()
    box(page, "kind", "concern").focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(f"{address}/recommendations/?kind=concern")
    expect(page.get_by_role("link", name=re.compile("Remove filter Kind: Concern"))).to_be_visible()
    after = count_line(page).inner_text()
    assert after != before
    # The counts of other filters follow; those of the filter itself still say what each value would give.
    assert page.locator("#options-status").inner_text() != unfiltered
    assert page.evaluate("window.stillHere") is True, "the whole page was loaded"
    expect(page.locator("#filter-kind-concern")).to_be_focused()
    assert page.locator("#list-live").inner_text() == after
    page.keyboard.press("Tab")  # the keyboard goes on from where it was
    expect(page.locator("[name=kind]:focus")).to_have_count(1)

    box(page, "kind", "question").check()
    expect(page).to_have_url(f"{address}/recommendations/?kind=concern&kind=question")
    page.go_back()
    expect(page).to_have_url(f"{address}/recommendations/?kind=concern")
    expect(count_line(page)).to_have_text(after)
    expect(box(page, "kind", "question")).not_to_be_checked()
    page.go_back()
    expect(count_line(page)).to_have_text(before)
    expect(box(page, "kind", "concern")).not_to_be_checked()
    page.go_forward()
    expect(count_line(page)).to_have_text(after)
    expect(box(page, "kind", "concern")).to_be_checked()
    assert page.evaluate("window.stillHere") is True
    assert problems == []


@pytest.mark.looks
def test_filter_groups_stay_open_or_closed(page: Page, address: str):
    page.goto(f"{address}/recommendations/")
    page.locator("#facet-status > summary").click()
    page.locator("#facet-issue > summary").click()
    box(page, "issue", "torture").check()
    expect(page).to_have_url(f"{address}/recommendations/?issue=torture")
    assert page.locator("#facet-issue").get_attribute("open") is not None
    assert page.locator("#facet-status").get_attribute("open") is None
    expect(box(page, "issue", "torture")).to_be_focused()


@pytest.mark.looks
def test_removing_chip_or_turning_page_focuses_the_count(page: Page, address: str):
    page.goto(f"{address}/recommendations/?kind=concern&kind=question")
    page.evaluate("window.stillHere = true")
    page.get_by_role("link", name=re.compile("Remove filter Kind: Concern")).click()
    expect(page).to_have_url(f"{address}/recommendations/?kind=question")
    expect(page.locator("#list-count")).to_be_focused()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Next").click()
    expect(page).to_have_url(f"{address}/recommendations/?kind=question&page=2")
    expect(page.locator("#list-count")).to_be_focused()
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    page.locator("#list-sort").focus()
    page.locator("#list-sort").select_option("oldest")
    expect(page).to_have_url(f"{address}/recommendations/?kind=question&sort=oldest")
    expect(page.locator("#list-sort")).to_be_focused()
    assert page.evaluate("window.stillHere") is True


@pytest.mark.looks
def test_filter_value_is_found_by_typing(page: Page, address: str):
    page.goto(f"{address}/recommendations/")
    page.locator("#facet-issue > summary").click()
    page.locator("#find-issue").fill("death pen")
    shown = page.locator("#options-issue li:visible")
    assert any("Death penalty" in each for each in shown.all_inner_texts())
    assert shown.count() <= 3
    page.keyboard.press("Enter")
    assert page.url == f"{address}/recommendations/", "what is typed to find a value is no filter"


def test_filter_values_without_records_can_be_chosen(page: Page, address: str):
    page.goto(f"{address}/recommendations/?review=kaz-upr7")
    page.locator("#facet-mechanism > summary").click()
    expect(box(page, "mechanism", "CEDAW")).to_be_hidden()
    page.locator("#empty-mechanism > summary").click()
    box(page, "mechanism", "CEDAW").check()
    expect(page.locator(".empty")).to_contain_text("Nothing matches")
    expect(count_line(page)).to_have_text("No records")


@pytest.mark.looks
def test_failed_update_in_place_loads_the_page(page: Page, address: str):
    page.goto(f"{address}/recommendations/")
    page.evaluate("window.stillHere = true")
    page.route(
        "**/recommendations/?*",
        lambda route: route.abort() if "hx-request" in route.request.headers else route.continue_(),
    )
    box(page, "kind", "concern").check()
    page.wait_for_url("**kind=concern**")
    page.wait_for_load_state()
    assert page.evaluate("window.stillHere") is None
    assert "Concern" in page.locator(".active-filters").inner_text()


def test_filter_form_works_without_javascript(browser: Browser, address: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/recommendations/")
    before = count_line(page).inner_text()
    box(page, "kind", "concern").check()
    box(page, "status", "not_implemented").check()
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**kind=concern**")
    assert "status=not_implemented" in page.url
    assert count_line(page).inner_text() != before
    expect(box(page, "kind", "concern")).to_be_checked()
    context.close()
