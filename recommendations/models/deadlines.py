"""When a report on recommendations selected for follow-up is due, and how far away that is."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.models.rules import ReportingTime

if TYPE_CHECKING:
    from recommendations.models.recommendations import Recommendation

# A report due within this many days counts as work to be done now.
SOON_DAYS = 183


def soon(today: datetime.date | None = None) -> datetime.date:
    """Return the last date that still counts as due soon."""
    return (today or timezone.localdate()) + datetime.timedelta(days=SOON_DAYS)


def countdown(due_on: datetime.date, today: datetime.date | None = None) -> str:
    """Return how far away a date is, in words: `due in 214 days`, `due today`, `overdue by 12 days`."""
    days = (due_on - (today or timezone.localdate())).days
    if days == 0:
        return _("due today")
    if days > 0:
        return ngettext("due in %(days)d day", "due in %(days)d days", days) % {"days": days}
    return ngettext("overdue by %(days)d day", "overdue by %(days)d days", -days) % {"days": -days}


def where_from(record: Recommendation) -> str:
    """Return the origin of a record's due date, in words: its body's rule or the editors. One query."""
    review = record.document.review
    rule = ReportingTime.objects.filter(mechanism=review.mechanism).first()
    if rule is None or rule.due_after(review) != record.due_on:
        return _("The date was entered by the editors.")
    words = {"body": review.get_mechanism_display(), "months": rule.months, "source": rule.source}
    if rule.source:
        sentence = _("By the rule of the %(body)s: %(months)d months after the review’s end (%(source)s).")
    else:
        sentence = _("By the rule of the %(body)s: %(months)d months after the review’s end.")
    return sentence % words
