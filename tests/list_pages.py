"""What the tests of the lists share: their addresses, and reading what is answered there."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from django.test import Client
from lxml import html

if TYPE_CHECKING:
    from django.http import HttpResponseBase

LISTS = ["recommendations", "responses", "issues", "stakeholders", "reviews", "documents", "follow-up"]
NEWS = ["recommendations", "responses", "documents", "follow-up"]
ADDRESSES = [
    *(f"/{name}/" for name in LISTS),
    *(f"/{name}.{ending}" for name in LISTS for ending in ("json", "csv", "xlsx")),
    *(f"/{name}.atom" for name in NEWS),
]


def page(path: str, **params: Any) -> html.HtmlElement:
    """The parsed page at an address."""
    answer = Client().get(path, params)
    assert answer.status_code == 200
    return html.document_fromstring(answer.content.decode())


def words(element: html.HtmlElement) -> str:
    """All words of an element, white space folded."""
    return " ".join(element.text_content().split())


def text_of(answer: HttpResponseBase) -> str:
    """Everything that an answer says, out of a workbook too."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]  # the test client's answers have it
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "".join(book.read(name).decode() for name in book.namelist())
    return content.decode()
