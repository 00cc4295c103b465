"""Withdraw a published entry for safety: find it, then confirm the withdrawal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from recommendations.accounts.views import DeskView
from recommendations.actions import review_workflow
from recommendations.actions.review_workflow import WorkflowError
from recommendations.desk.review.review import EvidenceByAccess
from recommendations.models import FollowUp

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from recommendations.models import FollowUpQuerySet

ENTRY_IN_ADDRESS = re.compile(r"#entry-(\d{1,18})$")
RECORD_IN_ADDRESS = re.compile(r"/recommendations/([^/?#]+)/")
FOUND_MAX = 50


def entries_named(words: str) -> FollowUpQuerySet:
    """Return published entries by the URL of their page or by a reference of the record or entry."""
    entries: FollowUpQuerySet = FollowUp.objects.public_places().filter(withdrawn_at__isnull=True)
    if match := ENTRY_IN_ADDRESS.search(words):
        return entries.filter(pk=int(match[1]))
    match = RECORD_IN_ADDRESS.search(words)
    reference = unquote(match[1]) if match else words
    return entries.filter(recommendation__reference__iexact=reference) | entries.filter(
        reference__iexact=reference
    )


class FindForm(forms.Form):
    """Search field for an entry."""

    q = forms.CharField(
        required=False,
        max_length=500,
        label=gettext_lazy("Address or reference"),
        help_text=gettext_lazy(
            "The address of the page on which the entry stands, or the reference of the record or entry."
        ),
    )


class FindEntry(DeskView, TemplateView):
    """Find the entry to withdraw."""

    needs = "withdraws"
    template_name = "desk/review/withdraw_find.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = FindForm(self.request.GET)
        words = form.cleaned_data["q"].strip() if form.is_valid() else ""
        found = entries_named(words) if words else FollowUp.objects.none()
        entries = found.select_related("assessor", "recommendation")[:FOUND_MAX]
        return super().get_context_data(form=form, words=words, entries=entries, **kwargs)


class WithdrawForm(forms.Form):
    """Reason and confirmation of a withdrawal."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It is public, for good. Name nobody, and nothing that leads to somebody."),
        max_length=FollowUp._meta.get_field("withdrawal_reason").max_length,
    )
    confirmed = forms.BooleanField(
        label=gettext_lazy("Take everything that this entry says away for good"),
        error_messages={"required": gettext_lazy("Confirm that it is to go. Nothing was withdrawn.")},
    )


class WithdrawEntry(DeskView, TemplateView):
    """Show what a withdrawal removes and what stays, and ask for reason and confirmation."""

    needs = "withdraws"
    template_name = "desk/review/withdraw.html"
    form: WithdrawForm | None = None

    @cached_property
    def entry(self) -> FollowUp:
        """Return a published entry, withdrawn or not. Raises Http404 if the viewer may not read it."""
        entries = FollowUp.objects.visible_to(self.viewer).filter(published_at__isnull=False)
        entry: FollowUp | None = (
            entries.select_related("assessor", "recommendation", "replaces", "replaced_by")
            .filter(pk=self.kwargs["pk"])
            .first()
        )
        if entry is None:
            raise Http404
        return entry

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page; redirect with a message if the entry was withdrawn already."""
        if self.entry.withdrawn_at:
            messages.info(request, review_workflow.stage_sentence(self.entry))
            return redirect("desk_withdraw_find")
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Withdraw the entry."""
        self.form = WithdrawForm(request.POST)
        if not self.form.is_valid():
            return self.get(request)
        try:
            review_workflow.withdraw(self.entry, by=request.user, reason=self.form.cleaned_data["reason"])  # type: ignore[arg-type]  # sign-in is required
        except WorkflowError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("desk_withdraw_find")
        reference = self.entry.recommendation.reference
        messages.success(
            request,
            _("The entry on {reference} is withdrawn. Its place and your reason stay.").format(
                reference=reference
            ),
        )
        return redirect("desk_withdraw_find")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            entry=self.entry,
            evidence=EvidenceByAccess.of(self.entry, self.viewer),
            form=self.form or WithdrawForm(),
            **kwargs,
        )
