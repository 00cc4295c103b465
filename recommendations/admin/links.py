"""Response links, chain links and issue tags, with actions to confirm or dismiss suggestions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recommendations.admin.base import TrackerAdmin, excerpt, mark
from recommendations.admin.confirmation import SuggestionActions
from recommendations.admin.filters import ConfirmedFilter, autocomplete_filter
from recommendations.models import IssueTag, RecommendationLink, ResponseLink

if TYPE_CHECKING:
    from django.utils.safestring import SafeString


def confirmed_mark(confirmed: bool) -> SafeString:
    """Return the mark of a confirmed or suggested link."""
    return (
        mark(gettext("Confirmed"), "✓", "public") if confirmed else mark(gettext("Suggested"), "?", "draft")
    )


class LinkAdmin(SuggestionActions, TrackerAdmin):
    """Base admin of the two kinds of links."""

    actions = ("confirm_suggestions", "dismiss_suggestions", "delete_selected")
    ordering = ("-pk",)

    @admin.display(description=_("judgement"), ordering="confirmed")
    def judgement(self, obj: ResponseLink | RecommendationLink) -> SafeString:
        return confirmed_mark(obj.confirmed)

    @admin.display(description=_("why"))
    def why(self, obj: ResponseLink | RecommendationLink) -> str:
        return excerpt(obj.rationale)


@admin.register(ResponseLink)
class ResponseLinkAdmin(LinkAdmin):
    """Links from a State response to the record it answers, with its stance."""

    list_display = ("response", "recommendation", "stance", "why", "judgement")
    list_display_links = ("response", "recommendation")
    list_filter = (
        ConfirmedFilter,
        "stance",
        autocomplete_filter(_("response"), (ResponseLink, "response"), "response"),
        autocomplete_filter(_("recommendation"), (ResponseLink, "recommendation"), "recommendation"),
    )
    search_fields = ("response__reference", "recommendation__reference", "rationale")
    autocomplete_fields = ("response", "recommendation")
    select_related = ("response", "recommendation")
    fields = ("response", "recommendation", "stance", "rationale", "confirmed")


@admin.register(RecommendationLink)
class RecommendationLinkAdmin(LinkAdmin):
    """Chain links from an earlier record to a later one that asks the same."""

    list_display = ("earlier", "later", "relation", "why", "judgement")
    list_display_links = ("earlier", "later")
    list_filter = (
        ConfirmedFilter,
        "relation",
        autocomplete_filter(_("earlier record"), (RecommendationLink, "earlier"), "earlier"),
        autocomplete_filter(_("later record"), (RecommendationLink, "later"), "later"),
    )
    search_fields = ("earlier__reference", "later__reference", "rationale")
    autocomplete_fields = ("earlier", "later")
    select_related = ("earlier", "later")
    fields = ("earlier", "later", "relation", "rationale", "confirmed")


@admin.register(IssueTag)
class IssueTagAdmin(SuggestionActions, TrackerAdmin):
    """Issue tags of records; confirming a suggested tag changes its origin to editor."""

    list_display = ("recommendation", "issue", "origin")
    list_filter = (
        "origin",
        autocomplete_filter(_("issue"), (IssueTag, "issue"), "issue"),
        autocomplete_filter(_("recommendation"), (IssueTag, "recommendation"), "recommendation"),
    )
    search_fields = ("recommendation__reference", "issue__name", "issue__path")
    ordering = ("-pk",)
    autocomplete_fields = ("recommendation", "issue")
    select_related = ("recommendation", "issue__parent")
    fields = ("recommendation", "issue", "origin")
    actions = ("confirm_suggestions", "dismiss_suggestions", "delete_selected")

    def is_suggestion(self, obj: IssueTag) -> bool:
        return obj.origin == IssueTag.Origin.SUGGESTION

    def accept(self, obj: IssueTag) -> None:
        """Change the origin of the suggested tag to editor."""
        obj.origin = IssueTag.Origin.EDITOR
        obj.save()
