"""What a person decides about a suggestion: accept it, dismiss it, or take that back.

All or nothing. Errors are `ValidationError`s whose messages say what is wrong; who may is the caller's
question. What is accepted is a tag or a link like any other, with its own history.
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
    """What a person chose: the kind and the id of what was suggested, and for a link what it says.

    `value` is the stance towards a response, or the relation to a record; `reason` is what spoke for it.
    """

    kind: Kind
    target: int
    value: str = ""
    rationale: str = ""
    reason: str = ""


def accept(record: Recommendation, choice: Choice, *, by: User) -> SuggestionDecision:
    """Make the tag or the confirmed link of it."""
    with transaction.atomic():
        record, target = _locked(record, choice)
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
    """Let it not come back. What was stored as a suggestion is deleted; its history stays."""
    with transaction.atomic():
        record, target = _locked(record, choice)
        row = _row(record, choice, target)
        if row.pk and _is_judged(row):
            raise ValidationError(_("That is so already: somebody else has decided it meanwhile."))
        if row.pk:
            set_change_reason(row, "Suggestion dismissed")
            row._history_user = by
            row.delete()
        return _decide(record, choice, target, Outcome.DISMISSED, by)


def take_back(decision: SuggestionDecision, *, by: User) -> None:
    """Undo a decision: it is suggested again. What was made by accepting it is taken away."""
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


def _locked(record: Recommendation, choice: Choice) -> tuple[Recommendation, Any]:
    """The record as it is stored, nobody else's until the end, and what was suggested for it."""
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
    """The tag or the link that it is about; a new one that is not stored where there is none."""
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
    earlier, later = in_time(record, target)
    return RecommendationLink(earlier=earlier, later=later)


def in_time(one: Recommendation, other: Recommendation) -> tuple[Recommendation, Recommendation]:
    """The earlier and the later: by review, and within one stakeholders' asks before the examiners'."""
    from recommendations.desk.suggestions.corpus import EXAMINERS

    def key(record: Recommendation) -> tuple[Any, ...]:
        examined = record.raised_by.filter(kind__in=EXAMINERS).exists()
        return record.document.review.starts_on, examined, record.document_id, record.reference

    earlier, later = sorted([one, other], key=key)
    return earlier, later


def _is_judged(row: Any) -> bool:
    """Whether a tag or a link stands by a person's or the source's judgement."""
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
        # The same pair, asked for from the other end.
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
