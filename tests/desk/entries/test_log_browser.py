"""Logging follow-up in a real browser: by keyboard, on a phone, without a connection, without a script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import demo, sign_in
from tests.page_checks import violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.looks]
RECORD = "KAZ-UPR7-36.7"
WORDS = "Defamation had been downgraded to an administrative offence."
PASSWORD = "a long password for tests"
# A person who logs for an organisation of the demo.
ALICE = f"""
from django.contrib.auth.models import Group, User
from recommendations.models import Membership, Stakeholder
alice = User.objects.create_user("alice", "alice@example.org", "{PASSWORD}")
alice.groups.set(Group.objects.filter(name="contributor"))
Membership.objects.create(user=alice, organisation=Stakeholder.objects.get(slug="human-rights-watch"))
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("demo")
    with demo(folder, ALICE) as running:
        yield running


@pytest.fixture
def problems(page: Page) -> list[str]:
    """What the browser complains about: the security policy, scripts."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "console",
        lambda message: found.append(message.text) if "Content Security Policy" in message.text else None,
    )
    return found


@pytest.fixture
def desk(page: Page, address: str) -> Page:
    """Alice's tab."""
    sign_in(page, address, "alice", PASSWORD)
    return page


def looked_at(page: Page) -> None:
    """The page as it is now stands axe in light and dark, and fits a phone."""
    page.wait_for_load_state()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, "the page scrolls sideways"
    page.set_viewport_size(size)


def press_until(page: Page, key: str, name: str, presses: int = 60) -> None:
    """Press a key until the control with this name has the focus: it can be reached, and it is seen."""
    for _ in range(presses):
        page.keyboard.press(key)
        if page.evaluate(
            "name => (document.activeElement.labels?.[0] ?? document.activeElement)"
            ".textContent.trim().startsWith(name)",
            name,
        ):
            return
    raise AssertionError(f"“{name}” is not reached by {key}")


def test_entry_is_logged_and_submitted_by_keyboard_alone(
    desk: Page, address: str, problems: list[str]
) -> None:
    page = desk
    page.goto(f"{address}/recommendations/{RECORD}/")
    page.get_by_role("link", name="Log follow-up").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/log/?record={RECORD}")
    looked_at(page)
    press_until(page, "Tab", "Implemented")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="In progress")).to_be_checked()
    press_until(page, "Tab", "Summary")
    page.keyboard.type("The bill was adopted in the first reading.")
    press_until(page, "Tab", "Quote a paragraph")
    page.keyboard.press("Enter")
    expect(page.locator("#id_find")).to_be_focused()
    page.keyboard.type("downgraded defamation")
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_be_focused()
    looked_at(page)
    press_until(page, "Tab", "Quote this")
    page.keyboard.press("Enter")
    expect(page.locator("#id_evidence-1-text")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type(WORDS)
    # Meanwhile it has become a draft with an address of its own, and says so.
    expect(page.locator("#saved")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    page.wait_for_url("**/desk/entries/**")
    looked_at(page)
    page.reload()
    expect(page.locator("#id_evidence-1-text")).to_have_value(WORDS)
    press_until(page, "Tab", "Submit for review")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/drafts/")
    expect(page.get_by_role("status").first).to_have_text(f"The entry on {RECORD} waits for review now.")
    looked_at(page)
    assert problems == []


def test_typed_words_survive_a_lost_connection(
    desk: Page, context: BrowserContext, address: str, problems: list[str]
) -> None:
    page = desk
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/desk/log/?record={RECORD}")
    page.get_by_role("button", name="Add a link").click()
    expect(page.locator("#id_evidence-1-url")).to_be_focused()
    context.set_offline(True)
    page.keyboard.type("https://example.org/law")
    page.get_by_label("Summary").fill("Typed on the road.")
    page.get_by_role("radio", name="Regressed").check()
    expect(page.locator("#saved")).to_have_text("Not saved: no connection, kept in this tab")
    expect(page.locator("#saved-said")).to_have_text("Not saved: no connection, kept in this tab")
    page.get_by_role("button", name="Quote a paragraph").click()
    expect(page.locator("#saved")).to_have_text("Not done: no connection. Nothing you typed is lost.")
    assert page.evaluate("localStorage.length") == 0, "a seized device holds nothing"
    # The reload itself fails; the next one, with a connection, brings everything back.
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    context.set_offline(False)
    page.goto(f"{address}/desk/log/?record={RECORD}")
    expect(page.get_by_label("Summary")).to_have_value("Typed on the road.")
    expect(page.locator("#id_evidence-1-url")).to_have_value("https://example.org/law")
    expect(page.get_by_role("radio", name="Regressed")).to_be_checked()
    expect(page.locator("#saved")).to_have_text(re.compile("Saved"))
    page.wait_for_function("sessionStorage.length === 0")  # what the server has is not kept in the tab
    draft = page.url
    assert "/desk/entries/" in draft
    # Two tabs: the second is told, and shown both versions by the button.
    other = context.new_page()
    other.goto(draft)
    other.get_by_label("Summary").fill("Typed in another tab.")
    expect(other.locator("#saved")).to_have_text(re.compile("Saved"))
    page.get_by_label("Summary").fill("Typed in the first tab.")
    expect(page.locator("#saved")).to_have_text(re.compile("changed elsewhere meanwhile"))
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".side-by-side").first).to_contain_text("Typed in another tab.")
    looked_at(page)
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_label("Summary")).to_have_value("Typed in the first tab.")
    expect(page.get_by_text("Nothing was saved")).to_have_count(0)
    assert problems == []


