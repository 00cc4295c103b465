"""Days and weeks of digests: they lie end to end in every time zone, and each moment is in one of them."""

from __future__ import annotations

import datetime
import zoneinfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recommendations.core.periods import latest_edge, next_edge, previous_edge

# Clocks go forward at midnight, back at midnight, back over midnight, by half an hour; or never.
WANTED = ["UTC", "Asia/Almaty", "America/Sao_Paulo", "America/Havana", "Atlantic/Azores", "Asia/Beirut"]
WANTED += ["Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo"]
ZONES = [
    datetime.UTC,
    *(zoneinfo.ZoneInfo(name) for name in WANTED if name in zoneinfo.available_timezones()),
]
MOMENTS = st.datetimes(
    datetime.datetime(2005, 1, 1),  # noqa: DTZ001  (Hypothesis adds the zone)
    datetime.datetime(2035, 1, 1),  # noqa: DTZ001
    timezones=st.just(datetime.UTC),
)
MICROSECOND = datetime.timedelta(microseconds=1)


@given(MOMENTS, st.sampled_from(["daily", "weekly"]), st.sampled_from(ZONES))
@example(datetime.datetime(2017, 10, 15, 3, tzinfo=datetime.UTC), "daily", ZONES[min(3, len(ZONES) - 1)])
def test_every_moment_is_in_exactly_one_period(now, frequency, zone):
    start, end = latest_edge(now, frequency, zone), next_edge(now, frequency, zone)
    assert start <= now < end
    # Exactly at an edge a new period has begun, a moment before it has not.
    assert latest_edge(end, frequency, zone) == end
    assert latest_edge(end - MICROSECOND, frequency, zone) == start
    assert next_edge(start, frequency, zone) == end
    assert previous_edge(end, frequency, zone) == start
    assert previous_edge(start, frequency, zone) < start


@given(MOMENTS, st.sampled_from(ZONES))
def test_week_begins_at_the_start_of_monday(now, zone):
    start = latest_edge(now, "weekly", zone)
    local = start.astimezone(zone)
    assert local.weekday() == 0
    assert (start - MICROSECOND).astimezone(zone).weekday() == 6
    assert latest_edge(now, "daily", zone) >= start
    # Seven days, more or less the hour of a change of the clocks (Samoa once left out a whole day).
    length = next_edge(now, "weekly", zone) - start
    assert datetime.timedelta(days=6) <= length <= datetime.timedelta(days=7, hours=1)


@pytest.mark.parametrize(
    ("zone", "midnight"), [("UTC", "2026-06-22T00:00"), ("Asia/Almaty", "2026-06-21T19:00")]
)
def test_periods_follow_the_site_time_zone(settings, zone, midnight):
    settings.TIME_ZONE = zone
    now = datetime.datetime(2026, 6, 22, 12, tzinfo=datetime.UTC)
    wanted = datetime.datetime.fromisoformat(f"{midnight}+00:00")
    assert latest_edge(now, "daily") == latest_edge(now, "weekly") == wanted
