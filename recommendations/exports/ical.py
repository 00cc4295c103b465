"""Calendars for other programs (iCalendar, RFC 5545) of the dates on which reports are due."""

from __future__ import annotations

import datetime
import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from recommendations.core.xml import xml_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recommendations.search.filters.values import Rows

# The most octets in a line, without its end; longer lines are continued in the next, after a space.
OCTETS_MAX = 75
# The number of records held in memory at a time.
CHUNK = 500
MEDIA_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Event:
    """A day on which something is due. `uid` never changes; `stamp` is the time of its last change."""

    uid: str
    day: datetime.date
    stamp: datetime.datetime
    title: str
    words: str
    url: str


def folded(line: str) -> str:
    """Return a content line with its end, folded at 75 octets, never within a character."""
    octets = line.encode()
    pieces, start, room = [], 0, OCTETS_MAX
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:  # inside a character
            end -= 1
        pieces.append(octets[start:end])
        start, room = end, OCTETS_MAX - 1
    return b"\r\n ".join([*pieces, octets[start:]]).decode() + "\r\n"


def text(value: str) -> str:
    """Return a TEXT value: special characters escaped, and characters not allowed in it left out."""
    value = xml_text(value).replace("\t", " ").replace("\x7f", "")
    value = re.sub(r"([\\;,])", r"\\\1", value)
    return re.sub(r"\r\n?|\n|[\x85\u2028\u2029]", r"\\n", value)


def lines_of(event: Event) -> list[str]:
    """Return the lines of an all-day event that does not mark the day as busy."""
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{event.stamp.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.day + datetime.timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{text(event.title)}",
        f"DESCRIPTION:{text(event.words)}",
        f"URL:{event.url}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def calendar(name: str, events: Iterable[Event]) -> Iterator[str]:
    """Yield a calendar in pieces; it asks programs to refresh it once a day."""
    opening = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Recommendation Tracker//Due dates//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{text(name)}",
        f"X-WR-CALNAME:{text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        "X-PUBLISHED-TTL:P1D",
    ]
    yield "".join(map(folded, opening))
    for event in events:
        yield "".join(map(folded, lines_of(event)))
    yield folded("END:VCALENDAR")


def event_of(record: Any, site_url: str) -> Event:
    """Return the due date of a record as an event; its document, review and State must be loaded."""
    review = record.document.review
    return Event(
        # Built only from the reference, which never changes once public, as the site's address may change.
        uid=str(uuid.uuid5(uuid.NAMESPACE_URL, f"recommendation-tracker:due:{record.reference}")),
        day=record.due_on,
        stamp=record.updated_at,
        title=_("Report due: %(reference)s, %(state)s, %(body)s")
        % {
            "reference": record.reference,
            "state": review.state.name,
            "body": review.get_mechanism_display(),
        },
        words=f"{record.title}\n\n{record.text}" if record.summary else record.text,
        url=f"{site_url}{record.get_absolute_url()}",
    )


def due_dates(rows: Rows, name: str, site_url: str, filename: str) -> StreamingHttpResponse:
    """Return a calendar of the records that have a due date, streamed as it is generated."""
    due = rows.filter(due_on__isnull=False).select_related("document__review__state")
    records = due.order_by("due_on", "reference").iterator(chunk_size=CHUNK)
    return StreamingHttpResponse(
        calendar(name, (event_of(record, site_url) for record in records)),
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
