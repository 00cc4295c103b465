"""A person's own records: followed, raised by their organisations, or tagged with followed issues."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Prefetch, Q

from recommendations.models import Following, Issue, IssueTag, Recommendation, ReviewStep
from recommendations.models.verdicts import attach_verdicts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from recommendations.core.viewer import Viewer
    from recommendations.models import FollowUpQuerySet, RecommendationQuerySet


@dataclass(frozen=True, slots=True)
class MyRecords:
    """Criteria for a person's records: organisations, numbers of followed objects, followed issue paths."""

    user_id: int
    organisations: frozenset[int]
    followed: dict[str, int]  # by kind of target, as Following.TARGETS names them
    issue_paths: tuple[str, ...]

    @classmethod
    def of(cls, viewer: Viewer) -> MyRecords:
        """Return the criteria for a viewer. One query."""
        assert viewer.user_id is not None  # noqa: S101  (DeskView requires sign-in)
        rows = Following.objects.filter(user=viewer.user_id).order_by("pk")
        followed = dict.fromkeys(Following.TARGETS, 0)
        paths: list[str] = []
        for record, path, stakeholder, view in rows.values_list(
            "recommendation", "issue__path", "stakeholder", "saved_view"
        ):
            for name, target in zip(Following.TARGETS, (record, path, stakeholder, view), strict=True):
                followed[name] += target is not None
            if path is not None:
                paths.append(path)
        return cls(viewer.user_id, viewer.organisations, followed, tuple(paths))

    @property
    def is_empty(self) -> bool:
        """True if no record can match."""
        return not (self.organisations or self.followed["recommendation"] or self.issue_paths)

    @property
    def follows_nothing(self) -> bool:
        """True if the person follows nothing."""
        return not any(self.followed.values())

    def records(self) -> RecommendationQuerySet:
        """Return the person's public records that expect follow-up."""
        records: RecommendationQuerySet = Recommendation.objects.published().expecting_follow_up()
        if self.is_empty:
            return records.none()
        ids: list[QuerySet[Any, Any]] = []
        if self.followed["recommendation"]:
            followed = Following.objects.filter(user=self.user_id, recommendation__isnull=False)
            ids.append(followed.order_by().values_list("recommendation"))
        if self.organisations:
            raised = Recommendation.raised_by.through._default_manager
            ids.append(raised.filter(stakeholder__in=self.organisations).values_list("recommendation"))
        if self.issue_paths:
            within = reduce(or_, (Q(path=p) | Q(path__startswith=f"{p}/") for p in self.issue_paths))
            tags = IssueTag.objects.exclude(origin=IssueTag.Origin.SUGGESTION)
            issues = Issue.objects.filter(within).order_by().values("pk")
            ids.append(tags.filter(issue__in=issues).order_by().values_list("recommendation"))
        # A union of ids instead of OR conditions lets PostgreSQL use an index for each part.
        return records.filter(pk__in=ids[0].union(*ids[1:]) if len(ids) > 1 else ids[0])


def rows_of(ids: Sequence[int], viewer: Viewer) -> list[Any]:
    """Return the records with these ids, in this order, with what a desk row shows. Three queries."""
    if not ids:
        return []
    following = Following.objects.filter(user=viewer.user_id, recommendation=OuterRef("pk"))
    found: Any = (
        Recommendation.objects.published()
        .with_status()
        .with_stakeholders()
        .select_related("document__review__state", "paragraph__document")
        .annotate(is_followed=Exists(following))
    )
    by_id = {row.pk: row for row in found.filter(pk__in=ids)}
    rows = [by_id[id] for id in ids if id in by_id]
    attach_verdicts(rows)
    return rows


def with_record(entries: FollowUpQuerySet) -> FollowUpQuerySet:
    """Prefetch what a desk row shows; `returned` holds the steps that returned an entry, newest first."""
    returned = ReviewStep.objects.filter(step=ReviewStep.Step.RETURNED).order_by("-at", "-pk")
    found: FollowUpQuerySet = entries.select_related(
        "assessor", "recommendation__document__review__state"
    ).prefetch_related(Prefetch("steps", returned, to_attr="returned"))
    return found
