"""Statuses, kinds and stances as badges: shape, word and colour; and words that pages and forms share.

Badges are few and stand on a page hundreds of times, so each is made once for each language.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import get_language, npgettext_lazy
from django.utils.translation import gettext_lazy as _

from recommendations.core.dates import day_in_words
from recommendations.models import FollowUp, Recommendation, ResponseLink
from recommendations.models.statuses import STATUS_LABELS, STATUSES

if TYPE_CHECKING:
    import datetime

    from django.utils.safestring import SafeString
    from django_stubs_ext import StrOrPromise

    from recommendations.core.viewer import Viewer
    from recommendations.models import Stakeholder
    from recommendations.models.statuses import StatusDefinition

KIND_LABELS: dict[str, StrOrPromise] = dict(Recommendation.Kind.choices)
KIND_NOUNS = {
    Recommendation.Kind.RECOMMENDATION: npgettext_lazy("below a number", "recommendation", "recommendations"),
    Recommendation.Kind.CONCERN: npgettext_lazy("below a number", "concern", "concerns"),
    Recommendation.Kind.QUESTION: npgettext_lazy("below a number", "question", "questions"),
    Recommendation.Kind.COMMENDATION: npgettext_lazy("below a number", "commendation", "commendations"),
}
STANCE_LABELS: dict[str, StrOrPromise] = dict(ResponseLink.Stance.choices)
POSITION_LABELS: dict[str, StrOrPromise] = dict(Recommendation.Position.choices)
ROLE_LABELS: dict[str, StrOrPromise] = dict(FollowUp.Role.choices)
NAME_WITHHELD = _("name withheld")


@lru_cache(maxsize=64)
def icon(name: str) -> SafeString:
    """The shape of a status, or one from the sprite.

    Never the only carrier of a meaning, so hidden from screen readers.
    """
    if name in STATUSES:
        shape = _shape(STATUSES[name])
    else:
        shape = format_html('<use href="{}#{}"/>', static("recommendations/icons.svg"), name)
    return format_html('<svg aria-hidden="true" width="16" height="16">{}</svg>', shape)


def _shape(status: StatusDefinition) -> SafeString:
    """As `use` puts a symbol there: in an image of its own, which is cut off at its edges."""
    rule = "" if status.page_shape else format_html(' fill-rule="{}"', "evenodd")
    path = status.page_shape or status.shape
    return format_html('<svg viewBox="0 0 16 16"><path{} d="{}"/></svg>', rule, path)


def status_badge(status: str | None) -> SafeString:
    """A status as shape, word and colour; nothing stored means "not assessed"."""
    return _badge("status", status or FollowUp.NOT_ASSESSED, get_language())


def kind_badge(kind: str) -> SafeString:
    """Recommendation, concern, question or commendation."""
    return _badge("kind", kind, get_language())


def stance_badge(stance: str) -> SafeString:
    """The stance that a State response takes."""
    return _badge("stance", stance, get_language())


BADGES: dict[str, dict[str, StrOrPromise]] = {
    "status": STATUS_LABELS,
    "kind": KIND_LABELS,
    "stance": STANCE_LABELS,
}


@lru_cache(maxsize=512)
def _badge(name: str, value: str, language: str | None) -> SafeString:
    """A badge in the language that is active, which `language` names so that each has its own."""
    shape = "" if name == "kind" else icon(value)
    words = BADGES[name].get(value, value)
    return format_html('<span class="{} {}-{}">{}{}</span>', name, name, value, shape, words)


def known_to(stakeholder: Stakeholder, viewer: Viewer) -> str:
    """The short name for who may know it, also of one kept off public pages; for the desk."""
    return stakeholder.short if viewer.knows(stakeholder) else str(NAME_WITHHELD)


def day(date: datetime.date | None) -> str:
    """A date in words, `26 June 2025`; empty for none."""
    return day_in_words(date) if date else ""
