"""From the status annotations of a QuerySet to the entries behind them, for whoever shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from recommendations.models import Evidence, FollowUp
from recommendations.models.recommendations import stale_before

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django_stubs_ext import StrOrPromise

    from recommendations.models import Recommendation

STATUS_LABELS: dict[str, StrOrPromise] = {
    **dict(FollowUp.Status.choices),
    FollowUp.NOT_ASSESSED: _("Not assessed"),
}


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What became of one record: the headline entry, and the current entry of each role that has one."""

    headline: FollowUp | None = None
    by_role: dict[str, FollowUp] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """The headline status, `not_assessed` where nobody but the State has spoken."""
        return self.headline.status if self.headline else FollowUp.NOT_ASSESSED

    @property
    def label(self) -> str:
        """The headline status in words."""
        return str(STATUS_LABELS[self.status])

    @property
    def is_stale(self) -> bool:
        """Whether the headline is older than the set time."""
        return self.headline is not None and self.headline.as_of < stale_before()

    @property
    def disagree(self) -> bool:
        """Whether two roles' verdicts differ; "no information" is no verdict."""
        found = {entry.status for entry in self.by_role.values()} - {FollowUp.Status.NO_INFORMATION.value}
        return len(found) > 1


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
        headline = next((e for e in by_role.values() if e.pk == record.status_entry), None)  # type: ignore[attr-defined]
        record.verdicts = Verdicts(headline, by_role)  # type: ignore[attr-defined]
