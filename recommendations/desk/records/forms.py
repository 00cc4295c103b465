"""Forms for editing, splitting, merging and linking records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.actions.forms import RecommendationForm
from recommendations.actions.record_editing import Part, set_change_reason
from recommendations.models import (
    FormerReference,
    Recommendation,
    RecommendationLink,
    ResponseLink,
    StateResponse,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

REASON: dict[str, Any] = {
    "max_length": 300,
    "label": gettext_lazy("Why"),
    "help_text": gettext_lazy("In one line; it stays in the history."),
}


class EditForm(RecommendationForm):
    """Fields of a record that editors may change; the quoted text is not among them."""

    reason = forms.CharField(**REASON)
    not_compared = frozenset({"version", "reason"})

    class Meta:
        model = Recommendation
        fields = ("summary", "kind", "position", "selected_for_follow_up", "due_on")
        widgets = {"due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def save(self, commit: bool = True) -> Any:
        """Save with the reason as the history's change reason."""
        set_change_reason(self.instance, "Edited", self.cleaned_data["reason"])
        return super().save(commit)


class PartForm(forms.Form):
    """One part of a compound record."""

    text = forms.CharField(
        required=False,
        label=gettext_lazy("Words of the part"),
        help_text=gettext_lazy("As they stand in the record, word for word."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    summary = forms.CharField(required=False, max_length=300, label=gettext_lazy("Summary"))


PARTS_AT_ONCE = 8
PartForms = formset_factory(PartForm, extra=4, max_num=PARTS_AT_ONCE, absolute_max=PARTS_AT_ONCE)


def parts_of(forms: Sequence[forms.Form]) -> list[Part]:
    """Return the parts that were filled in."""
    typed = [form.cleaned_data for form in forms if form.has_changed()]
    return [Part(row.get("text", ""), row.get("summary", "")) for row in typed]


class ReasonForm(forms.Form):
    """A form with only a reason."""

    reason = forms.CharField(**REASON)


def record_by_reference(reference: str) -> Recommendation:
    """Return the record with this current or former reference, ignoring case.

    For a merged record, returns the one it was merged into. Raises ValidationError if there is none.
    """
    reference = reference.strip()
    record: Recommendation | None = Recommendation.objects.filter(reference__iexact=reference).first()
    former = FormerReference.objects.filter(reference__iexact=reference).first()
    if record is None and former is not None:
        record = former.recommendation
    if record is None:
        raise ValidationError(_("No record has the reference “%(reference)s”.") % {"reference": reference})
    return record.merged_into or record


class MergeForm(ReasonForm):
    """The record that remains, with the reason and a confirmation."""

    into = forms.CharField(
        max_length=80,
        label=gettext_lazy("The record that remains"),
        help_text=gettext_lazy("Its reference. The address of the other one will lead to it."),
    )
    confirmed = forms.BooleanField(
        required=False, label=gettext_lazy("Yes, the two are the same; make one of them")
    )
    field_order = ("into", "reason", "confirmed")

    def clean_into(self) -> Recommendation:
        """Return the record. Raises ValidationError if there is none."""
        return record_by_reference(self.cleaned_data["into"])


class LinkForm(forms.Form):
    """A link of a chain: the other record, the relation and its rationale."""

    other = forms.CharField(
        max_length=80,
        label=gettext_lazy("The other record"),
        help_text=gettext_lazy(
            "Its reference. Which of the two is the earlier one follows from their reviews."
        ),
    )
    relation = forms.ChoiceField(choices=RecommendationLink.Relation.choices, label=gettext_lazy("Relation"))
    rationale = forms.CharField(max_length=500, label=gettext_lazy("What the two have in common"))

    def clean_other(self) -> Recommendation:
        """Return the record. Raises ValidationError if there is none."""
        return record_by_reference(self.cleaned_data["other"])


class ResponseForm(forms.Form):
    """A response that answers the record."""

    response = forms.CharField(
        max_length=80, label=gettext_lazy("The response"), help_text=gettext_lazy("Its reference.")
    )
    stance = forms.ChoiceField(choices=ResponseLink.Stance.choices, label=gettext_lazy("Stance"))
    rationale = forms.CharField(max_length=500, label=gettext_lazy("Why this answers that"))

    def clean_response(self) -> StateResponse:
        """Return the response. Raises ValidationError if there is none."""
        reference = self.cleaned_data["response"].strip()
        found: StateResponse | None = StateResponse.objects.filter(reference__iexact=reference).first()
        if found is None:
            raise ValidationError(
                _("No response has the reference “%(reference)s”.") % {"reference": reference}
            )
        return found
