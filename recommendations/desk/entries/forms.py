"""The fields of an entry and of a piece of evidence, as a person at the desk types them.

Each form is read in one of two ways: as a draft, which may be half written, or as complete, which says
one sentence for each field that is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recommendations.core.widgets import DefinedChoices
from recommendations.desk.entries import files
from recommendations.desk.entries.services import Piece, role_of
from recommendations.models import Evidence, FollowUp, Grade, Paragraph, Stakeholder
from recommendations.models.follow_up import CONFIDENCE_MEANINGS
from recommendations.models.quoted import check_quote
from recommendations.models.statuses import STATUS_MEANINGS
from recommendations.public.badges import status_badge
from recommendations.reading.files.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict

    from recommendations.models import Recommendation

SUMMARY_MAX = 10_000


class TextField(forms.CharField):
    """Several lines, whose ends are those of the database and not of the browser."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """Django's, with plain line ends."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


# What an entry cannot be handed in without, and what is said where it is missing.
NEEDED = {
    "organisation": _("Choose in whose name this is logged."),
    "status": _("Choose the status that fits best."),
    "as_of": _("Give the day for which the status is true."),
    "summary": _("Say in a sentence or two why this status."),
    "confidence": _("Choose how sure this is."),
    "correction_reason": _("Say why the entry is corrected."),
}


def grade_choices(records: Sequence[Recommendation]) -> list[tuple[str, str]]:
    """The grades of the one body that made all these records, as `scheme|grade`; empty where it has none."""
    mechanisms = {record.document.review.mechanism for record in records}
    if len(mechanisms) != 1:
        return []
    rows = Grade.objects.filter(scheme=mechanisms.pop())
    return [(f"{row.scheme}|{row.grade}", f"{row.grade} ({row.scheme}): {row.meaning}") for row in rows]


