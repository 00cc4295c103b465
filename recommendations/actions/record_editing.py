"""Operations on records: split into parts, merge duplicates, link and unlink. Each records its reason.

Each runs in one transaction on locked rows and raises `ValidationError` with a message for users. Callers
check permissions.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from recommendations.models import FollowUp, Recommendation, RecommendationLink, ResponseLink
from recommendations.models.listing import lock_for_write
from recommendations.reading.files.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a compound record: its verbatim text and the editor's summary, if any."""

    text: str
    summary: str = ""


def set_change_reason(row: Model, words: str, reason: str = "") -> None:
    """Set what the row's next history line says: what was done, and why."""
    row._change_reason = f"{words}: {reason}" if reason else words  # type: ignore[attr-defined]  # simple_history reads it there


def _clean_reason(reason: str) -> str:
    """Return the reason stripped. Raises ValidationError if it is empty."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why, in one line: it stays in the history.")})
    return reason.strip()


def _lock(*records: Recommendation) -> list[Recommendation]:
    """Lock the records until the transaction ends; return them as stored, in the order given."""
    ids = [record.pk for record in records]
    lock_for_write()
    # Lock in order of id: merging two records in both directions at once must not deadlock.
    stored = {
        row.pk: row
        for row in Recommendation.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    }
    if missing := [record.reference for record in records if record.pk not in stored]:
        raise ValidationError(_("%(reference)s does not exist any more.") % {"reference": missing[0]})
    return [stored[pk] for pk in ids]


# Splitting


def part_references(record: Recommendation, number: int) -> list[str]:
    """Return `number` unused references for parts: the record's own with a, b, c … appended."""
    taken = set(
        Recommendation.objects.filter(reference__startswith=record.reference).values_list(
            "reference", flat=True
        )
    )
    letters = [*ascii_lowercase, *(f"{one}{two}" for one in ascii_lowercase for two in ascii_lowercase)]
    free = [name for letter in letters if (name := f"{record.reference}{letter}") not in taken]
    return free[:number]


def split(record: Recommendation, parts: Sequence[Part], *, reason: str) -> list[Recommendation]:
    """Split a compound record into parts, each with its own follow-up; the record stays as their parent.

    The text of a part must occur in the record's text. A part inherits INHERITED_FIELDS, stakeholders, issues
    and groups. Responses and links stay with the parent.
    """
    reason = _clean_reason(reason)
    _check_parts(record, parts)
    with transaction.atomic():
        (whole,) = _lock(record)
        _require_not_merged(whole)
        if whole.parent_id:
            raise ValidationError(_("This is a part itself; split the record that it belongs to."))
        there = {fold(part.text): part.reference for part in whole.parts.all()}
        if again := [there[fold(part.text)] for part in parts if fold(part.text) in there]:
            raise ValidationError(
                {"parts": _("%(reference)s has these words already.") % {"reference": again[0]}}
            )
        made = []
        for part, reference in zip(parts, part_references(whole, len(parts)), strict=True):
            row = Recommendation(
                reference=reference,
                parent=whole,
                text=part.text.strip(),
                summary=part.summary.strip(),
                **{name: getattr(whole, name) for name in INHERITED_FIELDS},
            )
            set_change_reason(row, f"Split from {whole.reference}", reason)
            row.full_clean()
            row.save()
            row.raised_by.set(whole.raised_by.all())
            row.groups.set(whole.groups.all())
            for tag in whole.tags.all():
                row.tags.create(issue=tag.issue, origin=tag.origin)
            made.append(row)
        return made


# Fields that a part copies from its parent.
INHERITED_FIELDS = (
    "kind",
    "document",
    "paragraph",
    "locator",
    "position",
    "selected_for_follow_up",
    "due_on",
    "published",
)


def _check_parts(record: Recommendation, parts: Sequence[Part]) -> None:
    if len(parts) < 2:
        raise ValidationError({"parts": _("Give at least two parts.")})
    whole = fold(record.text)
    for number, part in enumerate(parts, start=1):
        if not part.text.strip():
            raise ValidationError({"parts": _("Part %(number)s has no words.") % {"number": number}})
        if fold(part.text) not in whole:
            raise ValidationError(
                {
                    "parts": _("Part %(number)s does not stand in the record, word for word: “%(words)s”.")
                    % {"number": number, "words": part.text.strip()[:80]}
                }
            )
    if len({fold(part.text) for part in parts}) < len(parts):
        raise ValidationError({"parts": _("Two parts have the same words.")})


def _require_not_merged(record: Recommendation) -> None:
    if record.merged_into_id:
        raise ValidationError(
            _("%(reference)s was merged into another record.") % {"reference": record.reference}
        )


# Merging


