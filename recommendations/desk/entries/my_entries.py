"""Entries of one's own organisations that are not published: written on, read, submitted, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.accounts.views import DeskView
from recommendations.actions import review_workflow
from recommendations.desk.entries import records, services
from recommendations.desk.entries.entry_form_view import EntryFormView
from recommendations.desk.entries.services import NotEditableError
from recommendations.models import FollowUp, Recommendation

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class OwnEntryView(EntryFormView):
    """A page about an unpublished entry of one's own organisation; 404 for another's."""

    def find_entry(self, pk: int) -> FollowUp:
        """The entry, of any stage, with its record."""
        own = FollowUp.objects.filter(assessor__in=self.viewer.organisations)
        self.entry = get_object_or_404(own.select_related("recommendation", "assessor", "replaces"), pk=pk)
        return self.entry

    def find_records(self) -> None:
        """The record of the entry, as the form needs it."""
        self.records = records.loaded(Recommendation.objects.all(), [self.entry.recommendation_id])

    def read(self, template: str) -> HttpResponse:
        """A page on which the entry is only read."""
        context = {
            "entry": self.entry,
            "evidence": self.entry.evidence.select_related("paragraph__document"),
            "steps": self.entry.steps.select_related("by"),
            "why": services.why_not_editable(self.entry),
        }
        return render(self.request, template, context)


class EntryUpdateView(OwnEntryView):
    """A draft: its form while it may be changed, else what it says."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form, or the entry to read."""
        entry = self.find_entry(pk)
        if entry.is_published:
            return redirect(entry)
        if entry.stage not in services.EDITABLE:
            return self.read("desk/entries/entry.html")
        self.find_records()
        return self.show(self.get_form())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What was typed."""
        self.find_entry(pk)
        self.find_records()
        return self.answer()


class EntryDeleteView(OwnEntryView):
    """Asks, then deletes a draft with its evidence."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The question."""
        entry = self.find_entry(pk)
        if entry.is_published or entry.stage == FollowUp.Stage.SUBMITTED:
            messages.error(request, services.why_not_editable(entry))
            return redirect("desk_entry", pk)
        return self.read("desk/entries/entry_delete.html")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it."""
        entry = self.find_entry(pk)
        try:
            services.erase(entry)
        except NotEditableError as reason:
            messages.error(request, str(reason))
            return redirect("desk_entry", pk)
        messages.success(request, _("The draft on {record} is deleted.").format(record=entry.recommendation))
        return redirect("desk_drafts")


class EntrySubmitView(OwnEntryView):
    """Submits a stored draft, from a list; where something is missing, its form says what."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """There is nothing to see here but the draft."""
        return redirect("desk_entry", self.find_entry(pk).pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Check, then submit."""
        entry = self.find_entry(pk)
        if entry.stage in services.EDITABLE:
            self.find_records()
            form = self.get_form(self.get_form().as_posted(), complete=True)
            if not form.is_valid():
                return self.show(form)
        try:
            review_workflow.submit(entry, by=self.user)
        except (PermissionDenied, ValidationError) as error:
            messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
            return redirect("desk_entry", pk)
        return self.leave([entry], submitted=True)


class DraftList(DeskView):
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
        return render(request, "desk/entries/drafts.html", {"stages": stages, "published": published})
