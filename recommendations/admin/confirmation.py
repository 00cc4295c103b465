"""Bulk actions with a confirmation page that lists the changes."""

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
from recommendations.desk.review.review import EvidenceByAccess
from recommendations.models.listing import lock_for_write

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise, StrPromise

    from recommendations.models import FollowUp

# More rows would take too long for one request, and nobody would read the list.
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class BulkAction:
    """A bulk action: its texts, and the change it applies to each record.

    `done` is a plural message formatted with `n` (number of records) and `records` (their plural name);
    `reason` is stored in the history and therefore not translated. `problem` returns why a record is skipped
    ("" if it is not); `effect` describes what else changes with the record.
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


def confirm(model_admin: Any, request: HttpRequest, queryset: Any, act: BulkAction) -> HttpResponse | None:
    """Show the confirmation page; when confirmed, apply the action to each row with history."""
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


def _carry_out(model_admin: Any, request: HttpRequest, ids: list[Any], act: BulkAction) -> int:
    """Apply the action to the rows, locked against concurrent edits. Returns the number changed."""
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
    """Return why a record fails its model's checks, such as a quote not in its paragraph; "" if it passes."""
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
    """Publish and unpublish actions for models with a `published` field."""

    # Takes the record and returns what else appears or disappears on public pages with it.
    publication_effect: Callable[[Any], str] = staticmethod(lambda obj: "")

    @admin.action(permissions=["change"], description=_("Publish…"))
    def publish(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Make the selected records public."""

        def problem(obj: Any) -> str:
            return gettext("It is public already.") if obj.published else quote_problem(obj)

        act = BulkAction(
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

        act = BulkAction(
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
        """Return the publish or unpublish button of the record's page."""
        if not self.has_change_permission(request, obj):  # type: ignore[attr-defined]  # defined by the admin class
            return []
        return [("unpublish", gettext("Unpublish…"))] if obj.published else [("publish", gettext("Publish…"))]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Keep `published`, which only the actions change, also when reverting to an earlier version."""
        if change:
            obj.published = type(obj)._base_manager.values_list("published", flat=True).get(pk=obj.pk)
        super().save_model(request, obj, form, change)  # type: ignore[misc]  # defined by the admin class


def publish_entries(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
    """Publish follow-up entries permanently."""

    who = viewer(request)

    def apply(obj: FollowUp) -> None:
        review_workflow.approve(obj, by=request.user)  # type: ignore[arg-type]  # sign-in is required

    def effect(obj: FollowUp) -> str:
        shown = EvidenceByAccess.of(obj, who)
        public = len(shown.public)
        words = ngettext(
            "%(n)s piece of evidence becomes public, %(kept)s do not",
            "%(n)s pieces of evidence become public, %(kept)s do not",
            public,
        ) % {"n": public, "kept": shown.non_public_count}
        if not obj.replaces:
            return words
        sentence = gettext("%(evidence)s; replaces the entry of %(date)s")
        return sentence % {"evidence": words, "date": obj.replaces.as_of}

    act = BulkAction(
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
    """Actions to confirm or dismiss suggestions; `is_suggestion` and `accept` adapt them to a model."""

    def is_suggestion(self, obj: Any) -> bool:
        return not obj.confirmed

    def accept(self, obj: Any) -> None:
        """Turn the suggestion into an editor's decision."""
        obj.confirmed = True
        obj.save()

    def _judged(self, obj: Any) -> str:
        return "" if self.is_suggestion(obj) else gettext("A person has judged it already.")

    @admin.action(permissions=["change"], description=_("Confirm suggestions…"))
    def confirm_suggestions(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Confirm the selected suggestions."""
        act = BulkAction(
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
        act = BulkAction(
            "dismiss_suggestions",
            gettext("Dismiss"),
            ngettext_lazy("%(n)s %(records)s dismissed.", "%(n)s %(records)s dismissed.", "n"),
            "Suggestion dismissed",
            lambda obj: obj.delete(),
            self._judged,
            warning=gettext("Dismissed suggestions are deleted; their history is kept."),
        )
        return confirm(self, request, queryset, act)
