"""The due dates of one's own records for a calendar program, at an address that nobody can guess."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from recommendations.accounts.views import DeskView
from recommendations.core.context_processors import site
from recommendations.core.viewer import viewer_of
from recommendations.desk.work.my_records import Mine
from recommendations.exports.ical import due_dates
from recommendations.models import CalendarAddress

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

signer = Signer(salt="recommendations.calendar", sep="~")


def address_of(user: User) -> str:
    """The path of a person's calendar; empty where there is none."""
    row = CalendarAddress.objects.filter(user=user).first()
    return reverse("desk_calendar", args=[signer.sign(row.key.hex)]) if row else ""


class EditAddress(DeskView):
    """Make a calendar address, exchange it for another, or take it back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it, and go back to the deadlines."""
        assert self.viewer.user_id is not None  # noqa: S101  (only signed-in people come here)
        if request.POST.get("action") == "remove":
            CalendarAddress.objects.filter(user=self.viewer.user_id).delete()
            messages.success(request, _("Your calendar address no longer works."))
        else:
            _row, made = CalendarAddress.objects.update_or_create(
                user_id=self.viewer.user_id, defaults={"key": uuid.uuid4()}
            )
            if made:
                messages.success(request, _("Your calendar address is ready."))
            else:
                messages.success(request, _("You have a new calendar address; the former no longer works."))
        return redirect(f"{reverse('desk_deadlines')}#calendar")


@method_decorator(never_cache, name="dispatch")
class Calendar(View):
    """A person's calendar, for programs that cannot sign in: whoever has the address may read it.

    It holds what is public of public records; which ones they are is the only thing private about it.
    """

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, key: str) -> HttpResponseBase:
        """The calendar; 404 for an address that is not, or no longer, one."""
        try:
            row = CalendarAddress.objects.select_related("user").get(key=uuid.UUID(signer.unsign(key)))
        except (BadSignature, ValueError, CalendarAddress.DoesNotExist):
            raise Http404 from None
        viewer = viewer_of(row.user)
        if not viewer.is_staff:
            raise Http404
        name = _("%(site)s: my deadlines") % {"site": settings.SITE_NAME}
        return due_dates(Mine.of(viewer).records(), name, str(site(request)["site_url"]), "deadlines.ics")
