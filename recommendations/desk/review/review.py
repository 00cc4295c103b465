"""Review: the queue of submitted entries, and the page to approve, return or reject one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from recommendations.accounts.views import DeskView
from recommendations.actions import review_workflow
from recommendations.actions.review_workflow import WorkflowError
from recommendations.core.paging import paged
from recommendations.desk.review.differences import differences, previous_of
from recommendations.models import Evidence, FollowUp, ReviewStep, Stakeholder

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from recommendations.core.viewer import Viewer
    from recommendations.models import FollowUpQuerySet

ORDERS: dict[str, tuple[_StrPromise, str]] = {
    "oldest": (gettext_lazy("Longest wait first"), "submitted_at"),
    "newest": (gettext_lazy("Last submitted first"), "-submitted_at"),
}
COMMENT_MAX = 5_000


def waiting(viewer: Viewer) -> FollowUpQuerySet:
    """Return the submitted entries, including the viewer's own, with what a row of the queue shows."""
    submitted = ReviewStep.objects.filter(follow_up=OuterRef("pk"), step=ReviewStep.Step.SUBMITTED)
    standing = FollowUp.objects.standing().filter(
        recommendation=OuterRef("recommendation"), role=OuterRef("role")
    )
    found: FollowUpQuerySet = (
        FollowUp.objects.visible_to(viewer)
        .filter(stage=FollowUp.Stage.SUBMITTED)
        .select_related("assessor", "recorded_by", "replaces", "recommendation__document__review__state")
        .annotate(
            submitted_at=Subquery(submitted.order_by("-at").values("at")[:1]),
            former_status=Subquery(standing.newest_first().values("status")[:1]),
            evidence_count=Count("evidence"),
            public_count=Count("evidence", filter=Q(evidence__access=Evidence.Access.PUBLIC)),
        )
    )
    return found


class QueueForm(forms.Form):
    """Filter and order of the queue."""

    organisation = forms.ModelChoiceField(
        Stakeholder.objects.none(),
        required=False,
        to_field_name="slug",
        label=gettext_lazy("Organisation"),
        empty_label=gettext_lazy("All"),
        error_messages={
            "invalid_choice": gettext_lazy("Nothing of such an organisation waits; all that waits is shown.")
        },
    )
    order = forms.ChoiceField(
        choices=[(name, words) for name, (words, _field) in ORDERS.items()],
        required=False,
        label=gettext_lazy("Order"),
        error_messages={"invalid_choice": gettext_lazy("There is no such order.")},
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entries = FollowUp.objects.visible_to(viewer).filter(stage=FollowUp.Stage.SUBMITTED)
        field: Any = self.fields["organisation"]
        field.queryset = Stakeholder.objects.filter(pk__in=entries.values("assessor")).order_by("name")


class ReviewQueue(DeskView, TemplateView):
    """The queue of entries waiting for review."""

    needs = "reviews"
    template_name = "desk/review/review_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = QueueForm(self.request.GET or {"order": "oldest"}, viewer=self.viewer)
        form.is_valid()
        chosen = form.cleaned_data
        rows = waiting(self.viewer)
        if chosen.get("organisation"):
            rows = rows.filter(assessor=chosen["organisation"])
        order = ORDERS[chosen.get("order") or "oldest"][1]
        page, rows_of_page = paged(self.request, rows.order_by(order, "pk"))
        for entry in rows_of_page:
            entry.is_own = review_workflow.is_own(entry, self.viewer)
            entry.not_mine_to_approve = review_workflow.why_not_approve(entry, self.viewer)
        return super().get_context_data(
            form=form, rows=rows_of_page, page=page, filtered=bool(chosen.get("organisation")), **kwargs
        )


@dataclass(frozen=True, slots=True)
class EvidenceByAccess:
    """The evidence of an entry that one viewer may see, and the number of items hidden from them."""

    visible: list[Evidence]
    hidden: int

    @classmethod
    def of(cls, entry: FollowUp, viewer: Viewer) -> EvidenceByAccess:
        """Load the evidence of an entry. Two queries."""
        seen = Evidence.objects.visible_to(viewer).filter(follow_up=entry)
        visible = list(seen.select_related("paragraph__document", "follow_up").order_by("position"))
        return cls(visible, entry.evidence.count() - len(visible))

    @property
    def public(self) -> list[Evidence]:
        """Return the evidence that becomes public with the entry, if its record is public."""
        return [
            item
            for item in self.visible
            if item.access == Evidence.Access.PUBLIC
            and (item.paragraph is None or item.paragraph.document.published)
        ]

    @property
    def non_public_count(self) -> int:
        """Return the number of items that stay with partners or the organisation."""
        return len(self.visible) + self.hidden - len(self.public)


class ApproveForm(forms.Form):
    """Confirmation before an entry becomes public."""

    confirmed = forms.BooleanField(
        label=gettext_lazy("I have read all that becomes public, and nobody can be harmed by it."),
        error_messages={
            "required": gettext_lazy("Confirm that you have read what becomes public. Nothing was published.")
        },
    )


class CommentForm(forms.Form):
    """Why an entry is returned or rejected."""

    comment = forms.CharField(
        label=gettext_lazy("Comment to the authors"),
        help_text=gettext_lazy("What is missing or wrong, and what would mend it. It is never public."),
        max_length=COMMENT_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": gettext_lazy("Say why, so that the authors know what to do. Nothing was changed.")
        },
    )


