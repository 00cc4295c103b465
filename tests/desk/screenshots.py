"""The pictures of docs/staff.md, taken anew: `python -m tests.desk.screenshots [folder]`.

A demo of its own with people who do not exist, at an organisation that does not exist.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import django
from PIL import Image
from playwright.sync_api import sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.browser import CHROMIUM, ROOT, demo, sign_in  # noqa: E402  (one-time codes are Django's)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

PASSWORD = "a long password for tests"
RECORD, RETURNED, BEGUN, WAITING = "KAZ-UPR7-36.7", "KAZ-UPR7-1.1", "KAZ-UPR7-2.1", "KAZ-CCPR144-73.5"
WIDTH, PHONE = 1120, 390
SIZE_MAX = 120_000
PREPARE = f"""
import datetime
from django.contrib.auth.models import Group, User
from django.utils import timezone
from recommendations.actions import review_workflow
from recommendations.models import (
    Evidence, FollowUp, Following, Issue, Membership, Paragraph, Recommendation, Stakeholder
)

def person(name, role):
    user = User.objects.create_user(name.lower(), f"{{name.lower()}}@example.org", {PASSWORD!r})
    user.first_name, user.last_name = name, "Example"
    user.save()
    user.groups.set(Group.objects.filter(name=role))
    return user

watch = Stakeholder.objects.create(
    slug="example-watch", name="Example Watch", acronym="EW", kind="ngo", published=True
)
cleo, ada, ben = person("Cleo", "contributor"), person("Ada", "reviewer"), person("Ben", "reviewer")
Membership.objects.create(user=cleo, organisation=watch)
today = timezone.localdate()

def draft(reference, **values):
    return FollowUp.objects.create(**{{
        "recommendation": Recommendation.objects.get(reference=reference), "assessor": watch,
        "role": "civil_society", "recorded_by": cleo, "as_of": today,
    }} | values)

def quote(entry, number, words, access):
    paragraph = Paragraph.objects.get(document__slug="ccpr-144-kaz-dialogue", number=number)
    Evidence.objects.create(
        follow_up=entry, position=1, kind="paragraph", access=access, paragraph=paragraph, text=words
    )

old = draft(
    {RECORD!r}, status="not_implemented", as_of=datetime.date(2014, 7, 1),
    summary="Libel is still an offence, and a crime.",
)
review_workflow.approve(review_workflow.submit(old, by=cleo), by=ada)
new = draft(
    {WAITING!r}, status="no_information", as_of=datetime.date(2025, 7, 1),
    summary="The delegation was asked about defamation, which is an offence still.",
)
review_workflow.approve(review_workflow.submit(new, by=cleo), by=ada)
sent = draft(
    {WAITING!r}, status="partially_implemented",
    summary="The delegation was asked, and says that defamation is an administrative offence now.",
)
quote(sent, "87", "Defamation had been downgraded to an administrative offence.", "public")
Evidence.objects.create(
    follow_up=sent, position=2, kind="link", access="private", url="https://example.org/", title="Interviews"
)
review_workflow.submit(sent, by=cleo)
back = draft({RETURNED!r}, status="in_progress", summary="Ratification is being prepared.")
returned = review_workflow.submit(back, by=cleo)
review_workflow.send_back(returned, by=ada, comment="Who says so, and when? Please quote it.")
draft({BEGUN!r})
for days, reference in ((-12, "KAZ-CCPR144-28.2"), (100, "KAZ-CCPR144-28.3")):
    record = Recommendation.objects.get(reference=reference)
    record.selected_for_follow_up, record.due_on = True, today + datetime.timedelta(days=days)
    record.raised_by.add(watch)
    record.save()
