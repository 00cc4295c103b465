"""Addresses of the past lead to what stands there now: of records that were merged, of issues that moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


def redirect_to_current(request: HttpRequest, rows: QuerySet[Any], key: str) -> HttpResponse:
    """The way to this same page of what once had the name that `key` has in the address; else Http404.

    Not a permanent redirect, which browsers keep: an editor may change their mind.
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
