"""What a browser test may ask of any page: is it accessible, in order, of a piece at any width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

CONTRAST = "() => axe.run(document, {runOnly: ['color-contrast'], resultTypes: ['violations']})"
OPEN_ALL = "for (const each of document.querySelectorAll('main details')) each.open = true"
# Headings: one h1, no level left out. Landmarks: one main; every section and navigation has a name.
ORDER = """() => {
  const found = [];
  if (document.querySelectorAll("h1").length !== 1) found.push("not one h1");
  let last = 0;
  for (const each of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const level = Number(each.tagName[1]);
    if (level > last + 1) found.push(`${each.textContent.trim()}: h${level} after h${last}`);
    last = level;
  }
  if (document.querySelectorAll("main").length !== 1) found.push("not one main");
  for (const each of document.querySelectorAll("nav, section")) {
    const by = each.getAttribute("aria-labelledby");
    const name = each.getAttribute("aria-label") || (by && document.getElementById(by)?.textContent);
    if (!name?.trim()) found.push("no name: " + each.outerHTML.slice(0, 80));
  }
  return found;
}"""
# One of each sort of thing that can have the focus: those whose ring cannot be seen. After a key was pressed.
NO_RING = """() => {
  const sorts = new Map();
  const usable = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  for (const each of document.querySelectorAll(usable)) {
    const sort = `${each.tagName} ${each.getAttribute("class")} ${each.type} ${each.parentElement.className}`;
    if (each.checkVisibility() && !each.disabled && !sorts.has(sort)) sorts.set(sort, each);
  }
  return [...sorts].filter(([, each]) => {
    each.focus({preventScroll: true});
    const style = getComputedStyle(each);
    return style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2;
  }).map(([sort]) => sort);
}"""
WIDTH = "document.documentElement.scrollWidth"


def violations(page: Page) -> list[str]:
    """What axe finds, one line each."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


def faint(page: Page) -> list[str]:
    """What axe finds too faint in the colours now shown, after `violations` was asked once."""
    found = page.evaluate(CONTRAST)["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


def without_ring(page: Page) -> list[str]:
    """What can have the focus, and does not show it."""
    page.keyboard.press("Tab")
    found: list[str] = page.evaluate(NO_RING)
    return found


def assert_looks_right(page: Page) -> None:
    """The page that is open: accessible in light, dark and forced colours, by keyboard, at any width."""
    page.wait_for_load_state()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate(OPEN_ALL)
    assert page.evaluate(ORDER) == []
    assert violations(page) == []
    assert without_ring(page) == []
    page.emulate_media(color_scheme="dark")
    assert faint(page) == []
    page.emulate_media(color_scheme="light", forced_colors="active")
    assert without_ring(page) == []
    page.emulate_media(forced_colors="none")
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate(WIDTH) <= 320, "the page scrolls sideways on a phone"
    page.set_viewport_size({"width": 640, "height": 800})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(WIDTH) <= 640, "the page scrolls sideways with letters twice as large"
