"""Form and page for confirming State, review and document of an import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.desk.importing.pages import DocumentView
from recommendations.importing.documents import deciding, matching, stakeholders
from recommendations.models import Document, Import, ImportParty, Review, State

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def day() -> forms.DateInput:
    """Return a date input."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DocumentForm(forms.Form):
    """State, review and document as read, to confirm or correct; review dates only for a new review."""

    state = forms.ModelChoiceField(
        State.objects.all(), to_field_name="iso3", label=gettext_lazy("State under review")
    )
    mechanism = forms.ChoiceField(
        choices=[("", "–"), *Review.Mechanism.choices], label=gettext_lazy("Mechanism")
    )
    session = forms.CharField(
        max_length=20,
        label=gettext_lazy("Session"),
        help_text=gettext_lazy("Its number, such as 7."),
    )
    cycle = forms.CharField(
        max_length=20,
        required=False,
        label=gettext_lazy("Cycle"),
        help_text=gettext_lazy("Cycle of the UPR, or number of the periodic report."),
    )
    starts_on = forms.DateField(
        required=False,
        widget=day(),
        label=gettext_lazy("Review begins"),
        help_text=gettext_lazy("Only for a review that is new here; the first of the month or year will do."),
    )
    precision = forms.ChoiceField(
        choices=Review.Precision.choices, required=False, label=gettext_lazy("How exactly that is known")
    )
    ends_on = forms.DateField(required=False, widget=day(), label=gettext_lazy("Review ends"))
    title = forms.CharField(max_length=300, label=gettext_lazy("Title of the document"))
    symbol = forms.CharField(
        max_length=60,
        required=False,
        label=gettext_lazy("Symbol"),
        help_text=gettext_lazy("Such as A/HRC/WG.6/7/KAZ/3."),
    )
    published_on = forms.DateField(required=False, widget=day(), label=gettext_lazy("Dated"))
    url = forms.URLField(
        max_length=500,
        required=False,
        assume_scheme="https",
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("Where readers find the original."),
    )
    REVIEW = ("state", "mechanism", "session", "cycle", "starts_on", "precision", "ends_on")
    DOCUMENT = ("title", "symbol", "published_on", "url")

    review: Review | None = None
    document: Document | None = None

    def clean_symbol(self) -> str:
        """Return the symbol without spaces, which no symbol contains."""
        return "".join(self.cleaned_data["symbol"].split())

    def clean(self) -> dict[str, Any]:
        """Find review and document; a new review requires its start date."""
        said = super().clean() or self.cleaned_data
        if not {"state", "mechanism", "session"} <= said.keys():
            return said
        of = {"state": said["state"], "mechanism": said["mechanism"], "session": said["session"]}
        self.review = Review.objects.filter(**of).first()
        if self.review is None and not said.get("starts_on") and "starts_on" not in self.errors:
            self.add_error("starts_on", _("This review is new here: say when it begins."))
        begins, ends = said.get("starts_on"), said.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("It cannot end before it begins."))
        if said.get("symbol"):
            self.document = Document.objects.filter(symbol=said["symbol"]).first()
        if self.document and self.document.review != self.review:
            sentence = _("{symbol} is here already, as a document of {review}.")
            self.add_error(
                "symbol", sentence.format(symbol=self.document.symbol, review=self.document.review)
            )
        return said

    def options(self) -> dict[str, Any]:
        """Return the confirmed values in the form of `Import.options`."""
        said = self.cleaned_data
        plain = {name: value for name, value in said.items() if name != "state"}
        dates = {
            name: plain[name].isoformat() if plain[name] else ""
            for name in ("starts_on", "ends_on", "published_on")
        }
        return plain | dates | {"state": said["state"].iso3, "confirmed": True}


def confirm(source: Import, form: DocumentForm) -> None:
    """Save the confirmed values, and match stakeholders and known records again.

    Raises ValidationError if records were already created from the import.
    """
    with deciding.opened(source) as kept:
        if kept.rows.exists():
            raise ValidationError(_("Records were made of it already; undo the import to change this."))
        kept.options = {**kept.options, **form.options()}
        former = kept.review_id
        kept.review = form.review
        kept.document = matching.document_of(kept)
        if kept.document and kept.document.review_id != kept.review_id:
            kept.document = None
        kept.save(update_fields=["options", "review", "document"])
        if former != kept.review_id:
            # Joint submissions are numbered per review: JS1 of another review is a different stakeholder.
            ImportParty.objects.filter(source=kept, read__kind="joint_submission", is_new=False).update(
                stakeholder=None
            )
        stakeholders.match(kept)
        matching.find_known(kept)


class DocumentPage(DocumentView):
    """Page for confirming State, review and document."""

    template_name = "desk/importing/document_form.html"
    form: DocumentForm | None = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the confirmed values, or show the errors."""
        if answer := self.redirect_if_not_ready():
            return answer
        self.form = form = DocumentForm(request.POST)
        if not form.is_valid():
            return self.get(request, *args, **kwargs)
        try:
            with transaction.atomic():
                confirm(self.source, form)
        except ValidationError as error:
            form.add_error(None, error)
            return self.get(request, *args, **kwargs)
        messages.success(request, _("State, review and document are confirmed."))
        return redirect(self.source)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = self.source.document
        here = {"title": known.title, "published_on": known.published_on, "url": known.url} if known else {}
        form = self.form or DocumentForm(initial=self.source.options | here)
        return super().get_context_data(form=form, written=self.source.rows.exists(), **kwargs)
