"""The admin site. Outside the admin package, because importing that package registers on this site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest, HttpResponse


class LabelledAutocomplete(AutocompleteJsonView):
    """Autocomplete whose choices say more than `str()`: each model's admin may label its own."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        """The id, and the words an editor recognises the row by."""
        label = getattr(self.model_admin, "choice_label", str)
        return {"id": str(getattr(obj, to_field_name)), "text": label(obj)}


class TrackerAdminSite(admin.AdminSite):
    """Django's admin under the tracker's name."""

    site_header = "Recommendation Tracker"
    site_title = "Recommendation Tracker"
    index_title = "Records"
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
    )

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
