"""Pages of a record at the desk: details, history, and forms for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from recommendations.accounts.views import DeskView
from recommendations.actions import record_editing
from recommendations.desk.records.forms import (
    EditForm,
    LinkForm,
    MergeForm,
    PartForms,
    ReasonForm,
    ResponseForm,
    parts_of,
)
from recommendations.desk.records.history import changes_of
from recommendations.desk.review.review import EvidenceByAccess
from recommendations.models import Evidence, FollowUp, Recommendation, RecommendationLink, ResponseLink
from recommendations.models.deadlines import where_from
from recommendations.models.listing import lock_for_write
from recommendations.models.verdicts import attach_verdicts
from recommendations.public.chain_detail import time_order
from recommendations.public.redirects import redirect_to_current
from recommendations.public.status_sentences import headline_sentence

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.forms import BaseForm
    from django.http import HttpRequest, HttpResponse

    from recommendations.core.viewer import Viewer


def add_errors(form: Any, error: ValidationError) -> None:
    """Add an action's error to a form: to the field it names if the form has it, else to the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


class RecordView(DeskView, TemplateView):
    """Base of pages about one record; only editors may see unpublished ones."""

    @cached_property
    def record(self) -> Any:
        """Return the record with its statuses. Raises Http404."""
        records = Recommendation.objects.with_status().select_related(
            "document__review__state", "paragraph__document", "parent", "merged_into"
        )
        if not self.viewer.edits:
            records = records.filter(pk__in=Recommendation.objects.published().values("pk"))
        record = records.filter(reference=self.kwargs["reference"]).first()
        if record is None:
            raise Http404
        attach_verdicts([record])
        return record

    @property
    def address(self) -> str:
        """Return the URL of the record's page at the desk."""
        return reverse("desk_record", args=[self.record.reference])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(record=self.record, viewer=self.viewer, **kwargs)

    def done(self, sentence: str) -> HttpResponse:
        """Redirect to the record with a success message."""
        messages.success(self.request, sentence)
        return redirect(self.address)


class RecordPage(RecordView):
    """A record with its links, parts, entries and history, and the actions available."""

    template_name = "desk/records/record_detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page; redirect from the reference of a merged record or a former reference."""
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            return redirect_to_current(request, Recommendation.objects.all(), "reference")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.record
        entries = FollowUp.objects.visible_to(self.viewer).filter(recommendation=record)
        linked: dict[str, Any] = {
            "earlier": record.earlier_links.select_related("earlier"),
            "later": record.later_links.select_related("later"),
            "answers": record.response_links.select_related("response"),
            "parts": record.parts.with_status(),
            "whole": Recommendation.objects.filter(pk=record.parent_id),
        }
        if not self.viewer.edits:
            # Only editors see unpublished records and responses, and suggested links.
            linked = {name: rows.published() for name, rows in linked.items()}
        return super().get_context_data(
            **linked,
            entries=with_evidence(entries.select_related("assessor").order_by("-as_of", "-pk"), self.viewer),
            merged=record.merged.all(),
            headline=headline_sentence(record.verdicts) if record.expects_follow_up else "",
            is_followed=record.followed_by.filter(user=self.viewer.user_id).exists(),
            due_date_from=where_from(record) if record.due_on else "",
            changes=changes_of(record, self.viewer),
            **kwargs,
        )


def with_evidence(entries: QuerySet[FollowUp], viewer: Viewer) -> list[FollowUp]:
    """Return the entries, each with `shown`: the evidence this person may see. Two more queries."""
    seen = Evidence.objects.visible_to(viewer).select_related("paragraph__document").order_by("position")
    found: list[Any] = list(entries.prefetch_related(Prefetch("evidence", seen, to_attr="seen_evidence")))
    for entry in found:
        # Do not reveal how much evidence is hidden from this person.
        entry.shown = EvidenceByAccess(entry.seen_evidence, hidden=0)
    return found


