"""Recommendations and State responses, with their tags, links and entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from recommendations.actions.forms import RecommendationForm
from recommendations.admin.base import AddOnlyInline, TrackerAdmin, TrackerInline, excerpt, mark, public_mark
from recommendations.admin.confirmation import PublicationActions
from recommendations.admin.filters import IssueFilter, MechanismFilter, PublicFilter, autocomplete_filter
from recommendations.admin.follow_up import own_organisations, record_new_entries, stage_mark
from recommendations.core.viewer import viewer
from recommendations.models import (
    Document,
    FollowUp,
    IssueTag,
    Recommendation,
    RecommendationLink,
    ResponseLink,
    Review,
    StateResponse,
)
from recommendations.models.statuses import STATUSES

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString


class IssueTagInline(TrackerInline):
    """The issues of a record."""

    model = IssueTag
    fields = ("issue", "origin")
    autocomplete_fields = ("issue",)
    select_related = ("issue__parent", "recommendation")


class ResponseInline(TrackerInline):
    """The State's responses to a record."""

    model = ResponseLink
    verbose_name = _("State response to it")
    verbose_name_plural = _("State responses to it")
    fields = ("response", "stance", "rationale", "confirmed")
    autocomplete_fields = ("response",)
    select_related = ("response", "recommendation")


class ChainInline(TrackerInline):
    """Chain links of a record to earlier or to later records; `other` is the field that is chosen."""

    model = RecommendationLink
    other: str
    select_related = ("earlier", "later")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return the other end and the fields of the link."""
        return (self.other, "relation", "rationale", "confirmed")

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Return the other end."""
        return (self.other,)


class EarlierInline(ChainInline):
    """Earlier records that asked the same."""

    fk_name = "later"
    other = "earlier"
    verbose_name = _("earlier record")
    verbose_name_plural = _("earlier records: what it takes up or repeats")


class LaterInline(ChainInline):
    """Later records that ask the same."""

    fk_name = "earlier"
    other = "later"
    verbose_name = _("later record")
    verbose_name_plural = _("later records: where it is taken up or repeated")


class FollowUpInline(AddOnlyInline):
    """The follow-up entries of a record; new ones are saved as drafts."""

    model = FollowUp
    verbose_name_plural = _(
        "follow-up entries: new ones are saved as drafts; evidence and publication are on their own page"
    )
    fields = ("state_of_entry", "role", "assessor", "status", "as_of", "summary", "confidence")
    readonly_fields = ("state_of_entry",)
    select_related = ("recommendation", "assessor__review__state")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the entries that this person may see."""
        return super().get_queryset(request).visible_to(viewer(request))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Limit the assessor to the person's own organisations."""
        if db_field.name == "assessor":
            kwargs |= own_organisations(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("publication"))
    def state_of_entry(self, obj: FollowUp) -> SafeString:
        return stage_mark(obj)


class PartInline(AddOnlyInline):
    """The parts of a compound recommendation."""

    model = Recommendation
    fk_name = "parent"
    verbose_name = _("part")
    verbose_name_plural = _("parts")
    fields = ("reference", "kind", "title", "published")
    readonly_fields = ("title",)
    max_num = 0

    @admin.display(description=_("title"))
    def title(self, obj: Recommendation) -> str:
        return obj.title

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AnsweredRecordInline(TrackerInline):
    """The records that a response answers."""

    model = ResponseLink
    verbose_name = _("record that it answers")
    verbose_name_plural = _("records that it answers")
    fields = ("recommendation", "stance", "rationale", "confirmed")
    autocomplete_fields = ("recommendation",)
    select_related = ("recommendation", "response")


class QuotedAdmin(PublicationActions, TrackerAdmin):
    """Base admin of recommendations and responses, which quote a paragraph and can be published."""

    search_fields = ("reference", "summary", "text")
    search_help_text = _("A reference, or words of the text or summary.")
    list_select_related = ("document__review__state",)
    actions = ("publish", "unpublish", "delete_selected")
    address_fields = ("reference",)
    list_filter: tuple[Any, ...] = (
        PublicFilter,
        MechanismFilter,
        autocomplete_filter(_("State"), (Review, "state"), "document__review__state"),
        autocomplete_filter(_("review"), (Document, "review"), "document__review"),
        autocomplete_filter(_("document"), (Recommendation, "document"), "document"),
    )

    @admin.display(description=_("words"))
    def words(self, obj: Recommendation | StateResponse) -> str:
        return excerpt(obj.summary or obj.text)

    @admin.display(description=_("review"))
    def review(self, obj: Recommendation | StateResponse) -> str:
        return f"{obj.document.review.state.iso3} {obj.document.review.short_label}"

    @admin.display(description=_("updated"), ordering="updated_at")
    def updated(self, obj: Recommendation | StateResponse) -> str:
        return date_format(timezone.localtime(obj.updated_at), "j M Y")

    @admin.display(description=_("publication"), ordering="published")
    def publication(self, obj: Recommendation | StateResponse) -> SafeString:
        if obj.published and not obj.document.published:
            return mark(gettext("Public, but its document is a draft"), "◍", "draft")
        return public_mark(obj.published)

    @admin.display(description=_("the whole paragraph"))
    def paragraph_text(self, obj: Recommendation | StateResponse) -> SafeString | str:
        if not obj.pk or not obj.paragraph:
            return "–"
        return format_html('<blockquote class="whole-paragraph">{}</blockquote>', obj.paragraph.text)

    @staticmethod
    def publication_effect(obj: Any) -> str:
        """Say that the record stays hidden while its document is a draft."""
        return (
            ""
            if obj.document.published
            else gettext("its document is a draft: it appears when the document is public")
        )

    def choice_label(self, obj: Any) -> str:
        return f"{obj.reference}: {excerpt(obj.summary or obj.text, 70)}"


