"""What every template knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """`site_name`, and `site_url`: the address readers see, without a slash at the end."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL or f"{request.scheme}://{request.get_host()}",
    }