class EntryForm(forms.Form):
    """What an entry says. With `complete`, nothing that is needed may be missing."""

    organisation = forms.ModelChoiceField(
        label=_("In the name of"), queryset=Stakeholder.objects.none(), empty_label=None
    )
    correction_reason = forms.CharField(
        label=_("Why the entry is corrected"),
        max_length=300,
        help_text=_("Public: it stands beside the entry that this one replaces."),
    )
    status = forms.ChoiceField(
        label=_("Status"),
        choices=FollowUp.Status.choices,
        widget=DefinedChoices(STATUS_MEANINGS, status_badge),
    )
    as_of = forms.DateField(
        label=_("As of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day for which it is true; not in the future."),
        error_messages={"invalid": _("Write the day like 2026-03-31.")},
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
    confidence = forms.ChoiceField(
        label=_("Confidence"),
        choices=FollowUp.Confidence.choices,
        initial=FollowUp.Confidence.MEDIUM,
        widget=DefinedChoices(CONFIDENCE_MEANINGS),
    )

    def __init__(
        self,
        *args: Any,
        organisations: Sequence[Stakeholder],
        grades: Iterable[tuple[str, str]],
        corrects: FollowUp | None = None,
        complete: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.complete = complete
        self.offer_organisations(organisations, corrects)
        choices = [("", gettext("No grade")), *grades]
        # An older scheme stays as it was given.
        given = str(self.data.get("grade", "") or self.initial.get("grade", ""))
        if "|" in given and corrects and given == f"{corrects.grade_scheme}|{corrects.grade}":
            choices += [(given, f"{corrects.grade} ({corrects.grade_scheme})")] * (given not in dict(choices))
        self.fields["grade"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        if len(choices) == 1:
            del self.fields["grade"]
        if corrects is None:
            del self.fields["correction_reason"]
        for name in NEEDED.keys() & self.fields.keys():
            self.fields[name].error_messages["required"] = NEEDED[name]

    def offer_organisations(self, organisations: Sequence[Stakeholder], corrects: FollowUp | None) -> None:
        """Radio buttons, or nothing to choose where there is only one."""
        if corrects is not None:
            organisations = [each for each in organisations if each.pk == corrects.assessor_id]
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = Stakeholder.objects.filter(pk__in=[each.pk for each in organisations])
        field.label_from_instance = lambda each: f"{each.name} ({role_of(each).label})"  # type: ignore[method-assign,assignment]  # Django's way to label one field
        self.only_organisation = organisations[0] if len(organisations) == 1 else None
        if self.only_organisation:
            field.widget = forms.HiddenInput()
            field.initial = self.only_organisation.pk
        else:
            field.widget = forms.RadioSelect()
            field.widget.choices = field.choices

    def full_clean(self) -> None:
        """A draft may leave out what is needed; that it is needed is shown all the same."""
        if not self.complete:
            for name in NEEDED.keys() & self.fields.keys() - {"organisation"}:
                self.fields[name].required = False
        super().full_clean()
        for name in NEEDED.keys() & self.fields.keys():
            self.fields[name].required = True

    def clean_as_of(self) -> Any:
        """Nobody knows what will be."""
        day = self.cleaned_data["as_of"]
        if day and day > timezone.localdate():
            raise ValidationError(gettext("The date lies in the future."))
        return day

    def values(self) -> dict[str, Any]:
        """What is valid, by the names of the model's fields; a date that is missing stays as it is stored."""
        values: dict[str, Any] = {
            name: self.cleaned_data[name]
            for name in ("status", "summary", "confidence", "correction_reason")
            if name in self.cleaned_data
        }
        if not values.get("confidence"):
            values.pop("confidence", None)
        if self.cleaned_data.get("as_of"):
            values["as_of"] = self.cleaned_data["as_of"]
        if "grade" in self.cleaned_data:
            values["grade_scheme"], _bar, values["grade"] = self.cleaned_data["grade"].partition("|")
        return values


# The fields of each kind of evidence, in the order in which they are shown.
FIELDS_OF_KIND = {
    Evidence.Kind.PARAGRAPH: ("paragraph", "text", "stance", "access"),
    Evidence.Kind.LINK: ("url", "title", "date", "stance", "access"),
    Evidence.Kind.FILE: ("file", "file_of", "title", "date", "stance", "access"),
}


def place_of(paragraph: Paragraph) -> str:
    """Where words stand, short."""
    return gettext("{document}, para. {number}").format(
        document=paragraph.document.name, number=paragraph.number
    )


class PieceForm(forms.Form):
    """One piece of evidence. `stored` stands at its position already; `shared` files may be used again."""

    kind = forms.ChoiceField(choices=Evidence.Kind.choices, widget=forms.HiddenInput)
    paragraph = forms.ModelChoiceField(
        queryset=Paragraph.objects.filter(document__published=True).select_related("document"),
        widget=forms.HiddenInput,
    )
    file_of = forms.ModelChoiceField(
        queryset=Evidence.objects.none(), required=False, widget=forms.HiddenInput
    )
    text = TextField(
        label=_("The exact words"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Cut it down to the words that matter; change nothing else."),
        error_messages={"required": _("Leave the words that matter.")},
    )
    url = forms.CharField(
        label=_("Address of the link"),
        max_length=1000,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        error_messages={"required": _("Give the address, or remove this link.")},
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=files.HELP,
        error_messages={"empty": _("The file is empty.")},
    )
    title = forms.CharField(label=_("What it is"), max_length=300, required=False)
    date = forms.DateField(
        label=_("Its date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day like 2026-03-31.")},
    )
    stance = forms.ChoiceField(
        label=_("What it does"), choices=Evidence.Stance.choices, initial=Evidence.Stance.SUPPORTS
    )
    access = forms.ChoiceField(
        label=_("Who may see it"), choices=reversed(Evidence.Access.choices), initial=Evidence.Access.PRIVATE
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
        *,
        initial: dict[str, Any],
        position: int,
        kind: str,
        stored: Evidence | None = None,
        shared: Iterable[Evidence] = (),
    ) -> None:
        super().__init__(data, files, initial=initial, prefix=f"piece-{position}")
        self.position = position
        self.of_kind = Evidence.Kind(kind)
        self.stored = stored if stored is not None and stored.kind == kind else None
        names = ("kind", *FIELDS_OF_KIND[self.of_kind])
        self.fields = {name: self.fields[name] for name in names}
        if "file_of" in self.fields:
            self.fields["file_of"].queryset = Evidence.objects.filter(  # type: ignore[attr-defined]  # a ModelChoiceField
                pk__in=[each.pk for each in shared]
            )
        # Chosen by a button and shown as words, so that a wrong one can only be an old page.
        self.quoted: Paragraph | None = None
        given = str(self.data.get(self.add_prefix("paragraph"), "") or self.initial.get("paragraph", ""))
        if self.of_kind == Evidence.Kind.PARAGRAPH and given.isdigit() and len(given) < 19:
            self.quoted = self.fields["paragraph"].queryset.filter(pk=int(given)).first()  # type: ignore[attr-defined]  # a ModelChoiceField

    @property
    def name(self) -> str:
        """What a person calls it: `Evidence 2`."""
        return gettext("Evidence {number}").format(number=self.position)

    @property
    def is_cut(self) -> bool:
        """Whether the quote is less than its paragraph."""
        return self.quoted is not None and fold(self["text"].value() or "") != fold(self.quoted.text)

    @property
    def has_file(self) -> bool:
        """Whether there is a file already, stored with the draft or with the entry it starts from."""
        return self.of_kind == Evidence.Kind.FILE and bool(self.stored or self["file_of"].value())

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed or chosen: such a piece is left out."""
        typed = [self[name].value() for name in ("paragraph", "url", "title", "date") if name in self.fields]
        return not any(typed) and not self.has_file

    def clean_url(self) -> str:
        """An address of the web, with or without `https://`."""
        url: str = self.cleaned_data["url"]
        if "://" not in url and not url.lower().startswith(("javascript:", "data:", "mailto:")):
            url = f"https://{url}"
        try:
            URLValidator(schemes=["http", "https"])(url)
        except ValidationError:
            raise ValidationError(
                gettext("This is no address of a page, like https://example.org/law.")
            ) from None
        return url

    def clean_file(self) -> Any:
        """Checked, and as it will be kept."""
        upload = self.cleaned_data["file"]
        return files.receive(upload) if upload else None

    def clean(self) -> dict[str, Any]:
        """A quote stands in its paragraph; a file is there."""
        cleaned = super().clean() or {}
        if self.of_kind == Evidence.Kind.PARAGRAPH and cleaned.get("paragraph") and cleaned.get("text"):
            try:
                check_quote(cleaned["paragraph"], cleaned["text"], field="text")
            except ValidationError as error:
                self.add_error(None, error)
        missing = self.of_kind == Evidence.Kind.FILE and "file" not in self.errors and not cleaned.get("file")
        if missing and not self.has_file:
            self.add_error("file", gettext("Choose the file, or remove this piece of evidence."))
        return cleaned

    def piece(self, access: str) -> Piece:
        """What was typed, to be stored with this level. Only for a form without errors."""
        values = {name: self.cleaned_data[name] for name in FIELDS_OF_KIND[self.of_kind]}
        values["access"] = access
        if self.of_kind == Evidence.Kind.FILE:
            values["upload"] = values.pop("file")
            shared = values["file_of"] or self.stored
            values["file_of"] = None if values["upload"] else shared
        return Piece(position=self.position, kind=self.of_kind.value, **values)

    @property
    def in_words(self) -> str:
        """What would be seen: the quoted words, the address, or that it is a file, with its name."""
        cleaned = self.cleaned_data
        if self.of_kind == Evidence.Kind.PARAGRAPH:
            return f"{place_of(cleaned['paragraph'])}: “{cleaned['text']}”"
        what = cleaned["url"] if self.of_kind == Evidence.Kind.LINK else gettext("the file")
        return f"{cleaned['title']}: {what}" if cleaned["title"] else what
