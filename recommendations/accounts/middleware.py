"""What holds for signed-in people on every page of the desk and the admin."""

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

# Recovery codes alone are none: they are there for who lost the other.
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether this person's roles ask for a second factor that has not been set up."""
    return viewer_of(request.user).needs_second_factor and not is_mfa_enabled(request.user, SECOND_FACTORS)


class DeskAccessMiddleware:
    """On every page for staff: the session lives on and is listed, and a second factor is set up first.

    Whoever may publish, edit or administer needs one. Public pages are left alone: they are the same
    for everyone, and no visit to them is remembered.
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
        """Where one's own account is kept: the pages that need no second factor, which is set up there."""
        return reverse("account_login").removesuffix("login/")

    def note_activity(self, request: HttpRequest) -> None:
        """Let the session live on; not for each of a person's many requests a minute.

        A session ends at most this much earlier than it might: a tenth of the time, or a minute.
        """
        now = time.time()
        if now - request.session.get("seen_at", 0) >= min(60, settings.SESSION_IDLE_MINUTES * 6):
            request.session["seen_at"] = now
            UserSession.objects.create_from_request(request)
