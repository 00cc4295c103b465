"""Atom feeds of the lists for which a feed makes sense."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, OuterRef, Subquery
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import Truncator
from django.utils.translation import get_language

from recommendations.core.xml import xml_text
from recommendations.models import Document, FollowUp
from recommendations.models.statuses import STATUS_LABELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from recommendations.search.filters.values import Rows

NEWEST = 50


@dataclass(frozen=True, slots=True)
class Feed:
    """How the rows of one list become feed entries."""

    order: Callable[[Rows], Rows]
    title: Callable[[Any], str]
    text: Callable[[Any], str]
    updated: Callable[[Any], datetime.datetime]


class SteadyAtomFeed(Atom1Feed):
    """An Atom feed whose own date stays fixed while it has no entries."""

    def latest_post_date(self) -> datetime.datetime:
        if not self.items:
            return datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
        return super().latest_post_date()


def feed_response(
    feed: Feed, records: Iterable[Any], *, title: str, subtitle: str, page: str, address: str, site_url: str
) -> HttpResponse:
    """Return the feed; each entry is identified by the permanent address of its record."""
    atom = SteadyAtomFeed(
        title=xml_text(title),
        link=page,
        description=xml_text(subtitle),
        feed_url=address,
        feed_guid=address,
        language=(get_language() or "en").partition("-")[0],
    )
    for record in records:
        link = f"{site_url}{record.get_absolute_url()}"
        atom.add_item(
            title=xml_text(feed.title(record)),
            link=link,
            unique_id=link,
            description=xml_text(feed.text(record)),
            updateddate=feed.updated(record),
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def start_of(day: datetime.date) -> datetime.datetime:
    """Return midnight at the start of a day, in UTC."""
    return datetime.datetime.combine(day, datetime.time(), tzinfo=datetime.UTC)


def short(text: str) -> str:
    """Return the beginning of the words, for a title."""
    return Truncator(text).chars(120)


def entry_title(entry: FollowUp) -> str:
    """Return a title with assessor, status and record, without names that may not be public."""
    who = entry.assessor.short if entry.assessor.published else entry.get_role_display()
    return f"{entry.recommendation.reference}: {entry.get_status_display()} ({who}, {entry.as_of})"


def with_last_change(documents: Rows) -> Rows:
    """Return documents with the date of their last recorded change, newest first."""
    changes = Document.history.model.objects.filter(id=OuterRef("pk")).order_by("-history_date")
    changed: Rows = documents.annotate(changed_at=Subquery(changes.values("history_date")[:1]))
    return changed.order_by(F("published_on").desc(nulls_last=True), "-review__starts_on", "slug")


RECOMMENDATIONS = Feed(
    order=lambda rows: rows.order_by("-updated_at", "-pk"),
    title=lambda record: f"{record.reference}: {short(record.title)}",
    text=lambda record: f"{record.text} — {record.place}. {STATUS_LABELS[record.verdicts.status]}.",
    updated=lambda record: record.updated_at,
)
RESPONSES = Feed(
    order=lambda rows: rows.order_by("-updated_at", "-pk"),
    title=lambda response: f"{response.reference}: {short(response.summary or response.text)}",
    text=lambda response: f"{response.text} — {response.place}.",
    updated=lambda response: response.updated_at,
)
FOLLOW_UPS = Feed(
    order=lambda rows: rows.order_by("-published_at", "-pk"),
    title=entry_title,
    text=lambda entry: entry.summary,
    updated=lambda entry: entry.published_at,
)
DOCUMENTS = Feed(
    order=with_last_change,
    title=lambda document: f"{document.name}: {short(document.title)}",
    text=lambda document: f"{document.title}. {document.get_kind_display()}. {document.review}.",
    updated=lambda document: (
        document.changed_at or start_of(document.published_on or document.review.starts_on)
    ),
)
