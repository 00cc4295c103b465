"""Forms for editing stored records: errors shown at their fields, and concurrent edits not overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Manager, Model
from django.forms.models import InlineForeignKeyField, ModelChoiceField, model_to_dict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from recommendations.core.autocomplete import Autocomplete
from recommendations.models import ReportingTime


class AdminForm(forms.ModelForm):  # type: ignore[type-arg]  # cannot be subscripted at run time
    """A model form for the admin.

    A model error on a field that is not on the page becomes a non-field error; Django's own form would
    raise ValueError.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            return
        for name, field in self.fields.items():
            widget = field.widget
            if isinstance(widget, RelatedFieldWidgetWrapper):
                widget = widget.widget
            if isinstance(widget, Autocomplete) and name in self.instance._state.fields_cache:
                widget.loaded = getattr(self.instance, name)

    def add_error(self, field: str | None, error: Any) -> None:
        """Add an error to its field if the form has it, else to the whole form."""
        if field is None and isinstance(error, ValidationError) and hasattr(error, "error_dict"):
            shown: dict[str, list[Any]] = {}
            for name, errors in error.error_dict.items():
                there = name in self.fields and not isinstance(self.fields[name], InlineForeignKeyField)
                shown.setdefault(name if there else NON_FIELD_ERRORS, []).extend(errors)
            error = ValidationError(shown)
        super().add_error(field, error)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field whose stored value differs from the submitted one."""

    label: str
    theirs: str
    yours: str


class VersionedForm(AdminForm):
    """A form that refuses to overwrite an edit made after the page was opened.

    `version` is the id of the record's newest history row when the page was rendered. If the record has
    changed since, nothing is saved, `conflict` lists both values of each field that differs, and the form is
    shown again with the submitted values; saving these again is allowed.
    """

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    # Form fields that are not fields of the record.
    not_compared: frozenset[str] = frozenset({"version"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflict: list[Difference] = []
        if self.instance.pk:
            self.fields["version"].initial = self._current_version()

    def clean(self) -> dict[str, Any] | None:
        """Add an error if the record has changed since the page was opened."""
        cleaned = super().clean()
        if self.instance.pk and (cleaned or {}).get("version") != self._current_version():
            self._refuse_stale_edit()
        return cleaned

    def _history(self) -> Any:
        return type(self.instance).history.filter(**{self.instance._meta.pk.attname: self.instance.pk})

    def _current_version(self) -> str:
        newest = self._history().order_by("-history_id").values_list("history_id", flat=True).first()
        return str(newest or 0)

    def _refuse_stale_edit(self) -> None:
        newest = self._history().select_related("history_user").order_by("-history_id").first()
        who, when = gettext("Someone"), ""
        if newest:
            who = str(newest.history_user or gettext("Someone"))
            when = date_format(timezone.localtime(newest.history_date), "j F Y, H:i")
        current = type(self.instance)._base_manager.get(pk=self.instance.pk)
        self.conflict = self._differences(current)
        # The user now sees this version, so the next save may replace it.
        data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict, or a dict
        data[self.add_prefix("version")] = self._current_version()
        self.data = data
        sentence = (
            gettext("Nothing was saved: %(who)s changed this record on %(when)s, after you opened it.")
            if when
            else gettext("Nothing was saved: %(who)s changed this record, after you opened it.")
        )
        advice = gettext(
            "What differs is listed below. Save again to replace it with what you typed, or open the page"
            " anew to keep what is there."
        )
        self.add_error(None, f"{sentence % {'who': who, 'when': when}} {advice}")

    def _differences(self, current: Model) -> list[Difference]:
        there = model_to_dict(current)
        found = []
        for name, field in self.fields.items():
            if name in self.not_compared or name not in there:
                continue
            typed = self[name].data
            if field.has_changed(there[name], typed):
                theirs = getattr(current, name)
                yours = self.cleaned_data.get(name, typed)
                found.append(
                    Difference(
                        str(field.label or name), self._words(field, theirs), self._words(field, yours)
                    )
                )
        return found

    def _words(self, field: forms.Field, value: Any) -> str:
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        if value is None or value in ("", []):
            return gettext("(empty)")
        if isinstance(field, ModelChoiceField):
            many = value.all() if isinstance(value, Manager) or hasattr(value, "all") else None
            labels = [field.label_from_instance(row) for row in many] if many is not None else [str(value)]
            return ", ".join(sorted(labels)) or gettext("(empty)")
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]  # a form's choices, without groups
        return str(value)


class RecommendationForm(VersionedForm):
    """Form for a record, in the admin and at the desk.

    A record selected for follow-up without a due date gets the date by its body's reporting rule; the help
    text of the field says which date that is.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "due_on" in self.fields:
            review = self.instance.document.review
            if by_rule := ReportingTime.objects.due_date(review):
                self.fields["due_on"].help_text = gettext(
                    "When the body asked for a report. Left empty when you mark the record as selected,"
                    " it becomes %(day)s, by the rule of the %(body)s; you may change it."
                ) % {"day": date_format(by_rule, "j F Y"), "body": review.get_mechanism_display()}

    def clean(self) -> dict[str, Any] | None:
        """Set the due date; done here because the instance still has its stored values."""
        cleaned = super().clean() or {}
        document = cleaned.get("document") or (self.instance.pk and self.instance.document)
        if cleaned.get("selected_for_follow_up") and document:
            cleaned["due_on"] = self.instance.due_date_if_selected(cleaned.get("due_on"), document.review)
        return cleaned
