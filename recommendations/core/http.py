"""What a request says: where it comes from, and ids in its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Where a request comes from; what it says of itself counts only if our own proxy has added to it."""
    if settings.BEHIND_PROXY:
        # Each proxy appends the address that it saw, so only the last one is our own proxy's word.
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
        if nearest := forwarded.rpartition(",")[2].strip():
            return nearest
    return str(request.META.get("REMOTE_ADDR", ""))


def is_id(text: str) -> bool:
    """Whether a part of an address or a form can be the id of a row, in every database."""
    return text.isascii() and text.isdigit() and len(text) < 19
