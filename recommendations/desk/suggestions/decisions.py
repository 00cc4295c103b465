"""Decisions on suggestions: accept, dismiss, or take a decision back.

Each runs in one transaction and raises `ValidationError` with a message for users. Callers check permissions.
Accepting creates an ordinary tag or link with its own history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from recommendations.actions.record_editing import set_change_reason
from recommendations.desk.suggestions.results import Kind
from recommendations.models import (
    Issue,
    IssueTag,
    Recommendation,
    RecommendationLink,
    ResponseLink,
    StateResponse,
    SuggestionDecision,
)
from recommendations.models.listing import lock_for_write
from recommendations.models.suggestions import TARGETS

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Outcome = SuggestionDecision.Outcome
MODELS: dict[str, type[Any]] = {
    Kind.ISSUE: Issue,
    Kind.RESPONSE: StateResponse,
    Kind.EARLIER: Recommendation,
    Kind.TAKEN_UP: Recommendation,
}
REASON_MAX = 500


@dataclass(frozen=True)
class Choice:
    """A person's choice: kind and id of the suggestion's target, and the fields of a link.

    `value` is the stance towards a response or the relation to a record; `reason` is the suggestion's reason.
    """

    kind: Kind
    target: int
    value: str = ""
    rationale: str = ""
    reason: str = ""


def accept(record: Recommendation, choice: Choice, *, by: User) -> SuggestionDecision:
    """Create the tag or confirmed link for a suggestion."""
    with transaction.atomic():
        record, target = _lock(record, choice)
        row = _row(record, choice, target)
        if row.pk and _is_judged(row):
            raise ValidationError(_("That is so already: somebody else has decided it meanwhile."))
        if isinstance(row, IssueTag):
            row.origin = IssueTag.Origin.EDITOR
        else:
            field = "stance" if isinstance(row, ResponseLink) else "relation"
            setattr(row, field, choice.value)
            row.rationale = choice.rationale.strip()
            row.confirmed = True
        _write(row, "Suggestion accepted", by)
        return _decide(record, choice, target, Outcome.ACCEPTED, by)


def dismiss(record: Recommendation, choice: Choice, *, by: User) -> SuggestionDecision:
    """Dismiss a suggestion for good; a suggestion stored as tag or link is deleted, its history stays."""
    with transaction.atomic():
        record, target = _lock(record, choice)
        row = _row(record, choice, target)
        if row.pk and _is_judged(row):
            raise ValidationError(_("That is so already: somebody else has decided it meanwhile."))
        if row.pk:
            set_change_reason(row, "Suggestion dismissed")
            row._history_user = by
            row.delete()
        return _decide(record, choice, target, Outcome.DISMISSED, by)


def take_back(decision: SuggestionDecision, *, by: User) -> None:
    """Undo a decision, so that it is suggested again; an accepted tag or link is deleted."""
    with transaction.atomic():
        lock_for_write()
        stored = SuggestionDecision.objects.select_for_update(of=("self",)).filter(pk=decision.pk).first()
        if stored is None:
            raise ValidationError(_("This decision was taken back already."))
        if stored.outcome == Outcome.ACCEPTED:
            choice = Choice(Kind(stored.kind), stored.target.pk)
            row = _row(stored.recommendation, choice, stored.target)
            if row.pk:
                set_change_reason(row, "Accepted suggestion taken back")
                row._history_user = by
                row.delete()
        stored.delete()


def _lock(record: Recommendation, choice: Choice) -> tuple[Recommendation, Any]:
    """Lock the record until the transaction ends; return it as stored, and the suggestion's target."""
    lock_for_write()
    stored = Recommendation.objects.select_for_update(of=("self",)).filter(pk=record.pk).first()
    target = MODELS[choice.kind].objects.filter(pk=choice.target).first()
    if stored is None or target is None:
        raise ValidationError(_("It does not exist any more."))
    if stored.merged_into_id or getattr(target, "merged_into_id", None):
        raise ValidationError(_("A merged record is kept as it is."))
    if stored == target:
        raise ValidationError(_("A record cannot follow itself."))
    return stored, target


def _row(record: Recommendation, choice: Choice, target: Any) -> Any:
    """Return the tag or link between record and target, or a new unsaved one."""
    if choice.kind == Kind.ISSUE:
        tags = IssueTag.objects.filter(recommendation=record, issue=target)
        return tags.first() or IssueTag(recommendation=record, issue=target)
    if choice.kind == Kind.RESPONSE:
        links = ResponseLink.objects.filter(recommendation=record, response=target)
        return links.first() or ResponseLink(recommendation=record, response=target)
    both = {record.pk, target.pk}
    found = RecommendationLink.objects.filter(Q(earlier__in=both) & Q(later__in=both)).first()
    if found:
        return found
    earlier, later = in_order_of_time(record, target)
    return RecommendationLink(earlier=earlier, later=later)


def in_order_of_time(one: Recommendation, other: Recommendation) -> tuple[Recommendation, Recommendation]:
    """Return the earlier and the later record; within a review, asks precede records of examiners."""
    from recommendations.desk.suggestions.corpus import EXAMINERS

    def key(record: Recommendation) -> tuple[Any, ...]:
        examined = record.raised_by.filter(kind__in=EXAMINERS).exists()
        return record.document.review.starts_on, examined, record.document_id, record.reference

    earlier, later = sorted([one, other], key=key)
    return earlier, later


def _is_judged(row: Any) -> bool:
    """True if the tag or link is confirmed by a person or the source, not only suggested."""
    if isinstance(row, IssueTag):
        return row.origin != IssueTag.Origin.SUGGESTION
    return bool(row.confirmed)


def _write(row: Any, words: str, by: User) -> None:
    set_change_reason(row, words)
    row._history_user = by
    row.full_clean()
    row.save()


def _decide(
    record: Recommendation, choice: Choice, target: Any, outcome: str, by: User
) -> SuggestionDecision:
    field = TARGETS[choice.kind]
    if field == "other":
        # Replace a decision on the same pair made from the other record.
        SuggestionDecision.objects.filter(recommendation=target, other=record).delete()
    found, _made = SuggestionDecision.objects.update_or_create(
        recommendation=record,
        **{field: target},
        defaults={
            "kind": choice.kind,
            "outcome": outcome,
            "reason": choice.reason.strip()[:REASON_MAX],
            "by": by,
        },
    )
    return found
