"""What the tests of digests share: people who want them, and entries published at a certain moment."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from hypothesis import strategies as st

from recommendations.desk.alerts.sending import Report, Run
from recommendations.models import AlertSetting, Following
from tests import make

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from recommendations.models import FollowUp, Recommendation

SITE = "https://tracker.example.org"
MICROSECOND = datetime.timedelta(microseconds=1)
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
# A Wednesday.
MIDNIGHT = datetime.datetime(2026, 6, 17, tzinfo=datetime.UTC)
MORNING = MIDNIGHT + 6 * HOUR
YESTERDAY = MIDNIGHT - 9 * HOUR
# What can happen to a digest, at, just before and just after midnights and hours.
EDGES = [MIDNIGHT + n * DAY for n in range(15)]
JUST = [datetime.timedelta(0), MICROSECOND, -MICROSECOND, HOUR, -HOUR, HOUR + MICROSECOND]
MOMENTS = st.builds(lambda edge, off: edge + off, st.sampled_from(EDGES[1:]), st.sampled_from(JUST))
STEPS = st.one_of(
    st.tuples(st.just("entry"), MOMENTS),
    st.tuples(st.just("run"), MOMENTS),
    st.tuples(st.just("daily"), MOMENTS),
    st.tuples(st.just("weekly"), MOMENTS),
)
HISTORIES = st.lists(STEPS, min_size=1, max_size=14)


def reader(*follows: Any, frequency: str = "daily", **values: Any) -> User:
    """Somebody at the desk who gets digests, told of all until the day before yesterday."""
    user = make.make_user(values.pop("role", "contributor"), **values)
    AlertSetting.objects.create(user=user, frequency=frequency, told_until=MIDNIGHT - DAY)
    follow(user, *follows)
    return user


def follow(user: User, *things: Any) -> None:
    """Let the user follow these things."""
    for thing in things:
        Following.objects.create(user=user, **{thing._meta.model_name.replace("savedv", "saved_v"): thing})


def entry(record: Recommendation | None = None, at: datetime.datetime = YESTERDAY, **values: Any) -> FollowUp:
    """A public entry that was published at this moment."""
    return make.make_follow_up(record, published_at=at, **values)


def send(now: datetime.datetime = MORNING) -> Report:
    """A run at this moment."""
    return Run(now, SITE).send_all()


def words_of(message: Any) -> str:
    """Everything that a mail holds: headers, text and HTML, as they are sent and as they are read."""
    made = message.message()
    parts = [part.get_payload(decode=True) or b"" for part in made.walk()]
    return "\n".join([made.as_string(), *(part.decode() for part in parts)])


def yesterday() -> datetime.datetime:
    """Some moment of the real yesterday, in UTC."""
    return timezone.now().replace(hour=0, minute=0) - 2 * HOUR
