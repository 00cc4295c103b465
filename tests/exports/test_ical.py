"""Calendars: read strictly by RFC 5545 and by icalendar; what is in them, and who reads the personal one."""

from __future__ import annotations

import datetime
import re

import icalendar
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from recommendations.exports.ical import Event, calendar
from recommendations.models import CalendarAddress, Following, Recommendation
from tests import make

D = datetime.date
NAME = re.compile(r"[A-Z0-9-]+")


def read(raw: bytes) -> list[dict[str, str]]:
    """The events of a calendar, each property by its name; fails for whatever the RFC forbids.

    Lines end in CRLF and hold at most 75 octets; a folded line goes on after one space, and no line ends
    within a letter; TEXT holds no control character and no bare comma, semicolon or backslash.
    """
    assert raw.endswith(b"\r\n")
    lines = raw.split(b"\r\n")[:-1]
    for line in lines:
        assert 0 < len(line) <= 75
        line.decode()
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line)
    unfolded = re.sub(rb"\r\n ", b"", raw).decode().split("\r\n")[:-1]
    assert unfolded[0] == "BEGIN:VCALENDAR"
    assert unfolded[-1] == "END:VCALENDAR"
    assert "VERSION:2.0" in unfolded
    assert any(line.startswith("PRODID:") for line in unfolded)
    events: list[dict[str, str]] = []
    inside = False
    for line in unfolded[1:-1]:
        name, _colon, value = line.partition(":")
        plain = name.partition(";")[0]
        assert NAME.fullmatch(plain)
        if line == "BEGIN:VEVENT":
            assert not inside
            inside = True
            events.append({})
        elif line == "END:VEVENT":
            inside = False
        elif inside:
            assert plain not in events[-1], f"{plain} stands twice"
            events[-1][plain] = text(value) if plain in {"SUMMARY", "DESCRIPTION"} else value
    assert not inside
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= set(event)
        assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"])
        start, end = (datetime.datetime.strptime(event[name], "%Y%m%d") for name in ("DTSTART", "DTEND"))  # noqa: DTZ007
        assert end - start == datetime.timedelta(days=1)
    assert len({event["UID"] for event in events}) == len(events)
    compare_with_library(raw, events)
    return events


def compare_with_library(raw: bytes, events: list[dict[str, str]]) -> None:
    """The library that many programs read calendars with finds the same events in it."""
    found = icalendar.Calendar.from_ical(raw)
    assert isinstance(found, icalendar.Calendar)
    assert [*found.errors, *(error for event in found.walk() for error in event.errors)] == []
    assert len(found.events) == len(events)
    for event, ours in zip(found.events, events, strict=True):
        assert event.uid == ours["UID"]
        assert event.start == datetime.datetime.strptime(ours["DTSTART"], "%Y%m%d").date()  # noqa: DTZ007
        assert event.end == event.start + datetime.timedelta(days=1)
        assert f"{event.DTSTAMP:%Y%m%dT%H%M%SZ}" == ours["DTSTAMP"]
        assert event.DTSTAMP.utcoffset() == datetime.timedelta()
        assert str(event["URL"]) == ours["URL"]
        for name in ("SUMMARY", "DESCRIPTION"):
            # icalendar 7.3 reads an escaped backslash before an n as a line break; the RFC does not.
            if "\\" not in ours[name]:
                assert str(event[name]) == ours[name]


def text(value: str) -> str:
    """A TEXT value as it was meant."""
    pieces = re.fullmatch(r"(?:[^\\,;]|\\[\\,;nN])*", value)
    assert pieces, f"not escaped: {value!r}"
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(title=WORDS, words=WORDS)
def test_any_text_survives_in_calendar(title: str, words: str):
    """But for control characters, and ends of lines, which are all written as one."""
    event = Event(
        "1",
        D(2028, 7, 17),
        datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
        title,
        words,
        "https://x.org/",
    )
    (found,) = read("".join(calendar("A, b; c\\ \r\n d", [event])).encode())
    for said, meant in ((found["SUMMARY"], title), (found["DESCRIPTION"], words)):
        meant = re.sub("\r\n?|[\x85\u2028\u2029]", "\n", meant).replace("\t", " ")
        assert said == re.sub("[\x00-\x09\x0b-\x1f\x7f\ufffe\uffff]", "", meant)