class EditorView(RecordView):
    """Base of editors' forms for a record."""

    needs = "edits"
    form: BaseForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the empty form."""
        self.prepare(None)
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Perform the action, or show the form again with the input and errors."""
        self.prepare(request.POST)
        if self.record.merged_into and not isinstance(self, Unlink):
            raise PermissionDenied(_("A merged record is kept as it is."))
        if self.is_valid():
            try:
                answer = self.act()
            except ValidationError as error:
                add_errors(self.form, error)
            else:
                if answer:
                    return answer
        return self.render_to_response(self.get_context_data())

    def prepare(self, data: Any) -> None:
        """Set `self.form`, bound to `data` unless it is None."""
        raise NotImplementedError

    def is_valid(self) -> bool:
        """True if the submitted forms are valid."""
        return self.form.is_valid()

    def act(self) -> HttpResponse | None:
        """Perform the action; return None to show the page again."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(form=self.form, **kwargs)


class EditRecord(EditorView):
    """Edit a record; on concurrent edits, the second editor is shown both versions."""

    template_name = "desk/records/record_edit.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lock before the version check, so that nobody else writes before the save."""
        with transaction.atomic():
            lock_for_write()
            return super().post(request, *args, **kwargs)

    def prepare(self, data: Any) -> None:
        rows = Recommendation.objects.all() if data is None else Recommendation.objects.select_for_update()
        self.form = EditForm(data, instance=get_object_or_404(rows, pk=self.record.pk))

    def act(self) -> HttpResponse | None:
        self.form.save()  # type: ignore[attr-defined]  # prepare() makes an EditForm
        return self.done(_("The record is saved."))


class SplitRecord(EditorView):
    """Split a compound record into parts."""

    template_name = "desk/records/record_split.html"

    def prepare(self, data: Any) -> None:
        self.form = ReasonForm(data)
        self.parts = PartForms(data, prefix="part")

    def is_valid(self) -> bool:
        return self.form.is_valid() and self.parts.is_valid()

    def act(self) -> HttpResponse | None:
        made = record_editing.split(
            self.record,
            parts_of(self.parts.forms),
            reason=self.form.cleaned_data["reason"],
        )
        names = ", ".join(part.reference for part in made)
        return self.done(_("Made: {references}.").format(references=names))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(parts=self.parts, **kwargs)


class MergeRecord(EditorView):
    """Merge two identical records, after showing both side by side for confirmation."""

    template_name = "desk/records/record_merge.html"
    into: Recommendation | None = None

    def prepare(self, data: Any) -> None:
        self.form = MergeForm(data)

    def act(self) -> HttpResponse | None:
        into = self.form.cleaned_data["into"]
        if not self.form.cleaned_data["confirmed"]:
            record_editing.check_merge(self.record, into)
            self.into = into
            return None
        kept = record_editing.merge(self.record, into, reason=self.form.cleaned_data["reason"])
        messages.success(
            self.request,
            _("{reference} is merged into this record; its address leads here.").format(
                reference=self.record.reference
            ),
        )
        return redirect("desk_record", kept.reference)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(into=self.into, **kwargs)


class LinkRecord(EditorView):
    """Link the record to another one of its chain."""

    template_name = "desk/records/record_link.html"

    def prepare(self, data: Any) -> None:
        self.form = LinkForm(data)

    def act(self) -> HttpResponse | None:
        other = self.form.cleaned_data["other"]
        earlier, later = sorted([self.record, other], key=time_order)
        record_editing.link_records(
            earlier, later, self.form.cleaned_data["relation"], self.form.cleaned_data["rationale"]
        )
        return self.done(
            _("Linked: {earlier}, then {later}.").format(earlier=earlier.reference, later=later.reference)
        )


class LinkResponse(EditorView):
    """Link a response to the record it answers."""

    template_name = "desk/records/record_response.html"

    def prepare(self, data: Any) -> None:
        self.form = ResponseForm(data)

    def act(self) -> HttpResponse | None:
        typed = self.form.cleaned_data
        record_editing.link_response(typed["response"], self.record, typed["stance"], typed["rationale"])
        return self.done(_("Linked: {reference} answers it.").format(reference=typed["response"].reference))


class Unlink(EditorView):
    """Delete a link, with a reason."""

    template_name = "desk/records/record_unlink.html"

    @cached_property
    def link(self) -> RecommendationLink | ResponseLink:
        """Return the link. Raises Http404 if it is not one of the record's."""
        mine: Any = {
            "answer": self.record.response_links,
            "earlier": self.record.earlier_links,
            "later": self.record.later_links,
        }[self.kwargs["kind"]]
        link: RecommendationLink | ResponseLink | None = mine.filter(pk=self.kwargs["pk"]).first()
        if link is None:
            raise Http404
        return link

    def prepare(self, data: Any) -> None:
        self.form = ReasonForm(data)
        self.sentence = str(self.link)

    def act(self) -> HttpResponse | None:
        record_editing.unlink(self.link, reason=self.form.cleaned_data["reason"])
        return self.done(_("The link {link} is taken away.").format(link=self.sentence))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(link=self.link, **kwargs)
