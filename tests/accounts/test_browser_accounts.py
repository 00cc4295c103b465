"""Accounts in a real Chromium: from the invitation to the desk, a passkey, and how the pages look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import demo, set_up_second_factor, sign_in
from tests.page_checks import assert_looks_right

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.looks]

PASSWORD = "four words of nobody else"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with demo(folder) as running:
        # Browsers bind keys to a name, not to a number.
        yield running.replace("127.0.0.1", "localhost")


@pytest.fixture
def problems(page: Page) -> list[str]:
    """What the browser complains about, the security policy above all."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def last_mail(folder: Path, pattern: str) -> str:
    """What the last mail that the demo printed has for this pattern."""
    found: str = re.findall(pattern, (folder / "demo.log").read_text())[-1]
    return found


def test_invited_person_joins_sets_up_second_factor_and_signs_in(
    page: Page, browser: Browser, address: str, folder: Path, problems: list[str]
):
    # An administrator, made on the server, is led to the second factor at the first sign-in.
    sign_in(page, address)
    page.wait_for_url(f"{address}/desk/")
    page.get_by_role("link", name="People").click()
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("E-mail address").fill("ann@example.org")
    page.get_by_label("Reviewer").check()
    page.get_by_label("Find an organisation").fill("human rights w")
    expect(page.get_by_role("checkbox")).to_have_count(1)
    page.get_by_label("Human Rights Watch").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("The invitation was sent to ann@example.org.")).to_be_visible()

    theirs = browser.new_context().new_page()
    theirs.goto(last_mail(folder, r"http://\S+/desk/join/\S+"))
    theirs.get_by_label("Your name").fill("Ann")
    theirs.get_by_label("Password", exact=True).fill(PASSWORD)
    theirs.get_by_label("The password again").fill(PASSWORD)
    theirs.get_by_role("button", name="Make the account").click()
    expect(theirs.get_by_role("heading", name="One more step: a second factor")).to_be_visible()
    set_up_second_factor(theirs, address, "ann@example.org")
    expect(theirs.get_by_role("heading", name="My work")).to_be_visible()
    expect(theirs.get_by_role("link", name="Review").first).to_be_visible()
    theirs.get_by_role("button", name="Sign out").click()
    theirs.wait_for_url(f"{address}/")
    sign_in(theirs, address, "ann@example.org", PASSWORD)
    theirs.wait_for_url(f"{address}/desk/")
    theirs.context.close()

    # What she did to her account is in its history.
    page.goto(f"{address}/desk/people/")
    page.get_by_role("link", name="Ann").click()
    history = page.get_by_role("region", name="History").inner_text()
    for line in ("Invited reviewer · HRW", "Joined", "Second factor set up"):
        assert line in history
    assert problems == []


def test_passkey_signs_in_alone_and_as_second_factor(page: Page, address: str, problems: list[str]):
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page, address)
    page.goto(f"{address}/desk/account/2fa/")
    page.get_by_role("link", name="Add a key").click()
    page.get_by_label("Name of the key").fill("The blue one")
    page.get_by_label("Sign in with this key alone").check()
    page.get_by_role("button", name="Add the key").click()
    page.wait_for_url("**/2fa/")
    page.get_by_role("link", name="See and change the keys").click()
    expect(page.get_by_role("heading", name="The blue one")).to_be_visible()
    expect(page.get_by_text("Opens without a password")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{address}/desk/")

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/desk/account/login/")
    page.get_by_label("E-mail address or user name").fill("editor")
    page.get_by_label("Password").fill("a long password for tests")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Use a security key or passkey").click()
    page.wait_for_url(f"{address}/desk/")
    assert problems == []


@pytest.mark.looks
def test_account_pages_look_right(page: Page, address: str, problems: list[str]):
    for path in ("/desk/", "/desk/account/password/reset/", "/desk/account/password/reset/done/"):
        page.goto(address + path)
        assert_looks_right(page)
    sign_in(page, address)
    for path in (
        "account/2fa/",
        "account/2fa/recovery-codes/",
        "account/2fa/webauthn/add/",
        "account/2fa/totp/deactivate/",
        "account/password/change/",
        "account/sessions/",
        "people/",
        "people/invite/",
        "people/1/",
    ):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{address}/desk/{path}")
        assert_looks_right(page)
    assert problems == []


def test_sign_in_and_invitation_work_without_javascript(browser: Browser, page: Page, address: str):
    sign_in(page, address)
    plain = browser.new_context(java_script_enabled=False).new_page()
    sign_in(plain, address)
    plain.wait_for_url(f"{address}/desk/")
    plain.goto(f"{address}/desk/people/invite/")
    expect(plain.get_by_label("Find an organisation")).to_be_hidden()
    plain.get_by_label("E-mail address").fill("ben@example.org")
    plain.get_by_label("Editor").check()
    plain.get_by_role("button", name="Send the invitation").click()
    expect(plain.get_by_text("The invitation was sent to ben@example.org.")).to_be_visible()
    plain.context.close()
