"""What every template knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.utils.translation import get_language, get_language_bidi

if TYPE_CHECKING:
    from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """`site_name`, and `site_url`: the address readers see, without a slash at the end.

    Empty for a request to a host that is not ours: its error page must not fail in turn.
    """
    return {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL or _own_address(request)}


def language(request: HttpRequest) -> dict[str, str]:
    """The language of the page, `en-GB`, and the direction of its script, `ltr` or `rtl`."""
    name, _, region = (get_language() or settings.LANGUAGE_CODE).partition("-")
    # Two letters are a region, four a script: en-GB, zh-Hans.
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
