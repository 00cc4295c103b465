"""The desk in a real Chromium: from the first visit to one's own records, by keyboard and on a phone."""

from __future__ import annotations

import re
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
RECORD = "KAZ-CCPR144-28.2"
PREPARE = f"""
import datetime
from django.contrib.auth.models import Group, User
from django.utils import timezone
from recommendations.models import FollowUp, Membership, Recommendation, ReviewStep, Stakeholder

def person(name, role):
    user = User.objects.create_user(name, f"{{name}}@example.org", {PASSWORD!r})
    user.groups.set(Group.objects.filter(name=role))
    return user

cleo, ada, new = person("cleo", "contributor"), person("ada", "reviewer"), person("new", "contributor")
organisation = Stakeholder.objects.get(slug="human-rights-watch")
for user in (cleo, ada):
    Membership.objects.create(user=user, organisation=organisation)
today = timezone.localdate()
for days, reference in ((-12, {RECORD!r}), (100, "KAZ-CCPR144-28.3"), (950, "KAZ-CCPR144-28.4")):
    record = Recommendation.objects.get(reference=reference)
    record.selected_for_follow_up, record.due_on = True, today + datetime.timedelta(days=days)
    record.raised_by.add(organisation)
    record.save()

def draft(reference, **values):
    return FollowUp.objects.create(
        recommendation=Recommendation.objects.get(reference=reference), assessor=organisation,
        role="civil_society", recorded_by=cleo, as_of=today, **values,
    )

draft("KAZ-UPR7-1.1")
back = draft("KAZ-UPR7-36.7", stage="returned", status="in_progress", summary="A draft law.")
ReviewStep.objects.create(follow_up=back, step="returned", by=ada, comment="Which article of the law?")
sent = draft("KAZ-UPR7-14.6", stage="submitted", status="in_progress", summary="A draft law.")
ReviewStep.objects.create(follow_up=sent, step="submitted", by=cleo)
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with demo(tmp_path_factory.mktemp("demo"), PREPARE) as running:
        yield running


def signed_in(browser: Browser, address: str, name: str, *, scripts: bool = True) -> Page:
    page = browser.new_context(java_script_enabled=scripts).new_page()
    sign_in(page, address, name, PASSWORD)
    page.goto(f"{address}/desk/")
    return page


def test_first_visit_works_by_keyboard_alone(browser: Browser, address: str):
    page = signed_in(browser, address, "new")
    expect(page.get_by_role("heading", name="Three steps to begin with")).to_be_visible()
    expect(page.locator(".first-steps > li")).to_have_count(3)
    assert_looks_right(page)
    page.reload()

    # "/" leads to the field from anywhere, and is a letter like any other within it.
    page.keyboard.press("/")
    expect(page.locator("#desk-find")).to_be_focused()
    page.keyboard.type("a/b")
    expect(page.locator("#desk-find")).to_have_value("a/b")
    page.locator("#desk-find").fill("criminal libel")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/find/?q=criminal+libel")
    assert_looks_right(page)
    page.reload()

    # Each result can be logged on, followed and opened; following comes back to the same place.
    row = page.locator(".queue > li").filter(has_text="KAZ-UPR7-36.7")
    expect(row.get_by_role("link", name=re.compile("Log follow-up"))).to_be_visible()
    expect(row.get_by_role("link", name=re.compile("^Open"))).to_be_visible()
    row.get_by_role("button", name="Follow KAZ-UPR7-36.7").focus()
    page.keyboard.press("Enter")
    page.get_by_text("You follow KAZ-UPR7-36.7.").wait_for()
    page.wait_for_url("**/desk/find/?q=criminal+libel**")

    # An exact reference, in small letters, leads to the record.
    page.keyboard.press("/")
    page.keyboard.type("kaz-upr7-36.7")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/records/KAZ-UPR7-36.7/")
    expect(page.get_by_role("button", name="Unfollow KAZ-UPR7-36.7")).to_be_visible()

    # The three steps have gone.
    page.goto(f"{address}/desk/")
    expect(page.get_by_role("heading", name="Three steps to begin with")).to_have_count(0)

    # Who dictates can switch the key off, for good.
    page.goto(f"{address}/desk/find/")
    page.get_by_label("The key / leads to the field").uncheck()
    page.goto(f"{address}/desk/")
    page.keyboard.press("/")
    expect(page.locator("#desk-find")).not_to_be_focused()


def test_my_work_rows_lead_to_their_next_step(browser: Browser, address: str):
    page = signed_in(browser, address, "ada")
    due = page.get_by_role("region", name="Due or overdue")
    expect(due.get_by_text("overdue by 12 days")).to_be_visible()
    expect(due.get_by_text("due in 100 days")).to_be_visible()
    expect(due.get_by_text("due in 950 days")).to_have_count(0)
    assert_looks_right(page)
    page.get_by_role("link", name="Review the entry on KAZ-UPR7-14.6").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.go_back()
    page.get_by_role("link", name=f"Log follow-up on {RECORD}").click()
    page.wait_for_url(f"**/desk/log/?record={RECORD}")

    author = signed_in(browser, address, "cleo", scripts=False)
    returned = author.get_by_role("region", name="Returned to me")
    expect(returned.get_by_text("“Which article of the law?”")).to_be_visible()
    returned.get_by_role("link", name="Revise the entry on KAZ-UPR7-36.7").click()
    expect(author.locator("textarea").first).to_have_value("A draft law.")
    author.goto(f"{address}/desk/")
    author.get_by_role("link", name="Go on writing the entry on KAZ-UPR7-1.1").click()
    author.wait_for_url("**/desk/entries/**")


def test_filter_is_saved_as_view_on_phone(browser: Browser, address: str):
    page = signed_in(browser, address, "cleo")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{address}/recommendations/?issue=torture&kind=concern")
    page.get_by_role("link", name="Save this view at the desk").click()
    expect(page.get_by_text("Issue: Torture and ill-treatment; Kind: Concern")).to_be_visible()
    page.get_by_role("button", name="Save").click()  # without a name
    expect(page.locator("[id^=form-errors]:focus")).to_have_count(1)
    page.get_by_label("Name").fill("Torture")
    page.get_by_label("Follow it").check()
    page.get_by_label("Name").press("Enter")
    page.get_by_text("The view “Torture” is saved.").wait_for()
    expect(page.get_by_role("button", name="Unfollow Torture")).to_be_visible()
    assert_looks_right(page)
    page.goto(f"{address}/desk/follow/")
    assert_looks_right(page)
    page.set_viewport_size({"width": 390, "height": 800})
    page.get_by_role("link", name="Torture", exact=True).click()
    page.wait_for_url("**issue=torture**")
    page.goto(f"{address}/desk/views/")
    page.get_by_role("link", name="Rename or delete Torture").click()
    assert_looks_right(page)
    page.get_by_role("button", name="Delete the view").click()
    expect(page.get_by_text("The view “Torture” is deleted.")).to_be_visible()


def test_deadlines_page_offers_private_and_public_calendar(browser: Browser, address: str, page: Page):
    own = signed_in(browser, address, "cleo")
    own.get_by_role("navigation", name="Desk").get_by_role("link", name="Deadlines").click()
    expect(own.locator(".queue .due").first).to_have_text(re.compile("^due in 100 days"))
    own.get_by_role("link", name=re.compile("^Overdue")).click()
    expect(own.locator(".queue .due")).to_have_text(re.compile("^overdue by 12 days"))
    own.get_by_role("button", name="Make my calendar address").click()
    calendar = own.locator(".calendar-address").inner_text()
    expect(own.get_by_role("button", name="Copy")).to_be_visible()
    assert_looks_right(own)

    # A calendar program has no cookies.
    answer = page.request.get(calendar)
    assert answer.status == 200
    assert answer.text().count("BEGIN:VEVENT") == 3
    assert page.request.get(calendar.replace("~", "~A")).status == 404
    own.set_viewport_size({"width": 390, "height": 800})
    own.get_by_role("button", name="Take it back").click()
    own.get_by_text("Your calendar address no longer works.").wait_for()
    assert page.request.get(calendar).status == 404

    # The public page counts down too, the same for everyone.
    page.goto(f"{address}/recommendations/{RECORD}/")
    expect(page.get_by_text("overdue by 12 days").first).to_be_visible()
    page.goto(f"{address}/recommendations/?due=yes")
    link = page.get_by_role("link", name="calendar of due dates")
    assert page.request.get(f"{address}{link.get_attribute('href')}").text().count("BEGIN:VEVENT") == 3