def get(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return b"".join(answer.streaming_content)


def due_record(reference: str, **values: object) -> Recommendation:
    usual = {"reference": reference, "selected_for_follow_up": True, "due_on": D(2028, 7, 17)}
    return make.make_recommendation(**usual | values)


@pytest.mark.django_db
class TestPublicCalendar:
    def test_calendar_holds_due_dates_of_filtered_records(self, client):
        due_record("B-1", due_on=D(2029, 1, 1), summary="Naïve; “quoted”, and\\or long — " + "ж" * 120)
        due_record("A-1")
        due_record("A-2", kind="question")
        due_record("HIDDEN-1", published=False)
        due_record("HIDDEN-2", document=make.make_document(published=False))
        make.make_recommendation(reference="UNDATED-1", selected_for_follow_up=True)
        events = read(get(client, "/recommendations.ics"))
        assert [event["SUMMARY"].split(",")[0] for event in events] == [
            "Report due: A-1",
            "Report due: A-2",
            "Report due: B-1",
        ]
        assert events[0]["DTSTART"] == "20280717"
        assert events[0]["URL"] == "http://testserver/recommendations/A-1/"
        assert "ж" * 120 in events[2]["DESCRIPTION"]
        (one,) = read(get(client, "/recommendations.ics?kind=question&sort=newest"))
        assert one["UID"] == events[1]["UID"]

    def test_events_say_what_rows_say(self, client):
        for n in range(5):
            due_record(
                f"ROW-{n}",
                due_on=D(2027 + n, 2, 28),
                summary="Short; and, " * n,
                text=f"Line {n}\n" + "Тіл: әғқңөұүһі, “жазу”; " * 20,
            )
        raw = get(client, "/recommendations.ics")
        read(raw)
        rows = Recommendation.objects.select_related("document__review__state").order_by("due_on")
        events = icalendar.Calendar.from_ical(raw).events
        assert [event.start for event in events] == [row.due_on for row in rows]
        for event, row in zip(events, rows, strict=True):
            assert row.updated_at.replace(microsecond=0) == event.DTSTAMP
            assert row.reference in event["SUMMARY"]
            assert row.document.review.state.name in event["SUMMARY"]
            assert row.text in event["DESCRIPTION"]
            assert event["DESCRIPTION"] == (f"{row.title}\n\n{row.text}" if row.summary else row.text)
            assert str(event["URL"]) == f"http://testserver{row.get_absolute_url()}"

    def test_event_uid_stays_when_the_record_changes(self, client):
        record = due_record("A-1")
        (before,) = read(get(client, "/recommendations.ics"))
        record.due_on, record.summary = D(2030, 1, 1), "Other words"
        record.save()
        (after,) = read(get(client, "/recommendations.ics"))
        assert after["UID"] == before["UID"]
        assert after["DTSTART"] == "20300101"
        assert after["DTSTAMP"] >= before["DTSTAMP"]

    def test_invalid_calendar_address_is_refused(self, client):
        answer = client.get("/recommendations.ics?kind=nonsense")
        assert answer.status_code == 400
        assert "does not know “nonsense”" in answer.text
        assert client.get("/responses.ics").status_code == 404

    def test_calendar_without_dates_is_empty_but_valid(self, client):
        assert read(get(client, "/recommendations.ics")) == []

    def test_list_links_to_its_calendar(self, client):
        due_record("A-1")
        page = client.get("/recommendations/?kind=recommendation").text
        assert 'href="/recommendations.ics?kind=recommendation" type="text/calendar"' in page


@pytest.mark.django_db
class TestPersonalCalendar:
    @pytest.fixture
    def user(self):
        return make.make_user("contributor")

    def address(self, client: Client) -> str:
        match = re.search(r"/desk/calendar/[^<\"]+\.ics", client.get("/desk/deadlines/").text)
        return match[0] if match else ""

    def test_personal_calendar_is_made_renewed_and_removed(self, client, user):
        Following.objects.create(user=user, recommendation=due_record("MINE-1"))
        due_record("OTHERS-1")
        client.force_login(user)
        assert self.address(client) == ""
        client.post("/desk/deadlines/calendar/", {"action": "make"})
        first = self.address(client)
        anybody = Client()
        (event,) = read(get(anybody, first))
        assert "MINE-1" in event["SUMMARY"]
        assert "no-store" in anybody.get(first)["Cache-Control"]
        client.post("/desk/deadlines/calendar/", {"action": "renew"})
        second = self.address(client)
        assert anybody.get(first).status_code == 404
        assert anybody.get(second).status_code == 200
        client.post("/desk/deadlines/calendar/", {"action": "remove"})
        assert anybody.get(second).status_code == 404
        assert self.address(client) == ""

    def test_stored_key_alone_does_not_open_calendar(self, client, user):
        client.force_login(user)
        client.post("/desk/deadlines/calendar/")
        key = CalendarAddress.objects.get().key
        address = self.address(client)
        for guess in (f"{key.hex}.ics", f"{key}.ics", f"{key.hex}~x.ics", "~.ics", f"{'9' * 300}.ics"):
            assert client.get(f"/desk/calendar/{guess}").status_code == 404
        flipped = address[:-5] + ("A" if address[-5] != "A" else "B") + ".ics"
        assert client.get(flipped).status_code == 404

    def test_calendar_ends_when_role_is_removed(self, client, user):
        client.force_login(user)
        client.post("/desk/deadlines/calendar/")
        address = self.address(client)
        assert client.get(address).status_code == 200
        user.groups.clear()
        assert Client().get(address).status_code == 404

    def test_personal_calendar_holds_only_public_records(self, client, user):
        record = due_record("MINE-1")
        Following.objects.create(user=user, recommendation=record)
        client.force_login(user)
        client.post("/desk/deadlines/calendar/")
        Recommendation.objects.filter(pk=record.pk).update(published=False)
        assert read(get(Client(), self.address(client))) == []

    def test_making_calendar_needs_account_and_csrf_token(self, user):
        assert Client().post("/desk/deadlines/calendar/").url.startswith("/desk/account/login/")
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(user)
        assert strict.post("/desk/deadlines/calendar/").status_code == 403
        assert strict.get("/desk/deadlines/calendar/").status_code == 405
        assert not CalendarAddress.objects.exists()
