"""The log of follow-up and its evidence: drafts are edited, published entries are read and corrected."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.http import FileResponse, Http404, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recommendations.models import Evidence, FollowUp

from .base import TrackerAdmin, TrackerInline, excerpt, public_mark
from .confirmation import publish_entries
from .filters import PublishedEntryFilter, autocomplete_filter
from .forms import VersionedForm

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from django.utils.safestring import SafeString
    from django_stubs_ext import StrOrPromise


# On the page of the entry and on the evidence's own.
EVIDENCE_FIELDS = (
    "position",
    "kind",
    "stance",
    "access",
    "title",
    "date",
    "paragraph",
    "text",
    "url",
    "file",
    "uploaded",
)


def record_new_entries(formset: Any, user: Any) -> None:
    """Set who recorded the new entries of a formset."""
    for form in formset.extra_forms:
        if form.has_changed():
            form.instance.recorded_by = user


class FollowUpForm(VersionedForm):
    """An entry, and the choice to publish it with its evidence at once."""

    publish_now = forms.BooleanField(
        required=False,
        label=_("Publish now"),
        help_text=_("For good: a published entry never changes. Leave this empty to keep a draft."),
    )
    not_compared = frozenset({"version", "publish_now"})


class EvidenceInline(TrackerInline):
    """The evidence of an entry: edited with a draft, only read once it is published."""

    model = Evidence
    fields = EVIDENCE_FIELDS
    readonly_fields = ("uploaded",)
    autocomplete_fields = ("paragraph",)
    select_related = ("paragraph__document", "follow_up")
    template = "admin/edit_inline/stacked.html"

    @admin.display(description=_("uploaded file"))
    def uploaded(self, obj: Evidence) -> SafeString | str:
        return file_link(obj)

    def has_add_permission(self, request: HttpRequest, obj: FollowUp | None = None) -> bool:
        return super().has_add_permission(request, obj) and not (obj and obj.is_published)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.is_published)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.is_published)


@admin.register(FollowUp)
class FollowUpAdmin(TrackerAdmin):
    """Entries of the log."""

    form = FollowUpForm
    change_form_template = "admin/tracker/follow_up_form.html"
    list_display = (
        "record",
        "publication",
        "status",
        "role",
        "assessor_name",
        "as_of",
        "words",
        "recorded_by",
    )
    list_filter = (
        PublishedEntryFilter,
        "role",
        "status",
        "confidence",
        autocomplete_filter(_("recommendation"), (FollowUp, "recommendation"), "recommendation"),
        autocomplete_filter(_("assessor"), (FollowUp, "assessor"), "assessor"),
    )
    search_fields = ("reference", "summary", "assessor__name", "assessor__acronym")
    ordering = ("-pk",)
    autocomplete_fields = ("recommendation", "assessor", "replaces")
    select_related = ("recommendation", "assessor__review__state", "recorded_by")
    readonly_fields = ("publication", "reference", "recorded_by", "recorded_at", "published_at")
    inlines = (EvidenceInline,)
    actions = ("publish", "delete_selected")

    def get_fieldsets(self, request: HttpRequest, obj: FollowUp | None = None) -> Any:
        """The choice to publish is for drafts, and for those who may change entries."""
        publish = ["publish_now"] if self._may_publish(request, obj) else []
        log = ["publication", "reference", "recorded_by", "recorded_at", "published_at"] if obj else []
        sets: list[tuple[StrOrPromise | None, dict[str, Any]]] = [
            (
                None,
                {
                    "fields": [
                        "recommendation",
                        "role",
                        "assessor",
                        "status",
                        "as_of",
                        "summary",
                        "confidence",
                    ]
                },
            ),
            (gettext("The body’s own grade"), {"fields": ["grade", "grade_scheme"]}),
            (gettext("Only for a correction"), {"fields": ["replaces", "correction_reason"]}),
        ]
        if log or publish:
            sets.append((gettext("Publication"), {"fields": [*log, *publish]}))
        return sets

    def get_readonly_fields(self, request: HttpRequest, obj: FollowUp | None = None) -> Any:
        """An entry stays with its record: its reference is made from it."""
        return (*self.readonly_fields, "recommendation") if obj else self.readonly_fields

    def _may_publish(self, request: HttpRequest, obj: FollowUp | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.is_published)

    def has_change_permission(self, request: HttpRequest, obj: FollowUp | None = None) -> bool:
        """Never for a published entry."""
        return super().has_change_permission(request, obj) and not (obj and obj.is_published)

    def why_kept(self, obj: FollowUp) -> str:
        return str(FollowUp.APPEND_ONLY) if obj.is_published else ""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Say kindly that a published entry stays as it is; show what corrects it, or how to."""
        entry = self.find(object_id) if object_id else None
        entry = entry if entry and entry.is_published else None
        if entry and request.method == "POST" and super().has_change_permission(request):
            return self.back_to_record(request, entry, str(FollowUp.APPEND_ONLY))
        if entry:
            extra_context = {
                **(extra_context or {}),
                "published_entry": entry,
                "correction": FollowUp.objects.filter(replaces=entry).first(),
                "correct_address": self._correct_address(entry) if self.has_add_permission(request) else "",
            }
        response: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        return response

    def _correct_address(self, entry: FollowUp) -> str:
        values = {
            "recommendation": entry.recommendation_id,
            "role": entry.role,
            "assessor": entry.assessor_id,
            "replaces": entry.pk,
        }
        return f"{self.address('add')}?{urlencode(values)}"

    def save_model(self, request: HttpRequest, obj: FollowUp, form: Any, change: bool) -> None:
        """The one who writes a new entry is who recorded it."""
        if not change:
            obj.recorded_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Publish, if that was chosen, once the evidence is there."""
        super().save_related(request, form, formsets, change)
        if form.cleaned_data.get("publish_now") and self._may_publish(request, form.instance):
            form.instance._change_reason = "Published"
            form.instance.publish()
            self.message_user(request, gettext("The entry is published."), messages.SUCCESS)

    @admin.action(permissions=["change"], description=_("Publish…"))
    def publish(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Publish the selected drafts, for good."""
        return publish_entries(self, request, queryset)

    def page_actions(self, request: HttpRequest, obj: FollowUp) -> list[tuple[str, StrOrPromise]]:
        """Buttons of the entry's page."""
        return [("publish", gettext("Publish…"))] if self.has_change_permission(request, obj) else []

    @admin.display(description=_("record"), ordering="recommendation")
    def record(self, obj: FollowUp) -> str:
        return obj.recommendation.reference

    @admin.display(description=_("assessor"))
    def assessor_name(self, obj: FollowUp) -> str:
        return obj.assessor.short

    @admin.display(description=_("why"))
    def words(self, obj: FollowUp) -> str:
        return excerpt(obj.summary)

    @admin.display(description=_("publication"), ordering="published_at")
    def publication(self, obj: FollowUp) -> SafeString:
        return public_mark(obj.is_published)


