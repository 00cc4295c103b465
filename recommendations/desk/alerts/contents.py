"""Contents of a digest: new public entries on what a person follows, and the number of waiting tasks.

Digests include only public entries, without their text, because a mail cannot be recalled when an entry is
withdrawn for somebody's safety. Of tasks they include only numbers.
"""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass, field
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from recommendations.desk.work import my_records
from recommendations.desk.work import work as desk_work
from recommendations.desk.work.follow import visible
from recommendations.desk.work.saved_views import QueryParser
from recommendations.models import DigestEntry, Following, FollowUp, IssueTag, Recommendation, SavedView

if TYPE_CHECKING:
    from recommendations.core.viewer import Viewer
    from recommendations.models import AlertSetting, FollowUpQuerySet

# An entry may become visible this long after its publication date, if its transaction is slow.
LATE = datetime.timedelta(hours=1)
# Waiting tasks are repeated after a week; shorter by half a day, because clocks may go forward.
REMIND_AFTER = datetime.timedelta(days=6, hours=12)
# Maximum number of entries listed in a mail; further ones are only counted.
NAMED_MAX = 50


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """Numbers of a person's tasks: records `overdue` or `due` soon, entries `returned` or to `review`.

    `drafts` counts the person's own entries not submitted yet.
    """

    overdue: int = 0
    due: int = 0
    returned: int = 0
    review: int = 0
    drafts: int = 0

    @property
    def waits(self) -> dict[str, int]:
        """Return the nonzero counts worth a mail of their own, which excludes own drafts."""
        return {name: number for name, number in asdict(self).items() if number and name != "drafts"}

    def is_news(self, setting: AlertSetting, now: datetime.datetime) -> bool:
        """True if a count has risen since the last digest, or the last reminder is long ago."""
        if not self.waits:
            return False
        told: dict[str, int] = setting.work
        more = any(number > told.get(name, 0) for name, number in self.waits.items())
        return more or setting.work_told_at is None or now - setting.work_told_at >= REMIND_AFTER


@dataclass(frozen=True, slots=True)
class RecordEntries:
    """The new entries on one record."""

    record: Recommendation
    entries: list[FollowUp]


@dataclass(frozen=True, slots=True)
class Contents:
    """Contents of one digest: start of its period, new `entries` in order, and current task counts."""

    since: datetime.datetime
    entries: list[FollowUp] = field(default_factory=list)
    work: TaskCounts = field(default_factory=TaskCounts)
    tells_work: bool = False

    @property
    def is_empty(self) -> bool:
        """True if there is nothing to send."""
        return not (self.entries or self.tells_work)

    @property
    def records(self) -> list[RecordEntries]:
        """Return the entries to list, grouped by record."""
        found: dict[int, RecordEntries] = {}
        for entry in self.entries[:NAMED_MAX]:
            group = found.setdefault(entry.recommendation_id, RecordEntries(entry.recommendation, []))
            group.entries.append(entry)
        return list(found.values())

    @property
    def more(self) -> int:
        """Return the number of entries that are only counted."""
        return max(0, len(self.entries) - NAMED_MAX)


class Composer:
    """Collects the contents of digests; filter values for saved views are loaded once per run."""

    def __init__(self) -> None:
        self.query_parser = QueryParser()

    def contents(
        self, setting: AlertSetting, viewer: Viewer, start: datetime.datetime, end: datetime.datetime
    ) -> Contents:
        """Return the digest of one person for [`start`, `end`). Four queries, five with saved views."""
        mine = my_records.MyRecords.of(viewer)
        told = DigestEntry.objects.filter(setting=setting.pk, follow_up=OuterRef("pk"))
        entries = (
            self.followed(viewer, mine)
            .filter(~Exists(told), published_at__gte=start - LATE, published_at__lt=end)
            .select_related("assessor", "recommendation__document__review__state")
            .order_by(
                "recommendation__document__review__state__name",
                "recommendation__reference",
                "published_at",
                "pk",
            )
        )
        work = task_counts(viewer, mine)
        return Contents(start, list(entries), work, work.is_news(setting, end))

    def followed(self, viewer: Viewer, mine: my_records.MyRecords) -> FollowUpQuerySet:
        """Return the public entries about what this person follows."""
        following = Following.objects.filter(user=mine.user_id).order_by()
        # Within an OR, PostgreSQL rescans `IN (SELECT …)` for each entry once the result outgrows work_mem,
        # so conditions on large sets are EXISTS subqueries on the entry's own record.
        record = OuterRef("recommendation")
        about: list[Q] = []
        if mine.followed["recommendation"]:
            about.append(
                Q(recommendation__in=following.filter(recommendation__isnull=False).values("recommendation"))
            )
        if mine.issue_paths:
            within = reduce(
                or_,
                (Q(issue__path=path) | Q(issue__path__startswith=f"{path}/") for path in mine.issue_paths),
            )
            tags = IssueTag.objects.published().filter(within, recommendation=record)
            about.append(Q(Exists(tags.order_by())))
        if mine.followed["stakeholder"]:
            # Exclude unpublished stakeholders that the person is no longer a member of.
            known = visible("stakeholder", viewer).filter(followed_by__in=following).order_by().values("pk")
            raised = Recommendation.raised_by.through._default_manager.filter(stakeholder__in=known)
            about += [Q(assessor__in=known), Q(Exists(raised.filter(recommendation=record)))]
        if mine.followed["saved_view"]:
            views = SavedView.objects.filter(owner=mine.user_id, followed_by__in=following).order_by("pk")
            for query in views.values_list("query", flat=True):
                about.append(Q(Exists(self.query_parser.parse(query).rows.order_by().filter(pk=record))))
        published: FollowUpQuerySet = FollowUp.objects.published()
        return published.filter(reduce(or_, about)) if about else published.none()


def task_counts(viewer: Viewer, mine: my_records.MyRecords) -> TaskCounts:
    """Count a person's tasks as “My work” does. Two queries, one for people without records."""
    work = desk_work.WorkSections(viewer, mine)
    drafts = ("returned", "drafts", "review") if viewer.reviews else ("returned", "drafts")
    counts: dict[str, Any] = {slug: Count("pk", filter=work.waiting(slug)) for slug in drafts}
    entries = work.entries().order_by().aggregate(**counts)
    late = Q(listing__due_on__lt=timezone.localdate())
    records = (
        work.records("due")
        .order_by()
        .aggregate(overdue=Count("pk", filter=late), due=Count("pk", filter=~late))
    )
    return TaskCounts(**entries, **records)
