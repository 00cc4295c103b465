"""Table imports at the desk: write the table after its dry run, and map its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from recommendations.desk.importing.pages import ImportView
from recommendations.importing import jobs, tables
from recommendations.importing.errors import RefusedError
from recommendations.importing.tables.decisions import Action
from recommendations.importing.tables.formats.mapped import MEANINGS
from recommendations.models import ColumnMapping, Import, Review

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

State = Import.State
CHOICES = ("file", "keep")
# Number of reviews offered as suggestions in the field.
REVIEWS_OFFERED = 400


class TableView(ImportView):
    """Base of pages for decisions on a table, possible only in `states` of the import."""

    states: tuple[State, ...] = (State.READY,)

    @property
    def can_decide(self) -> bool:
        """True if the import is a table in one of `states`."""
        return self.source.what == Import.What.TABLE and self.source.state in self.states


class WriteTable(TableView):
    """Write the table, with the choices for refused rows and conflicts."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Redirect to the import's page, which shows the dry run."""
        return redirect(self.source)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Save the choices and start writing."""
        source = self.source
        if not self.can_decide:
            messages.error(request, _("That cannot be done now. Nothing was changed."))
            return redirect(source)
        source.options = source.options | choices_in(request.POST, source)
        source.save(update_fields=["options"])
        try:
            tables.refuse_undecided(source)
        except RefusedError as refusal:
            messages.error(request, str(refusal))
            return redirect(source)
        by: Any = request.user
        if not jobs.publish(source, by=by):
            messages.error(request, _("That cannot be done now. Nothing was changed."))
        return redirect(source)


def choices_in(data: QueryDict, source: Import) -> dict[str, Any]:
    """Return the submitted choices for conflicts (all and single ones), refused rows and publication."""
    rows = {str(one["row"]) for one in source.report.get("shown", {}).get(Action.CONFLICTS.value, [])}
    single = {row: data[f"row-{row}"] for row in sorted(rows) if data.get(f"row-{row}") in CHOICES}
    return {
        "choices": single,
        "conflicts": data.get("conflicts") if data.get("conflicts") in CHOICES else "",
        "leave_out": data.get("leave_out") == "yes",
        "published": data.get("published") == "yes",
    }


class TableRows(ImportView):
    """Download of the dry run's result for each row."""

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> Any:
        """Return the CSV file. Raises Http404 if there is none."""
        source = self.source
        try:
            file = tables.storage().open(tables.results_of(source), "rb")
        except FileNotFoundError:
            raise Http404 from None
        name = get_valid_filename(source.filename.rsplit(".", 1)[0][:80] or "table")
        return FileResponse(file, as_attachment=True, filename=f"{name}-rows.csv", content_type="text/csv")


class TableColumns(TableView):
    """Map the columns of a table to fields, and save the mapping under a name."""

    template_name = "desk/importing/table_columns.html"
    states = (State.READY, State.REFUSED)
    problems: tuple[str, ...] = ()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the columns with their first cells."""
        if not self.can_decide or not self.source.report.get("headings"):
            return redirect(self.source)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the mapping and read the table with it."""
        source = self.source
        headings = source.report.get("headings")
        if not self.can_decide or not headings:
            messages.error(request, _("That cannot be done now. Nothing was changed."))
            return redirect(source)
        meanings = meanings_in(request.POST, headings)
        slug, name = request.POST.get("review", "").strip(), request.POST.get("name", "").strip()[:100]
        self.problems = tuple(problems_of(meanings, slug))
        if self.problems:
            return super().get(request, *args, **kwargs)
        if name:
            kept = {"columns": meanings, "made_by": request.user}
            ColumnMapping.objects.update_or_create(name=name, defaults=kept)
        options = {"columns": meanings, "mapping": name, "review": slug}
        report = {key: source.report.get(key) for key in ("needs_mapping", "headings", "first")}
        of = (State.READY, State.REFUSED)
        values: dict[str, Any] = {"options": source.options | options, "report": report, "kind": ""}
        if not jobs.ask(source, State.WAITING, of=of, evidence=[], **values):
            messages.error(request, _("That cannot be done now. Nothing was changed."))
        return redirect(source)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        source = self.source
        headings, first = source.report["headings"], source.report.get("first", [])
        saved = list(ColumnMapping.objects.all()[:50])
        chosen = next((one for one in saved if str(one.pk) == self.request.GET.get("mapping")), None)
        given = dict(chosen.columns if chosen else source.options.get("columns") or {})
        if self.request.method == "POST":
            given = meanings_in(self.request.POST, headings)
        rows = [
            (place, heading, [row[place] for row in first if place < len(row)], given.get(heading, ""))
            for place, heading in enumerate(headings)
            if heading
        ]
        asked = self.request.POST if self.request.method == "POST" else source.options
        return super().get_context_data(
            rows=rows,
            meanings=MEANINGS.items(),
            saved=[one for one in saved if set(one.columns) <= set(headings)],
            reviews=Review.objects.select_related("state").order_by("-starts_on")[:REVIEWS_OFFERED],
            review=asked.get("review", ""),
            name=(chosen.name if chosen else asked.get("name") or asked.get("mapping", "")),
            problems=self.problems,
            **kwargs,
        )


def meanings_in(data: QueryDict, headings: list[str]) -> dict[str, str]:
    """Return the submitted meaning by heading, without headings that have none."""
    said = {heading: data.get(f"column-{place}", "") for place, heading in enumerate(headings) if heading}
    return {heading: meaning for heading, meaning in said.items() if meaning in MEANINGS}


def problems_of(meanings: dict[str, str], review: str) -> list[str]:
    """Return one sentence for each problem of the mapping."""
    said = list(meanings.values())
    twice = dict.fromkeys(one for one in said if said.count(one) > 1)
    found = [_("Two columns cannot both be “{meaning}”.").format(meaning=MEANINGS[one]) for one in twice]
    if "reference" not in said:
        if "text" not in said:
            found.append(_("Say which column holds the words of the records, or their references."))
        if not review and not {"state", "mechanism", "session"} <= set(said):
            found.append(_("Choose the review, or the columns with State, mechanism and session."))
    if review and not Review.objects.filter(slug=review).exists():
        found.append(_("No review is called “{slug}”.").format(slug=review[:60]))
    return found
