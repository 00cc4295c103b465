"""The lines of a digest: an entry without its words, and work as numbers."""

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
    """A number of things to do, in words, and where they are done."""

    words: str
    address: str


@register.filter
def entry_headline(entry: FollowUp) -> str:
    """`In progress as of 1 May 2026 (ORG, Civil society)`; without a name that must stay off public pages."""
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
    """What waits, each kind with its number and its section of my work; and nothing of the others."""
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
