"""Where one is signed in, each to be ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
