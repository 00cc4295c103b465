"""Days and weeks as digests count them: from midnight to midnight in the site's time zone, weeks from Monday.

A period holds its first moment and not its last one. All moments are given in UTC, because two times in
the same zone are compared by what the clocks show, which repeats when clocks go back.
"""

from __future__ import annotations

import datetime

from django.utils import timezone

WEEKLY = "weekly"
DAY = datetime.timedelta(days=1)


def latest_edge(
    now: datetime.datetime, frequency: str, zone: datetime.tzinfo | None = None
) -> datetime.datetime:
    """The beginning of the day that it is, or of the week: where the last whole period ended."""
    zone = zone or timezone.get_default_timezone()
    return midnight(first_day(now, frequency, zone), zone)


def next_edge(
    now: datetime.datetime, frequency: str, zone: datetime.tzinfo | None = None
) -> datetime.datetime:
    """The end of the day that it is, or of the week."""
    zone = zone or timezone.get_default_timezone()
    return midnight(first_day(now, frequency, zone) + (7 if frequency == WEEKLY else 1) * DAY, zone)


def previous_edge(
    edge: datetime.datetime, frequency: str, zone: datetime.tzinfo | None = None
) -> datetime.datetime:
    """Where the period began that ended at this edge."""
    return latest_edge(edge - datetime.timedelta(microseconds=1), frequency, zone)


def first_day(now: datetime.datetime, frequency: str, zone: datetime.tzinfo) -> datetime.date:
    """Today, or Monday of this week."""
    today = now.astimezone(zone).date()
    return today - today.weekday() * DAY if frequency == WEEKLY else today


def midnight(day: datetime.date, zone: datetime.tzinfo) -> datetime.datetime:
    """The first moment of a day, also where clocks skip it or show it twice."""
    return datetime.datetime.combine(day, datetime.time(), tzinfo=zone).astimezone(datetime.UTC)