class ReviewEntry(DeskView, TemplateView):
    """One submitted entry, compared with the published one, with its evidence and the decision forms."""

    needs = "reviews"
    template_name = "desk/review/review_detail.html"
    approve_form: ApproveForm | None = None
    comment_form: CommentForm | None = None

    @cached_property
    def entry(self) -> FollowUp:
        """Return the entry. Raises Http404 if it does not exist or was never submitted."""
        entry = (
            FollowUp.objects.select_related(
                "assessor", "recorded_by", "replaces", "recommendation__document__review__state"
            )
            .filter(pk=self.kwargs["pk"])
            .first()
        )
        if entry is None or not (entry.is_published or entry.steps.exists()):
            raise Http404
        return entry

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the entry; redirect with a message if it has been decided already."""
        if self.entry.stage != FollowUp.Stage.SUBMITTED:
            messages.info(request, review_workflow.stage_sentence(self.entry))
            return redirect("desk_review")
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Perform the decision; `act` in the form is approve, return or reject."""
        act = request.POST.get("act", "")
        if act == "approve":
            self.approve_form = ApproveForm(request.POST)
            form: forms.Form = self.approve_form
        elif act in {"return", "reject"}:
            form = CommentForm(request.POST)
            self.comment_form = form
        else:
            messages.error(request, _("Choose what to do with the entry. Nothing was changed."))
            return redirect(request.path)
        if not form.is_valid():
            return self.get(request)
        try:
            told = self.decide(act, form.cleaned_data.get("comment", ""))
        except WorkflowError as error:
            messages.error(request, " ".join(error.messages))
            self.entry.refresh_from_db()
            waits = self.entry.stage == FollowUp.Stage.SUBMITTED
            return redirect(request.path if waits else "desk_review")
        messages.success(request, told)
        return redirect("desk_review")

    def decide(self, act: str, comment: str) -> str:
        """Perform the decision and return a message for the user. Raises WorkflowError."""
        entry, by = self.entry, self.request.user
        seen = self.request.POST.get("seen", "")
        step = int(seen) if seen.isascii() and seen.isdigit() else 0
        reference = entry.recommendation.reference
        if act == "approve":
            review_workflow.approve(entry, by=by, seen=step)  # type: ignore[arg-type]  # sign-in is required
            return _("The entry on {reference} is published.").format(reference=reference)
        if act == "return":
            review_workflow.send_back(entry, by=by, comment=comment, seen=step)  # type: ignore[arg-type]  # sign-in is required
            return _("The entry on {reference} is returned to its authors.").format(reference=reference)
        review_workflow.reject(entry, by=by, comment=comment, seen=step)  # type: ignore[arg-type]  # sign-in is required
        return _("The entry on {reference} is rejected.").format(reference=reference)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entry = self.entry
        previous = previous_of(entry, self.viewer)
        steps: QuerySet[ReviewStep] = entry.steps.select_related("by")
        record = entry.recommendation
        return super().get_context_data(
            entry=entry,
            record=record,
            record_is_public=record.published and record.document.published,
            previous=previous,
            differences=differences(previous, entry),
            evidence=EvidenceByAccess.of(entry, self.viewer),
            former_evidence=EvidenceByAccess.of(previous, self.viewer).visible if previous else [],
            steps=steps,
            seen=steps.last(),
            why_not_approve=review_workflow.why_not_approve(entry, self.viewer),
            approve_form=self.approve_form or ApproveForm(),
            comment_form=self.comment_form or CommentForm(),
            **kwargs,
        )
