"""What the page of a new entry and that of a draft share: showing, saving and handing in a sheet."""

from __future__ import annotations

import re
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.accounts.views import DeskView
from recommendations.actions import review_workflow
from recommendations.desk.entries import services
from recommendations.desk.entries.conflict import Difference, differences
from recommendations.desk.entries.entry_form import Setting, Sheet, button_of, press, start_from, written
from recommendations.desk.entries.services import ConflictError, NotEditableError
from recommendations.models import FollowUp, Recommendation
from recommendations.models.verdicts import Verdicts, attach_verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import User
    from django.http import HttpResponse, QueryDict

KEY = re.compile(r"[0-9a-f]{32}")


def verdicts_of(record: Any) -> Verdicts:
    """The verdicts that were attached to a record."""
    verdicts: Verdicts = record.verdicts
    return verdicts


class SheetView(DeskView):
    """A page with a sheet: shows it, does what its buttons do, and saves it."""

    needs = "logs"

    @property
    def user(self) -> User:
        """Who writes."""
        return self.request.user  # type: ignore[return-value]  # sign-in is required

    def page(self, sheet: Sheet, status: int = HTTPStatus.OK, **context: Any) -> HttpResponse:
        """The page with this sheet. A sheet whose words are not stored is marked, for the script to keep."""
        setting = sheet.setting
        roles = {services.role_of(each) for each in setting.organisations}
        attach_verdicts(setting.records)
        context = {
            "sheet": sheet,
            "setting": setting,
            "records": setting.records,
            "entry": setting.entry,
            "replaces": setting.replaces,
            "roles": roles,
            "others": len({role for each in setting.records for role in verdicts_of(each).by_role} - roles),
            "parts": parts_of(setting),
            "wholes": wholes_of(setting),
            "address": self.address(setting.entry),
            "typed_by": self.request.user.pk,
            "steps": setting.entry.steps.select_related("by") if setting.entry else (),
        } | context
        return render(self.request, "desk/log.html", context, status=status)

    def address(self, entry: FollowUp | None) -> str:
        """Where the sheet is sent to."""
        return reverse("desk_entry", args=[entry.pk]) if entry else reverse("desk_log")

    def answer(self, setting: Setting, data: QueryDict) -> HttpResponse:
        """Do what the pressed button says."""
        button = button_of(self.request)
        if button == "autosave":
            return self.autosave(Sheet(setting, data, check="draft"))
        if button in {"save", "submit"}:
            check = "complete" if button == "submit" else "draft"
            return self.keep(Sheet(setting, data, self.request.FILES, check), submit=button == "submit")
        sheet = Sheet(setting, data)
        if button.startswith("start:"):
            self.start(sheet, button.removeprefix("start:"))
        else:
            press(sheet, button)
        return self.page(sheet, unsaved=True)

    def start(self, sheet: Sheet, what: str) -> None:
        """Copy what a standing entry of one's own role says onto the sheet."""
        entry = startable(what, sheet.setting)
        if entry is not None:
            start_from(sheet.data, entry, own=entry.assessor_id in self.viewer.organisations)
            sheet.focus = "id_summary"

    def keep(self, sheet: Sheet, *, submit: bool) -> HttpResponse:
        """Save the sheet, and hand it in if that was asked for; else show what is wrong with it."""
        several = len(sheet.setting.records) > 1
        asks = bool(sheet.to_confirm) and not sheet.is_confirmed
        if sheet.problems or (asks and several):
            return self.page(sheet, unsaved=True, asks=asks and not sheet.problems)
        try:
            entries = self.store(sheet, submit=submit and not asks)
        except (ConflictError, NotEditableError) as obstacle:
            return self.show_obstacle(sheet, obstacle, submit=submit)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
            return self.page(sheet, unsaved=True)
        if asks:
            return self.ask(sheet, entries[0])
        return self.leave(entries, submitted=submit)

    def store(self, sheet: Sheet, *, submit: bool) -> list[FollowUp]:
        """Write the drafts, and hand them in: all of it or nothing."""
        with services.writing() as files:
            setting = sheet.setting
            if setting.entry:
                version = sheet.data.get("version", "")
                entries = [services.update(setting.entry, sheet.content(), files, version=version)]
            else:
                given = sheet.data.get("key", "")
                key = given if KEY.fullmatch(given) else uuid.uuid4().hex
                entries = services.create(
                    setting.records, sheet.content(), files, key=key, by=self.user, replaces=setting.replaces
                )
            return [review_workflow.submit(entry, by=self.user) for entry in entries] if submit else entries

    def ask(self, sheet: Sheet, entry: FollowUp) -> HttpResponse:
        """The draft is saved; what was to become public is private in it until that is confirmed."""
        data = sheet.data.copy()
        data["version"] = services.version_of(entry)
        return self.page(Sheet(self.setting_of(sheet, entry), data, check="draft"), unsaved=True, asks=True)

    def leave(self, entries: list[FollowUp], *, submitted: bool) -> HttpResponse:
        """Say what was done, and go on: to the draft, or to the list where several went."""
        names = get_text_list([entry.recommendation.reference for entry in entries], _("and"))
        if submitted:
            text = ngettext(
                "The entry on {names} waits for review now.",
                "{number} entries wait for review now: {names}.",
                len(entries),
            )
        else:
            text = ngettext(
                "The draft on {names} is saved.", "{number} drafts are saved: {names}.", len(entries)
            )
        token = self.request.POST.get("token", "")[:40]
        messages.success(self.request, text.format(names=names, number=len(entries)), extra_tags=token)
        if submitted or len(entries) > 1:
            return redirect("desk_drafts")
        return redirect("desk_entry", entries[0].pk)

    def show_obstacle(
        self, sheet: Sheet, obstacle: ConflictError | NotEditableError, *, submit: bool
    ) -> HttpResponse:
        """The draft is not what it was: it says this already, or it differs, or it went its way."""
        there = obstacle.entry
        if there is None:
            return self.refuse(sheet, str(obstacle))
        if there.assessor_id not in self.viewer.organisations:
            raise Http404
        if len(sheet.setting.records) > 1:
            messages.info(self.request, _("These drafts were saved already."))
            return redirect("desk_drafts")
        differ = self.compared(sheet, there)
        if not differ and submit == (there.stage == FollowUp.Stage.SUBMITTED):
            # Sent twice, by a second click or because the answer was lost on its way.
            return self.leave([there], submitted=submit)
        if there.stage not in services.EDITABLE:
            return self.refuse(sheet, services.why_not_editable(there))
        # Saving once more is a decision, because the sheet now knows what it replaces.
        data = sheet.data.copy()
        data["version"] = services.version_of(there)
        anew = Sheet(self.setting_of(sheet, there), data)
        return self.page(anew, HTTPStatus.CONFLICT, unsaved=True, conflict=differ)

    def setting_of(self, sheet: Sheet, entry: FollowUp) -> Setting:
        """What a sheet is about, now that its draft is stored."""
        return Setting(sheet.setting.organisations, sheet.setting.records, entry.replaces, entry)

    def compared(self, sheet: Sheet, there: FollowUp) -> list[Difference]:
        """Where the stored draft and the sheet differ."""
        setting = self.setting_of(sheet, there)
        return differences(Sheet(setting, written(there)), Sheet(setting, sheet.data))

    def refuse(self, sheet: Sheet, reason: str) -> HttpResponse:
        """The draft cannot be changed any more: why, and what was typed, to be copied."""
        context = {"reason": reason, "typed": differences(None, sheet), "records": sheet.setting.records}
        return render(self.request, "desk/log_refused.html", context, status=HTTPStatus.CONFLICT)

    def autosave(self, sheet: Sheet) -> HttpResponse:
        """Save what is valid of a sheet that is still being written; answer in JSON.

        200 `{"version", "address", "delete", "left_out": […]}` (`{}` where there is nothing to save yet), or
        409 and 422 `{"problem"}`.
        """
        if sheet.setting.entry is None and sheet.is_empty:
            return JsonResponse({})
        sheet.form.is_valid()
        if "organisation" not in sheet.form.cleaned_data:
            return problem(_("Choose in whose name this is logged."), HTTPStatus.UNPROCESSABLE_ENTITY)
        if len(sheet.setting.records) > 1:
            return problem(_("Several records are saved by the button."), HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            (entry,) = self.store(sheet, submit=False)
        except ConflictError as conflict:
            return self.autosaved_twice(sheet, conflict.entry)
        except NotEditableError as refusal:
            return problem(str(refusal), HTTPStatus.CONFLICT)
        except ValidationError as error:
            return problem(" ".join(error.messages), HTTPStatus.CONFLICT)
        return saved(entry, left_out(sheet))

    def autosaved_twice(self, sheet: Sheet, there: FollowUp) -> HttpResponse:
        """A conflict, or the very same sheet again because its answer was lost on the way."""
        if there.assessor_id not in self.viewer.organisations:
            raise Http404
        if not self.compared(sheet, there):
            return saved(there, left_out(sheet))
        return problem(
            _("This draft was changed elsewhere meanwhile. Press “Save draft” to see both versions."),
            HTTPStatus.CONFLICT,
        )


def parts_of(setting: Setting) -> Iterable[Recommendation]:
    """The public parts of the one record that the sheet is about, unless it corrects what was said of it."""
    (record, *others) = setting.records
    return () if others or setting.replaces else record.parts.published()


def wholes_of(setting: Setting) -> Iterable[Recommendation]:
    """The public record of which the one that the sheet is about is a part, if it is."""
    (record, *others) = setting.records
    if others or not record.parent_id:
        return ()
    return Recommendation.objects.published().filter(pk=record.parent_id)


def problem(sentence: str, status: HTTPStatus) -> JsonResponse:
    """Why nothing was saved."""
    return JsonResponse({"problem": sentence}, status=status)


def saved(entry: FollowUp, left_out: list[str]) -> JsonResponse:
    """What the page must know to go on writing the same draft."""
    return JsonResponse(
        {
            "version": services.version_of(entry),
            "address": reverse("desk_entry", args=[entry.pk]),
            "delete": reverse("desk_entry_delete", args=[entry.pk]),
            "left_out": left_out,
        }
    )


def left_out(sheet: Sheet) -> list[str]:
    """What autosave did not take: fields and evidence that are not valid yet, and levels to be confirmed."""
    names = [str(sheet.form.fields[name].label) for name in sheet.form.errors if name in sheet.form.fields]
    names += [each.name for each in sheet.filled if not each.is_valid()]
    if not sheet.is_confirmed:
        names += [_("{name} as public").format(name=each.name) for each in sheet.to_confirm]
    return names


def startable(what: str, setting: Setting) -> FollowUp | None:
    """The standing entry of one of one's roles, on one of the records, from which one may start."""
    if not what.isdecimal() or len(what) > 18:
        return None
    roles = [services.role_of(each) for each in setting.organisations]
    entries = FollowUp.objects.published().standing()
    return entries.filter(
        pk=int(what), role__in=roles, recommendation__in=[r.pk for r in setting.records]
    ).first()
