"""The whole way of an entry in a real Chromium: from the invitation of its author to its public page.

On both databases. What the author's hands do from the desk to “submit” is counted, and docs/staff.md says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import ROOT, demo, set_up_second_factor, sign_in
from tests.desk.keystroke_model import Hands

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

PASSWORD = "four words of nobody else"
RECORD = "KAZ-UPR7-36.7"
BEFORE = "Libel is still an offence, and a crime."
SUMMARY = "Libel is now an administrative offence, no longer a crime."
MENDED = "Libel is an administrative offence since 2020, no longer a crime."
QUOTE = "Defamation had been downgraded to an administrative offence."
COMMENT = "Since when? Please add the year."
SECRET = "The list of the journalists whom we asked."
NGO = "The Watch"
# An organisation with an earlier entry, so that the new one differs from something.
PREPARE = f"""
import datetime
from recommendations.models import FollowUp, Recommendation, Stakeholder
watch = Stakeholder.objects.create(slug="watch", name={NGO!r}, acronym="TW", kind="ngo", published=True)
entry = FollowUp.objects.create(
    recommendation=Recommendation.objects.get(reference={RECORD!r}), role="civil_society",
    assessor=watch, status="not_implemented",
    as_of=datetime.date(2014, 7, 1), summary={BEFORE!r},
)
entry.publish()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with demo(folder, PREPARE) as running:
        yield running


@pytest.fixture
def problems(page: Page) -> list[str]:
    """What the author's browser complains about."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def invite(administrator: Page, address: str, email: str, role: str, organisation: str = "") -> None:
    """Send somebody an invitation."""
    administrator.goto(f"{address}/desk/")
    administrator.get_by_role("link", name="People").click()
    administrator.get_by_role("link", name="Invite somebody").click()
    administrator.get_by_label("E-mail address").fill(email)
    administrator.get_by_label(role).check()
    if organisation:
        administrator.get_by_label("Find an organisation").fill(organisation)
        administrator.get_by_label(organisation).check()
    administrator.get_by_role("button", name="Send the invitation").click()
    expect(administrator.get_by_text(f"The invitation was sent to {email}.")).to_be_visible()


def join(page: Page, folder: Path, name: str) -> None:
    """Open the link of the last mail, and make the account that it promises."""
    page.goto(re.findall(r"http://\S+/desk/join/\S+", (folder / "demo.log").read_text())[-1])
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The password again").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()


def log_with_a_quote(hands: Hands) -> None:
    """From the desk's first page to an entry with public evidence that waits for review."""
    page = hands.page
    hands.step("Find the record: the field at the top, two words, the return key")
    hands.click(page.get_by_role("searchbox", name="Find a record by reference or words"))
    hands.type("criminal libel")
    hands.press("Enter")
    page.wait_for_url("**/desk/find/**")
    hands.step("**Log follow-up** beside it")
    hands.click(page.get_by_role("link", name=f"Log follow-up on {RECORD}"))
    hands.step("The status")
    hands.click(page.get_by_role("radio", name="Partially implemented"))
    hands.step("The summary: one sentence")
    hands.click(page.get_by_label("Summary"))
    hands.type(SUMMARY)
    hands.step("**Quote a paragraph**: two words of it, the return key, **Quote this**")
    hands.click(page.get_by_role("button", name="Quote a paragraph"))
    expect(page.locator("#id_find")).to_be_focused()
    hands.type("defamation downgraded")
    hands.press("Enter")
    expect(page.locator("#found")).to_be_focused()
    hands.click(page.get_by_role("button", name="Quote this").first)
    hands.step("Who may see it: everyone")
    expect(page.locator("#id_evidence-1-text")).to_have_value(QUOTE)
    hands.choose(page.get_by_label("Who may see it"), "public")
    hands.step("**Submit for review**")
    hands.click(page.get_by_role("button", name="Submit for review"))
    hands.step("The question whether everyone may see the quote: tick, **Submit for review**")
    expect(page.get_by_role("group", name="Show this evidence to everyone?")).to_contain_text(QUOTE)
    hands.click(page.get_by_label("Nobody can be harmed by it"))
    hands.click(page.get_by_role("button", name="Submit for review"))
    expect(page.get_by_text(f"The entry on {RECORD} waits for review now.")).to_be_visible()
    # What the server has is not kept in the tab.
    page.wait_for_function("sessionStorage.length === 0")


