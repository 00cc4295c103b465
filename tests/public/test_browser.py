"""The main job in a real Chromium, on the demo as shipped: find, read, trace, take away; and the admin."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pdfplumber
import pytest
from playwright.sync_api import expect

from tests.browser import demo, sign_in
from tests.page_checks import assert_looks_right

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.looks]

PUBLIC = [
    "/",
    "/recommendations/",
    "/recommendations/?q=nothing-can-be-found-by-this",
    "/recommendations/?status=nonsense&page=0",
    "/recommendations/KAZ-UPR7-36.7/",
    "/recommendations/KAZ-UPR7-14.6/",
    "/responses/",
    "/responses/KAZ-CCPR144-R87.1/",
    "/issues/",
    "/issues/torture/",
    "/stakeholders/",
    "/stakeholders/human-rights-watch/",
    "/stakeholders/kazakhstan/",
    "/reviews/",
    "/reviews/kaz-upr7/",
    "/documents/",
    "/documents/a-hrc-wg6-7-kaz-3/",
    "/documents/ccpr-144-kaz-dialogue/",
    "/follow-up/",
    "/methodology/",
    "/compare/?by=planet&item=x",
    "/compare/?by=review&item=kaz-upr7&item=kaz-ccpr144",
    "/compare/?by=stakeholder&item=amnesty-international&item=human-rights-watch&item=js1&item=js2",
    "/recommendations/?kind=concern&issue=torture&status_state=implemented&chain=open",
    "/chains/",
    "/chains/KAZ-UPR7-36.7/",
    "/pictures/",
    "/pictures/stakeholders/?state=KAZ&kind=concern&status=nonsense",
    "/data/",
    "/api/v1/docs/",
    "/styleguide/",
    "/no-such-page/",
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture
def problems(page: Page) -> list[str]:
    """What the browser complains about: the security policy, scripts, files that are not there."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.mark.looks
@pytest.mark.parametrize("path", PUBLIC)
def test_each_page_is_accessible_responsive_and_without_errors(
    page: Page, address: str, problems: list[str], path: str
):
    page.goto(address + path)
    assert_looks_right(page)
    assert [each for each in problems if "404 (Not Found)" not in each or path != "/no-such-page/"] == []


def on_paper(page: Page, **sheet: object) -> list[list[str]]:
    """The lines of words on each sheet that the page prints to."""
    with pdfplumber.open(io.BytesIO(page.pdf(**sheet))) as pdf:
        return [one.extract_text().splitlines() for one in pdf.pages]


@pytest.mark.looks
@pytest.mark.parametrize("sheet", [{"format": "A4"}, {"format": "A5", "landscape": True}])
def test_print_cuts_charts_between_rows_and_keeps_headings(
    page: Page, address: str, sheet: dict[str, object]
):
    page.goto(f"{address}/pictures/")
    sheets = on_paper(page, **sheet)
    for title in page.locator(".chart > h2").all_text_contents():
        (lines,) = (lines for lines in sheets if title in lines)
        assert len(lines) - lines.index(title) > 8, f"“{title}” stands alone at the foot of a sheet"
    kinds = {"Recommendations", "Concerns", "Questions"}
    bands = page.locator("#picture-stakeholders .chart-wide svg").all()[1:]
    assert len(bands) > 10
    for name, *words in (band.locator("text").all_text_contents() for band in bands):
        bars = [word for word in words if word in kinds]
        (below,) = (
            lines[place + 1 :][: len(bars)]
            for lines in sheets
            for place, line in enumerate(lines)
            if line.startswith(name)
        )
        assert [line.split()[0] for line in below] == bars, f"{name} and its bars are on different sheets"
    text = "".join("".join(lines) for lines in sheets)
    assert text.count(f"{address}/pictures/stakeholders/") == 1, "each chart's source and address"


def test_reader_goes_from_overview_to_paragraph_and_back(page: Page, address: str):
    page.goto(address)
    page.get_by_role("navigation").get_by_role("link", name="Recommendations", exact=True).first.click()
    page.get_by_role("searchbox").first.fill("criminal libel")
    page.get_by_role("searchbox").first.press("Enter")
    page.wait_for_url("**q=criminal+libel**")
    page.get_by_role("main").get_by_role(
        "link", name=re.compile("KAZ-UPR7-36.7|moratorium", re.I)
    ).first.click()
    page.wait_for_url(f"{address}/recommendations/KAZ-UPR7-36.7/")
    main = page.get_by_role("main")
    asked = main.get_by_text("HRW recommended that Kazakhstan place a moratorium on criminal libel")
    expect(asked.first).to_be_visible()
    expect(main.get_by_role("link", name=re.compile("Human Rights Watch")).first).to_be_visible()
    # Asked again and answered fifteen years later, on one path.
    expect(
        main.get_by_text("Defamation had been downgraded to an administrative offence").first
    ).to_be_visible()
    main.get_by_role("link", name="A/HRC/WG.6/7/KAZ/3, para. 36").first.click()
    page.wait_for_url("**/documents/a-hrc-wg6-7-kaz-3/#p36")
    expect(page.locator("#p36")).to_be_visible()
    top = page.locator("#p36").evaluate("element => element.getBoundingClientRect().top")
    assert -5 <= top < 700, "the paragraph is not in view"
    # Beside the paragraph stand the records made from it.
    page.locator("a[href='/recommendations/KAZ-UPR7-36.7/']").first.click()
    page.wait_for_url("**/recommendations/KAZ-UPR7-36.7/")


