"""The list of a person's sessions, ending them, and signing out."""

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


def clear_browser_storage(response: HttpResponse) -> None:
    """Tell the browser to delete unsent form input (entry_form.js), because others may use it next.

    Only storage: "cookies" would also sign people out of other applications on this domain, and desk pages
    are never cached.
    """
    response["Clear-Site-Data"] = '"storage"'


class SignOut(LogoutView):  # type: ignore[misc]  # allauth has no types
    """allauth's logout, which also clears the browser's storage for this site."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out and clear the browser's storage."""
        response: HttpResponse = super().post(*args, **kwargs)
        clear_browser_storage(response)
        return response


@method_decorator(never_cache, name="dispatch")
class Sessions(LoginRequiredMixin, TemplateView):
    """List a person's sessions; POST ends the one named by `session`, or all except the current one."""

    template_name = "usersessions/usersession_list.html"

    def others(self) -> list[UserSession]:
        """Return the person's other active sessions, most recently used first."""
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
