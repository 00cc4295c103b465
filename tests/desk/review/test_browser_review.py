"""Review in a real Chromium: two reviewers with the same entry, publication asked twice, withdrawal."""

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
RECORD = "KAZ-UPR7-2.1"
PREPARE = f"""
import datetime
from django.contrib.auth.models import Group, User
from recommendations.actions import review_workflow
from recommendations.models import Evidence, FollowUp, Membership, Recommendation, Stakeholder

def person(name, role):
    user = User.objects.create_user(name, f"{{name}}@example.org", {PASSWORD!r}, first_name=name.title())
    user.groups.set(Group.objects.filter(name=role))
    return user

organisation = Stakeholder.objects.create(
    slug="watch", name="The Watch", acronym="TW", kind="ngo", published=True
)
author, ada, ben = person("cleo", "contributor"), person("ada", "reviewer"), person("ben", "reviewer")
Membership.objects.create(user=author, organisation=organisation)
record = Recommendation.objects.get(reference={RECORD!r})

def submit(status, summary):
    entry = FollowUp.objects.create(
        recommendation=record, assessor=organisation, role="civil_society", recorded_by=author,
        status=status, as_of=datetime.date(2025, 3, 1), summary=summary,
    )
    Evidence.objects.create(
        follow_up=entry, position=1, kind="paragraph", access="public",
        paragraph=record.paragraph, text=record.text,
    )
    Evidence.objects.create(
        follow_up=entry, position=2, kind="link", access="private",
        url="https://example.org/", title="A witness",
    )
    return review_workflow.submit(entry, by=author)

review_workflow.approve(submit("in_progress", "A draft law on the courts is before parliament."), by=ada)
review_workflow.send_back(submit("regressed", "Half a sentence"), by=ada, comment="Finish it, please.")
submit("partially_implemented", "A draft law on the courts was adopted by parliament.")
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with demo(tmp_path_factory.mktemp("demo"), PREPARE) as running:
        yield running


def signed_in(browser: Browser, address: str, name: str, *, scripts: bool = True) -> Page:
    page = browser.new_context(java_script_enabled=scripts).new_page()
    sign_in(page, address, name, PASSWORD)
    return page


def test_second_reviewer_is_told_that_first_published(browser: Browser, page: Page, address: str):
    ada, ben = signed_in(browser, address, "ada"), signed_in(browser, address, "ben", scripts=False)

    # Both open the same entry, one of them without JavaScript.
    ada.goto(f"{address}/desk/")
    ada.get_by_role("navigation", name="Desk").get_by_role("link", name="Review").click()
    expect(ada.get_by_role("heading", level=1)).to_have_text("Waiting for review (1)")
    assert_looks_right(ada)
    for each in (ada, ben):
        each.goto(f"{address}/desk/review/")
        each.get_by_role("link", name=f"Review the entry on {RECORD}").click()
        expect(each.locator("ins", has_text="was adopted by")).to_be_visible()
        expect(each.locator("del", has_text="is before")).to_be_visible()
        expect(each.get_by_text("A witness")).to_have_count(0)
        expect(each.get_by_text("1 more piece is private to TW")).to_be_visible()
    assert_looks_right(ada)

    # Publishing asks; what is missing has the focus and leads to its box.
    ada.get_by_role("button", name="Approve and publish").click()
    expect(ada.locator("#form-errors")).to_be_focused()
    ada.keyboard.press("Tab")
    ada.keyboard.press("Enter")
    ada.keyboard.press("Space")
    ada.get_by_role("button", name="Approve and publish").click()
    expect(ada.get_by_text(f"The entry on {RECORD} is published.")).to_be_visible()

    # The other, whose page is still open, changes nothing.
    ben.get_by_label("Comment to the authors").fill("Not like this.")
    ben.get_by_role("button", name="Return with this comment").click()
    expect(ben.get_by_text("Ada published this entry on")).to_be_visible()

    # Everybody reads it, without its private evidence.
    page.goto(f"{address}/recommendations/{RECORD}/")
    expect(page.get_by_text("A draft law on the courts was adopted by parliament.").first).to_be_visible()
    expect(page.get_by_text("A witness")).to_have_count(0)

    # Withdrawn for safety: its place and the reason stay.
    anchor = page.locator("li", has_text="was adopted by parliament").last.get_attribute("id")
    ada.goto(f"{address}/desk/withdraw/")
    ada.get_by_label("Address or reference").fill(f"{page.url}#{anchor}")
    ada.keyboard.press("Enter")
    ada.get_by_role("link", name="Withdraw …").click()
    assert_looks_right(ada)
    ada.get_by_label("Reason").fill("Somebody could be found through it.")
    ada.get_by_label("Take everything").check()
    ada.get_by_role("button", name="Withdraw the entry").click()
    expect(ada.get_by_text("is withdrawn. Its place and your reason stay.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("was adopted by parliament")).to_have_count(0)
    expect(page.get_by_text("Somebody could be found through it.")).to_be_visible()
    assert_looks_right(page)

    # What was returned tells its author why.
    cleo = signed_in(browser, address, "cleo")
    cleo.goto(f"{address}/desk/")
    expect(cleo.get_by_text("Finish it, please.")).to_be_visible()
