"""Badges for statuses, kinds and stances (shape, word and colour), and wording shared by pages and forms.

There are few distinct badges, repeated hundreds of times on a page, so each is rendered once per language.
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
    """Return the shape of a status, or an icon from the sprite.

    Hidden from screen readers, because a word always carries the meaning as well.
    """
    if name in STATUSES:
        shape = _shape(STATUSES[name])
    else:
        shape = format_html('<use href="{}#{}"/>', static("recommendations/icons.svg"), name)
    return format_html('<svg aria-hidden="true" width="16" height="16">{}</svg>', shape)


def _shape(status: StatusDefinition) -> SafeString:
    """Return the shape in its own SVG element, clipped at its edges as `use` does with a symbol."""
    rule = "" if status.page_shape else format_html(' fill-rule="{}"', "evenodd")
    path = status.page_shape or status.shape
    return format_html('<svg viewBox="0 0 16 16"><path{} d="{}"/></svg>', rule, path)


def status_badge(status: str | None) -> SafeString:
    """Return the badge of a status; None gives "not assessed"."""
    return _badge("status", status or FollowUp.NOT_ASSESSED, get_language())


def kind_badge(kind: str) -> SafeString:
    """Return the badge of a kind: recommendation, concern, question or commendation."""
    return _badge("kind", kind, get_language())


def stance_badge(stance: str) -> SafeString:
    """Return the badge of a State response's stance."""
    return _badge("stance", stance, get_language())


BADGES: dict[str, dict[str, StrOrPromise]] = {
    "status": STATUS_LABELS,
    "kind": KIND_LABELS,
    "stance": STANCE_LABELS,
}


@lru_cache(maxsize=512)
def _badge(name: str, value: str, language: str | None) -> SafeString:
    """Return a badge in the active language; `language` only distinguishes the cache entries."""
    shape = "" if name == "kind" else icon(value)
    words = BADGES[name].get(value, value)
    return format_html('<span class="{} {}-{}">{}{}</span>', name, name, value, shape, words)


def known_to(stakeholder: Stakeholder, viewer: Viewer) -> str:
    """Return the stakeholder's short name, or a placeholder if this viewer may not know it; for the desk."""
    return stakeholder.short if viewer.knows(stakeholder) else str(NAME_WITHHELD)


def day(date: datetime.date | None) -> str:
    """Return a date in words, such as `26 June 2025`; empty for None."""
    return day_in_words(date) if date else ""
