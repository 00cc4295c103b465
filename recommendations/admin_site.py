"""The admin site. Kept outside the admin package, because importing that package registers models on it."""

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


def drop_invalid_row_ids(request: HttpRequest) -> None:
    """Remove invalid ids from the rows selected in a list; Django would pass them to the database."""
    chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
    possible = [row for row in chosen if is_id(row)]
    if possible != chosen:
        post = request.POST.copy()
        post.setlist(ACTION_CHECKBOX_NAME, possible)
        request.POST = post  # type: ignore[assignment]  # a copy may be changed; Django only reads it


class LabelledAutocomplete(AutocompleteJsonView):
    """Autocomplete that labels choices by their admin's `choice_label`, which says more than `str()`."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        """Return the id and label of a row."""
        label = getattr(self.model_admin, "choice_label", str)
        return {"id": str(getattr(obj, to_field_name)), "text": label(obj)}


class TrackerAdminSite(admin.AdminSite):
    """The tracker's admin site, open to roles and without links that reveal hidden rows."""

    site_header = _("Recommendation Tracker")
    site_title = _("Recommendation Tracker")
    index_title = _("Records")
    # Lists need the full width; the index and the breadcrumbs suffice for navigation.
    enable_nav_sidebar = False
    # Records first, in the order in which they are created; then the models they refer to.
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
        """True for editors and administrators by role, and for users with Django's `is_staff`."""
        viewer = viewer_of(request.user)
        return viewer.edits or viewer.administers or super().has_permission(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Redirect to the site's sign-in with its second factor; 403 for signed-in users without access."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"))

    def password_change(  # type: ignore[override]  # a redirect instead of a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect to the site's page for changing the password."""
        return redirect("account_change_password")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Log out and clear the browser's storage, as signing out at the desk does."""
        response = super().logout(request, extra_context)
        clear_browser_storage(response)
        return response

    def get_urls(self) -> list[Any]:
        """Leave out `view_on_site`, which redirects to any row's page without checking who may see it."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def admin_view(self, view: AdminView, cacheable: bool = False) -> AdminView:
        """Allow only METHODS and drop invalid row ids, on all admin pages, also of other apps."""

        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in METHODS:
                return HttpResponseNotAllowed(METHODS)
            drop_invalid_row_ids(request)
            return view(request, *args, **kwargs)

        return super().admin_view(cast("AdminView", checked), cacheable)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Answer the requests of autocomplete fields as JSON."""
        return LabelledAutocomplete.as_view(admin_site=self)(request)  # type: ignore[return-value]  # the view returns no stream

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Sort the models by `order` instead of alphabetically."""
        place = {name: n for n, name in enumerate(self.order)}
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: (place.get(model["object_name"], len(place)), model["name"]))
        return sorted(apps, key=lambda app: app["app_label"] != "recommendations")
