"""Redirects from former addresses of merged records and moved issues to the current ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


def redirect_to_current(request: HttpRequest, rows: QuerySet[Any], key: str) -> HttpResponse:
    """Redirect to the same page of the object formerly named by the URL argument `key`. Raises Http404.

    The redirect is temporary because browsers cache permanent ones, and an editor may reverse the change.
    """
    match = request.resolver_match
    assert match is not None  # noqa: S101  (a view was found)
    formerly = getattr(rows, "formerly", None)
    thing = formerly(match.kwargs[key]).first() if formerly else None
    if thing is None:
        raise Http404("Nothing public stands at this address.")
    address = reverse(match.view_name, kwargs={**match.kwargs, key: getattr(thing, key)})
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{address}?{query}" if query else address)
