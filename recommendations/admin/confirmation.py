"""Actions that change many records, each behind a page that lists what will change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import model_ngettext
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from recommendations.actions import review_workflow
from recommendations.core.viewer import viewer
from recommendations.desk.review.review import Shown
from recommendations.models.listing import lock_for_write

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise, StrPromise

    from recommendations.models import FollowUp

# One action on more rows would take too long for one request, and nobody would read the list.
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Act:
    """One kind of change: its words, and what it does to one record.

    `done` is a plural to be filled in with `% {"n": how many, "records": what they are called}`; `reason`
    is kept in the history, and so never translated. `problem` says why a record is left as it is (empty if
    it is not); `effect` says in words what else changes with it.
    """

    name: str
    verb: str
    done: StrPromise
    reason: str
    apply: Callable[[Any], None]
    problem: Callable[[Any], str] = field(default=lambda obj: "")
    effect: Callable[[Any], str] = field(default=lambda obj: "")
    warning: str = ""


DONE_PUBLISHED = ngettext_lazy("%(n)s %(records)s published.", "%(n)s %(records)s published.", "n")


def confirm(model_admin: Any, request: HttpRequest, queryset: Any, act: Act) -> HttpResponse | None:
    """Show what an act will change; when that is confirmed, change it row by row, with history."""
    if queryset.count() > ROWS_AT_ONCE:
        sentence = gettext("Select at most %(most)s at a time. Nothing was changed.")
        model_admin.message_user(request, sentence % {"most": ROWS_AT_ONCE}, messages.ERROR)
        return None
    rows = list(queryset)
    problems = {obj.pk: act.problem(obj) for obj in rows}
    ready = [obj for obj in rows if not problems[obj.pk]]
    if request.POST.get("confirmed") and ready:
        changed = _carry_out(model_admin, request, [obj.pk for obj in ready], act)
        name = model_ngettext(model_admin.opts, changed)
        model_admin.message_user(request, act.done % {"n": changed, "records": name}, messages.SUCCESS)
        return None
    request.current_app = model_admin.admin_site.name
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"{act.verb}: {len(ready)} {model_ngettext(model_admin.opts, len(ready))}",
        "act": act,
        "ready": [(obj, model_admin.choice_label(obj), act.effect(obj)) for obj in ready],
        "left": [(obj, model_admin.choice_label(obj), problems[obj.pk]) for obj in rows if problems[obj.pk]],
        "opts": model_admin.opts,
        "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
        "media": model_admin.media,
    }
    return TemplateResponse(request, "admin/tracker/confirm.html", context)


def _carry_out(model_admin: Any, request: HttpRequest, ids: list[Any], act: Act) -> int:
    """Change the rows, locked, so that nobody's edit made meanwhile is overwritten. Returns how many."""
    changed = 0
    with transaction.atomic():
        lock_for_write()
        locked = model_admin.get_queryset(request).select_for_update(of=("self",)).order_by("pk")
        for obj in locked.filter(pk__in=ids):
            if act.problem(obj):
                continue
            obj._change_reason = act.reason
            obj._history_user = request.user
            act.apply(obj)
            changed += 1
    return changed


def quote_problem(obj: Any) -> str:
    """What stands against publishing: the model's own checks, such as a quote not in its paragraph."""
    try:
        obj.clean()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _set_published(value: bool) -> Callable[[Any], None]:
    def apply(obj: Any) -> None:
        obj.published = value
        obj.save()

    return apply


