"""Follow-up entries: edit drafts of one's own organisation, read and correct published entries.

The rules are those of the desk: `FollowUpQuerySet.visible_to` for reading,
`recommendations/actions/review_workflow.py` for submitting and publishing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recommendations.actions import review_workflow
from recommendations.actions.forms import VersionedForm
from recommendations.admin.base import TrackerAdmin, excerpt, mark, public_mark
from recommendations.admin.confirmation import publish_entries
from recommendations.admin.evidence import EvidenceInline, may_edit
from recommendations.admin.filters import PublishedEntryFilter, autocomplete_filter
from recommendations.core.viewer import viewer
from recommendations.models import FollowUp, Stakeholder

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString
    from django_stubs_ext import StrOrPromise

STAGE_SYMBOLS = {
    FollowUp.Stage.DRAFT: "○",
    FollowUp.Stage.SUBMITTED: "◔",
    FollowUp.Stage.RETURNED: "↩",
    FollowUp.Stage.REJECTED: "✗",
}


def stage_mark(entry: FollowUp) -> SafeString:
    """Return the mark of an entry's stage."""
    if entry.withdrawn_at:
        return mark(gettext("Withdrawn"), "⊘", "draft")
    if entry.is_published:
        return public_mark(True)
    return mark(entry.get_stage_display(), STAGE_SYMBOLS[FollowUp.Stage(entry.stage)], "draft")


def own_organisations(request: HttpRequest) -> dict[str, Any]:
    """Return queryset and help text of the assessor field: the person's own organisations."""
    ids = viewer(request).organisations
    words = gettext("An entry is made in the name of an organisation that you work for.")
    none = gettext("You work for no organisation here yet: an administrator can change that.")
    return {
        "queryset": Stakeholder.objects.filter(pk__in=ids).select_related("review__state"),
        "help_text": words if ids else f"{words} {none}",
    }


def record_new_entries(formset: Any, user: Any) -> None:
    """Set `recorded_by` on the new entries of a formset."""
    for form in formset.extra_forms:
        if form.has_changed():
            form.instance.recorded_by = user


class FollowUpForm(VersionedForm):
    """An entry, with the option to submit or publish it together with its evidence."""

    submit_now = forms.BooleanField(
        required=False,
        label=_("Submit for review"),
        help_text=_("Somebody else then publishes it. Leave this empty to keep a draft."),
    )
    publish_now = forms.BooleanField(
        required=False,
        label=_("Publish now"),
        help_text=_("For good: a published entry never changes. Leave this empty to keep a draft."),
    )
    not_compared = frozenset({"version", "publish_now", "submit_now"})


