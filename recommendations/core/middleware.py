"""Middleware for every request: reject unreadable ones, answer lock timeouts, allow cross-origin reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse
from django.utils.translation import gettext

from recommendations.core.error_pages import bad_request, busy

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest


class UnreadableRequestMiddleware:
    """Answer 400 to NUL bytes in the address (databases reject them) and to overlong query strings.

    Cookies with a NUL byte are not ours and are ignored.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path or "\x00" in unquote(query):
            return bad_request(
                request, reason=gettext("The address holds a character that cannot be read (NUL).")
            )
        if len(query) > settings.QUERY_STRING_MAX:
            sentence = gettext("The address is too long: at most %(most)s characters of filters.")
            return bad_request(request, reason=sentence % {"most": settings.QUERY_STRING_MAX})
        for name in [name for name, value in request.COOKIES.items() if "\x00" in value]:
            del request.COOKIES[name]
        return self.get_response(request)


class LockTimeoutMiddleware:
    """Answer 503 if a write timed out waiting for another writer; its transaction was rolled back."""

    # SQLSTATE codes of PostgreSQL: lock_not_available, deadlock_detected.
    STATES = ("55P03", "40P01")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the 503 response for a lock timeout or deadlock, else None."""
        if not isinstance(exception, OperationalError):
            return None
        state = getattr(exception.__cause__, "sqlstate", "")
        return busy(request) if state in self.STATES or "database is locked" in str(exception) else None


class CrossOriginReadMiddleware:
    """Let scripts of other sites read the API, the lists as JSON, and the data set (CORS).

    Any origin, but never with credentials: these addresses serve only public data, the same for everyone.
    It comes before ConditionalGetMiddleware, so that 304 responses carry the headers too.
    """

    DATA = re.compile(r"/api/|/data/|/[a-z-]+\.json$")
    METHODS = "GET, HEAD, OPTIONS"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.DATA.match(request.path):
            return self.get_response(request)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            # A preflight request: whatever method it asks about, only these are allowed.
            response = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = self.METHODS
            response["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
            response["Access-Control-Max-Age"] = "86400"
        else:
            response = self.get_response(request)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        return response
