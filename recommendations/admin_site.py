"""The admin site. Outside the admin package, because importing that package registers on this site."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommendations.accounts.sessions import clear_browser_storage
from recommendations.core.http import is_id
from recommendations.core.viewer import viewer_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model
    from django.http import HttpRequest
    from django.http.response import HttpResponse, HttpResponseBase
    from django.template.response import TemplateResponse

    AdminView = TypeVar("AdminView", bound=Callable[..., HttpResponseBase])


METHODS = ("GET", "HEAD", "POST", "OPTIONS")


def drop_impossible_rows(request: HttpRequest) -> None:
    """Take from a list's form the chosen rows that cannot exist; Django would ask the database for them."""
    chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
    possible = [row for row in chosen if is_id(row)]
    if possible != chosen:
        post = request.POST.copy()
        post.setlist(ACTION_CHECKBOX_NAME, possible)
        request.POST = post  # type: ignore[assignment]


class LabelledAutocomplete(AutocompleteJsonView):
    """Autocomplete whose choices say more than `str()`: each model's admin may label its own."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        """The id, and the words an editor recognises the row by."""
        label = getattr(self.model_admin, "choice_label", str)
        return {"id": str(getattr(obj, to_field_name)), "text": label(obj)}


class TrackerAdminSite(admin.AdminSite):
    """Django's admin under the tracker's name."""

    site_header = _("Recommendation Tracker")
    site_title = _("Recommendation Tracker")
    index_title = _("Records")
    # The lists need the width; the index and the breadcrumbs lead everywhere.
    enable_nav_sidebar = False
    # The records first, in the order in which they are made; then what they refer to.
    order = (
        "Recommendation",
        "StateResponse",
        "FollowUp",
        "ResponseLink",
        "RecommendationLink",
        "IssueTag",
        "Evidence",
        "Document",
        "Paragraph",
        "Review",
        "Stakeholder",
        "Issue",
        "PopulationGroup",
        "State",
        "Grade",
        "ReportingTime",
        "Membership",
    )

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever edits or administers; a role is enough, without Django's own mark of staff."""
        viewer = viewer_of(request.user)
        return viewer.edits or viewer.administers or super().has_permission(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The one way in, with its second factor; for who is in and may not come here, 403."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"))

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Where everyone changes it."""
        return redirect("account_change_password")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Django's, with the browser emptied as by signing out at the desk."""
        response = super().logout(request, extra_context)
        clear_browser_storage(response)
        return response

    def get_urls(self) -> list[Any]:
        """Django's, without the address that leads to the public page of any row, whoever may see the row."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def admin_view(self, view: AdminView, cacheable: bool = False) -> AdminView:
        """Django's, for every model of the site, also those of other apps; read and sent by forms only."""

        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in METHODS:
                return HttpResponseNotAllowed(METHODS)
            drop_impossible_rows(request)
            return view(request, *args, **kwargs)

        return super().admin_view(cast("AdminView", checked), cacheable)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """The JSON behind every autocomplete field."""
        return LabelledAutocomplete.as_view(admin_site=self)(request)  # type: ignore[return-value]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The models in the order an editor works in, not by the alphabet."""
        place = {name: n for n, name in enumerate(self.order)}
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: (place.get(model["object_name"], len(place)), model["name"]))
        return sorted(apps, key=lambda app: app["app_label"] != "recommendations")
