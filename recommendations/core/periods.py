"""Days and weeks of the digests: midnight to midnight in the site's time zone, weeks starting on Monday.

A period includes its start and excludes its end. All datetimes are returned in UTC, because Python compares
datetimes of the same zone by wall clock, and wall clock times repeat when clocks are set back.
"""

from __future__ import annotations

import datetime

from django.utils import timezone

WEEKLY = "weekly"
DAY = datetime.timedelta(days=1)


def latest_edge(
    now: datetime.datetime, frequency: str, zone: datetime.tzinfo | None = None
) -> datetime.datetime:
    """Return the start of the current day or week, which is the end of the last complete period."""
    zone = zone or timezone.get_default_timezone()
    return midnight(first_day(now, frequency, zone), zone)


def next_edge(
    now: datetime.datetime, frequency: str, zone: datetime.tzinfo | None = None
) -> datetime.datetime:
    """Return the end of the current day or week."""
    zone = zone or timezone.get_default_timezone()
    return midnight(first_day(now, frequency, zone) + (7 if frequency == WEEKLY else 1) * DAY, zone)


def previous_edge(
    edge: datetime.datetime, frequency: str, zone: datetime.tzinfo | None = None
) -> datetime.datetime:
    """Return the start of the period that ended at this edge."""
    return latest_edge(edge - datetime.timedelta(microseconds=1), frequency, zone)


def first_day(now: datetime.datetime, frequency: str, zone: datetime.tzinfo) -> datetime.date:
    """Return today, or Monday of this week for weekly digests."""
    today = now.astimezone(zone).date()
    return today - today.weekday() * DAY if frequency == WEEKLY else today


def midnight(day: datetime.date, zone: datetime.tzinfo) -> datetime.datetime:
    """Return the start of a day in UTC, even if clocks skip or repeat midnight."""
    return datetime.datetime.combine(day, datetime.time(), tzinfo=zone).astimezone(datetime.UTC)