def test_entry_goes_from_invitation_to_public_page(
    page: Page, context: BrowserContext, browser: Browser, address: str, folder: Path, problems: list[str]
) -> None:
    # An administrator invites two people by mail, one of them for an organisation.
    administrator = browser.new_context().new_page()
    sign_in(administrator, address)
    invite(administrator, address, "ada@example.org", "Reviewer")
    reviewer = browser.new_context().new_page()
    join(reviewer, folder, "Ada Example")
    invite(administrator, address, "cleo@example.org", "Contributor", NGO)
    join(page, folder, "Cleo Example")

    # Who may publish gets no further without a second factor; who only logs works at once.
    reviewer.goto(f"{address}/desk/review/")
    reviewer.wait_for_url("**/2fa/**")
    set_up_second_factor(reviewer, address, "ada@example.org")
    reviewer.goto(f"{address}/desk/review/")
    expect(reviewer.get_by_role("heading", level=1)).to_have_text("Waiting for review (0)")
    page.goto(f"{address}/desk/")
    expect(page.get_by_role("heading", name="Three steps to begin with")).to_be_visible()
    expect(page.get_by_role("link", name="Review", exact=True)).to_have_count(0)

    hands = Hands(page)
    log_with_a_quote(hands)
    print(f"\n{hands.table()}\n{hands.seconds:.0f} s by the model, {hands.waited:.1f} s for the pages")  # noqa: T201
    documentation = ROOT.joinpath("docs/staff.md").read_text()
    assert hands.table() in documentation
    assert f"gives {hands.seconds:.0f} seconds" in documentation
    stranger = browser.new_context().new_page()
    public = f"{address}/recommendations/{RECORD}/"
    stranger.goto(public)
    assert SUMMARY not in stranger.content()

    # The reviewer returns it with a comment.
    reviewer.goto(f"{address}/desk/")
    reviewer.get_by_role("link", name=f"Review the entry on {RECORD}").click()
    reviewer.get_by_label("Comment to the authors").fill(COMMENT)
    reviewer.get_by_role("button", name="Return with this comment").click()
    expect(reviewer.get_by_text(f"The entry on {RECORD} is returned to its authors.")).to_be_visible()

    # The author reads it, mends the sentence and adds a file that nobody else is to see.
    page.goto(f"{address}/desk/")
    expect(page.get_by_role("region", name="Returned to me")).to_contain_text(COMMENT)
    page.get_by_role("link", name=f"Revise the entry on {RECORD}").click()
    expect(page.get_by_text(COMMENT)).to_be_visible()
    page.get_by_label("Summary").fill(MENDED)
    page.get_by_role("button", name="Add a file").click()
    piece = page.get_by_role("group", name="Evidence 2")
    piece.get_by_label("File").set_input_files(
        {"name": "interviews.txt", "mimeType": "text/plain", "buffer": SECRET.encode()}
    )
    piece.get_by_label("What it is").fill("Interviews")
    expect(piece.get_by_label("Who may see it")).to_have_value("private")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_text(f"The entry on {RECORD} waits for review now.")).to_be_visible()

    # The reviewer sees what differs from the published entry and the quote in its paragraph, not the file.
    reviewer.goto(f"{address}/desk/review/")
    reviewer.get_by_role("link", name=f"Review the entry on {RECORD}").click()
    expect(reviewer.locator("ins", has_text="since 2020, no longer")).to_be_visible()
    expect(reviewer.locator("del", has_text="still")).to_be_visible()
    evidence = reviewer.get_by_role("complementary", name="Evidence")
    expect(evidence.locator("mark")).to_have_text(QUOTE)
    expect(evidence).to_contain_text("1 more piece is private to TW")
    assert "Interviews" not in reviewer.content()
    reviewer.get_by_label("I have read all that becomes public").check()
    reviewer.get_by_role("button", name="Approve and publish").click()
    expect(reviewer.get_by_text(f"The entry on {RECORD} is published.")).to_be_visible()

    # Everyone reads it with its quote: neither the file, nor who wrote it, nor who approved it.
    stranger.goto(public)
    expect(stranger.get_by_text(MENDED).first).to_be_visible()
    expect(stranger.locator("blockquote", has_text=QUOTE)).to_have_count(1)
    for secret in ("Interviews", "interviews", "Cleo", "Ada Example", COMMENT, SUMMARY):
        assert secret not in stranger.content()
    answer = stranger.request.get(f"{address}/api/v1/recommendations/{RECORD}/").json()
    assert answer["statuses"]["civil_society"]["status"] == "partially_implemented"

    # The author still has the file; the administrator reads who did what, when and why.
    page.goto(f"{address}/desk/records/{RECORD}/")
    entry = page.get_by_role("listitem").filter(has_text=MENDED)
    entry.get_by_text("2 pieces of evidence").click()
    with page.expect_download() as download:
        entry.get_by_role("link", name="Download the file").click()
    assert download.value.path().read_text() == SECRET
    administrator.goto(f"{address}/desk/records/{RECORD}/")
    history = administrator.get_by_role("region", name="Table of changes").get_by_role("row")
    for who, what, why in (
        ("Cleo Example", ": Submitted for review", ""),
        ("Ada Example", ": Returned", COMMENT),
        ("Ada Example", ": Approved and published", ""),
    ):
        row = history.filter(has_text=who).filter(has_text=what).filter(has_text=why)
        expect(row.first).to_contain_text(re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"))
    assert problems == []
    for each in (administrator, reviewer, stranger):
        each.context.close()
