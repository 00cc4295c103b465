"""What a digest holds: new public entries on what a person follows, and how much work waits.

Of entries only what is public, and of that no words: a mail cannot be called back when an entry is
withdrawn for somebody's safety. Of work only numbers.
"""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass, field
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from recommendations.desk.work import my_records as desk_mine
from recommendations.desk.work import work as desk_work
from recommendations.desk.work.follow import visible
from recommendations.desk.work.saved_views import Reader
from recommendations.models import DigestEntry, Following, FollowUp, IssueTag, Recommendation, SavedView

if TYPE_CHECKING:
    from recommendations.core.viewer import Viewer
    from recommendations.models import AlertSetting, FollowUpQuerySet

# An entry may become visible so long after its date of publication: when its transaction takes as long.
LATE = datetime.timedelta(hours=1)
# What still waits is brought to mind again after a week, also after one in which clocks went forward.
REMIND_AFTER = datetime.timedelta(days=6, hours=12)
# Entries that a mail names; the rest is counted.
NAMED_MAX = 50


@dataclass(frozen=True, slots=True)
class Work:
    """How much waits for a person: of records `overdue` and `due` soon, of entries `returned`, to `review`.

    `drafts` are those that the person has begun and not submitted.
    """

    overdue: int = 0
    due: int = 0
    returned: int = 0
    review: int = 0
    drafts: int = 0

    @property
    def waits(self) -> dict[str, int]:
        """What a person is told of even if nothing else is new; drafts of one's own are no news."""
        return {name: number for name, number in asdict(self).items() if number and name != "drafts"}

    def is_news(self, setting: AlertSetting, now: datetime.datetime) -> bool:
        """Whether more waits than at the end of the last period, or it was long ago that it was told."""
        if not self.waits:
            return False
        told: dict[str, int] = setting.work
        more = any(number > told.get(name, 0) for name, number in self.waits.items())
        return more or setting.work_told_at is None or now - setting.work_told_at >= REMIND_AFTER


@dataclass(frozen=True, slots=True)
class OnRecord:
    """The new entries on one record."""

    record: Recommendation
    entries: list[FollowUp]


@dataclass(frozen=True, slots=True)
class Contents:
    """What one digest tells, `since` its period began; `entries` in order, `work` as it is now."""

    since: datetime.datetime
    entries: list[FollowUp] = field(default_factory=list)
    work: Work = field(default_factory=Work)
    tells_work: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that would be worth a mail."""
        return not (self.entries or self.tells_work)

    @property
    def records(self) -> list[OnRecord]:
        """The entries that are named, by record."""
        found: dict[int, OnRecord] = {}
        for entry in self.entries[:NAMED_MAX]:
            group = found.setdefault(entry.recommendation_id, OnRecord(entry.recommendation, []))
            group.entries.append(entry)
        return list(found.values())

    @property
    def more(self) -> int:
        """How many entries are only counted."""
        return max(0, len(self.entries) - NAMED_MAX)


class Composer:
    """Finds what digests hold. What filters of saved views may say is read once for all digests of a run."""

    def __init__(self) -> None:
        self.reader = Reader()

    def contents(
        self, setting: AlertSetting, viewer: Viewer, start: datetime.datetime, end: datetime.datetime
    ) -> Contents:
        """The digest of one person from `start` to before `end`: four queries, one more with saved views."""
        mine = desk_mine.Mine.of(viewer)
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
        work = work_of(viewer, mine)
        return Contents(start, list(entries), work, work.is_news(setting, end))

    def followed(self, viewer: Viewer, mine: desk_mine.Mine) -> FollowUpQuerySet:
        """The public entries about what this person follows."""
        following = Following.objects.filter(user=mine.user_id).order_by()
        # Beside an OR, PostgreSQL reads `IN (SELECT …)` whole for each entry once it outgrows work_mem:
        # what may be large is asked by the entry's own record.
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
            # Not one whose name is withheld, once the person works elsewhere.
            known = visible("stakeholder", viewer).filter(followed_by__in=following).order_by().values("pk")
            raised = Recommendation.raised_by.through._default_manager.filter(stakeholder__in=known)
            about += [Q(assessor__in=known), Q(Exists(raised.filter(recommendation=record)))]
        if mine.followed["saved_view"]:
            views = SavedView.objects.filter(owner=mine.user_id, followed_by__in=following).order_by("pk")
            for query in views.values_list("query", flat=True):
                about.append(Q(Exists(self.reader.read(query).rows.order_by().filter(pk=record))))
        published: FollowUpQuerySet = FollowUp.objects.published()
        return published.filter(reduce(or_, about)) if about else published.none()


def work_of(viewer: Viewer, mine: desk_mine.Mine) -> Work:
    """How much waits for a person, as “My work” counts it. Two queries, one for who has no records."""
    work = desk_work.Work(viewer, mine)
    drafts = ("returned", "drafts", "review") if viewer.reviews else ("returned", "drafts")
    counts: dict[str, Any] = {slug: Count("pk", filter=work.waiting(slug)) for slug in drafts}
    entries = work.entries().order_by().aggregate(**counts)
    late = Q(listing__due_on__lt=timezone.localdate())
    records = (
        work.records("due")
        .order_by()
        .aggregate(overdue=Count("pk", filter=late), due=Count("pk", filter=~late))
    )
    return Work(**entries, **records)
