"""Loads the entries behind the status annotations of a QuerySet, for display."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from recommendations.models import Evidence, FollowUp
from recommendations.models.recommendations import is_stale
from recommendations.models.statuses import STATUSES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from recommendations.models import Recommendation


@dataclass(frozen=True, slots=True)
class RolledUp:
    """A headline rolled up from the parts of a record, as of the newest verdict on them."""

    status: str
    as_of: datetime.date


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The verdicts on one record: the headline entry, and the current entry of each role that has one.

    The headline entry is None if the headline is rolled up from the record's parts.
    """

    headline: FollowUp | None = None
    by_role: dict[str, FollowUp] = field(default_factory=dict)
    rolled_up: RolledUp | None = None
    kind: str = ""
    # Whether two roles' statuses differ, according to the listing.
    disagree: bool = False

    @property
    def status(self) -> str:
        """Return the headline status; `not_assessed` if nobody but the State has given one."""
        found = self.headline or self.rolled_up
        return found.status if found else FollowUp.NOT_ASSESSED

    @property
    def as_of(self) -> datetime.date | None:
        """Return the date of the headline; None if there is none."""
        found = self.headline or self.rolled_up
        return found.as_of if found else None

    @property
    def label(self) -> str:
        """Return the label of the headline status for this kind of record."""
        return str(STATUSES[self.status].label_for(self.kind))

    @property
    def is_stale(self) -> bool:
        """True if the headline is older than the configured time."""
        return is_stale(self.as_of)


def attach_verdicts(records: Iterable[Recommendation], *, evidence: bool = False) -> None:
    """Set `verdicts` on each record of a `with_status()` QuerySet, with one query for all of them.

    With `evidence`, the entries carry their public evidence too (two queries more).
    """
    records = list(records)
    roles = FollowUp.Role.values
    ids = {getattr(record, f"{role}_entry") for record in records for role in roles} - {None}
    entries = FollowUp.objects.filter(pk__in=ids).with_grade_meaning().select_related("assessor")
    if evidence:
        public = Evidence.objects.published().select_related("paragraph__document")
        entries = entries.prefetch_related(Prefetch("evidence", queryset=public, to_attr="public_evidence"))
    by_id = {entry.pk: entry for entry in entries}
    for record in records:
        by_role = {
            role: by_id[entry] for role in roles if (entry := getattr(record, f"{role}_entry")) is not None
        }
        headline = next((e for e in by_role.values() if e.pk == record.status_entry), None)  # type: ignore[attr-defined]  # annotated by with_status()
        rolled_up, disagree = _rolled_up(record), record.disagree  # type: ignore[attr-defined]  # annotated by with_status()
        record.verdicts = Verdicts(headline, by_role, rolled_up, record.kind, disagree)  # type: ignore[attr-defined]  # for the pages; no field


def _rolled_up(record: Any) -> RolledUp | None:
    if record.status_entry is not None or record.status_as_of is None:
        return None
    return RolledUp(record.status, record.status_as_of)
