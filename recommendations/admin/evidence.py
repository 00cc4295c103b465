"""Evidence: editable in drafts of one's own organisation, readable according to its access level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Max, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recommendations.actions.forms import AdminForm, VersionedForm
from recommendations.admin.base import TrackerAdmin, TrackerInline, excerpt
from recommendations.core.viewer import viewer
from recommendations.desk.entries import files
from recommendations.models import Evidence, FollowUp

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString


# Fields on the page of the entry and on the page of the evidence.
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


def may_edit(request: HttpRequest, entry: FollowUp) -> bool:
    """True if the entry is a draft or returned entry of one of this person's organisations."""
    own = entry.assessor_id in viewer(request).organisations
    return own and entry.stage in {FollowUp.Stage.DRAFT, FollowUp.Stage.RETURNED}


class EvidenceForm(AdminForm):
    """Evidence whose uploaded file is checked by content and stripped of metadata."""

    def clean_file(self) -> Any:
        """Return the stored file, or the newly uploaded one after cleaning."""
        file = self.cleaned_data["file"]
        return files.receive(file) if isinstance(file, UploadedFile) else file


class VersionedEvidenceForm(EvidenceForm, VersionedForm):
    """The evidence form on its own page, with version check."""


class EvidenceInline(TrackerInline):
    """The evidence of an entry: editable in a draft, read-only once published."""

    model = Evidence
    form = EvidenceForm
    fields = EVIDENCE_FIELDS
    readonly_fields = ("uploaded",)
    autocomplete_fields = ("paragraph",)
    select_related = ("paragraph__document", "follow_up")
    template = "admin/edit_inline/stacked.html"

    @admin.display(description=_("uploaded file"))
    def uploaded(self, obj: Evidence) -> SafeString | str:
        return file_link(obj)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the evidence that this person may see."""
        return super().get_queryset(request).visible_to(viewer(request))

    def has_add_permission(self, request: HttpRequest, obj: FollowUp | None = None) -> bool:
        return super().has_add_permission(request, obj) and (obj is None or may_edit(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or may_edit(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or may_edit(request, obj))


def file_link(obj: Evidence) -> SafeString | str:
    """Return a download link to the evidence's file, for staff who may see it."""
    if not obj.pk or not obj.file_key:
        return "–"
    address = reverse("evidence_file", args=[obj.file_key])
    level = gettext("%(level)s access") % {"level": obj.get_access_display().lower()}
    return format_html('<a href="{}">{}</a> ({})', address, gettext("Download"), level)


@admin.register(Evidence)
class EvidenceAdmin(TrackerAdmin):
    """Search and read evidence; it is added on the page of its entry."""

    form = VersionedEvidenceForm
    list_display = ("name", "kind", "stance", "access", "entry", "date")
    list_filter = ("kind", "stance", "access")
    search_fields = ("title", "text", "url", "follow_up__reference")
    ordering = ("-pk",)
    autocomplete_fields = ("follow_up", "paragraph")
    select_related = ("follow_up__recommendation", "follow_up__assessor", "paragraph__document")
    readonly_fields = ("uploaded",)
    fields = ("follow_up", *EVIDENCE_FIELDS)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the evidence this person may see; no role sees evidence private to other organisations."""
        return super().get_queryset(request).visible_to(viewer(request))

    def visible_history(self, request: HttpRequest, rows: Any) -> Any:
        """Return all versions for own organisations, and only the newest of other visible evidence."""
        organisations = viewer(request).organisations
        entries: Any = FollowUp.history
        own = FollowUp.objects.filter(assessor__in=organisations).values("pk")
        deleted = entries.filter(assessor_id__in=organisations, history_type="-").values("id")
        newest = Evidence.history.values("id").annotate(newest=Max("history_id")).values("newest")
        seen = Evidence.objects.visible_to(viewer(request)).values("pk")
        return rows.filter(
            Q(follow_up_id__in=own) | Q(follow_up_id__in=deleted) | Q(id__in=seen, history_id__in=newest)
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Evidence | None = None) -> Any:
        """Make the entry read-only: evidence cannot be moved to another entry."""
        return ("uploaded", "follow_up") if obj else ("uploaded",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: evidence is added on its entry's page, which checks that the entry is a draft."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Evidence | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_edit(request, obj.follow_up))

    def has_delete_permission(self, request: HttpRequest, obj: Evidence | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_edit(request, obj.follow_up))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Explain on POST that the evidence of a published entry cannot be changed."""
        kept = self.find(request, object_id) if object_id and request.method == "POST" else None
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
