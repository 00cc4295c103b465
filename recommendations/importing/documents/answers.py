"""What an addendum answers: its responses are linked to the recommendations, which get their position."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recommendations.models import Recommendation, ResponseLink, StateResponse
from recommendations.reading.kinds import upr_report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recommendations.models import Review

Position = Recommendation.Position
# What a position says of the stance of the words that give it; without one a person judges later.
STANCE = {
    Position.SUPPORTED: ResponseLink.Stance.ACCEPTS,
    Position.SUPPORTED_IN_PART: ResponseLink.Stance.ACCEPTS,
    Position.NOTED: ResponseLink.Stance.DECLINES,
}


def answered(review: Review | None, numbers: Iterable[str]) -> dict[str, Recommendation]:
    """The recommendations of the review's report with these numbers, by number."""
    wanted = list(numbers)
    if review is None or not wanted:
        return {}
    rows = Recommendation.objects.filter(
        document__review=review,
        document__kind=upr_report.KIND.code,
        paragraph__number__in=wanted,
        parent=None,
    ).select_related("paragraph")
    return {row.paragraph.number: row for row in rows if row.paragraph}


def link(response: StateResponse, record: Recommendation, number: str, position: str) -> ResponseLink | None:
    """The link for a response that says which number it answers; None where it says no position."""
    if position not in STANCE:
        return None
    return ResponseLink(
        response=response,
        recommendation=record,
        stance=STANCE[Position(position)],
        rationale=f"It answers recommendation {number} by its number.",
        confirmed=True,
    )
