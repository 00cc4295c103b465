"""What the pages of a new entry and of a draft share: the form is shown, changed, saved and submitted."""

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
from django.utils.functional import cached_property
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.accounts.views import DeskView
from recommendations.desk.entries import services
from recommendations.desk.entries.buttons import FormValues, press
from recommendations.desk.entries.conflict import Difference, differences
from recommendations.desk.entries.evidence_forms import typed_values
from recommendations.desk.entries.forms import EntryForm
from recommendations.desk.entries.organisations import assessors, role_of
from recommendations.desk.entries.quoting import ParagraphSearch
from recommendations.desk.entries.services import ConflictError, NotEditableError
from recommendations.models import FollowUp, Recommendation
from recommendations.models.verdicts import attach_verdicts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import User
    from django.http import HttpResponse

    from recommendations.models import Stakeholder

KEY = re.compile(r"[0-9a-f]{32}")


class EntryFormView(DeskView):
    """The page with the entry form. Who inherits sets the records and the entry, which may be a new one."""

    needs = "logs"
    records: Sequence[Recommendation]
    entry: FollowUp

    @property
    def user(self) -> User:
        """Who writes."""
        return self.request.user  # type: ignore[return-value]  # sign-in is required

    @cached_property
    def organisations(self) -> list[Stakeholder]:
        """In whose name they can write."""
        return assessors(self.viewer)

    @cached_property
    def button(self) -> str:
        """The button that was pressed. The return key finds, if something new is typed, and else saves."""
        data = self.request.POST
        button = data.get("do", "enter")
        if button != "enter":
            return button
        find = data.get("find", "").strip()
        return "find" if find and find != data.get("found", "") else "save"

    def get_form(self, *args: Any, **kwargs: Any) -> EntryForm:
        """The form of the entry: as it is stored, unless something else is given."""
        return EntryForm(
            *args, instance=self.entry, records=self.records, organisations=self.organisations, **kwargs
        )

    def posted_form(self, *, complete: bool = False) -> EntryForm:
        """What was typed, to be checked: as a draft, or as complete."""
        return self.get_form(self.request.POST, self.request.FILES, complete=complete)

    @cached_property
    def search(self) -> ParagraphSearch:
        """The search for a paragraph to quote."""
        states = {record.document.review.state_id for record in self.records}
        return ParagraphSearch.posted(self.request.POST, states)

    def typed(self) -> FormValues:
        """What was typed, to be shown again without checking it."""
        form = self.posted_form()
        return FormValues(typed_values(form), form.evidence_formset.typed, self.search)

    # Showing

    def show_values(self, values: FormValues, **context: Any) -> HttpResponse:
        """The page with these values."""
        form = self.get_form(initial=values.entry, evidence=values.evidence)
        for each in (form, *form.evidence_formset):
            for field in each:
                if field.auto_id == values.focus:
                    field.field.widget.attrs["autofocus"] = True
        return self.show(form, focus=values.focus, **context)

    def show(self, form: EntryForm, *, status: int = HTTPStatus.OK, **context: Any) -> HttpResponse:
        """The page with this form. With `unsaved`, the script keeps what is typed until it is stored."""
        stored, posted = self.entry if self.entry.pk else None, self.request.POST
        context = {
            "form": form,
            "search": self.search,
            "entry": stored,
            "replaces": self.entry.replaces,
            "address": reverse("desk_entry", args=[stored.pk]) if stored else reverse("desk_log"),
            "key": posted.get("key", "" if stored else uuid.uuid4().hex),
            "version": posted.get("version", services.version_of(stored) if stored else ""),
            "token": posted.get("token", ""),
            "typed_by": self.user.pk,
            "steps": stored.steps.select_related("by") if stored else (),
            **self.about(),
            **context,
        }
        return render(self.request, "desk/entries/entry_form.html", context, status=status)

    def about(self) -> dict[str, Any]:
        """What stands beside the form: the records, who has spoken in which role, parts and wholes."""
        attach_verdicts(self.records)
        roles = {role_of(each) for each in self.organisations}
        spoken: set[str] = {role for record in self.records for role in record.verdicts.by_role}  # type: ignore[attr-defined]  # attached above
        (record, *others) = self.records
        wholes = [] if others or not record.parent_id else [record.parent_id]
        return {
            "records": self.records,
            "roles": roles,
            "others": len(spoken - roles),
            "parts": () if others or self.entry.replaces else record.parts.published(),
            "wholes": Recommendation.objects.published().filter(pk__in=wholes),
        }

    # Posting

    def answer(self) -> HttpResponse:
        """Do what the pressed button says."""
        if self.button == "autosave":
            return self.autosave()
        if self.button in {"save", "submit"}:
            return self.save(submit=self.button == "submit")
        return self.change()

    def change(self) -> HttpResponse:
        """What was typed, as a button changes it; nothing is saved."""
        values = self.typed()
        verb, _colon, what = self.button.partition(":")
        if verb == "start":
            self.start_from(values, what)
        else:
            press(values, self.button)
        return self.show_values(values, unsaved=True)

    def start_from(self, values: FormValues, pk: str) -> None:
        """Copy what a standing entry of one's own role on one of the records says."""
        if not pk.isdecimal() or len(pk) > 18:
            return
        roles = [role_of(each) for each in self.organisations]
        entries = FollowUp.objects.published().standing().filter(role__in=roles)
        entry = entries.filter(pk=int(pk), recommendation__in=self.records).first()
        if entry is not None:
            values.start_from(entry, own=entry.assessor_id in self.viewer.organisations)
            values.focus = "id_summary"

    def save(self, *, submit: bool) -> HttpResponse:
        """Save the draft, and submit it if that was asked for; else show what is wrong."""
        form = self.posted_form(complete=submit)
        if not form.is_valid():
            return self.show(form, unsaved=True)
        asks = bool(form.evidence_formset.unconfirmed)
        if asks and len(self.records) > 1:
            return self.show(form, unsaved=True, asks=True)
        try:
            entries = self.store(form, submit=submit and not asks)
        except (ConflictError, NotEditableError) as obstacle:
            return self.show_obstacle(obstacle, form, submit=submit)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
            return self.show(form, unsaved=True)
        return self.ask(entries[0]) if asks else self.leave(entries, submitted=submit)

    def autosave(self) -> HttpResponse:
        """Save what is valid of a form that is still being written; answer in JSON.

        200 `{"version", "address", "delete", "left_out": […]}` (`{}` where there is nothing to save yet), or
        409 and 422 `{"problem"}`.
        """
        form = self.posted_form()
        if not self.entry.pk and form.is_empty:
            return JsonResponse({})
        if "assessor" in form.errors:
            return problem(_("Choose in whose name this is logged."), HTTPStatus.UNPROCESSABLE_ENTITY)
        if len(self.records) > 1:
            return problem(_("Several records are saved by the button."), HTTPStatus.UNPROCESSABLE_ENTITY)
        if sentences := form.evidence_formset.non_form_errors():
            return problem(" ".join(map(str, sentences)), HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            (entry,) = self.store(form)
        except ConflictError as conflict:
            entry = conflict.entry
            # The very same comes again where its answer was lost on the way.
            if self.compare(entry, form):
                return problem(
                    _("This draft was changed elsewhere meanwhile. Press “Save draft” to see both versions.")
                )
        except NotEditableError as refusal:
            return problem(str(refusal))
        except ValidationError as error:
            return problem(" ".join(error.messages))
        return JsonResponse(
            {
                "version": services.version_of(entry),
                "address": reverse("desk_entry", args=[entry.pk]),
                "delete": reverse("desk_entry_delete", args=[entry.pk]),
                "left_out": form.left_out,
            }
        )

    def store(self, form: EntryForm, *, submit: bool = False) -> list[FollowUp]:
        """Write what is valid: the draft again, or a new one for each record."""
        if self.entry.pk:
            version = self.request.POST.get("version", "")
            return [services.update(self.entry, form, version=version, by=self.user, submit=submit)]
        given = self.request.POST.get("key", "")
        key = given if KEY.fullmatch(given) else uuid.uuid4().hex
        return services.create(
            self.records, form, key=key, by=self.user, replaces=self.entry.replaces, submit=submit
        )

    def ask(self, entry: FollowUp) -> HttpResponse:
        """The draft is saved; what was to become public is private in it until that is confirmed."""
        self.entry = entry
        # Without the files, which are stored by now.
        form = self.get_form(self.request.POST)
        return self.show(form, unsaved=True, asks=True, version=services.version_of(entry))

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
        self, obstacle: ConflictError | NotEditableError, form: EntryForm, *, submit: bool
    ) -> HttpResponse:
        """The stored draft says this already, or something else, or was submitted or deleted."""
        if obstacle.entry is None:
            return self.refuse(str(obstacle), form)
        differ = self.compare(obstacle.entry, form)
        if len(self.records) > 1:
            messages.info(self.request, _("These drafts were saved already."))
            return redirect("desk_drafts")
        if not differ and submit == (self.entry.stage == FollowUp.Stage.SUBMITTED):
            # Sent twice, by a second click or because the answer was lost on its way.
            return self.leave([self.entry], submitted=submit)
        if self.entry.stage not in services.EDITABLE:
            return self.refuse(services.why_not_editable(self.entry), form)
        # Saving once more is a decision, because the form now knows which version it replaces.
        context = {"unsaved": True, "conflict": differ, "version": services.version_of(self.entry)}
        return self.show_values(self.typed(), status=HTTPStatus.CONFLICT, **context)

    def compare(self, there: FollowUp, form: EntryForm) -> list[Difference]:
        """Where what was typed differs from the stored draft, which the page is about from now on."""
        if there.assessor_id not in self.viewer.organisations:
            raise Http404
        self.entry = there
        return differences(form, self.get_form())

    def refuse(self, reason: str, form: EntryForm) -> HttpResponse:
        """The draft cannot be changed any more: why, and what was typed, to be copied."""
        context = {"reason": reason, "typed": differences(form), "records": self.records}
        return render(self.request, "desk/entries/refused.html", context, status=HTTPStatus.CONFLICT)


def problem(sentence: str, status: HTTPStatus = HTTPStatus.CONFLICT) -> JsonResponse:
    """Why nothing was saved."""
    return JsonResponse({"problem": sentence}, status=status)