@admin.register(FollowUp)
class FollowUpAdmin(TrackerAdmin):
    """Follow-up entries."""

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
        "stage",
        "role",
        "status",
        "confidence",
        autocomplete_filter(_("recommendation"), (FollowUp, "recommendation"), "recommendation"),
        autocomplete_filter(_("assessor"), (FollowUp, "assessor"), "assessor"),
    )
    search_fields = ("reference", "summary", "assessor__name", "assessor__acronym")
    ordering = ("-pk",)
    autocomplete_fields = ("recommendation", "replaces")
    select_related = ("recommendation", "assessor__review__state", "recorded_by")
    readonly_fields = ("publication", "reference", "recorded_by", "recorded_at", "published_at")
    inlines = (EvidenceInline,)
    actions = ("publish", "delete_selected")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the entries this person may see; no role sees unsubmitted drafts of other organisations."""
        return super().get_queryset(request).visible_to(viewer(request))

    def visible_history(self, request: HttpRequest, rows: Any) -> Any:
        """Return all versions for own organisations, and the submitted or published ones of other entries."""
        who = viewer(request)
        stages = [FollowUp.Stage.PUBLISHED, *([FollowUp.Stage.SUBMITTED] if who.reviews else [])]
        seen = FollowUp.objects.visible_to(who).values("pk")
        return rows.filter(Q(assessor_id__in=who.organisations) | Q(id__in=seen, stage__in=stages))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Limit the assessor and the entries to correct to the person's own organisations."""
        if db_field.name == "assessor":
            kwargs |= own_organisations(request)
        if db_field.name == "replaces":
            # Validation on others' entries would reveal whether a correction is being drafted.
            own = viewer(request).organisations
            kwargs["queryset"] = FollowUp.objects.published().filter(assessor__in=own)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: FollowUp | None = None) -> Any:
        """Offer `publish_now` or `submit_now` to people who may do so."""
        publish: list[str] = []
        if self._may_publish(request, obj):
            publish = ["publish_now"]
        elif self._may_submit(request, obj):
            publish = ["submit_now"]
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
        """Make the recommendation of a stored entry read-only, because its reference is derived from it."""
        return (*self.readonly_fields, "recommendation") if obj else self.readonly_fields

    def _may_submit(self, request: HttpRequest, obj: FollowUp | None = None) -> bool:
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return may_write and viewer(request).logs

    def _may_publish(self, request: HttpRequest, obj: FollowUp | None = None) -> bool:
        entry = obj or FollowUp(recorded_by=request.user)  # type: ignore[misc]  # sign-in is required
        return self._may_submit(request, obj) and not review_workflow.why_not_approve(entry, viewer(request))

    def has_review_permission(self, request: HttpRequest) -> bool:
        """True for reviewers; the `publish` action requires this permission."""
        return viewer(request).reviews

    def has_change_permission(self, request: HttpRequest, obj: FollowUp | None = None) -> bool:
        """Allow changes to drafts and returned entries of the person's organisations."""
        return super().has_change_permission(request, obj) and (obj is None or may_edit(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: FollowUp | None = None) -> bool:
        """Allow deletion of entries of the person's organisations; `why_kept` protects published ones."""
        own = obj is None or obj.assessor_id in viewer(request).organisations
        return super().has_delete_permission(request, obj) and own

    def why_kept(self, obj: FollowUp) -> str:
        if obj.stage == FollowUp.Stage.SUBMITTED:
            return gettext("“%(entry)s” waits for review, and stays until it is decided.") % {"entry": obj}
        return str(FollowUp.APPEND_ONLY) if obj.is_published else ""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Explain that a published entry cannot change; show its correction or how to make one."""
        entry = self.find(request, object_id) if object_id else None
        entry = entry if entry and entry.is_published else None
        if entry and request.method == "POST" and super().has_change_permission(request):
            return self.back_to_record(request, entry, str(FollowUp.APPEND_ONLY))
        if entry:
            may_correct = self.has_add_permission(request) and not entry.withdrawn_at
            extra_context = {
                **(extra_context or {}),
                "published_entry": entry,
                "correction": self.get_queryset(request).filter(replaces=entry).first(),
                "correct_address": self._correct_address(entry) if may_correct else "",
                "may_withdraw": viewer(request).withdraws,
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
        """Set `recorded_by` of a new entry; never change it or the stage later.

        Only the workflow changes the stage, also when reverting to an earlier version.
        """
        if change:
            stored = FollowUp._base_manager.get(pk=obj.pk)
            obj.recorded_by, obj.stage = stored.recorded_by, stored.stage
        else:
            obj.recorded_by = request.user  # type: ignore[assignment]  # sign-in is required
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Submit or publish the entry if requested, after its evidence is saved."""
        super().save_related(request, form, formsets, change)
        entry, chosen = form.instance, form.cleaned_data
        publish = bool(chosen.get("publish_now")) and self._may_publish(request, entry)
        if not (publish or (chosen.get("submit_now") and self._may_submit(request, entry))):
            return
        try:
            told = self._hand_on(entry, request.user, publish=publish)
        except review_workflow.WorkflowError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        except PermissionDenied as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, told, messages.SUCCESS)

    def _hand_on(self, entry: FollowUp, by: Any, *, publish: bool) -> str:
        """Submit the entry and optionally publish it; return the message for the user."""
        submitted = review_workflow.submit(entry, by=by)
        if not publish:
            return gettext("The entry is submitted for review.")
        review_workflow.approve(submitted, by=by)
        return gettext("The entry is published.")

    @admin.action(permissions=["review"], description=_("Publish…"))
    def publish(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Permanently publish the selected entries that wait for review."""
        return publish_entries(self, request, queryset)

    def page_actions(self, request: HttpRequest, obj: FollowUp) -> list[tuple[str, StrOrPromise]]:
        """Return the publish button of the entry's page, if the person may approve it."""
        waits = obj.stage == FollowUp.Stage.SUBMITTED
        ready = waits and not review_workflow.why_not_approve(obj, viewer(request))
        return [("publish", gettext("Publish…"))] if ready else []

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
        return stage_mark(obj)