def merge(double: Recommendation, into: Recommendation, *, reason: str) -> Recommendation:
    """Merge a duplicate into the record `into`; the duplicate's address redirects there.

    Entries, notes, parts and followers move; stakeholders, issues, groups, responses and links are added to
    those of the remaining record. The duplicate's row stays, unpublished, with its history.
    """
    reason = _clean_reason(reason)
    with transaction.atomic():
        one, kept = _lock(double, into)
        check_merge(one, kept)
        one.merged_into, one.published = kept, False
        set_change_reason(one, f"Merged into {kept.reference}", reason)
        one.save()
        for former in Recommendation.objects.filter(merged_into=one):
            former.merged_into = kept
            set_change_reason(former, f"{one.reference} merged into {kept.reference}", reason)
            former.save()
        _move_entries(one, kept, reason)
        _move(one, kept, reason)
        _copy_links(one, kept, reason)
        kept.raised_by.add(*one.raised_by.all())
        kept.groups.add(*one.groups.all())
        present = set(kept.tags.values_list("issue", flat=True))
        for tag in one.tags.exclude(issue__in=present):
            kept.tags.create(issue=tag.issue, origin=tag.origin)
        set_change_reason(kept, f"{one.reference} merged into it", reason)
        kept.save()
        return kept


def check_merge(one: Recommendation, kept: Recommendation) -> None:
    """Raise ValidationError if `one` cannot be merged into `kept`."""
    if one.pk == kept.pk:
        raise ValidationError({"into": _("A record cannot be merged into itself.")})
    _require_not_merged(one)
    _require_not_merged(kept)
    states = {row.document.review.state_id for row in (one, kept)}
    if len(states) > 1:
        raise ValidationError({"into": _("The two records are about different States.")})
    if one.parent_id == kept.pk or kept.parent_id == one.pk:
        raise ValidationError({"into": _("One of the two is a part of the other.")})
    if kept.parent_id and one.parts.exists():
        raise ValidationError(
            {"into": _("The record that remains is a part, and the other has parts; merge the wholes.")}
        )
    if one.published and not kept.published:
        raise ValidationError(
            {"into": _("The record that remains is not public, the other is; publish it first.")}
        )


def _move_entries(one: Recommendation, kept: Recommendation, reason: str) -> None:
    """Move entries unchanged; the append-only triggers allow only this update (append_only.py)."""
    entries = list(FollowUp.objects.filter(recommendation=one))
    for entry in entries:
        entry.recommendation = kept
    bulk_update_with_history(
        entries,
        FollowUp,
        ["recommendation"],
        manager=FollowUp._base_manager,
        default_change_reason=f"{one.reference} merged into {kept.reference}: {reason}",
    )


def _move(one: Recommendation, kept: Recommendation, reason: str) -> None:
    one.notes.update(recommendation=kept)
    there = kept.followed_by.values("user")
    one.followed_by.exclude(user__in=there).update(recommendation=kept)
    for part in one.parts.all():
        part.parent = kept
        set_change_reason(part, f"{one.reference} merged into {kept.reference}", reason)
        part.save()


def _copy_links(one: Recommendation, kept: Recommendation, reason: str) -> None:
    """Copy response and chain links that the remaining record lacks.

    The originals stay with the unpublished row, to document how it was judged.
    """
    for link in one.response_links.exclude(response__in=kept.response_links.values("response")):
        copy = ResponseLink(
            response=link.response,
            recommendation=kept,
            stance=link.stance,
            rationale=link.rationale,
            confirmed=link.confirmed,
        )
        set_change_reason(copy, f"{one.reference} merged into it", reason)
        copy.save()
    ends = [(link, link.earlier, kept) for link in one.earlier_links.select_related("earlier")]
    ends += [(link, kept, link.later) for link in one.later_links.select_related("later")]
    for link, earlier, later in ends:
        if earlier == later or RecommendationLink.objects.filter(earlier=earlier, later=later).exists():
            continue
        step = RecommendationLink(
            earlier=earlier,
            later=later,
            relation=link.relation,
            rationale=link.rationale,
            confirmed=link.confirmed,
        )
        set_change_reason(step, f"{one.reference} merged", reason)
        step.save()


# Links


def link_records(earlier: Recommendation, later: Recommendation, relation: str, rationale: str) -> None:
    """Create a confirmed link of a chain. Raises ValidationError."""
    step = RecommendationLink(
        earlier=earlier, later=later, relation=relation, rationale=rationale.strip(), confirmed=True
    )
    _save_link(step)


def link_response(response: Any, record: Recommendation, stance: str, rationale: str) -> None:
    """Create a confirmed link from a response to the record it answers. Raises ValidationError."""
    link = ResponseLink(
        response=response, recommendation=record, stance=stance, rationale=rationale.strip(), confirmed=True
    )
    _save_link(link)


def _save_link(link: RecommendationLink | ResponseLink) -> None:
    set_change_reason(link, "Linked at the desk")
    with transaction.atomic():
        # With the lock, the second of two concurrent identical links fails validation with a clear message.
        lock_for_write()
        link.full_clean()
        link.save()


def unlink(link: RecommendationLink | ResponseLink, *, reason: str) -> None:
    """Delete a link; its history remains, with the reason."""
    set_change_reason(link, "Unlinked", _clean_reason(reason))
    link.delete()
