"""How thirty pages look: taken in a real Chromium at two widths, in light and dark and on paper."""

from __future__ import annotations

import contextlib
import re
import threading
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from tests.snapshot.world import ASKED_AT, NOBODY, client_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, FloatRect

LIST, FOLDER = "screenshots.txt", "screenshots"
WIDE, PHONE = 1280, 390
TALLEST = 6000  # pixels; what is below is more of the same list
ARGUMENTS = [
    *(
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--no-first-run",
        "--hide-scrollbars",
    ),
    *("--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb"),
]
# Who, how wide, in which colours or on paper, and what.
SHOTS = f"""
{NOBODY} {WIDE} light /
{NOBODY} {PHONE} light /
{NOBODY} {WIDE} dark /
{NOBODY} {WIDE} light /recommendations/
{NOBODY} {PHONE} light /recommendations/
{NOBODY} {WIDE} light /recommendations/?kind=concern&issue=torture&status_state=implemented&chain=open
{NOBODY} {WIDE} light /recommendations/?status=nonsense&page=0
{NOBODY} {WIDE} light /recommendations/KAZ-UPR7-36.7/
{NOBODY} {PHONE} light /recommendations/FRE-UPR7-1.1/
{NOBODY} {WIDE} dark /recommendations/FRE-UPR7-1.1/
{NOBODY} {WIDE} print /recommendations/FRE-UPR7-1.1/
{NOBODY} {WIDE} light /responses/
{NOBODY} {PHONE} light /responses/KAZ-CCPR144-R87.1/
{NOBODY} {WIDE} light /issues/
{NOBODY} {PHONE} light /issues/torture/
{NOBODY} {WIDE} light /stakeholders/human-rights-watch/
{NOBODY} {WIDE} light /reviews/kaz-upr7/
{NOBODY} {PHONE} light /documents/a-hrc-wg6-7-kaz-3/
{NOBODY} {WIDE} light /follow-up/
{NOBODY} {WIDE} light /compare/?by=review&item=kaz-upr7&item=kaz-ccpr144
{NOBODY} {PHONE} light /chains/FRE-UPR7-1.1/
{NOBODY} {WIDE} light /pictures/
{NOBODY} {PHONE} dark /pictures/stakeholders/?state=KAZ&kind=concern
{NOBODY} {WIDE} print /pictures/?state=KAZ
{NOBODY} {WIDE} light /data/
{NOBODY} {WIDE} light /styleguide/
{NOBODY} {PHONE} light /no-such-page/
cleo {WIDE} light /desk/
cleo {PHONE} light /desk/log/?record=FRE-UPR7-1.1
rita {WIDE} light /desk/review/468/
"""


def record(folder: Path, lines: list[str]) -> None:
    """Take all pictures, and write down the list."""
    from playwright.sync_api import sync_playwright

    from tests.browser import CHROMIUM

    (folder / LIST).write_text("\n".join(lines) + "\n")
    (folder / FOLDER).mkdir()
    # Before Playwright's event loop runs, beside which Django uses no database.
    cookies = {who: session_of(who) for who in {line.split(" ")[0] for line in lines} - {NOBODY}}
    with serving() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for line in lines:
            who = line.split(" ")[0]
            (folder / FOLDER / file_name(line)).write_bytes(take(browser, site, line, cookies.get(who)))
        browser.close()


def session_of(who: str) -> str:
    """The cookie of somebody who is signed in."""
    return client_of(who).cookies["sessionid"].value


def file_name(line: str) -> str:
    """A file name of which one sees what was taken."""
    return f"{re.sub(r'[^a-zA-Z0-9.=-]+', '_', line).strip('_')[:120]}.png"


def take(browser: Browser, site: str, line: str, session: str | None) -> bytes:
    """One picture of a whole page."""
    _, width, look, address = line.split(" ", 3)
    context = browser.new_context(
        viewport={"width": int(width), "height": 900},
        color_scheme="dark" if look == "dark" else "light",
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="UTC",
    )
    try:
        if session:
            context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page = context.new_page()
        page.clock.set_fixed_time(ASKED_AT)
        page.goto(site + address, wait_until="networkidle")
        if look == "print":
            page.emulate_media(media="print")
        page.evaluate("document.activeElement.blur(); document.fonts.ready")
        height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
        clip: FloatRect = {"x": 0, "y": 0, "width": int(width), "height": height}
        return page.screenshot(full_page=True, clip=clip, animations="disabled")
    finally:
        context.close()


class Server(ThreadingMixIn, WSGIServer):
    """Answers several requests at once, as Chromium asks them."""

    daemon_threads = True


class Silent(WSGIRequestHandler):
    """Prints no line for each request."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """The site in this process, whose clock stands still; yields its address."""
    from django.core.wsgi import get_wsgi_application

    with make_server("127.0.0.1", 0, get_wsgi_application(), Server, Silent) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
