"""How tests find pages and read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model


def admin_address(model: type[Model], page: str, *args: object) -> str:
    """The address of one of a model's admin pages: `changelist`, `change`, `history` …"""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def page_words(html: str) -> str:
    """The words of a page's own content, white space folded."""
    return " ".join(strip_tags(html.split("<main")[1]).split())


def read(client: Client, row: Any) -> str:
    """The words of a thing's page, white space folded."""
    response = client.get(row.get_absolute_url())
    assert response.status_code == 200
    return page_words(response.text).replace("&amp;", "&")


def api_answer(path: str, **headers: str) -> Any:
    """An answer of the API."""
    return Client().get(f"/api/v1/{path}", headers=headers)


def queries_of(ask: Callable[[], object], times_before: int = 1) -> list[str]:
    """The queries of a request; what a process reads once for each version of the data is read before."""
    for _ in range(times_before):
        ask()
    with CaptureQueriesContext(connection) as captured:
        ask()
    return [query["sql"] for query in captured]
