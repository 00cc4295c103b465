"""A page as its readers have it, in lines: title, meta, headings, words, links and fields, in their order.

How a page is marked up, and which files style it, may change without a difference here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import html

if TYPE_CHECKING:
    from collections.abc import Iterator

INLINE = re.compile(
    "a|abbr|b|bdi|bdo|button|cite|code|data|del|dfn|em|i|img|input|ins|kbd|label|mark|output|q|s|samp|select|"
    "small|span|strong|sub|sup|svg|text|textarea|time|title|tspan|u|var|wbr"
)
NOT_READ = frozenset(["script", "style", "template", "link", "meta", "head"])
# What a page tells programs of itself.
HEAD = ("canonical", "alternate", "next", "prev", "search", "license", "describedby", "cite-as")
STATIC = re.compile(r"^(?:https?://[^/]+)?/static/.*$")
HEADING = re.compile(r"h[1-6]")
NAMED = ("aria-label", "title", "datetime", "placeholder", "lang", "hidden", "open", "download", "rel")
FIELD = ("type", "name", "value", "checked", "selected", "required", "disabled", "min", "max", "pattern")
SECRET = "csrfmiddlewaretoken"


def lines_of(page: str) -> list[str]:
    """The page in lines."""
    root = html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
    found = [f"language: {root.get('lang', '')}", *head(root)]
    body = root.find("body")
    if body is not None:
        found += Reader().read(body)
    found += [f"anchors: {' '.join(anchors(root))}"]
    return found


def head(root: html.HtmlElement) -> Iterator[str]:
    """The title, what is said by meta and link elements, and data for search engines."""
    for each in root.iterfind("head/title"):
        yield f"title: {folded(each.text_content())}"
    for each in root.iterfind("head/meta"):
        name = each.get("name") or each.get("property") or each.get("http-equiv")
        if name:
            yield f"meta {name}: {each.get('content', '')}"
    for each in root.iterfind("head/link"):
        if each.get("rel") in HEAD:
            given = [each.get(name, "") for name in ("rel", "type", "title", "href")]
            yield f"link {' | '.join(given)}"
    for each in root.iter("script"):
        if each.get("type") == "application/ld+json":
            yield f"data: {folded(each.text or '')}"


def anchors(root: html.HtmlElement) -> list[str]:
    """What an address may end with after `#`; the fields of forms have ids for their labels only."""
    fields = ("input", "select", "textarea", "option", "symbol", "use")
    return sorted({each.get("id") for each in root.iter("*") if each.get("id") and each.tag not in fields})


def folded(text: str) -> str:
    """White space as a browser shows it."""
    return " ".join(text.split())


def address(value: str) -> str:
    """Where a link leads; files of the design are no public addresses."""
    return STATIC.sub("static", value)


class Reader:
    """Gathers the words of inline elements into lines, as the blocks around them end."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.words: list[str] = []

    def read(self, body: html.HtmlElement) -> list[str]:
        """All lines of an element."""
        self.element(body)
        self.end()
        return self.lines

    def end(self) -> None:
        """The line ends here."""
        if line := folded("".join(self.words)):
            self.lines.append(line)
        self.words = []

    def element(self, each: html.HtmlElement) -> None:
        """An element with all that is in it, and the words after it."""
        if isinstance(each.tag, str) and each.tag not in NOT_READ:
            block = not INLINE.fullmatch(each.tag)
            if block:
                self.end()
            self.words.append(before(each))
            self.words.append(each.text or "")
            for inner in each:
                self.element(inner)
            self.words.append(after(each))
            if block:
                self.end()
        self.words.append(each.tail or "")


def before(each: html.HtmlElement) -> str:
    """What an element says beside its words, or how it is read."""
    said = ""
    if HEADING.fullmatch(each.tag):
        said = f"{'#' * int(each.tag[1])} "
    elif each.tag in ("td", "th", "li", "dt", "dd", "summary", "legend", "caption", "blockquote"):
        said = f"{each.tag}: "
    elif each.tag == "a":
        said = "["
    elif each.tag == "img":
        said = f"(image {address(each.get('src', ''))}: {each.get('alt')})"
    elif each.tag == "form":
        said = f"(form {each.get('method', 'get')} {each.get('action', '')})"
    elif each.tag in ("input", "select", "textarea", "option", "button") and each.get("name") != SECRET:
        said = f" ({each.tag}{told(each, FIELD)})"
    named = told(each, NAMED)
    return f"{said}{{{named.strip()}}} " if named else said


def after(each: html.HtmlElement) -> str:
    """Where a link leads."""
    return f"]({address(each.get('href'))})" if each.tag == "a" and each.get("href") else ""


def told(each: html.HtmlElement, names: tuple[str, ...]) -> str:
    """The attributes of these names."""
    return "".join(f" {name}={each.get(name)}" for name in names if each.get(name) is not None)
