"""Log follow-up: a new entry, for one record or several, or one that corrects a published entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations.desk.entries import records, services
from recommendations.desk.entries.buttons import FormValues
from recommendations.desk.entries.entry_form_view import EntryFormView
from recommendations.desk.work.find import address_of
from recommendations.models import FollowUp, Recommendation

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict


class EntryCreateView(EntryFormView):
    """A new entry for `?record=REF` (repeatable), or one that corrects: `?replaces=ENTRY`.

    Without either, records are chosen first.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        """An empty form, or what comes before it."""
        response = self.page_before(request.GET)
        if response is not None:
            return response
        values = FormValues({}, [], self.search)
        if self.entry.replaces:
            values.start_from(self.entry.replaces, own=True)
            values.entry["as_of"] = self.entry.replaces.as_of
        self.start_from(values, request.GET.get("start", ""))
        begun = services.drafts_of(self.viewer).filter(
            recommendation__in=self.records, stage__in=services.EDITABLE
        )
        return self.show_values(values, begun=begun.select_related("recommendation"))

    def post(self, request: HttpRequest) -> HttpResponse:
        """What was typed."""
        return self.page_before(request.POST) or self.answer()

    def page_before(self, query: QueryDict) -> HttpResponse | None:
        """Find what the entry is about; a page, where there can be no form yet."""
        if not self.organisations:
            return render(self.request, "desk/entries/no_organisation.html")
        replaces = self.replaced(query)
        if replaces and (begun := self.begun_correction(replaces, query)):
            return begun
        self.entry = FollowUp(replaces=replaces, as_of=timezone.localdate())
        wanted = [replaces.recommendation.reference] if replaces else records.typed(query)
        self.records, unknown = records.named(wanted)
        if self.request.method == "POST" and self.records and self.button != "records":
            return None
        if unknown and not self.records and not any(records.may_be_reference(word) for word in unknown):
            # Words and no references: they are looked for, and each record found can be logged on.
            return redirect(address_of(" ".join(unknown)))
        for sentence in records.problems(wanted, unknown):
            messages.error(self.request, sentence)
        return None if self.records else self.choose_records(" ".join(unknown))

    def choose_records(self, typed: str) -> HttpResponse:
        """The question for which records, with what was typed, and with a reference as an example."""
        example = Recommendation.objects.published().order_by("-pk").values_list("reference", flat=True)
        context = {"typed": typed, "example": example.first()}
        return render(self.request, "desk/entries/choose_records.html", context)

    def replaced(self, query: QueryDict) -> FollowUp | None:
        """The entry to be corrected: a published one of an own organisation; 404 for any other."""
        if "replaces" not in query:
            return None
        pk = str(query["replaces"])
        if not pk.isdecimal() or len(pk) > 18:
            raise Http404
        own = FollowUp.objects.published().filter(assessor__in=self.viewer.organisations)
        return get_object_or_404(own.select_related("recommendation"), pk=int(pk))

    def begun_correction(self, replaces: FollowUp, query: QueryDict) -> HttpResponse | None:
        """The way to a correction of the entry that exists already, if one does."""
        begun = FollowUp.objects.filter(replaces=replaces).select_related("recommendation").first()
        # One that was made by this very form is compared with it.
        if begun is None or begun.reference == f"{FollowUp.DRAFT_REFERENCE}{query.get('key', '')}":
            return None
        messages.info(
            self.request,
            _("This entry is corrected already.")
            if begun.is_published
            else _("Somebody of your organisation has begun this correction; here it is."),
        )
        return redirect(begun) if begun.is_published else redirect("desk_entry", begun.pk)
