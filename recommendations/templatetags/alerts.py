"""Template tags for the lines of a digest: entries without their text, and task counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.core.dates import day_in_words

if TYPE_CHECKING:
    from recommendations.desk.alerts.contents import Contents
    from recommendations.models import FollowUp

register = template.Library()


class Line(NamedTuple):
    """A task count in words, and the URL of its section."""

    words: str
    address: str


@register.filter
def entry_headline(entry: FollowUp) -> str:
    """Return `In progress as of 1 May 2026 (ORG, Civil society)`, leaving out unpublished names."""
    if entry.role == entry.Role.STATE:
        sentence = _("%(status)s as of %(day)s, as the State reports")
    else:
        sentence = _("%(status)s as of %(day)s (%(who)s)")
    names = [entry.assessor.short] if entry.assessor.published else []
    if entry.role != entry.Role.TRACKER or not names:
        names.append(str(entry.get_role_display()))
    line = sentence % {
        "status": entry.get_status_display(),
        "day": day_in_words(entry.as_of),
        "who": ", ".join(names),
    }
    return _("Correction: %(entry)s") % {"entry": line} if entry.replaces_id else line


@register.simple_tag
def digest_work(contents: Contents) -> list[Line]:
    """Return a line for each kind of task with a nonzero count."""
    work = contents.work
    lines = {
        "overdue": (
            "due",
            ngettext(
                "%(n)s report is overdue, and nobody has assessed the record since",
                "%(n)s reports are overdue, and nobody has assessed the records since",
                work.overdue,
            ),
        ),
        "due": (
            "due",
            ngettext(
                "%(n)s report is due within six months",
                "%(n)s reports are due within six months",
                work.due,
            ),
        ),
        "returned": (
            "returned",
            ngettext(
                "%(n)s entry of yours was returned", "%(n)s entries of yours were returned", work.returned
            ),
        ),
        "review": (
            "review",
            ngettext("%(n)s entry waits for your review", "%(n)s entries wait for your review", work.review),
        ),
        "drafts": (
            "drafts",
            ngettext(
                "%(n)s draft of yours is not submitted yet",
                "%(n)s drafts of yours are not submitted yet",
                work.drafts,
            ),
        ),
    }
    return [
        Line(words % {"n": number}, reverse("desk_section", args=[slug]))
        for name, (slug, words) in lines.items()
        if (number := getattr(work, name))
    ]
