"""What every template knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import DisallowedHost

if TYPE_CHECKING:
    from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """`site_name`, and `site_url`: the address readers see, without a slash at the end.

    Empty for a request to a host that is not ours: its error page must not fail in turn.
    """
    return {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL or _own_address(request)}


def _own_address(request: HttpRequest) -> str:
    try:
        return f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return ""
