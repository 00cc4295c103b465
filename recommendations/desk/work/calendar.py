"""Calendar of the due dates of a person's own records, at an unguessable address."""

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
from recommendations.desk.work.my_records import MyRecords
from recommendations.exports.ical import due_dates
from recommendations.models import CalendarAddress

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

signer = Signer(salt="recommendations.calendar", sep="~")


def address_of(user: User) -> str:
    """Return the path of a person's calendar, "" if there is none."""
    row = CalendarAddress.objects.filter(user=user).first()
    return reverse("desk_calendar", args=[signer.sign(row.key.hex)]) if row else ""


class EditCalendarAddress(DeskView):
    """Create, replace or remove a person's calendar address."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Change the address and redirect to the deadlines."""
        assert self.viewer.user_id is not None  # noqa: S101  (DeskView requires sign-in)
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
    """A person's calendar for programs that cannot sign in; anyone with the address may read it.

    It contains only public data of public records; only the selection of records is private.
    """

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, key: str) -> HttpResponseBase:
        """Return the calendar. Raises Http404 for an unknown or revoked address."""
        try:
            row = CalendarAddress.objects.select_related("user").get(key=uuid.UUID(signer.unsign(key)))
        except (BadSignature, ValueError, CalendarAddress.DoesNotExist):
            raise Http404 from None
        viewer = viewer_of(row.user)
        if not viewer.is_staff:
            raise Http404
        name = _("%(site)s: my deadlines") % {"site": settings.SITE_NAME}
        return due_dates(
            MyRecords.of(viewer).records(), name, str(site(request)["site_url"]), "deadlines.ics"
        )
