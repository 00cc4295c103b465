"""System checks that report invalid settings before the site serves requests."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

# `tracker/start.py` runs the checks with this tag before the server starts.
TAG = "tracker"


@register(TAG)
def check_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return messages for settings that would mislead readers or leave the site unsafe."""
    messages: list[CheckMessage] = []
    if not 1 <= settings.STALE_AFTER_MONTHS <= 600:
        messages.append(
            Error(
                f"STALE_AFTER_MONTHS is {settings.STALE_AFTER_MONTHS}.",
                hint="Give a number of months from 1 to 600.",
                id="tracker.E001",
            )
        )
    if not 1 <= settings.UPLOAD_MAX_MB <= 200:
        messages.append(
            Error(
                f"UPLOAD_MAX_MB is {settings.UPLOAD_MAX_MB}.",
                hint="Give a number of megabytes from 1 to 200.",
                id="tracker.E005",
            )
        )
    if not 1 <= settings.IMPORT_MAX_MB <= 2_000:
        messages.append(
            Error(
                f"IMPORT_MAX_MB is {settings.IMPORT_MAX_MB}.",
                hint="Give a number of megabytes from 1 to 2000.",
                id="tracker.E006",
            )
        )
    if not 1 <= settings.SESSION_IDLE_MINUTES <= 10_080:
        messages.append(
            Error(
                f"SESSION_IDLE_MINUTES is {settings.SESSION_IDLE_MINUTES}.",
                hint="Give a number of minutes from 1 to 10080 (a week).",
                id="tracker.E003",
            )
        )
    if settings.SITE_URL:
        parts = urlsplit(settings.SITE_URL)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
            messages.append(
                Error(
                    f"SITE_URL is {settings.SITE_URL!r}.",
                    hint="Give the address readers see, such as https://tracker.example.org",
                    id="tracker.E002",
                )
            )
    if settings.DEMO and settings.DEBUG:
        messages.append(Warning("DEBUG is on in the demo.", hint="Unset DEBUG.", id="tracker.W001"))
    if not settings.DEMO and not settings.DEBUG and not settings.ALLOWED_HOSTS:
        messages.append(
            Warning(
                "ALLOWED_HOSTS is empty, so every request will be refused.",
                hint="Set it to the host names the site answers to, separated by commas.",
                id="tracker.W002",
            )
        )
    if (
        not settings.DEBUG
        and len(settings.SECRET_KEY) < 40
        and not settings.SECRET_KEY.startswith("unused-by-")
    ):
        messages.append(
            Warning(
                "SECRET_KEY is shorter than 40 characters.",
                hint="Use a long random string.",
                id="tracker.W003",
            )
        )
    return messages
