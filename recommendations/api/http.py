"""How the API answers: always JSON, as the lists write it, and not more often than is fair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import caches
from django.core.serializers.json import DjangoJSONEncoder
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.throttling import SimpleRateThrottle

from recommendations.core.http import client_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest
    from rest_framework.renderers import BaseRenderer
    from rest_framework.views import APIView


class ListJSONRenderer(JSONRenderer):
    """JSON as the `.json` lists write it, dates and times included."""

    encoder_class = DjangoJSONEncoder


class OnlyJSON(BaseContentNegotiation):
    """There is one format, so whatever a client would rather have, it gets that one."""

    def select_parser(self, request: Any, parsers: Any) -> None:
        return None

    def select_renderer(
        self, request: Any, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        only = next(iter(renderers))
        return only, only.media_type


class AddressThrottle(SimpleRateThrottle):
    """So many requests a minute from one address as `API_RATE` says; any number where it is 0."""

    scope = "api"
    cache = caches["process"]

    def get_rate(self) -> str | None:
        return f"{settings.API_RATE}/min" if settings.API_RATE else None

    def get_cache_key(self, request: Any, view: APIView | None) -> str:
        return f"throttle_{self.scope}_{client_address(request)}"


def seconds_to_wait(request: HttpRequest) -> float:
    """For an address that is not DRF's: count the request; 0 if it may be answered now."""
    throttle = AddressThrottle()
    if throttle.allow_request(request, None):  # type: ignore[arg-type]  # asks for the address alone
        return 0
    return throttle.wait() or 1
