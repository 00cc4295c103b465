"""Read requests: the client's address, and ids in URLs and forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the client's IP address; X-Forwarded-For is trusted only behind our own proxy."""
    if settings.BEHIND_PROXY:
        # Each proxy appends the address it saw, so only the last entry comes from our own proxy.
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
        if nearest := forwarded.rpartition(",")[2].strip():
            return nearest
    return str(request.META.get("REMOTE_ADDR", ""))


def is_id(text: str) -> bool:
    """True if the text from a URL or form is a valid row id in every supported database."""
    return text.isascii() and text.isdigit() and len(text) < 19