Following.objects.create(user=cleo, recommendation=Recommendation.objects.get(reference={RECORD!r}))
Following.objects.create(user=cleo, issue=Issue.objects.get(slug="torture"))
"""


def as_person(browser: Browser, address: str, name: str, width: int = WIDTH) -> Page:
    """A tab of somebody who is signed in."""
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    sign_in(page, address, name, PASSWORD)
    return page


def save(shot: bytes, path: Path) -> None:
    """Keep a picture in 128 colours, which is all that these pages need."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB").quantize(128, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)
    if path.stat().st_size > SIZE_MAX:
        raise ValueError(f"{path.name} has {path.stat().st_size} bytes; at most {SIZE_MAX}.")


def take(page: Page, path: Path, to: Locator | None = None, top: Locator | None = None) -> None:
    """A picture of the page's own content, from the top of an element to the end of another."""
    main = page.locator("main")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    # What follows the reader would stand in the middle of a long picture.
    page.evaluate(
        "document.querySelectorAll('.sticky-actions').forEach((each) => each.style.position = 'static')"
    )
    boxes = [(each or main).bounding_box() for each in (main, top, to)]
    if None in boxes:
        raise ValueError(f"{path.name}: what it is to show is not on the page.")
    frame, begin, end = (box for box in boxes if box)
    y = begin["y"] - 8 if top else frame["y"] + 16
    height = end["y"] + end["height"] + 12 - y
    width = frame["x"] * 2 + frame["width"]
    save(page.screenshot(full_page=True, clip={"x": 0, "y": y, "width": width, "height": height}), path)


def author(browser: Browser, address: str, folder: Path) -> None:
    """The sheet, what comes of it on other pages of its author, and the sheet on a phone."""
    page = as_person(browser, address, "cleo")
    page.goto(f"{address}/desk/log/?record={RECORD}")
    page.get_by_role("radio", name="Partially implemented").check()
    page.get_by_label("Summary").fill("Libel is now an administrative offence, no longer a crime.")
    take(page, folder / "desk-log.png", page.locator("#evidence"))
    page.get_by_role("button", name="Quote a paragraph").click()
    page.get_by_label("Words, the document’s symbol").fill("defamation downgraded")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Quote this").first.wait_for()
    take(page, folder / "desk-evidence.png", page.locator("#evidence"), page.locator("#evidence"))
    page.get_by_role("button", name="Quote this").first.click()
    page.get_by_label("Who may see it").select_option("public")
    page.get_by_role("button", name="Submit for review").click()
    asked = page.get_by_role("group", name="Show this evidence to everyone?")
    asked.wait_for()
    take(page, folder / "desk-public.png", asked, page.get_by_role("group", name="Evidence 1"))
    page.goto(f"{address}/desk/")
    take(page, folder / "desk-work.png", page.get_by_role("region", name="Due or overdue"))
    page.goto(f"{address}/desk/records/{RETURNED}/")
    history = page.get_by_role("region", name="History", exact=True)
    take(page, folder / "desk-history.png", history, history)
    page.goto(f"{address}/desk/alerts/")
    take(page, folder / "desk-alerts.png", page.get_by_role("heading", name="New since"))
    phone = as_person(browser, address, "cleo", PHONE)
    phone.goto(f"{address}/desk/log/?record={RECORD}")
    take(phone, folder / "desk-phone.png", phone.get_by_label("As of"))


def reviewer(browser: Browser, address: str, folder: Path) -> None:
    """The queue's entry beside the published one, and a withdrawal."""
    page = as_person(browser, address, "ben")
    page.goto(f"{address}/desk/review/")
    page.get_by_role("link", name=f"Review the entry on {WAITING}").click()
    take(page, folder / "desk-review.png")
    page.goto(f"{address}/desk/records/{RECORD}/")
    entry = page.get_by_role("listitem").filter(has_text="EW, as of")
    entry.get_by_role("link", name="Withdraw for safety").click()
    take(page, folder / "desk-withdraw.png")


def main(folder: Path) -> None:
    """Take all pictures."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        demo(Path(scratch), PREPARE) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        author(browser, address, folder)
        reviewer(browser, address, folder)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
