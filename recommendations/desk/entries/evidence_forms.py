"""The evidence of an entry: a form for each quote, link or file, and the formset that holds them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.forms.models import model_to_dict
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recommendations.core.form_fields import DayField, TextField
from recommendations.desk.entries import files, quoting
from recommendations.models import Evidence, FollowUp, Paragraph
from recommendations.reading.files.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from recommendations.models import Recommendation, Stakeholder

EVIDENCE_MAX = 20


def typed_values(form: forms.BaseForm) -> dict[str, Any]:
    """What was typed into a bound form, as the initial values of one that shows it without checking it."""
    return {name: form[name].value() for name in form.fields if form.add_prefix(name) in form.data}


class EvidenceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    """Evidence of one kind. `stored` stands at its position already; `shared` files may be used again."""

    FIELDS_OF_KIND = {
        Evidence.Kind.PARAGRAPH: {"paragraph", "text"},
        Evidence.Kind.LINK: {"url", "title", "date"},
        Evidence.Kind.FILE: {"file", "file_of", "title", "date"},
    }

    paragraph = forms.ModelChoiceField(queryset=quoting.public_paragraphs(), widget=forms.HiddenInput)
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
    file_of = forms.ModelChoiceField(
        queryset=Evidence.objects.none(), required=False, widget=forms.HiddenInput
    )
    access = forms.ChoiceField(
        label=_("Who may see it"), choices=reversed(Evidence.Access.choices), initial=Evidence.Access.PRIVATE
    )
    field_order = ["kind", "paragraph", "text", "url", "file", "file_of", "title", "date", "stance", "access"]

    class Meta:
        model = Evidence
        fields = ["kind", "paragraph", "text", "url", "file", "title", "date", "stance", "access"]
        field_classes = {"date": DayField}
        labels = {"title": _("What it is"), "date": _("Its date"), "stance": _("What it does")}
        widgets = {"kind": forms.HiddenInput}

    def __init__(
        self,
        *args: Any,
        position: int,
        stored: Evidence | None = None,
        shared: QuerySet[Evidence] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        # What was added and left empty is left out; that something is needed in it is shown all the same.
        self.empty_permitted = self.use_required_attribute = True
        self.position = position
        self.evidence_kind = Evidence.Kind(self["kind"].value())
        self.stored = stored if stored is not None and stored.kind == self.evidence_kind else None
        for name in set().union(*self.FIELDS_OF_KIND.values()) - self.FIELDS_OF_KIND[self.evidence_kind]:
            del self.fields[name]
        if shared is not None and "file_of" in self.fields:
            self.fields["file_of"].queryset = shared  # type: ignore[attr-defined]  # a ModelChoiceField

    @property
    def name(self) -> str:
        """What a person calls it: `Evidence 2`."""
        return gettext("Evidence {number}").format(number=self.position)

    @cached_property
    def quoted(self) -> Paragraph | None:
        """The paragraph: chosen by a button and shown as words, so a wrong one can only be an old page."""
        if self.evidence_kind != Evidence.Kind.PARAGRAPH:
            return None
        return quoting.public_paragraph(str(self["paragraph"].value() or ""))

    @property
    def is_cut(self) -> bool:
        """Whether the quote is less than its paragraph."""
        return self.quoted is not None and fold(self["text"].value() or "") != fold(self.quoted.text)

    @property
    def has_file(self) -> bool:
        """Whether there is a file already, stored with the draft or with the entry it starts from."""
        return self.evidence_kind == Evidence.Kind.FILE and bool(self.stored or self["file_of"].value())

    def has_changed(self) -> bool:
        """Whether anything was typed or chosen: what was added and left empty is left out."""
        if self.has_file or self.add_prefix("file") in self.files:
            return True
        names = ("paragraph", "url", "title", "date")
        return any(self[name].value() for name in names if name in self.fields)

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
        """A file is there: a new one, or one that is stored already."""
        cleaned = self.cleaned_data
        if self.evidence_kind == Evidence.Kind.FILE and "file" not in self.errors and not cleaned["file"]:
            if not self.has_file:
                self.add_error("file", gettext("Choose the file, or remove this piece of evidence."))
            elif not self.errors:
                self.instance.file.name = str((cleaned["file_of"] or self.stored).file)  # type: ignore[union-attr]  # one of the two is there
        return cleaned

    def _post_clean(self) -> None:
        """The model's rules (a quote stands in its paragraph), where nothing else is wrong."""
        if not self.errors:
            super()._post_clean()  # type: ignore[misc]  # the stubs leave it out

    @property
    def is_to_confirm(self) -> bool:
        """Whether it would become public and was not stored as public before, in these words."""
        if not self.is_valid() or self.cleaned_data["access"] != Evidence.Access.PUBLIC:
            return False
        stored, cleaned = self.stored, self.cleaned_data
        if stored is None or stored.access != Evidence.Access.PUBLIC or cleaned.get("file"):
            return True
        said = {"paragraph", "text", "url", "title"} & self.fields.keys()
        return any((getattr(stored, name) or "") != (cleaned[name] or "") for name in said)

    @property
    def in_words(self) -> str:
        """What would be seen: the quoted words, the address, or that it is a file, with its name."""
        cleaned = self.cleaned_data
        if self.evidence_kind == Evidence.Kind.PARAGRAPH:
            return f"{quoting.place_of(cleaned['paragraph'])}: “{cleaned['text']}”"
        what = cleaned["url"] if self.evidence_kind == Evidence.Kind.LINK else gettext("the file")
        return f"{cleaned['title']}: {what}" if cleaned["title"] else what


class BaseEvidenceFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # generic for mypy only
    """The evidence of one entry, a form at each position from 1; of a draft as it is stored, if not given.

    A position keeps its number while the page is open, because a draft that saves itself is the same row at
    the same position; so what was removed leaves a gap, which is a position without a kind.
    """

    default_error_messages = {
        "missing_management_form": _("The page is older than this program: reload it, and type this again."),
    }

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        initial: list[dict[str, Any]] | None = None,
        entry: FollowUp,
        shared: QuerySet[Evidence],
    ) -> None:
        rows = Evidence.objects.filter(follow_up=entry.pk).select_related("paragraph__document")
        self.stored = {row.position: row for row in rows} if entry.pk else {}
        if initial is None:
            last = max(self.stored, default=0)
            initial = [initial_values(self.stored.get(position)) for position in range(1, last + 1)]
        super().__init__(data, files, initial=initial)
        self.shared = shared

    @classmethod
    def get_default_prefix(cls) -> str:
        """The controls have names like `evidence-1-url`."""
        return "evidence"

    def add_prefix(self, index: int | str) -> str:
        """Numbered from 1, as on the page and in the database."""
        return f"{self.prefix}-{int(index) + 1}"

    @cached_property
    def forms(self) -> list[EvidenceForm]:
        """Django's, without the gaps."""
        indexes = [index for index in range(self.total_form_count()) if self._has_kind(index)]
        return [self._construct_form(index, **self.get_form_kwargs(index)) for index in indexes]  # type: ignore[attr-defined]  # the stubs leave it out

    def _has_kind(self, index: int) -> bool:
        if self.is_bound:
            return self.data.get(f"{self.add_prefix(index)}-kind") in Evidence.Kind.values
        return bool((self.initial or [])[index])

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """What stands at the position."""
        position = (index or 0) + 1
        return {"position": position, "stored": self.stored.get(position), "shared": self.shared}

    @property
    def typed(self) -> list[dict[str, Any]]:
        """What was typed, as the initial values of a formset that shows it without checking it."""
        values = {form.position: typed_values(form) for form in self.forms}
        return [values.get(index + 1, {}) for index in range(self.total_form_count())]

    def as_posted(self) -> dict[str, Any]:
        """What this formset shows, as a browser would send it."""
        counts = {f"{self.prefix}-TOTAL_FORMS": self.total_form_count(), f"{self.prefix}-INITIAL_FORMS": 0}
        return counts | {
            form.add_prefix(name): form[name].value() for form in self.forms for name in form.fields
        }

    @property
    def filled(self) -> list[EvidenceForm]:
        """The forms into which something was typed."""
        return [form for form in self.forms if form.has_changed()]

    @property
    def to_confirm(self) -> list[EvidenceForm]:
        """Evidence that would become public and is not yet, as far as it is valid."""
        return [form for form in self.filled if form.is_to_confirm]

    @property
    def consent(self) -> str:
        """What the box beside the list of what becomes public stands for: exactly this list."""
        said = "\n".join(f"{form.position} {form.in_words}" for form in self.to_confirm)
        return hashlib.sha256(said.encode()).hexdigest()[:16] if said else ""

    @property
    def unconfirmed(self) -> list[EvidenceForm]:
        """What would become public, unless it was asked and answered that exactly this does."""
        return [] if self.data.get("consent", "") == self.consent else self.to_confirm


EvidenceFormSet = cast(
    "type[BaseEvidenceFormSet]",
    forms.formset_factory(EvidenceForm, formset=BaseEvidenceFormSet, extra=0, max_num=EVIDENCE_MAX),
)


def shared_files(
    organisations: Iterable[Stakeholder], records: Iterable[Recommendation]
) -> QuerySet[Evidence]:
    """Files that may be used again: those of published entries of one's own organisations on the records."""
    return Evidence.objects.filter(
        kind=Evidence.Kind.FILE,
        follow_up__assessor__in=[each.pk for each in organisations],
        follow_up__recommendation__in=[each.pk for each in records],
        follow_up__published_at__isnull=False,
        follow_up__withdrawn_at__isnull=True,
    )


def initial_values(row: Evidence | None) -> dict[str, Any]:
    """What a form shows of stored evidence, but for its file, which a browser does not give back."""
    return model_to_dict(row, [name for name in EvidenceForm.Meta.fields if name != "file"]) if row else {}


def copied_values(entry: FollowUp) -> list[dict[str, Any]]:
    """Initial values for evidence that says what the evidence of another entry says, and shares its files."""
    rows = Evidence.objects.filter(follow_up=entry.pk).order_by("position")
    return [initial_values(row) | ({"file_of": row.pk} if row.file else {}) for row in rows]