def file_link(obj: Evidence) -> SafeString | str:
    """A link by which staff who may see the evidence download its file."""
    if not obj.pk or not obj.file:
        return "–"
    address = reverse("admin:recommendations_evidence_file", args=[obj.pk])
    level = gettext("%(level)s access") % {"level": obj.get_access_display().lower()}
    return format_html('<a href="{}">{}</a> ({})', address, gettext("Download"), level)


@admin.register(Evidence)
class EvidenceAdmin(TrackerAdmin):
    """All evidence, to find and to read; it is added and edited with its entry."""

    list_display = ("name", "kind", "stance", "access", "entry", "date")
    list_filter = ("kind", "stance", "access")
    search_fields = ("title", "text", "url", "follow_up__reference")
    ordering = ("-pk",)
    autocomplete_fields = ("follow_up", "paragraph")
    select_related = ("follow_up__recommendation", "follow_up__assessor", "paragraph__document")
    readonly_fields = ("uploaded",)
    fields = ("follow_up", *EVIDENCE_FIELDS)

    def get_urls(self) -> list[Any]:
        """The file's address before Django's own catch-all."""
        view = self.admin_site.admin_view(self.file_view)
        return [path("<int:pk>/file/", view, name="recommendations_evidence_file"), *super().get_urls()]

    def file_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The uploaded file, always as a download: what others uploaded never runs on this site."""
        evidence = Evidence.objects.filter(pk=pk).first()
        if evidence is None or not evidence.file or not self.has_view_permission(request, evidence):
            raise Http404
        try:
            content = evidence.file.open("rb")
        except FileNotFoundError as error:
            raise Http404("The file is missing.") from error
        name = PurePath(str(evidence.file)).name
        return FileResponse(
            content, as_attachment=True, filename=name, content_type="application/octet-stream"
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Evidence | None = None) -> Any:
        """Evidence stays with its entry."""
        return ("uploaded", "follow_up") if obj else ("uploaded",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Evidence is added on its entry's page, where it is known to be a draft."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Evidence | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.follow_up.is_published)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Say kindly that the evidence of a published entry stays as it is."""
        kept = self.find(object_id) if object_id and request.method == "POST" else None
        if kept and kept.follow_up.is_published and super().has_change_permission(request):
            return self.back_to_record(request, kept, str(FollowUp.APPEND_ONLY))
        response: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        return response

    def why_kept(self, obj: Evidence) -> str:
        return str(FollowUp.APPEND_ONLY) if obj.follow_up.is_published else ""

    @admin.display(description=_("evidence"))
    def name(self, obj: Evidence) -> str:
        return excerpt(str(obj), 60)

    @admin.display(description=_("entry"), ordering="follow_up")
    def entry(self, obj: Evidence) -> str:
        return str(obj.follow_up)

    @admin.display(description=_("uploaded file"))
    def uploaded(self, obj: Evidence) -> SafeString | str:
        return file_link(obj)
