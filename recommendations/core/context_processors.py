"""Context variables available to every template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.utils.translation import get_language, get_language_bidi

if TYPE_CHECKING:
    from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Return `site_name` and `site_url`, the public address without a trailing slash.

    `site_url` is empty for a disallowed host, so that its error page does not fail as well.
    """
    return {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL or _own_address(request)}


def language(request: HttpRequest) -> dict[str, str]:
    """Return `page_language`, such as `en-GB`, and `page_direction`, `ltr` or `rtl`."""
    name, _, region = (get_language() or settings.LANGUAGE_CODE).partition("-")
    # A two-letter subtag is a region (en-GB), a four-letter one a script (zh-Hans).
    tail = region.upper() if len(region) == 2 else region.title()
    return {
        "page_language": f"{name}-{tail}" if tail else name,
        "page_direction": "rtl" if get_language_bidi() else "ltr",
    }


def _own_address(request: HttpRequest) -> str:
    try:
        return f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return ""
