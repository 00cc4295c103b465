"""Requests that no page could answer sensibly are refused early, with a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from django.conf import settings

from recommendations.views.errors import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class RefuseUnreadableRequests:
    """Answer 400 to NUL bytes in the address (no database takes them) and to enormous query strings.

    A cookie with a NUL byte is none of ours; it is taken for absent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path or "\x00" in unquote(query):
            return bad_request(request, reason="The address holds a character that cannot be read (NUL).")
        if len(query) > settings.QUERY_STRING_MAX:
            return bad_request(
                request,
                reason=f"The address is too long: at most {settings.QUERY_STRING_MAX} characters of filters.",
            )
        for name in [name for name, value in request.COOKIES.items() if "\x00" in value]:
            del request.COOKIES[name]
        return self.get_response(request)
