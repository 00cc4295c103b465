"""Where one is signed in, each to be ended; and signing out here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.views import LogoutView
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def empty_the_browser(response: HttpResponse) -> None:
    """Have the browser forget what was typed and not sent (entry_form.js): others may sit there next.

    Nothing more: "cookies" would sign out of whatever else this domain serves, and no page of the desk is
    in a cache.
    """
    response["Clear-Site-Data"] = '"storage"'


class SignOut(LogoutView):  # type: ignore[misc]  # allauth has no types
    """allauth's; what this browser keeps for the site goes with the session."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out, and have the storage emptied."""
        response: HttpResponse = super().post(*args, **kwargs)
        empty_the_browser(response)
        return response


@method_decorator(never_cache, name="dispatch")
class Sessions(LoginRequiredMixin, TemplateView):
    """The list; POST ends the one that `session` names, or all but this one."""

    template_name = "usersessions/usersession_list.html"

    def others(self) -> list[UserSession]:
        """This person's sessions elsewhere that still live, newest first."""
        alive = UserSession.objects.purge_and_list(self.request.user)
        here = self.request.session.session_key
        found = [session for session in alive if session.session_key != here]
        return sorted(found, key=lambda session: session.last_seen_at, reverse=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        here = UserSession.objects.filter(session_key=self.request.session.session_key).first()
        return super().get_context_data(here=here, others=self.others(), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = request.POST.get("session")
        ended = [each for each in self.others() if wanted is None or str(each.pk) == wanted]
        for session in ended:
            session.end()
        if ended:
            messages.success(request, _("Signed out there."))
        return redirect("usersessions_list")
