"""Notes on a record: list, write, delete. Publishing one requires confirmation."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recommendations.accounts.views import DeskView
from recommendations.core.form_fields import TextField
from recommendations.core.widgets import DefinedChoices
from recommendations.desk.entries import records
from recommendations.models import Access, Note, Recommendation, Stakeholder

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from recommendations.core.viewer import Viewer

WORDS_MAX = 10_000
LEVEL_MEANINGS = {
    Access.PRIVATE: _("your organisation alone"),
    Access.PARTNERS: _("also members of partner organisations who are signed in"),
    Access.PUBLIC: _("everyone, at once, on the record’s public page"),
}


class NoteForm(forms.Form):
    """A note, in the name of one of the writer's organisations."""

    organisation = forms.ModelChoiceField(
        label=_("In the name of"),
        queryset=Stakeholder.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choose in whose name this is written.")},
    )
    text = TextField(
        label=_("Note"),
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write the note first.")},
    )
    access = forms.ChoiceField(
        label=_("Who may see it"),
        choices=Access.choices[::-1],
        initial=Access.PRIVATE,
        widget=DefinedChoices(LEVEL_MEANINGS),
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Stakeholder.objects.filter(pk__in=viewer.organisations)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = own
        self.only_organisation = own[0] if len(own) == 1 else None
        field.widget = forms.HiddenInput() if self.only_organisation else forms.RadioSelect()
        field.widget.choices = field.choices
        if self.only_organisation:
            field.initial = self.only_organisation.pk
        if not viewer.reviews:
            # Only reviewers may publish: their role requires a second factor.
            levels: Any = self.fields["access"]
            levels.choices = [choice for choice in levels.choices if choice[0] != Access.PUBLIC]

    def clean(self) -> dict[str, Any]:
        """Add an error if the note is public but its organisation's name is not."""
        cleaned = super().clean() or {}
        organisation = cleaned.get("organisation")
        if cleaned.get("access") == Access.PUBLIC and organisation and not organisation.published:
            raise ValidationError(
                {
                    "access": gettext(
                        "The name of {organisation} is kept off public pages, so its notes cannot be public."
                    ).format(organisation=organisation.short)
                }
            )
        return cleaned

    @property
    def consent(self) -> str:
        """Return the value of the consent box for exactly this text; "" unless the note becomes public."""
        if not self.is_valid() or self.cleaned_data["access"] != Access.PUBLIC:
            return ""
        said = f"{self.cleaned_data['organisation'].pk} {self.cleaned_data['text']}"
        return hashlib.sha256(said.encode()).hexdigest()[:16]


class Notes(DeskView):
    """The notes on a record that the viewer may read, and a form for a new one."""

    @cached_property
    def record(self) -> Recommendation:
        """Return the record. Raises Http404 if it is not public."""
        found, _unknown = records.named([self.kwargs["reference"]])
        if not found:
            raise Http404
        return found[0]

    @property
    def notes(self) -> QuerySet[Note]:
        """Return the visible notes, newest first."""
        rows = Note.objects.visible_to(self.viewer).filter(recommendation=self.record)
        return rows.select_related("organisation", "author")

    @property
    def may_write(self) -> bool:
        """True if the viewer may log for an organisation."""
        return self.viewer.logs and bool(self.viewer.organisations)

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show the notes with an empty form."""
        return self.page(NoteForm(viewer=self.viewer))

    def page(self, form: NoteForm, *, asks: bool = False) -> HttpResponse:
        """Render notes and form; with `asks`, ask for confirmation of the text to be published."""
        context = {
            "record": self.record,
            "notes": self.notes,
            "form": form if self.may_write else None,
            "asks": asks,
            "organisations": self.viewer.organisations,
        }
        return render(self.request, "desk/records/note_list.html", context)

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Create a note; a public one only with the consent value for its text."""
        form = NoteForm(request.POST, viewer=self.viewer)
        if not self.may_write:
            return self.handle_no_permission()
        if not form.is_valid():
            return self.page(form)
        if form.consent and form.consent != request.POST.get("consent", ""):
            return self.page(form, asks=True)
        Note.objects.create(
            recommendation=self.record,
            author=request.user,  # type: ignore[misc]  # sign-in is required
            **form.cleaned_data,
        )
        messages.success(request, gettext("The note is saved."))
        return redirect("desk_notes", self.record.reference)


class DeleteNote(DeskView):
    """Ask for confirmation, then delete a note of one's own organisation."""

    needs = "logs"

    def note(self, pk: int) -> Note:
        """Return the note. Raises Http404 for another organisation's note."""
        own = Note.objects.filter(organisation__in=self.viewer.organisations)
        return get_object_or_404(own.select_related("recommendation", "organisation", "author"), pk=pk)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for confirmation."""
        return render(request, "desk/records/note_confirm_delete.html", {"note": self.note(pk)})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete the note."""
        note = self.note(pk)
        note.delete()
        messages.success(request, gettext("The note is deleted."))
        return redirect("desk_notes", note.recommendation.reference)
