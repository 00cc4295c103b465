"""The form of an entry. A draft may be half written; a complete entry says what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recommendations.core.form_fields import DayField, TextField
from recommendations.core.widgets import DefinedChoices
from recommendations.desk.entries.evidence_forms import EvidenceFormSet, shared_files
from recommendations.desk.entries.organisations import role_of
from recommendations.models import FollowUp, Grade, Stakeholder
from recommendations.models.follow_up import CONFIDENCE_MEANINGS
from recommendations.models.statuses import STATUS_MEANINGS
from recommendations.public.badges import status_badge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recommendations.models import Recommendation

SUMMARY_MAX = 10_000


def grade_choices(records: Sequence[Recommendation]) -> list[tuple[str, str]]:
    """The grades of the one body that made all these records, as `scheme|grade`; empty where it has none."""
    mechanisms = {record.document.review.mechanism for record in records}
    if len(mechanisms) != 1:
        return []
    rows = Grade.objects.filter(scheme=mechanisms.pop())
    return [(f"{row.scheme}|{row.grade}", f"{row.grade} ({row.scheme}): {row.meaning}") for row in rows]


def graded(entry: FollowUp) -> str:
    """The grade of an entry as the form's choices name it; empty without one."""
    return f"{entry.grade_scheme}|{entry.grade}" if entry.grade else ""


class EntryForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    """What an entry says, for one record or several, with its evidence. A draft may be half written.

    With `complete`, nothing that is needed may be missing. `instance` is what the form starts from, and stays
    as it is: `services` writes what is valid onto the locked row.
    """

    # What an entry cannot be submitted without, and what is said where it is missing.
    NEEDED = {
        "assessor": _("Choose in whose name this is logged."),
        "correction_reason": _("Say why the entry is corrected."),
        "status": _("Choose the status that fits best."),
        "as_of": _("Give the day for which the status is true."),
        "summary": _("Say in a sentence or two why this status."),
        "confidence": _("Choose how sure this is."),
    }

    assessor = forms.ModelChoiceField(
        label=_("In the name of"), queryset=Stakeholder.objects.none(), empty_label=None
    )
    status = forms.ChoiceField(
        label=_("Status"),
        choices=FollowUp.Status.choices,
        widget=DefinedChoices(STATUS_MEANINGS, status_badge),
    )
    summary = TextField(
        label=_("Summary"),
        max_length=SUMMARY_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Why this status: what was done or not done, in plain words. It becomes public: name nobody who"
            " could be harmed."
        ),
    )
    grade = forms.ChoiceField(
        label=_("Grade"), required=False, help_text=_("In the body’s own scheme, where you give one.")
    )

    class Meta:
        model = FollowUp
        fields = ["assessor", "correction_reason", "status", "as_of", "summary", "grade", "confidence"]
        field_classes = {"as_of": DayField}
        labels = {"correction_reason": _("Why the entry is corrected")}
        help_texts = {
            "correction_reason": _("Public: it stands beside the entry that this one replaces."),
            "as_of": _("The day for which it is true; not in the future."),
        }
        widgets = {"confidence": DefinedChoices(CONFIDENCE_MEANINGS)}

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        instance: FollowUp,
        records: Sequence[Recommendation],
        organisations: Sequence[Stakeholder],
        initial: dict[str, Any] | None = None,
        evidence: list[dict[str, Any]] | None = None,
        complete: bool = False,
    ) -> None:
        initial = {"grade": graded(instance)} | (initial or {})
        super().__init__(data, files, instance=instance, initial=initial)
        self.complete = complete
        shared = shared_files(organisations, records)
        self.evidence_formset = EvidenceFormSet(data, files, initial=evidence, entry=instance, shared=shared)
        self._offer_organisations(organisations)
        self._offer_grades(records)
        if instance.replaces is None:
            del self.fields["correction_reason"]
        self.needed = self.NEEDED.keys() & self.fields.keys()
        for name in self.needed:
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = self.NEEDED[name]

    def _offer_organisations(self, organisations: Sequence[Stakeholder]) -> None:
        """Radio buttons, or nothing to choose where there is only one; a correction keeps its assessor."""
        corrects = self.instance.replaces
        offered = [each for each in organisations if corrects is None or each.pk == corrects.assessor_id]
        field = self.fields["assessor"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = Stakeholder.objects.filter(pk__in=[each.pk for each in offered])
        field.label_from_instance = lambda each: f"{each.name} ({role_of(each).label})"  # type: ignore[method-assign,assignment]  # Django's way to label one field
        self.only_organisation = offered[0] if len(offered) == 1 else None
        field.widget = forms.HiddenInput() if self.only_organisation else forms.RadioSelect()
        field.widget.choices = field.choices
        if self.only_organisation and not self.initial.get("assessor"):
            self.initial["assessor"] = self.only_organisation.pk

    def _offer_grades(self, records: Sequence[Recommendation]) -> None:
        """The grades of the body, and the one of an older scheme that a corrected entry has."""
        choices = [("", gettext("No grade")), *grade_choices(records)]
        corrects = self.instance.replaces
        given = str(self["grade"].value() or "")
        if corrects and given and given == graded(corrects) and given not in dict(choices):
            choices.append((given, f"{corrects.grade} ({corrects.grade_scheme})"))
        self.fields["grade"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        if len(choices) == 1:
            del self.fields["grade"]

    def as_posted(self) -> dict[str, Any]:
        """What this form shows, as a browser would send it: so a stored draft can be checked."""
        return {**self.initial, **self.evidence_formset.as_posted()}

    @property
    def is_empty(self) -> bool:
        """Whether nothing was chosen, written or added: no draft is made of that."""
        said = [self.data.get(name, "") for name in ("status", "summary", "correction_reason")]
        return not "".join(said).strip() and not self.evidence_formset.filled

    @property
    def left_out(self) -> list[str]:
        """What a draft is saved without: fields and evidence that are not valid, levels to be confirmed."""
        names = [str(self.fields[name].label) for name in self.errors if name in self.fields]
        names += [each.name for each in self.evidence_formset.filled if not each.is_valid()]
        unconfirmed = self.evidence_formset.unconfirmed
        return names + [gettext("{name} as public").format(name=each.name) for each in unconfirmed]

    def is_valid(self) -> bool:
        """The entry and its evidence."""
        return all([super().is_valid(), self.evidence_formset.is_valid()])

    def full_clean(self) -> None:
        """A draft may leave out what is needed; that it is needed is shown all the same."""
        for name in self.needed - {"assessor"}:
            self.fields[name].required = self.complete
        super().full_clean()
        for name in self.needed:
            self.fields[name].required = True

    def clean_as_of(self) -> Any:
        """Nobody knows what will be."""
        day = self.cleaned_data["as_of"]
        if day and day > timezone.localdate():
            raise ValidationError(gettext("The date lies in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        """A grade with its scheme; a day or a confidence that was left empty stays as it is stored."""
        cleaned = self.cleaned_data
        if "grade" in cleaned:
            cleaned["grade_scheme"], _bar, cleaned["grade"] = cleaned["grade"].partition("|")
        stays = {"as_of", "confidence"}
        return {name: value for name, value in cleaned.items() if value or name not in stays}

    def _post_clean(self) -> None:
        """The model's own rules hold for whole entries: `review_workflow.submit` asks for them."""
