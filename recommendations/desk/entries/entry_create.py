"""Log follow-up: a new entry, for one record or several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from recommendations.desk.entries import records, services
from recommendations.desk.entries.entry_form import Setting, Sheet, blank, button_of
from recommendations.desk.entries.entry_form_view import SheetView
from recommendations.desk.work.find import address_of
from recommendations.models import FollowUp, Recommendation

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict


class LogFollowUp(SheetView):
    """A new entry for `?record=REF` (repeatable), or one that corrects: `?replaces=ENTRY`.

    Without either, records are chosen first.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        """An empty sheet, or the question for which records."""
        return self.open(request.GET) or self.page_for(request.GET)

    def post(self, request: HttpRequest) -> HttpResponse:
        """The sheet as typed."""
        response = self.open(request.POST)
        if response is not None:
            return response
        data = request.POST.copy()
        setting = self.setting(data)
        if setting is None or button_of(request) == "records":
            return self.page_for(data)
        return self.answer(setting, data)

    def open(self, query: QueryDict) -> HttpResponse | None:
        """Somebody without an organisation cannot log; a correction that exists already is gone on with."""
        if not services.assessors(self.viewer):
            return render(self.request, "desk/log_nobody.html")
        if "replaces" not in query:
            return None
        begun = (
            FollowUp.objects.filter(replaces=self.replaced(query)).select_related("recommendation").first()
        )
        # What was typed is compared with it, where it was typed on the same sheet.
        if begun is None or begun.reference == f"{FollowUp.DRAFT_REFERENCE}{query.get('key', '')}":
            return None
        messages.info(
            self.request,
            _("This entry is corrected already.")
            if begun.is_published
            else _("Somebody of your organisation has begun this correction; here it is."),
        )
        return redirect(begun) if begun.is_published else redirect("desk_entry", begun.pk)

    def replaced(self, query: QueryDict) -> FollowUp | None:
        """The entry to be corrected: a published one of an own organisation; 404 for any other."""
        if "replaces" not in query:
            return None
        pk = str(query["replaces"])
        if not pk.isdecimal() or len(pk) > 18:
            raise Http404
        own = FollowUp.objects.published().filter(assessor__in=self.viewer.organisations)
        return get_object_or_404(own.select_related("recommendation"), pk=int(pk))

    def choice(self, typed: str) -> HttpResponse:
        """The question for which records, with what was typed, and with a reference as an example."""
        example = Recommendation.objects.published().order_by("-pk").values_list("reference", flat=True)
        return render(self.request, "desk/log_choose.html", {"typed": typed, "example": example.first()})

    def setting(self, query: QueryDict) -> Setting | None:
        """What the sheet is about; None where no record is chosen."""
        replaces = self.replaced(query)
        wanted = [replaces.recommendation.reference] if replaces else records.typed(query)
        found, _unknown = records.named(wanted)
        return Setting(services.assessors(self.viewer), found, replaces) if found else None

    def page_for(self, data: QueryDict) -> HttpResponse:
        """The sheet for the chosen records, with what is wrong about the choice; or the choice itself."""
        wanted = records.typed(data)
        found, unknown = records.named(wanted)
        if unknown and not found and not any(records.may_be_reference(word) for word in unknown):
            # Words and no references: they are looked for, and each record found can be logged on.
            return redirect(address_of(" ".join(unknown)))
        for sentence in records.problems(wanted, unknown):
            messages.error(self.request, sentence)
        setting = self.setting(data)
        if setting is None:
            return self.choice(" ".join(unknown))
        if self.request.method == "POST":
            return self.page(Sheet(setting, data), unsaved=True)
        begun = services.drafts_of(self.viewer).filter(
            recommendation__in=[each.pk for each in setting.records]
        )
        sheet = Sheet(setting, blank(setting))
        if "start" in data:
            self.start(sheet, str(data["start"]))
        return self.page(
            sheet, begun=begun.filter(stage__in=services.EDITABLE).select_related("recommendation")
        )