def test_signing_out_sends_typed_words_and_clears_storage(
    desk: Page, context: BrowserContext, address: str, problems: list[str]
) -> None:
    other = context.new_page()
    other.goto(f"{address}/desk/log/?record=KAZ-UPR7-1.1")
    other.get_by_label("Summary").fill("Half a sentence in another tab")
    page = desk
    page.goto(f"{address}/desk/log/?record=KAZ-UPR7-14.6")
    context.set_offline(True)
    page.get_by_label("Summary").fill("Typed on the road.")
    expect(page.locator("#saved")).to_have_text("Not saved: no connection, kept in this tab")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("alert")).to_contain_text("has not reached the server")
    looked_at(page)
    assert page.evaluate("sessionStorage.length") == 1
    # Who goes on typing is asked again; with a connection nothing needs to be asked.
    page.get_by_label("Summary").fill("Typed on the road, again.")
    expect(page.get_by_role("alert")).to_be_hidden()
    context.set_offline(False)
    page.evaluate("document.cookie = 'desk-find-key=off; path=/'; localStorage.setItem('x', 'y')")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{address}/")
    for tab in (page, other):
        assert tab.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]
    assert "desk-find-key=off" in page.evaluate("document.cookie"), "what is chosen for this device stays"
    # Nothing was lost.
    sign_in(page, address, "alice", PASSWORD)
    page.goto(f"{address}/desk/drafts/")
    for words in ("Typed on the road, again.", "Half a sentence in another tab"):
        expect(page.get_by_text(words)).to_be_visible()
    assert problems == []


def test_entry_is_logged_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, address, "alice", PASSWORD)
    page.goto(f"{address}/desk/log/?record={RECORD}")
    page.get_by_role("radio", name="Not implemented").check()
    page.get_by_label("Summary").fill("No bill was put to parliament.")
    page.get_by_role("button", name="Quote a paragraph").click()
    page.get_by_label("Words, the document’s symbol").fill("downgraded defamation")
    page.get_by_label("Words, the document’s symbol").press("Enter")
    page.get_by_role("button", name="Quote this").first.click()
    page.get_by_label("The exact words").fill(WORDS)
    page.get_by_label("Who may see it").select_option("public")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_role("main")).to_contain_text("Show this evidence to everyone?")
    page.get_by_label("Nobody can be harmed by it").check()
    page.get_by_role("button", name="Submit for review").click()
    page.wait_for_url("**/desk/drafts/")
    expect(page.get_by_role("main")).to_contain_text("waits for review now")
    context.close()
