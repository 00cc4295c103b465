"""The tones of charts: each status and kind of record, yes and no, with its colour, hatching and mark."""

from __future__ import annotations

from recommendations.charts.drawing.palette import PLAIN, TONES, Tone
from recommendations.models.statuses import NOT_ASSESSED, STATUSES, Status

INNER_SQUARE = "M3.5 3.5L12.5 3.5L12.5 12.5L3.5 12.5Z"
SQUARE = "M1 1L15 1L15 15L1 15Z"
CIRCLE = "M8 1A7 7 0 0 1 8 15A7 7 0 0 1 8 1Z"
INNER_CIRCLE = "M8 3.5A4.5 4.5 0 0 1 8 12.5A4.5 4.5 0 0 1 8 3.5Z"

TONES.update({value: Tone(status.light, status.texture, status.shape) for value, status in STATUSES.items()})
# Kinds match their badges.
TONES.update(
    recommendation=Tone(PLAIN["accent"], "solid", SQUARE),
    concern=Tone(PLAIN["accent"], "rising", SQUARE + INNER_SQUARE),
    question=Tone(PLAIN["accent"], "dotted", CIRCLE + INNER_CIRCLE),
    commendation=Tone(PLAIN["accent"], "level", CIRCLE),
    yes=Tone(PLAIN["ink"], "solid", STATUSES[Status.IMPLEMENTED].shape),
    no=Tone(STATUSES[NOT_ASSESSED].light, "empty", STATUSES[NOT_ASSESSED].shape),
)
