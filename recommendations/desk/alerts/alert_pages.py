"""Pages for email digests: choose the frequency, preview the next one, unsubscribe without signing in."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView, View

from recommendations.accounts.views import DeskView
from recommendations.core.periods import next_edge
from recommendations.core.widgets import DefinedChoices
from recommendations.desk.alerts import mail
from recommendations.desk.alerts.contents import Composer
from recommendations.models import AlertSetting

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest, HttpResponse

# Period of the preview for people who get no digests.
EXAMPLE = datetime.timedelta(days=7)
MEANINGS = {
    AlertSetting.Frequency.OFF: gettext_lazy("No digests."),
    AlertSetting.Frequency.DAILY: gettext_lazy("After each day on which there was something to tell."),
    AlertSetting.Frequency.WEEKLY: gettext_lazy(
        "On Mondays, if there was something to tell in the week before."
    ),
}


class FrequencyForm(forms.Form):
    """Frequency of the digests."""

    frequency = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=AlertSetting.Frequency.choices,
        widget=DefinedChoices(MEANINGS),
    )


class Alerts(DeskView, TemplateView):
    """Choose the frequency, and preview the next digest."""

    template_name = "desk/alerts/alerts.html"

    @property
    def user_id(self) -> int:
        """Return the id of the signed-in person."""
        assert self.viewer.user_id is not None  # noqa: S101  (DeskView requires sign-in)
        return self.viewer.user_id

    def setting(self) -> AlertSetting:
        """Return the person's setting, or an unsaved new one."""
        found = AlertSetting.objects.filter(user=self.user_id).first()
        return found or AlertSetting(user_id=self.user_id)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        setting, now = self.setting(), timezone.now()
        kwargs.setdefault("form", FrequencyForm(initial={"frequency": setting.frequency}))
        since = (setting.is_on and setting.told_until) or now - EXAMPLE
        contents = Composer().contents(setting, self.viewer, since, now)
        return super().get_context_data(
            setting=setting,
            contents=contents,
            subject=mail.subject(contents),
            next_at=timezone.localtime(next_edge(now, setting.frequency)) if setting.is_on else None,
            zone=timezone.get_current_timezone_name(),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save the frequency."""
        form = FrequencyForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        setting, _made = AlertSetting.objects.get_or_create(user_id=self.user_id)
        setting.choose(form.cleaned_data["frequency"], timezone.now())
        said = {
            AlertSetting.Frequency.OFF: _("You get no digests."),
            AlertSetting.Frequency.DAILY: _(
                "You get a digest every day on which there is something to tell."
            ),
            AlertSetting.Frequency.WEEKLY: _("You get a digest every Monday if there is something to tell."),
        }
        messages.success(request, said[AlertSetting.Frequency(setting.frequency)])
        return redirect("desk_alerts")


# The key in the URL is the authorization: mail programs have no session and no CSRF token.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class Unsubscribe(View):
    """Stop the digests of the setting with this key, on POST only, because mail scanners open links."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """Show the unsubscribe button, or say that no digests are sent."""
        return self.page(request, self.found(key))

    def post(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """Stop the digests; idempotent. Answers without a redirect, as RFC 8058 requires."""
        setting = self.found(key)
        setting.choose(AlertSetting.Frequency.OFF, timezone.now())
        return self.page(request, setting)

    def found(self, key: uuid.UUID) -> AlertSetting:
        """Return the setting with this key. Raises Http404."""
        return get_object_or_404(AlertSetting, key=key)

    def page(self, request: HttpRequest, setting: AlertSetting) -> HttpResponse:
        """Render the page, which does not reveal whose digests they are."""
        return render(request, "desk/alerts/unsubscribe.html", {"is_on": setting.is_on})
