"""Every status of a record, defined once: its words, its place in the rules, its shape and its colours.

The choices of an entry of the log, the rule for compound records, badges, charts, the style sheet
(`manage.py build_status_css`), the admin, the methodology page and the data dictionary are all made of these
definitions. `docs/extending.md` shows how to add one.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Literal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

# Nobody but the State has given a status yet. It means that no entry exists, so no entry stores it.
NOT_ASSESSED = "not_assessed"


class Degree(IntEnum):
    """How far a part of a compound record is implemented, or how much is known; see `compound_status`."""

    NOT_ASSESSED = 0
    NO_INFORMATION = 1
    NOT_IMPLEMENTED = 2
    REGRESSED = 3
    IN_PROGRESS = 4
    DONE = 5  # in full or in part


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusDefinition:
    """Everything that defines one status."""

    value: str
    label: StrOrPromise
    # Different labels for some kinds of record (values of `Recommendation.Kind`).
    labels_by_kind: Mapping[str, StrOrPromise] = field(default_factory=dict)
    # One sentence for the methodology page and for the form in which a status is chosen.
    meaning: StrOrPromise
    degree: Degree
    # Higher is further along, to compare the State's claim with others' findings; None is not comparable.
    progress: int | None = None
    # An SVG path of 16 by 16 pixels, filled by the even-odd rule, in absolute M, L, C, Z and half circles
    # (A r r 0 0 1 x y): what charts can draw.
    shape: str
    # A different path for pages, if they need one; filled by the non-zero rule.
    page_shape: str = ""
    # The hatching in charts (`charts/drawing/palette.py`), which no other status may have.
    texture: str
    # Text colours for light mode, dark mode and paper, each with a contrast of at least 4.5.
    light: str
    dark: str
    paper: str
    # For the admin: a character, and the name of one of the admin's colours.
    symbol: str
    admin_tone: Literal["good", "middling", "bad", "quiet"]

    def label_for(self, kind: str) -> StrOrPromise:
        """Return the label of the status for this kind of record."""
        return self.labels_by_kind.get(kind, self.label)


DISC = "M8 0A8 8 0 0 1 8 16A8 8 0 0 1 8 0Z"


class Status(TextChoices):
    """The statuses an assessor may give a record, in the order in which they are listed and counted."""

    definition: StatusDefinition

    def __new__(cls, definition: StatusDefinition) -> Status:
        member = str.__new__(cls, definition.value)
        member._value_ = definition.value
        member.definition = definition
        return member

    @enum.property
    def label(self) -> StrOrPromise:
        """Return the label from the definition (replaces Django's)."""
        return self.definition.label

    IMPLEMENTED = StatusDefinition(
        value="implemented",
        label=_("Implemented"),
        meaning=_("what was asked is done"),
        degree=Degree.DONE,
        progress=50,
        shape=f"{DISC}M12.3 5.7L7.1 11.8L3.6 8.6L4.9 7.1L6.9 9L10.7 4.4Z",
        texture="solid",
        light="#17663a",
        dark="#76d29d",
        paper="#0c4d28",
        symbol="✓",
        admin_tone="good",
    )
    PARTIALLY_IMPLEMENTED = StatusDefinition(
        value="partially_implemented",
        label=_("Partially implemented"),
        meaning=_("part of what was asked is done, or it is done in law and not in practice"),
        degree=Degree.DONE,
        progress=40,
        shape=f"{DISC}M8 2A6 6 0 0 1 8 14Z",
        texture="rising",
        light="#55650b",
        dark="#bcd069",
        paper="#434f08",
        symbol="◐",
        admin_tone="middling",
    )
    IN_PROGRESS = StatusDefinition(
        value="in_progress",
        label=_("In progress"),
        meaning=_("steps are announced or begun, without a result yet"),
        degree=Degree.IN_PROGRESS,
        progress=30,
        shape="M1 1.2L8.6 8L1 14.8ZM8.6 1.2L15.6 8L8.6 14.8L8.6 8Z",
        # Two arrows that overlap a little.
        page_shape="M1 1.2L8.6 8L1 14.8ZM8 1.2L15.6 8L8 14.8Z",
        texture="upright",
        light="#1f579f",
        dark="#8bbaf3",
        paper="#123f78",
        symbol="→",
        admin_tone="middling",
    )
    NOT_IMPLEMENTED = StatusDefinition(
        value="not_implemented",
        label=_("Not implemented"),
        meaning=_("there is no relevant action, or the State rejects it"),
        degree=Degree.NOT_IMPLEMENTED,
        progress=20,
        shape=(
            "M0 0L16 0L16 16L0 16Z"
            "M3.4 4.8L6.6 8L3.4 11.2L4.8 12.6L8 9.4L11.2 12.6"
            "L12.6 11.2L9.4 8L12.6 4.8L11.2 3.4L8 6.6L4.8 3.4Z"
        ),
        texture="falling",
        light="#a1331f",
        dark="#f59b86",
        paper="#862614",
        symbol="✗",
        admin_tone="bad",
    )
    REGRESSED = StatusDefinition(
        value="regressed",
        label=_("Regressed"),
        meaning=_("measures go against it, or protection has become worse"),
        degree=Degree.REGRESSED,
        progress=10,
        shape="M0 1.5L16 1.5L8 15.5Z",
        texture="crossed",
        light="#7d1f50",
        dark="#ec9cc9",
        paper="#651540",
        symbol="▼",
        admin_tone="bad",
    )
    NO_INFORMATION = StatusDefinition(
        value="no_information",
        label=_("No information"),
        meaning=_(
            "somebody looked and found nothing; the entry says where, and until when."
            " It is never counted as “not implemented”"
        ),
        degree=Degree.NO_INFORMATION,
        shape=(
            f"{DISC}M8 1.8A6.2 6.2 0 0 1 8 14.2A6.2 6.2 0 0 1 8 1.8Z"
            "M5 6.2C5 4.4 6.2 3.3 8 3.3C9.8 3.3 11 4.3 11 5.9C11 7.1 10.4 7.7 9.7 8.3C9.2 8.7 9 8.9 9 9.5"
            "L9 10L7.1 10L7.1 9.3C7.1 8.1 7.7 7.6 8.3 7.1C8.8 6.7 9.1 6.4 9.1 5.9C9.1 5.3 8.7 4.9 8 4.9"
            "C7.3 4.9 6.9 5.4 6.9 6.2Z"
            "M7 11L9 11L9 13L7 13Z"
        ),
        texture="dotted",
        light="#5b6068",
        dark="#b4bac1",
        paper="#333333",
        symbol="?",
        admin_tone="quiet",
    )


# By value, in the order of listing: those that an entry may have, then `not_assessed`.
STATUSES: dict[str, StatusDefinition] = {
    **{status.value: status.definition for status in Status},
    NOT_ASSESSED: StatusDefinition(
        value=NOT_ASSESSED,
        label=_("Not assessed"),
        meaning=_("nobody but the State has spoken yet"),
        degree=Degree.NOT_ASSESSED,
        shape="M2 7L14 7L14 9L2 9Z",
        texture="empty",
        light="#64686e",
        dark="#a6acb3",
        paper="#333333",
        symbol="–",
        admin_tone="quiet",
    ),
}
STATUS_LABELS: dict[str, StrOrPromise] = {value: status.label for value, status in STATUSES.items()}
STATUS_MEANINGS: dict[str, StrOrPromise] = {value: status.meaning for value, status in STATUSES.items()}