def test_overview_figure_equals_count_of_linked_records(page: Page, address: str):
    page.goto(address)
    cells = page.locator("main table a[href*='status='][href*='issue=']")
    texts = [(cell.inner_text(), cell.get_attribute("href")) for cell in cells.all()[:6]]
    assert texts
    for text, href in texts:
        count = int(re.search(r"\d+", text).group())
        answer = page.request.get(address + href.replace("/recommendations/", "/recommendations.json", 1))
        assert answer.json()["count"] == count, href


def test_filter_works_without_javascript(browser: Browser, address: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/recommendations/")
    before = page.get_by_role("main").inner_text()
    page.goto(f"{address}/recommendations/?kind=concern&kind=question&stakeholder=amnesty-international")
    assert page.get_by_role("main").inner_text() != before
    chips = page.get_by_role("link", name=re.compile("Concern"))
    chips.first.click()
    page.wait_for_url(lambda url: "kind=concern" not in url)
    assert "kind=question" in page.url
    assert "stakeholder=amnesty-international" in page.url
    context.close()


def test_filter_form_updates_list_and_address(page: Page, address: str):
    page.goto(f"{address}/recommendations/")
    form = page.locator("form.filter-panel, .filter-panel form").first
    form.get_by_role("checkbox", name=re.compile("^Commendation")).check()
    form.get_by_role("button", name=re.compile("filter|apply|show", re.I)).first.click()
    # With JavaScript the list changes in place, and the address follows.
    page.wait_for_url(re.compile("kind=commendation"))
    assert not re.search(r"[?&]page=", page.url)


@pytest.mark.looks
def test_first_tab_stop_skips_to_content(page: Page, address: str):
    page.goto(address)
    page.keyboard.press("Tab")
    assert "skip" in page.evaluate("document.activeElement.textContent").lower()
    page.keyboard.press("Enter")
    page.wait_for_url("**#*")


@pytest.mark.looks
def test_printed_record_has_no_navigation(page: Page, address: str):
    page.goto(f"{address}/recommendations/KAZ-UPR7-36.7/")
    page.emulate_media(media="print")
    expect(page.get_by_role("banner").get_by_role("navigation")).to_be_hidden()
    expect(page.get_by_text("KAZ-UPR7-36.7").first).to_be_visible()


@pytest.fixture
def signed_in(page: Page, address: str) -> Page:
    sign_in(page, address)
    return page


def test_editor_unpublishes_and_publishes_with_confirmation(
    signed_in: Page, address: str, problems: list[str], context: BrowserContext
):
    page, record = signed_in, "KAZ-UPR7-8.1"

    def act(action: str) -> None:
        page.goto(f"{address}/admin/recommendations/recommendation/?q={record}")
        page.locator("input.action-select").first.check()
        page.locator("select[name=action]").first.select_option(label=action)
        page.get_by_role("button", name="Go", exact=True).click()
        page.get_by_role("button", name=re.compile("yes|publish|confirm", re.I)).first.click()

    def status() -> int:
        return context.request.get(f"{address}/recommendations/{record}/").status

    actions = page.goto(f"{address}/admin/recommendations/recommendation/?q={record}") and [
        option.inner_text() for option in page.locator("select[name=action]").first.locator("option").all()
    ]
    unpublish = next(name for name in actions if "npublish" in name or "ithdraw" in name)
    publish = next(name for name in actions if name.lower().startswith("publish"))
    act(unpublish)
    assert status() == 404
    act(publish)
    assert status() == 200
    assert problems == [
        "Failed to load resource: the server responded with a status of 404 (Not Found)"
    ] * len(problems)


def test_misquote_is_refused_with_nearest_match(signed_in: Page, address: str):
    page = signed_in
    page.goto(f"{address}/admin/recommendations/recommendation/?q=KAZ-UPR7-8.1")
    page.locator("#result_list tbody th a, #result_list tbody td a").first.click()
    page.locator("textarea[name=text]").fill(
        "According to JS1, recommendations of treaty bodies were always published."
    )
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("do not stand in paragraph 8").first.wait_for(timeout=10_000)
    expect(page.locator("textarea[name=text]")).to_have_value(re.compile("always published"))
