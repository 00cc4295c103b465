"""Format dates in the active language, and add months to dates."""

from __future__ import annotations

import calendar
import datetime

from django.utils.dateformat import format
from django.utils.translation import pgettext


def day_in_words(date: datetime.date) -> str:
    """Return a day such as `26 June 2025`."""
    return format(date, pgettext("a day, in the letters of Django’s date filter", "j F Y"))


def month_in_words(date: datetime.date) -> str:
    """Return a month such as `June 2025`."""
    return format(date, pgettext("a month, in the letters of Django’s date filter", "F Y"))


def months_after(day: datetime.date, months: int) -> datetime.date:
    """Return the same day `months` later, or the last day of that month if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))
