"""The issue tree and the population groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from recommendations.admin.base import TrackerAdmin
from recommendations.admin.filters import autocomplete_filter
from recommendations.admin.sources import list_link
from recommendations.models import Issue, IssueTag, PopulationGroup

if TYPE_CHECKING:
    from django.utils.safestring import SafeString


@admin.register(Issue)
class IssueAdmin(TrackerAdmin):
    """Issues, in tree order."""

    list_display = ("__str__", "path", "uhri_theme", "targets", "record_count")
    list_filter = (autocomplete_filter(_("parent"), (Issue, "parent"), "parent"),)
    search_fields = ("name", "path", "uhri_theme")
    ordering = ("path",)
    autocomplete_fields = ("parent",)
    select_related = ("parent",)
    # Old paths of a moved issue still redirect to it by its slug.
    address_fields = ("slug",)
    fields = ("name", "slug", "parent", "position", "uhri_theme", "sdg_targets")

    def prepare_rows(self, rows: list[Issue]) -> None:
        """Count the records tagged directly with the issues of this page."""
        tags = IssueTag.objects.filter(issue__in=[row.pk for row in rows])
        totals = dict(tags.order_by().values_list("issue").annotate(Count("pk")))
        for row in rows:
            row.record_total = totals.get(row.pk, 0)  # type: ignore[attr-defined]  # shown by the list alone

    @admin.display(description=_("SDG targets"))
    def targets(self, obj: Issue) -> str:
        return ", ".join(map(str, obj.sdg_targets or []))

    @admin.display(description=_("records"))
    def record_count(self, obj: Any) -> SafeString:
        return list_link("recommendation", f"issue={obj.pk}", str(obj.record_total))


@admin.register(PopulationGroup)
class PopulationGroupAdmin(TrackerAdmin):
    """Population groups."""

    list_display = ("name", "slug", "position")
    search_fields = ("name", "slug")
    fields = ("name", "slug", "position")
