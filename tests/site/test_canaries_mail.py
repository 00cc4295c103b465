"""What is private stands in no e-mail that the site sends, whoever gets it."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from recommendations.models import AlertSetting, FollowUp
from tests.desk.alerts.digests import follow, send, words_of
from tests.site import canaries

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def test_digests_hold_only_what_is_public(planted):
    """Everyone follows everything, also what they could read at the desk."""
    now = timezone.now()
    readers = {name: user for name, user in planted.users.items() if user}
    for name, user in readers.items():
        if not user.email:
            user.email = f"{name}@example.org"
            user.save()
        user.following.all().delete()
        follow(user, planted.record, planted.issue, planted.organisation, planted.withheld)
        begun = {"frequency": AlertSetting.Frequency.DAILY, "told_until": now - 7 * DAY}
        AlertSetting.objects.update_or_create(user=user, defaults=begun)
    report = send(now + DAY)
    # Everyone with a role at the desk gets one, with the entry that is public.
    told = {name for name, user in readers.items() if [user.email] in [message.to for message in mail.outbox]}
    assert told == {*readers} - {canaries.NO_ROLE}
    assert report.sent == len(told)
    public = FollowUp.objects.published().filter(recommendation=planted.record).count()
    assert public
    for message in mail.outbox:
        # The reader's own address is how it gets there.
        words = words_of(message).replace(message.to[0], "")
        assert f"{planted.record.reference} ·" in words
        assert not planted.told(words, public=True), message.to