@admin.register(Recommendation)
class RecommendationAdmin(QuotedAdmin):
    """Recommendations, concerns, questions and commendations."""

    form = RecommendationForm

    list_display = (
        "reference",
        "publication",
        "kind",
        "words",
        "review",
        "raised",
        "headline",
        "updated",
    )
    list_filter = (
        PublicFilter,
        "kind",
        "position",
        "selected_for_follow_up",
        *QuotedAdmin.list_filter[1:],
        autocomplete_filter(_("stakeholder"), (Recommendation, "raised_by"), "raised_by"),
        IssueFilter,
    )
    ordering = ("-updated_at",)
    autocomplete_fields = ("document", "paragraph", "raised_by", "groups", "parent")
    readonly_fields = ("publication", "paragraph_text", "updated_at", "part_link")
    inlines = (IssueTagInline, ResponseInline, EarlierInline, LaterInline, FollowUpInline, PartInline)
    fieldsets = (
        (None, {"fields": ("reference", "kind", "publication", "updated_at")}),
        (
            _("The words"),
            {"fields": ("document", "paragraph", "text", "paragraph_text", "summary", "locator")},
        ),
        (_("Who and whom"), {"fields": ("raised_by", "groups", "parent", "part_link")}),
        (
            _("The State’s position, and when it is due"),
            {"fields": ("position", "selected_for_follow_up", "due_on")},
        ),
    )

    def prepare_rows(self, rows: list[Recommendation]) -> None:
        """Attach stakeholders and headline status to the records of this page."""
        prefetch_related_objects(rows, "raised_by")
        of_page: Any = Recommendation.objects.filter(pk__in=[row.pk for row in rows]).order_by()
        statuses = dict(of_page.with_status().values_list("pk", "status")) if rows else {}
        for row in rows:
            row.headline_status = statuses.get(row.pk, FollowUp.NOT_ASSESSED)  # type: ignore[attr-defined]  # shown by the list alone

    @admin.display(description=_("raised by"))
    def raised(self, obj: Recommendation) -> str:
        names = [stakeholder.short for stakeholder in obj.raised_by.all()]
        more = len(names) - 4
        if more <= 0:
            return ", ".join(names)
        words = ngettext("%(names)s and %(n)s more", "%(names)s and %(n)s more", more)
        return words % {"names": ", ".join(names[:4]), "n": more}

    @admin.display(description=_("status"))
    def headline(self, obj: Any) -> SafeString:
        status = STATUSES[obj.headline_status]
        return mark(status.label_for(obj.kind), status.symbol, status.admin_tone)

    @admin.display(description=_("parts"))
    def part_link(self, obj: Recommendation) -> SafeString | str:
        if not obj.pk:
            return "–"
        values: dict[str, Any] = {"parent": obj.pk, "document": obj.document_id, "kind": obj.kind}
        if obj.paragraph_id:
            values["paragraph"] = obj.paragraph_id
        address = reverse("admin:recommendations_recommendation_add")
        return format_html('<a href="{}?{}">{}</a>', address, urlencode(values), gettext("Add a part"))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Set `recorded_by` on new follow-up entries."""
        if formset.model is FollowUp:
            record_new_entries(formset, request.user)
        super().save_formset(request, form, formset, change)


@admin.register(StateResponse)
class StateResponseAdmin(QuotedAdmin):
    """State responses."""

    list_display = ("reference", "publication", "words", "review", "speaker", "date", "updated")
    list_filter = (*QuotedAdmin.list_filter, "speaker")
    ordering = ("-pk",)
    autocomplete_fields = ("document", "paragraph")
    readonly_fields = ("publication", "paragraph_text", "updated_at")
    inlines = (AnsweredRecordInline,)
    fieldsets = (
        (None, {"fields": ("reference", "publication", "updated_at")}),
        (
            _("The words"),
            {"fields": ("document", "paragraph", "text", "paragraph_text", "summary", "locator")},
        ),
        (_("Who spoke, and when"), {"fields": ("speaker", "date")}),
    )
