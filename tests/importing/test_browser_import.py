"""From a file to a public record in a real Chromium: by keys, and on a phone without scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import demo, sign_in
from tests.importing.helpers import SUMMARY, TEXT
from tests.page_checks import assert_looks_right

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.looks]

PASSWORD = "a long password for tests"
PREPARE = f"""
from django.contrib.auth.models import Group, User
from recommendations.models import Stakeholder, State
for name in ("ed", "eve"):
    user = User.objects.create_user(name, f"{{name}}@example.org", {PASSWORD!r}, first_name=name.title())
    user.groups.set(Group.objects.filter(name="editor"))
State.objects.get_or_create(iso3="KGZ", defaults={{"name": "Kyrgyzstan"}})
for slug, name in (("kw", "Known Watch"), ("hrce", "Human Rights Center")):
    Stakeholder.objects.create(slug=slug, name=name, acronym=slug.upper(), kind="ngo", published=True)
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with demo(tmp_path_factory.mktemp("demo"), PREPARE) as running:
        yield running


def bring_in(page: Page, address: str, file: Path) -> str:
    """Bring the file in, and wait until it is read; the import's address."""
    page.goto(f"{address}/desk/import/")
    page.locator("input[name=file]").set_input_files(str(file))
    page.get_by_role("button", name="Bring it in").click()
    page.wait_for_url(re.compile(r"/desk/import/[0-9a-f-]{36}/"))
    page.get_by_role("heading", name="What it is").wait_for(timeout=60_000)
    return page.url


def card(page: Page, place: str):
    return page.locator(".draft").filter(has=page.get_by_text(place, exact=True))


def test_document_becomes_public_records_by_keyboard(browser: Browser, address: str, tmp_path: Path):
    file = tmp_path / "summary.txt"
    file.write_text(TEXT, encoding="utf-8")
    page = browser.new_context().new_page()
    sign_in(page, address, "ed", PASSWORD)
    page.goto(f"{address}/desk/import/")
    assert_looks_right(page)
    # Without a reload the page of the import follows the worker and then shows what was read.
    url = bring_in(page, address, file)
    expect(page.get_by_text("4 of 4 to decide")).to_be_visible()
    assert_looks_right(page)
    page.reload()

    page.get_by_role("link", name="Confirm").click()
    page.get_by_label("State under review").select_option(label="Kyrgyzstan")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("This review is new here: say when it begins.").first).to_be_visible()
    assert_looks_right(page)
    page.get_by_label("Review begins").fill("2010-02-01")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("State, review and document are confirmed.").wait_for()

    page.get_by_role("link", name="Say who they are").click()
    centre = page.get_by_role("group", name=re.compile("HRC1"))
    expect(centre.get_by_text("New here, but looks like:")).to_be_visible()
    assert_looks_right(page)
    page.reload()
    centre.get_by_label("It is Human Rights Center (HRCE)").check()
    page.get_by_role("button", name="Save").click()
    page.locator(".messages").get_by_text("Everybody is settled.").wait_for()

    page.get_by_role("link", name="Decide").click()
    desk = page.get_by_role("navigation", name="Desk")
    expect(desk.get_by_role("link", name="Import")).to_have_attribute("aria-current", "true")
    assert_looks_right(page)
    page.reload()
    page.keyboard.press("j")
    expect(page.locator("[data-standing=open]:focus")).to_have_count(1)
    expect(page.locator("mark.is-current")).to_have_text(re.compile("Known Watch"))
    page.keyboard.press("a")
    page.locator(".draft-accepted").wait_for()
    expect(page.get_by_text("1 of 4 decided")).to_be_visible()
    expect(page.get_by_role("link", name="To decide (3)")).to_have_attribute("aria-current", "page")
    # The focus has gone on to the next that is open; one key takes over a suggested issue.
    card(page, "2.1").and_(page.locator(":focus")).wait_for()
    page.keyboard.press("1")
    card(page, "2.1").locator("[aria-pressed=true]").wait_for()
    page.keyboard.press("s")
    page.wait_for_url(re.compile("#split$"))
    assert_looks_right(page)
    page.get_by_role("button", name=re.compile("^Cut here.*places of detention")).click()
    page.get_by_text("There are two drafts now.").wait_for()
    expect(card(page, "2.1b").get_by_text("and about the lack")).to_be_visible()
    card(page, "2.1a").focus()
    page.keyboard.press("m")
    card(page, "2.1b").wait_for(state="detached")
    card(page, "2.1a").and_(page.locator(":focus")).wait_for()
    page.keyboard.press("r")
    card(page, "2.1a").and_(page.locator(".draft-rejected")).wait_for()
    # The keys can be switched off, for good.
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Use these keys on this page").uncheck()
    page.reload()
    page.keyboard.press("j")
    expect(page.locator(".draft:focus")).to_have_count(0)

    # What is accepted becomes public; the rest stays.
    page.goto(url)
    page.get_by_role("button", name="Publish what is accepted").click()
    page.get_by_role("heading", name="What was published").wait_for(timeout=60_000)
    page.reload()
    expect(page.get_by_text("2 of 4 to decide")).to_be_visible()
    assert_looks_right(page)
    page.goto(f"{address}/recommendations/KGZ-UPR7-1.1/")
    expect(page.get_by_text("abolish the death penalty").first).to_be_visible()

    # The same file again leads here; the import can be undone as a whole.
    page.goto(f"{address}/desk/import/")
    page.locator("input[name=file]").set_input_files(str(file))
    page.get_by_role("button", name="Bring it in").click()
    page.get_by_text("This very file was brought in before").wait_for()
    page.wait_for_url(url)
    page.get_by_text("Undo the import").first.click()
    page.get_by_label("Yes, take it all back").check()
    page.get_by_role("button", name="Undo the import").click()
    page.get_by_role("button", name="Go on with the drafts").wait_for(timeout=60_000)
    assert page.request.get(f"{address}/recommendations/KGZ-UPR7-1.1/").status == 404


def test_import_works_on_phone_without_javascript(browser: Browser, address: str, tmp_path: Path):
    """The shipped document is known to the last passage; another is decided on by buttons alone."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, address, "eve", PASSWORD)
    for file, sentence in (
        (SUMMARY, "Importing it changes nothing"),
        (tmp_path / "b.txt", "4 of 4 to decide"),
    ):
        if file is not SUMMARY:
            file.write_text(f"{TEXT}\n4. Spring came late.\n", encoding="utf-8")
        page.goto(f"{address}/desk/import/")
        page.locator("input[name=file]").set_input_files(str(file))
        page.get_by_role("button", name="Bring it in").click()
        for _ in range(120):
            page.wait_for_load_state()
            if page.get_by_role("heading", name="What it is").count():
                break
            page.get_by_role("link", name="See how far it is now").click()
            page.wait_for_timeout(500)
        expect(page.get_by_text(sentence)).to_be_visible()
    page.get_by_role("link", name="Decide").click()
    card(page, "1.1").get_by_role("button", name="Accept").click()
    expect(card(page, "1.1")).to_have_count(0)  # the list is of what is left to decide
    card(page, "2.1").get_by_role("button", name="Join with the next").click()
    expect(card(page, "2.2")).to_have_count(0)
    card(page, "2.1").get_by_role("link", name="Edit").click()
    page.get_by_label("Summary").fill("Torture, and no mechanism to prevent it.")
    page.get_by_role("button", name="Save and accept").click()
    page.get_by_text("The draft is saved.").wait_for()
    page.get_by_role("link", name=re.compile("^Accepted")).click()
    expect(page.get_by_text("Torture, and no mechanism to prevent it.")).to_be_visible()
