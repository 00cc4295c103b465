"""The form of one draft, and the places where its text can be split."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.actions.forms import Difference
from recommendations.models import ImportDraft, Issue, PopulationGroup, Recommendation
from recommendations.reading.files.text import fold

if TYPE_CHECKING:
    from django.core.exceptions import ValidationError

    from recommendations.models import Import

# Splits are offered after a sentence or clause; one between any two words would be hard to read.
_CUT = re.compile(r"(?<=[.;:,?!])\s+|\s+(?=(?:and|or|as well as|while|but)\s)")
NAMES_MAX = 20
# Fields of the form that are fields of a draft.
OF_DRAFT = (
    *("text", "becomes", "kind", "summary", "raised_by", "upr_position"),
    *("selected_for_follow_up", "due_on", "issues", "groups"),
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the text, and the offset at which the next one begins; 0 for the last."""

    words: str
    at: int

    @property
    def last_words(self) -> str:
        """Return the last five words, which name the button for screen readers."""
        return " ".join(self.words.split()[-5:])


def segments(text: str) -> list[Segment]:
    """Return the text as segments between which it can be split."""
    found, start = [], 0
    for match in _CUT.finditer(text):
        if match.start() - start < 12:
            continue
        found.append(Segment(text[start : match.start()], match.end()))
        start = match.end()
    return [*found, Segment(text[start:], 0)]


@dataclass
class Choices:
    """Issues, as a tree of two levels, and population groups."""

    issues: list[Issue]
    groups: list[PopulationGroup]

    @classmethod
    def load(cls) -> Choices:
        """Load the current issues and groups. Two queries."""
        return cls(list(Issue.objects.select_related("parent")), list(PopulationGroup.objects.all()))

    def issue_name(self, slug: str) -> str:
        """Return the issue's name, or its slug if it was deleted."""
        return next((issue.name for issue in self.issues if issue.slug == slug), slug)

    def group_name(self, slug: str) -> str:
        """Return the group's name, or its slug if it was deleted."""
        return next((group.name for group in self.groups if group.slug == slug), slug)

    def tree(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return grouped form choices: top-level issue and the (slug, name) pairs below it."""
        found: dict[str, list[tuple[str, str]]] = {}
        for issue in self.issues:
            head = issue.parent.name if issue.parent else issue.name
            found.setdefault(head, []).append((issue.slug, issue.name))
        return list(found.items())


class DraftForm(forms.Form):
    """Form for a draft; on a concurrent edit it shows the differences between both versions."""

    text = forms.CharField(
        label=gettext_lazy("Words"),
        help_text=gettext_lazy("As they stand in the paragraph, word for word."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=20_000,
    )
    becomes = forms.ChoiceField(choices=ImportDraft.Becomes.choices, label=gettext_lazy("Becomes"))
    kind = forms.ChoiceField(
        choices=[("", "–"), *Recommendation.Kind.choices], required=False, label=gettext_lazy("Kind")
    )
    summary = forms.CharField(
        max_length=300,
        required=False,
        label=gettext_lazy("Summary"),
        help_text=gettext_lazy("Yours, short; the words stay as they are."),
    )
    raised_by = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Raised by")
    )
    more_names = forms.CharField(
        max_length=1_000,
        required=False,
        label=gettext_lazy("Others who raised it"),
        help_text=gettext_lazy(
            "Names with semicolons between them; who they are is settled under “Stakeholders”."
        ),
    )
    upr_position = forms.ChoiceField(
        choices=[("", "–"), *Recommendation.Position.choices],
        required=False,
        label=gettext_lazy("Position of the State"),
    )
    selected_for_follow_up = forms.BooleanField(required=False, label=gettext_lazy("Selected for follow-up"))
    due_on = forms.DateField(
        required=False,
        label=gettext_lazy("Due"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    issues = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Issues")
    )
    groups = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Population groups")
    )

    def __init__(self, *args: Any, source: Import, draft: ImportDraft, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(draft, name) for name in OF_DRAFT}
        super().__init__(*args, **kwargs)
        if draft.due_within:
            self.fields["due_on"].help_text = _(
                "The document says: within {time}. Without a date that is counted from the end of the review."
            ).format(time=draft.due_within)
        self.draft, self.version = draft, draft.version
        self.conflict: list[Difference] = []
        self.choices = Choices.load()
        named = list(dict.fromkeys([*draft.raised_by, *source.parties.values_list("name", flat=True)]))
        any_field: Any = self.fields
        any_field["raised_by"].choices = [(name, name) for name in named]
        any_field["issues"].choices = self.choices.tree()
        any_field["groups"].choices = [(group.slug, group.name) for group in self.choices.groups]

    def clean_more_names(self) -> list[str]:
        """Return the names without duplicates."""
        names = [fold(name) for name in self.cleaned_data["more_names"].split(";")]
        names = [name for name in dict.fromkeys(names) if name]
        if len(names) > NAMES_MAX or any(len(name) > 300 for name in names):
            raise forms.ValidationError(
                _("At most {number} names, each of at most 300 characters.").format(number=NAMES_MAX)
            )
        return names

    def values(self) -> dict[str, Any]:
        """Return the submitted values of the draft's fields."""
        typed = dict(self.cleaned_data)
        more = typed.pop("more_names")
        typed["raised_by"] = list(dict.fromkeys([*typed["raised_by"], *more]))
        return typed

    def add_errors(self, error: ValidationError) -> None:
        """Add an action's error to the field it names if the form has it, else to the form."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)

    def show_conflict(self, current: ImportDraft, sentence: str) -> None:
        """List the differing fields and take over the current version, so that saving again is allowed."""
        for name, value in self.values().items():
            there = getattr(current, name)
            if there != value and (there or value):
                self.conflict.append(
                    Difference(
                        str(self.fields[name].label), self._words(name, there), self._words(name, value)
                    )
                )
        self.version = current.version
        self.add_error(None, sentence)

    def _words(self, name: str, value: Any) -> str:
        if name == "issues":
            value = [self.choices.issue_name(slug) for slug in value]
        if name == "groups":
            value = [self.choices.group_name(slug) for slug in value]
        if isinstance(value, list):
            return ", ".join(value) or "–"
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        field: Any = self.fields[name]
        return str(dict(getattr(field, "choices", ())).get(value, value) or "–")
