"""Error responses: a page for readers, JSON for JSON addresses and the API."""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest


# The reason phrases of HTTP, translatable.
TITLES = {
    HTTPStatus.BAD_REQUEST: _("Bad Request"),
    HTTPStatus.FORBIDDEN: _("Forbidden"),
    HTTPStatus.NOT_FOUND: _("Not Found"),
    HTTPStatus.METHOD_NOT_ALLOWED: _("Method Not Allowed"),
    HTTPStatus.TOO_MANY_REQUESTS: _("Too Many Requests"),
}


def error_response(request: HttpRequest, status: HTTPStatus, reason: str) -> HttpResponse:
    """Return the error as JSON `{"detail": …}` for a `.json` address and the API, else as a page."""
    # An unknown `/documents/x.json` arrives here after a redirect to `/documents/x.json/`.
    if request.path.rstrip("/").endswith(".json") or request.path.startswith("/api/"):
        return JsonResponse({"detail": reason}, status=status)
    return render(
        request,
        "error.html",
        {"status": int(status), "title": TITLES.get(status, status.phrase), "reason": reason},
        status=status,
    )


def bad_request(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """400: the request is malformed."""
    return error_response(
        request, HTTPStatus.BAD_REQUEST, reason or gettext("The address could not be read.")
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: a signed-in user lacks the permission; hidden records answer 404 instead."""
    return error_response(
        request, HTTPStatus.FORBIDDEN, gettext("You may not do this. Sign in, reload the page and try again.")
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without a valid CSRF token. `reason` is Django's, for developers, and already logged."""
    return error_response(
        request,
        HTTPStatus.FORBIDDEN,
        gettext(
            "Nothing was saved: the form has expired, was sent from another site, or the browser refuses"
            " cookies. Allow cookies for this site, open the form again and send it once more."
        ),
    )


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: this address does not exist or is not public."""
    return error_response(request, HTTPStatus.NOT_FOUND, gettext("Nothing public stands at this address."))


def too_many_requests(request: HttpRequest, wait: float) -> HttpResponse:
    """429: too many requests; the client may retry after `wait` seconds."""
    seconds = math.ceil(wait)
    sentence = ngettext(
        "Too many requests from your address. Try again in %(n)s second.",
        "Too many requests from your address. Try again in %(n)s seconds.",
        seconds,
    )
    reason = sentence % {"n": seconds}
    response = error_response(request, HTTPStatus.TOO_MANY_REQUESTS, reason)
    response["Retry-After"] = str(seconds)
    return response


def throttled(request: HttpRequest) -> HttpResponse:
    """429 on the sign-in pages; does not reveal which attempts count or for how long."""
    reason = "Too many tries from your address. Wait a few minutes, then try again."
    return error_response(request, HTTPStatus.TOO_MANY_REQUESTS, reason)


BUSY_SECONDS = 60


def busy(request: HttpRequest) -> HttpResponse:
    """503: another writer held the lock for so long that this change timed out."""
    reason = (
        "Nothing was saved: somebody else is changing many records just now, perhaps by an import."
        " Send it again in a few minutes."
    )
    response = error_response(request, HTTPStatus.SERVICE_UNAVAILABLE, reason)
    response["Retry-After"] = str(BUSY_SECONDS)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: an unhandled error; the page needs no database and no context."""
    return HttpResponse(
        format_html(
            "<!doctype html><html lang={}><title>{}</title><h1>{}</h1><p>{}</p></html>",
            get_language() or "en",
            gettext("Error"),
            gettext("Something went wrong on our side"),
            gettext("The error has been recorded. Please try again later."),
        ),
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
    )
