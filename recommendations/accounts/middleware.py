"""Middleware for signed-in people on the pages of the desk and the admin."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse

from recommendations.core.viewer import viewer_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

# Recovery codes alone do not count: they only replace a lost second factor.
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def lacks_second_factor(request: HttpRequest) -> bool:
    """True if the person's roles require a second factor that has not been set up."""
    return viewer_of(request.user).needs_second_factor and not is_mfa_enabled(request.user, SECOND_FACTORS)


class DeskAccessMiddleware:
    """On staff pages, extend and record the session, and require a second factor where roles demand it.

    People who may publish, edit or administer need one. Public pages are left alone: they are the same for
    everyone, and visits to them are not recorded.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.path.startswith((reverse("desk"), reverse("admin:index")))
            and request.user.is_authenticated
        ):
            self.note_activity(request)
            if not request.path.startswith(self.account()) and lacks_second_factor(request):
                return redirect("mfa_index")
        return self.get_response(request)

    def account(self) -> str:
        """Return the path prefix of the account pages, where a missing second factor is set up."""
        return reverse("account_login").removesuffix("login/")

    def note_activity(self, request: HttpRequest) -> None:
        """Extend the session and record its activity, but not on every request.

        A session may therefore end early, by at most a tenth of the idle time and at most a minute.
        """
        now = time.time()
        if now - request.session.get("seen_at", 0) >= min(60, settings.SESSION_IDLE_MINUTES * 6):
            request.session["seen_at"] = now
            UserSession.objects.create_from_request(request)