class PublicationActions:
    """Publish and unpublish, for models with `published`."""

    # What changes on public pages with the record; the argument is the record.
    publication_effect: Callable[[Any], str] = staticmethod(lambda obj: "")

    @admin.action(permissions=["change"], description=_("Publish…"))
    def publish(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Make the selected records public."""

        def problem(obj: Any) -> str:
            return gettext("It is public already.") if obj.published else quote_problem(obj)

        act = Act(
            "publish",
            gettext("Publish"),
            DONE_PUBLISHED,
            "Published",
            _set_published(True),
            problem,
            self.publication_effect,
        )
        return confirm(self, request, queryset, act)

    @admin.action(permissions=["change"], description=_("Unpublish…"))
    def unpublish(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Take the selected records off the public pages; their addresses answer 404."""

        def problem(obj: Any) -> str:
            return "" if obj.published else gettext("It is a draft already.")

        act = Act(
            "unpublish",
            gettext("Unpublish"),
            ngettext_lazy("%(n)s %(records)s made drafts.", "%(n)s %(records)s made drafts.", "n"),
            "Unpublished",
            _set_published(False),
            problem,
            self.publication_effect,
            gettext("Readers who follow a link to these records will be told that the page does not exist."),
        )
        return confirm(self, request, queryset, act)

    def page_actions(self, request: HttpRequest, obj: Any) -> list[tuple[str, StrOrPromise]]:
        """Buttons of the record's page."""
        if not self.has_change_permission(request, obj):  # type: ignore[attr-defined]
            return []
        return [("unpublish", gettext("Unpublish…"))] if obj.published else [("publish", gettext("Publish…"))]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Publication changes by its own action only, not by going back to a former version either."""
        if change:
            obj.published = type(obj)._base_manager.values_list("published", flat=True).get(pk=obj.pk)
        super().save_model(request, obj, form, change)  # type: ignore[misc]


def publish_entries(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
    """Publish entries of the log, for good."""

    who = viewer(request)

    def apply(obj: FollowUp) -> None:
        review_workflow.approve(obj, by=request.user)  # type: ignore[arg-type]

    def effect(obj: FollowUp) -> str:
        shown = Shown.of(obj, who)
        public = len(shown.public)
        words = ngettext(
            "%(n)s piece of evidence becomes public, %(kept)s do not",
            "%(n)s pieces of evidence become public, %(kept)s do not",
            public,
        ) % {"n": public, "kept": shown.kept}
        if not obj.replaces:
            return words
        sentence = gettext("%(evidence)s; replaces the entry of %(date)s")
        return sentence % {"evidence": words, "date": obj.replaces.as_of}

    act = Act(
        "publish",
        gettext("Publish"),
        DONE_PUBLISHED,
        "Published",
        apply,
        lambda obj: review_workflow.problem(obj, who),
        effect,
        gettext(
            "A published entry can never be changed, deleted or unpublished; only a later entry can correct"
            " it."
        ),
    )
    return confirm(model_admin, request, queryset, act)


class SuggestionActions:
    """Confirm or dismiss what a machine suggests; `is_suggestion` and `accept` say how the model holds it."""

    def is_suggestion(self, obj: Any) -> bool:
        return not obj.confirmed

    def accept(self, obj: Any) -> None:
        """Make the suggestion a judgement."""
        obj.confirmed = True
        obj.save()

    def _judged(self, obj: Any) -> str:
        return "" if self.is_suggestion(obj) else gettext("A person has judged it already.")

    @admin.action(permissions=["change"], description=_("Confirm suggestions…"))
    def confirm_suggestions(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Make the selected suggestions judgements."""
        act = Act(
            "confirm_suggestions",
            gettext("Confirm"),
            ngettext_lazy("%(n)s %(records)s confirmed.", "%(n)s %(records)s confirmed.", "n"),
            "Suggestion confirmed",
            self.accept,
            self._judged,
        )
        return confirm(self, request, queryset, act)

    @admin.action(permissions=["delete"], description=_("Dismiss suggestions…"))
    def dismiss_suggestions(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Delete the selected suggestions."""
        act = Act(
            "dismiss_suggestions",
            gettext("Dismiss"),
            ngettext_lazy("%(n)s %(records)s dismissed.", "%(n)s %(records)s dismissed.", "n"),
            "Suggestion dismissed",
            lambda obj: obj.delete(),
            self._judged,
            warning=gettext("Dismissed suggestions are deleted; their history is kept."),
        )
        return confirm(self, request, queryset, act)
