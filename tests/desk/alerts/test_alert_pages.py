"""The pages of alerts: choosing how often, the example, and stopping them from a mail without signing in."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from recommendations.models import AlertSetting, DigestEntry
from tests import make
from tests.desk.alerts.digests import DAY, entry, follow, reader
from tests.pages import page_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, alice):
    client.force_login(alice)
    return client


def test_digests_are_off_until_chosen(desk, alice):
    page = page_words(desk.get("/desk/alerts/").text)
    assert "There is nothing to tell since" in page
    assert "Digests go to" in page
    assert not AlertSetting.objects.exists()
    answer = desk.post("/desk/alerts/", {"frequency": "weekly"}, follow=True)
    assert "You get a digest every Monday" in page_words(answer.text)
    setting = AlertSetting.objects.get()
    assert (setting.user, setting.frequency) == (alice, "weekly")
    assert setting.told_until.weekday() == 0
    assert setting.told_until <= timezone.now() < setting.told_until + 7 * DAY
    assert "The next one is made on" in page_words(desk.get("/desk/alerts/").text)
    desk.post("/desk/alerts/", {"frequency": "off"})
    assert AlertSetting.objects.get().frequency == "off"


@pytest.mark.parametrize("value", ["", "hourly", "off\x00", "weekly" * 200])
def test_unknown_frequency_is_refused(desk, value):
    answer = desk.post("/desk/alerts/", {"frequency": value})
    assert answer.status_code == 200
    assert "has to be corrected" in page_words(answer.text) or "correct" in answer.text
    assert not AlertSetting.objects.exists()


def test_preview_shows_next_digest_and_records_nothing(desk, alice):
    record = make.make_recommendation(reference="NEWS-1", summary="Repeal <b>the</b> law")
    follow(alice, record)
    made = entry(record, timezone.now())
    entry(record, timezone.now() - 8 * DAY)
    page = desk.get("/desk/alerts/").text
    assert "Recommendation Tracker: 1 new entry" in page_words(page)
    assert f'href="http://testserver/recommendations/NEWS-1/#entry-{made.pk}"' in page
    assert "Repeal &lt;b&gt;the&lt;/b&gt; law" in page
    assert "unsubscribe" not in page
    desk.post("/desk/alerts/", {"frequency": "daily"})
    assert "1 new entry" in page_words(desk.get("/desk/alerts/").text)
    assert not DigestEntry.objects.exists()


def test_page_warns_account_without_email_address(desk, alice):
    type(alice).objects.update(email="")
    assert "Your account has no e-mail address" in page_words(desk.get("/desk/alerts/").text)


def test_alerts_page_is_only_for_desk_roles(client):
    assert client.get("/desk/alerts/").status_code == 302
    client.force_login(make.make_user())
    assert client.get("/desk/alerts/").status_code == 403
    assert client.post("/desk/alerts/", {"frequency": "daily"}).status_code == 403
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(make.make_user("contributor"))
    assert guarded.post("/desk/alerts/", {"frequency": "daily"}).status_code == 403
    assert not AlertSetting.objects.exists()


def test_unsubscribe_link_acts_on_post_not_on_get():
    user = reader()
    other = reader()
    address = f"/unsubscribe/{user.alert_setting.key}/"
    scanner = Client(enforce_csrf_checks=True)  # neither session nor token
    for read in (scanner.get, scanner.head, scanner.options):
        assert read(address).status_code == 200
    page = scanner.get(address)
    assert "Stop the e-mails" in page.text
    assert user.email not in page.text
    assert user.username not in page.text
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page.text
    assert AlertSetting.objects.get(user=user).is_on
    # As a mail program does it (RFC 8058): no redirect, and twice is once.
    for _ in range(2):
        answer = scanner.post(address, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "You get no digests" in answer.text
    assert not AlertSetting.objects.get(user=user).is_on
    assert AlertSetting.objects.get(user=other).is_on
    assert "Stop the e-mails" not in scanner.get(address).text


@pytest.mark.parametrize("key", [uuid.uuid4(), "x", "0" * 36, "%00"])
def test_unknown_unsubscribe_key_changes_nothing(key):
    setting = reader().alert_setting
    for send in (Client().get, Client().post):
        assert send(f"/unsubscribe/{key}/").status_code in {400, 404}
    assert Client().put(f"/unsubscribe/{setting.key}/").status_code == 405
    assert AlertSetting.objects.get().is_on
