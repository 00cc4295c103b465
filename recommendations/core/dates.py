"""Dates in words, in the order and with the names of the language that is active."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.dateformat import format
from django.utils.translation import pgettext

if TYPE_CHECKING:
    import datetime


def day_in_words(date: datetime.date) -> str:
    """`26 June 2025`."""
    return format(date, pgettext("a day, in the letters of Django’s date filter", "j F Y"))


def month_in_words(date: datetime.date) -> str:
    """`June 2025`."""
    return format(date, pgettext("a month, in the letters of Django’s date filter", "F Y"))
