"""The figures behind the charts: counts of any filtered records, a query for each kind of row named."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from recommendations.models import Issue, Review, Stakeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recommendations.search.facets.record_set import Records


@dataclass(frozen=True, slots=True)
class IssueLine:
    """An issue of the heat map, and how many records have which status; a record counts once a line."""

    issue: Issue
    below_chosen: bool
    numbers: dict[str, int]


def issue_lines(records: Records, chosen: Sequence[str]) -> list[IssueLine]:
    """Issue × headline status of what expects follow-up.

    The top-level issues; or of chosen issues (paths) each, and the issues right below it. Lines without
    a record are left out. One query.
    """
    issues = list(Issue.objects.order_by("position", "name"))
    by_path = {issue.path: issue for issue in issues}
    tops = [path for path in chosen if path in by_path and not _stands_below(path, chosen)]
    if tops:
        lines = []
        for top in tops:
            lines.append((by_path[top], False))
            lines += [(issue, True) for issue in issues if issue.path.rpartition("/")[0] == top]
    else:
        lines = [(issue, False) for issue in issues if issue.parent_id is None]
    expecting = records.expecting_follow_up()
    found = []
    for issue, below in lines:
        if numbers := expecting.having("issue", issue.path).counts("status"):
            found.append(IssueLine(issue, below, numbers))
    return found


def _stands_below(path: str, others: Iterable[str]) -> bool:
    return any(path.startswith(f"{other}/") for other in others)


@dataclass(frozen=True, slots=True)
class StakeholderLine:
    """A stakeholder, and how many of the records it raised are of which kind and status."""

    stakeholder: Stakeholder
    numbers: dict[tuple[str, str], int]

    @property
    def total(self) -> int:
        """All records, commendations too."""
        return sum(self.numbers.values())


def stakeholder_lines(records: Records, chosen: Sequence[int]) -> list[StakeholderLine]:
    """Stakeholder × kind × headline status, most records first; of chosen ones (ids) or all. One query."""
    numbers = records.counts("stakeholder")
    public = Stakeholder.objects.published()
    if chosen:
        public = public.filter(pk__in=chosen)
    lines = []
    for stakeholder in public.filter(slug__in=numbers):
        own = records.having("stakeholder", stakeholder.slug)
        lines.append(
            StakeholderLine(
                stakeholder,
                {
                    (kind, status): number
                    for kind in own.counts("kind")
                    for status, number in own.having("kind", kind).counts("status").items()
                },
            )
        )
    return sorted(lines, key=lambda line: (-line.total, line.stakeholder.name, line.stakeholder.slug))


@dataclass(slots=True)
class LinkLine:
    """The links between two reviews, and the records that stand at each end of them."""

    earlier: int
    later: int
    again: bool
    number: int = 0
    at_earlier: set[int] = field(default_factory=set)
    at_later: set[int] = field(default_factory=set)

    @property
    def records_earlier(self) -> int:
        """How many records stand at the earlier end."""
        return len(self.at_earlier)

    @property
    def records_later(self) -> int:
        """How many records stand at the later end."""
        return len(self.at_later)


def link_lines(records: Records) -> list[LinkLine]:
    """Links between reviews with an end among these records, and the ends that are among them."""
    members = records.bits
    lines: dict[tuple[int, int, bool], LinkLine] = {}
    for link in records.index.links:
        # A chain runs within one State; no constraint of the database says so.
        if link.earlier_review == link.later_review or not link.within_state:
            continue
        here, there = link.earlier in members, link.later in members
        if not (here or there):
            continue
        key = (link.earlier_review, link.later_review, link.again)
        line = lines.get(key)
        if line is None:
            line = lines[key] = LinkLine(*key)
        line.number += 1
        if here:
            line.at_earlier.add(link.earlier)
        if there:
            line.at_later.add(link.later)
    return list(lines.values())


def reviews_by_id(ids: Iterable[int]) -> dict[int, Review]:
    """These reviews with their States, oldest first. One query."""
    found = Review.objects.filter(pk__in=list(ids)).select_related("state").order_by("starts_on", "slug")
    return {review.pk: review for review in found}
