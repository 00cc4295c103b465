"""Stakeholders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from recommendations.admin.base import TrackerAdmin, public_mark
from recommendations.admin.confirmation import PublicationActions
from recommendations.admin.filters import PublicFilter, autocomplete_filter
from recommendations.admin.sources import list_link
from recommendations.models import FollowUp, Recommendation, Stakeholder

if TYPE_CHECKING:
    from django.utils.safestring import SafeString


@admin.register(Stakeholder)
class StakeholderAdmin(PublicationActions, TrackerAdmin):
    """Stakeholders of every kind."""

    list_display = ("name", "acronym", "kind", "of", "record_count", "publication")
    list_filter = (
        PublicFilter,
        "kind",
        autocomplete_filter(_("review"), (Stakeholder, "review"), "review"),
    )
    search_fields = ("name", "acronym", "slug")
    ordering = ("name", "slug")
    autocomplete_fields = ("review", "state", "members")
    select_related = ("review__state", "state")
    readonly_fields = ("publication", "record_list")
    actions = ("publish", "unpublish", "delete_selected")
    address_fields = ("slug",)
    fieldsets = (
        (None, {"fields": ("name", "acronym", "kind", "slug", "publication", "record_list")}),
        (_("Where it belongs"), {"fields": ("review", "state", "members")}),
        (None, {"fields": ("note",)}),
    )

    def prepare_rows(self, rows: list[Stakeholder]) -> None:
        """Attach the number of records raised to the stakeholders of this page."""
        through = Recommendation.raised_by.through._default_manager
        raised = through.filter(stakeholder__in=[row.pk for row in rows])
        totals = dict(raised.order_by().values_list("stakeholder").annotate(Count("pk")))
        for row in rows:
            row.record_total = totals.get(row.pk, 0)  # type: ignore[attr-defined]  # shown by the list alone

    @admin.display(description=_("of"))
    def of(self, obj: Stakeholder) -> str:
        return f"{obj.review.state}, {obj.review.short_label}" if obj.review else str(obj.state or "")

    @admin.display(description=_("records"))
    def record_count(self, obj: Any) -> SafeString:
        return list_link("recommendation", f"raised_by={obj.pk}", str(obj.record_total))

    @admin.display(description=_("records"))
    def record_list(self, obj: Stakeholder) -> SafeString | str:
        count = obj.recommendations.count() if obj.pk else 0
        return (
            list_link(
                "recommendation",
                f"raised_by={obj.pk}",
                ngettext("%(n)s record", "%(n)s records", count) % {"n": count},
            )
            if obj.pk
            else "–"
        )

    @admin.display(description=_("publication"), ordering="published")
    def publication(self, obj: Stakeholder) -> SafeString:
        return public_mark(obj.published)

    @staticmethod
    def publication_effect(obj: Stakeholder) -> str:
        """Say on how many public records and entries the name appears or disappears."""
        records = Recommendation.objects.published().filter(raised_by=obj).count()
        entries = FollowUp.objects.published().filter(assessor=obj).count()
        words = gettext("its name, on %(records)s public records and %(entries)s public entries of follow-up")
        return words % {"records": records, "entries": entries}

    def choice_label(self, obj: Stakeholder) -> str:
        of = f" – {obj.review.short_label}, {obj.review.state}" if obj.review else ""
        return f"{obj}{of}"
