"""Upload and list of imports, and the page of one import with its state and next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from recommendations.accounts.views import DeskView
from recommendations.core.paging import paged
from recommendations.desk.importing.table_plan import table_context
from recommendations.importing import files, jobs, worker_locks
from recommendations.importing.documents import matching, stakeholders
from recommendations.importing.documents.publishing import missing, to_write
from recommendations.importing.errors import RefusedError
from recommendations.models import Import
from recommendations.models.document_kinds import label_of
from recommendations.reading.registry import KINDS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

State = Import.State
# Labels of written rows by model and action.
WRITTEN = {
    "recommendation created": gettext_lazy("Records made"),
    "stateresponse created": gettext_lazy("State responses made"),
    "responselink created": gettext_lazy("Responses linked to what they answer"),
    "recommendation updated": gettext_lazy("Records changed"),
    "stakeholder created": gettext_lazy("Stakeholders made"),
    "document created": gettext_lazy("Documents made"),
    "paragraph created": gettext_lazy("Paragraphs kept"),
    "review created": gettext_lazy("Reviews made"),
}


class UploadForm(forms.Form):
    """Upload of a document or table."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,  # refused with the sentence for it
        error_messages={"required": gettext_lazy("Choose a file.")},
    )


class ImportList(DeskView, TemplateView):
    """Upload form, and the list of imports, newest first."""

    needs = "edits"
    template_name = "desk/importing/import_list.html"
    form: UploadForm | None = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Start an import of the file, or redirect to the earlier import of the same file."""
        self.form = form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.get(request, *args, **kwargs)
        try:
            with transaction.atomic():
                source, is_new = files.receive(form.cleaned_data["file"], made_by=request.user)  # type: ignore[arg-type]  # sign-in is required
                if is_new:
                    transaction.on_commit(lambda: worker_locks.start(source.key))
        except RefusedError as refusal:
            form.add_error("file", ValidationError(str(refusal)))
            return self.get(request, *args, **kwargs)
        if not is_new:
            sentence = _(
                "This very file was brought in before, as {name}; here it is. Nothing is brought in twice."
            )
            messages.info(request, sentence.format(name=source.filename))
        return redirect(source)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Import.objects.defer("parsed").select_related("made_by", "review__state", "document")
        rows = rows.annotate(open_drafts=Count("drafts", filter=Q(drafts__state="open")))
        rows = rows.order_by("-made_at", "-pk")
        page, shown = paged(self.request, rows)
        return super().get_context_data(
            form=self.form or UploadForm(),
            rows=shown,
            page=page,
            taken=files.TAKEN,
            most=filesizeformat(files.size_max()),
            **kwargs,
        )


class ImportView(DeskView, TemplateView):
    """Base of pages about one import."""

    needs = "edits"

    @cached_property
    def source(self) -> Import:
        """Return the import. Raises Http404 if there is none."""
        found = (
            Import.objects.select_related(
                "review__state", "document__review", "made_by", "applied_by", "undone_by"
            )
            .filter(key=self.kwargs["key"])
            .first()
        )
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(source=self.source, **kwargs)


class DocumentView(ImportView):
    """Base of pages about a document's drafts; redirects to the import while they cannot be decided on."""

    def redirect_if_not_ready(self) -> HttpResponse | None:
        """Return a redirect to the import's page if its drafts cannot be decided on now, else None."""
        source = self.source
        if source.what == Import.What.DOCUMENT and source.state in {State.READY, State.DONE}:
            return None
        return redirect(source)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page, or redirect to the import's page."""
        return self.redirect_if_not_ready() or super().get(request, *args, **kwargs)


class ImportPage(ImportView):
    """State of an import and the next step."""

    def get_template_names(self) -> list[str]:
        """Return the progress fragment for htmx polling, else the whole page."""
        if "HX-Request" in self.request.headers:
            return ["desk/importing/progress.html"]
        return ["desk/importing/import_detail.html"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page; tell htmx polling to reload it once the worker has finished."""
        answer = super().get(request, *args, **kwargs)
        if "HX-Request" in request.headers and self.source.state not in Import.AT_WORK:
            answer["HX-Refresh"] = "true"
        return answer

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Start the next step; `act` in the form says which."""
        source, act = self.source, request.POST.get("act", "")
        by: Any = request.user
        done = False
        if act == "read":
            what, kind = request.POST.get("what", ""), request.POST.get("kind", "")
            if what not in {"", *Import.What.values} or kind not in {"", *KINDS}:
                messages.error(request, _("There is no such kind."))
                return redirect(source)
            done = jobs.read_again(source, what=what, kind=kind)
        elif act == "go on":
            done = source.state in Import.AT_WORK
            if done and not worker_locks.is_in_hand(source.key):
                worker_locks.start(source.key)
        elif act == "publish":
            if source.what == Import.What.DOCUMENT and (sentences := missing(source)):
                messages.error(request, " ".join([_("Nothing was published."), *sentences]))
                return redirect(source)
            done = jobs.publish(source, by=by)
        elif act == "undo":
            done = request.POST.get("confirmed") == "yes" and jobs.undo(source, by=by)
        elif act == "take up":
            done = jobs.take_up(source)
        elif act == "discard":
            done = request.POST.get("confirmed") == "yes" and jobs.discard(source)
        if not done:
            messages.error(request, _("That cannot be done now. Nothing was changed."))
        return redirect(source)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        source = self.source
        if source.state in Import.AT_WORK:
            done = worker_locks.progress(source.key)
            in_hand = worker_locks.is_in_hand(source.key) or worker_locks.is_beginning(source.key)
            return super().get_context_data(done=done, in_hand=in_hand, **kwargs)
        kinds = [(kind, label_of(kind)) for kind in KINDS]
        context: dict[str, Any] = {"kinds": kinds, "kind_label": dict(kinds).get(source.kind, "")}
        if source.what == Import.What.DOCUMENT and source.parsed:
            context |= self.document_context(source)
        if source.what == Import.What.TABLE:
            context |= table_context(source)
        if source.state in {State.READY, State.DONE} and source.rows.exists():
            context["in_the_way"] = jobs.undo_blockers(source)
            written = source.report.get("written", {})
            context["written"] = [
                (label, written[name]) for name, label in WRITTEN.items() if written.get(name)
            ]
        return super().get_context_data(**context, **kwargs)

    def document_context(self, source: Import) -> dict[str, Any]:
        """Return the context for a document: counts of drafts by decision, and what is missing."""
        drafts = source.drafts.all()
        counts = drafts.aggregate(
            all=Count("pk"),
            open=Count("pk", filter=Q(state="open")),
            accepted=Count("pk", filter=Q(state="accepted", outcome="")),
            rejected=Count("pk", filter=Q(state="rejected")),
            known=Count("pk", filter=Q(outcome="known")),
            written=Count("pk", filter=Q(outcome__in=["created", "updated"])),
        )
        ready = to_write(source)
        wanted = list(source.drafts.exclude(state="rejected").filter(outcome=""))
        names = {name for draft in wanted for name in draft.raised_by}
        return {
            "counts": counts,
            "ready": ready,
            "unsettled": stakeholders.unsettled(source, wanted),
            "party_count": source.parties.filter(name__in=names).count(),
            "new_count": source.parties.filter(name__in=names, is_new=True, stakeholder=None).count(),
            "missing": missing(source),
            "known_review": source.review or matching.review_of(source),
        }
