"""Entries of one's own organisations that are not published: written on, read, handed in, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.accounts.views import DeskView
from recommendations.actions import review_workflow
from recommendations.desk.entries import records, services
from recommendations.desk.entries.entry_form import Setting, Sheet, written
from recommendations.desk.entries.entry_form_view import SheetView
from recommendations.desk.entries.services import NotEditableError
from recommendations.models import FollowUp, Recommendation

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class EntryPage(SheetView):
    """A draft of one's own organisation: its sheet while it may be changed, else what it says."""

    def entry(self, pk: int) -> FollowUp:
        """The entry, of any stage; 404 for another organisation's."""
        own = FollowUp.objects.filter(assessor__in=self.viewer.organisations)
        return get_object_or_404(own.select_related("recommendation", "assessor", "replaces"), pk=pk)

    def setting(self, entry: FollowUp) -> Setting:
        """What the sheet is about."""
        loaded = records.loaded(Recommendation.objects.all(), [entry.recommendation_id])
        return Setting(services.assessors(self.viewer), loaded, entry.replaces, entry)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The sheet, or the entry to read."""
        entry = self.entry(pk)
        if entry.is_published:
            return redirect(entry)
        if entry.stage not in services.EDITABLE:
            return render(request, "desk/entry.html", {"entry": entry, **reading(entry)})
        return self.page(Sheet(self.setting(entry), written(entry)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The sheet as typed."""
        return self.answer(self.setting(self.entry(pk)), request.POST.copy())


def reading(entry: FollowUp) -> dict[str, Any]:
    """What is shown of an entry that is only read."""
    return {
        "evidence": entry.evidence.select_related("paragraph__document"),
        "steps": entry.steps.select_related("by"),
        "why": services.why_not_editable(entry),
    }


class DeleteEntry(EntryPage):
    """Asks, then deletes a draft with its evidence."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The question."""
        entry = self.entry(pk)
        if entry.is_published or entry.stage == FollowUp.Stage.SUBMITTED:
            messages.error(request, services.why_not_editable(entry))
            return redirect("desk_entry", pk)
        return render(request, "desk/entry_delete.html", {"entry": entry, **reading(entry)})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it."""
        entry = self.entry(pk)
        try:
            services.erase(entry)
        except NotEditableError as reason:
            messages.error(request, str(reason))
            return redirect("desk_entry", pk)
        messages.success(request, _("The draft on {record} is deleted.").format(record=entry.recommendation))
        return redirect("desk_drafts")


class SubmitEntry(EntryPage):
    """Hands a stored draft in, from a list; where something is missing, the draft says what."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """There is nothing to see here but the draft."""
        return redirect("desk_entry", self.entry(pk).pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Check, then submit."""
        entry = self.entry(pk)
        if entry.stage in services.EDITABLE:
            sheet = Sheet(self.setting(entry), written(entry), check="complete")
            if sheet.problems:
                return self.page(sheet)
        try:
            review_workflow.submit(entry, by=self.user)
        except (PermissionDenied, ValidationError) as error:
            messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
            return redirect("desk_entry", pk)
        return self.leave([entry], submitted=True)


class Drafts(DeskView):
    """All unpublished entries of one's organisations by where they stand, and what was published last."""

    needs = "logs"
    TITLES = {
        FollowUp.Stage.RETURNED: gettext_lazy("Returned to you"),
        FollowUp.Stage.DRAFT: gettext_lazy("Being written"),
        FollowUp.Stage.SUBMITTED: gettext_lazy("Waiting for review"),
        FollowUp.Stage.REJECTED: gettext_lazy("Rejected"),
    }
    PUBLISHED_SHOWN = 20

    def get(self, request: HttpRequest) -> HttpResponse:
        """The lists."""
        rows = (
            services.drafts_of(self.viewer)
            .select_related("recommendation__document__review__state", "assessor", "recorded_by")
            .prefetch_related("steps__by")
            .order_by("-recorded_at", "-pk")
        )
        by_stage: dict[str, list[FollowUp]] = {stage: [] for stage in self.TITLES}
        for entry in rows:
            by_stage[entry.stage].append(entry)
        published = (
            FollowUp.objects.published()
            .standing()
            .filter(assessor__in=self.viewer.organisations)
            .select_related("recommendation", "assessor")
            .order_by("-published_at", "-pk")[: self.PUBLISHED_SHOWN]
        )
        stages = [(stage, title, by_stage[stage]) for stage, title in self.TITLES.items() if by_stage[stage]]
        return render(request, "desk/drafts.html", {"stages": stages, "published": published})
