"""What holds for signed-in people on every page of the desk and the admin."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.shortcuts import redirect
from django.urls import reverse

from recommendations.access import viewer_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

# Seconds after which a session's activity is written down again.
SEEN_EVERY = 60


class GuardDesk:
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
            if self.lacks_second_factor(request):
                return redirect("mfa_index")
        return self.get_response(request)

    def note_activity(self, request: HttpRequest) -> None:
        """Let the session live on; not for each of a person's many requests a minute."""
        now = time.time()
        if now - request.session.get("seen_at", 0) > SEEN_EVERY:
            request.session["seen_at"] = now
            UserSession.objects.create_from_request(request)

    def lacks_second_factor(self, request: HttpRequest) -> bool:
        """Whether this page asks for a second factor that the person has not got."""
        to_account = request.path.startswith(reverse("account_login").removesuffix("login/"))
        needed = not to_account and viewer_of(request.user).needs_second_factor
        return needed and not is_mfa_enabled(request.user)
