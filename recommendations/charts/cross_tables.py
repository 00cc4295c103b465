"""The figures behind the charts: counts of any filtered records, with one query for each kind of row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from recommendations.models import Issue, Review, Stakeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recommendations.search.facets.record_set import Records


@dataclass(frozen=True, slots=True)
class IssueLine:
    """An issue of the heat map, with counts of records by status; a record counts once per line."""

    issue: Issue
    below_chosen: bool
    numbers: dict[str, int]


def issue_lines(records: Records, chosen: Sequence[str]) -> list[IssueLine]:
    """Return issue × headline status, of records that expect follow-up.

    The issues are the top-level ones or, if any are chosen (paths), each chosen issue and its children.
    Lines without a record are left out. One query.
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
    """A stakeholder, with counts by kind and status of the records it raised."""

    stakeholder: Stakeholder
    numbers: dict[tuple[str, str], int]

    @property
    def total(self) -> int:
        """Return the number of all records, including commendations."""
        return sum(self.numbers.values())


def stakeholder_lines(records: Records, chosen: Sequence[int]) -> list[StakeholderLine]:
    """Return stakeholder × kind × headline status, most records first; for `chosen` ids or all. One query."""
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
    """The links between two reviews, and the records at each end of them."""

    earlier: int
    later: int
    again: bool
    number: int = 0
    at_earlier: set[int] = field(default_factory=set)
    at_later: set[int] = field(default_factory=set)

    @property
    def records_earlier(self) -> int:
        """Return the number of records at the earlier end."""
        return len(self.at_earlier)

    @property
    def records_later(self) -> int:
        """Return the number of records at the later end."""
        return len(self.at_later)


def link_lines(records: Records) -> list[LinkLine]:
    """Return links between reviews with an end among these records, and the ends that are among them."""
    members = records.bits
    lines: dict[tuple[int, int, bool], LinkLine] = {}
    for link in records.index.links:
        # A chain stays within one State, but no database constraint ensures it.
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
    """Return these reviews with their States, by id, oldest first. One query."""
    found = Review.objects.filter(pk__in=list(ids)).select_related("state").order_by("starts_on", "slug")
    return {review.pk: review for review in found}
