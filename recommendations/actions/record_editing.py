"""Work on records: split a compound one into parts, merge doubles, link and unlink. Each leaves its reason.

All or nothing, on locked rows. Errors are `ValidationError`s whose messages say what is wrong; who may is
the caller's question.
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
    """One part of a compound record: its words, verbatim, and the editor's summary, if any."""

    text: str
    summary: str = ""


def because(row: Model, words: str, reason: str = "") -> None:
    """Let the next line of the row's history say what was done, and why."""
    row._change_reason = f"{words}: {reason}" if reason else words  # type: ignore[attr-defined]


def _reason(reason: str) -> str:
    """The reason without white space around it; empty is an error."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why, in one line: it stays in the history.")})
    return reason.strip()


def _locked(*records: Recommendation) -> list[Recommendation]:
    """The records as they are stored, nobody else's until the transaction ends; in the order given."""
    ids = [record.pk for record in records]
    lock_for_write()
    # By id, so that two people who merge the same two the other way round do not wait for each other.
    stored = {
        row.pk: row
        for row in Recommendation.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    }
    if missing := [record.reference for record in records if record.pk not in stored]:
        raise ValidationError(_("%(reference)s does not exist any more.") % {"reference": missing[0]})
    return [stored[pk] for pk in ids]


# Splitting


def part_references(record: Recommendation, number: int) -> list[str]:
    """So many free references for parts: the record's own with a, b, c … behind it."""
    taken = set(
        Recommendation.objects.filter(reference__startswith=record.reference).values_list(
            "reference", flat=True
        )
    )
    letters = [*ascii_lowercase, *(f"{one}{two}" for one in ascii_lowercase for two in ascii_lowercase)]
    free = [name for letter in letters if (name := f"{record.reference}{letter}") not in taken]
    return free[:number]


def split(record: Recommendation, parts: Sequence[Part], *, reason: str) -> list[Recommendation]:
    """Make parts of a compound record, each to be assessed by itself; the record stays as their parent.

    A part's words stand in the record's. It takes over kind, place, position, due date, who raised it,
    issues and groups, and is public if the record is. Responses and links stay with the whole.
    """
    reason = _reason(reason)
    _check_parts(record, parts)
    with transaction.atomic():
        (whole,) = _locked(record)
        _expect_own(whole)
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
                **{name: getattr(whole, name) for name in TAKEN_OVER},
            )
            because(row, f"Split from {whole.reference}", reason)
            row.full_clean()
            row.save()
            row.raised_by.set(whole.raised_by.all())
            row.groups.set(whole.groups.all())
            for tag in whole.tags.all():
                row.tags.create(issue=tag.issue, origin=tag.origin)
            made.append(row)
        return made


# What a part has from the whole.
TAKEN_OVER = (
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


def _expect_own(record: Recommendation) -> None:
    if record.merged_into_id:
        raise ValidationError(
            _("%(reference)s was merged into another record.") % {"reference": record.reference}
        )


# Merging


def merge(double: Recommendation, into: Recommendation, *, reason: str) -> Recommendation:
    """Make one record of two that are the same; `into` remains, and the other's address leads to it.

    Entries, notes, parts and followers move; who raised it, issues, groups, responses and links are
    added to what the remaining record has. The other row stays, unpublished, with its history.
    """
    reason = _reason(reason)
    with transaction.atomic():
        one, kept = _locked(double, into)
        check_merge(one, kept)
        one.merged_into, one.published = kept, False
        because(one, f"Merged into {kept.reference}", reason)
        one.save()
        for former in Recommendation.objects.filter(merged_into=one):
            former.merged_into = kept
            because(former, f"{one.reference} merged into {kept.reference}", reason)
            former.save()
        _move_entries(one, kept, reason)
        _move(one, kept, reason)
        _copy_links(one, kept, reason)
        kept.raised_by.add(*one.raised_by.all())
        kept.groups.add(*one.groups.all())
        present = set(kept.tags.values_list("issue", flat=True))
        for tag in one.tags.exclude(issue__in=present):
            kept.tags.create(issue=tag.issue, origin=tag.origin)
        because(kept, f"{one.reference} merged into it", reason)
        kept.save()
        return kept


def check_merge(one: Recommendation, kept: Recommendation) -> None:
    """Whether the two can become one; ValidationError if not."""
    if one.pk == kept.pk:
        raise ValidationError({"into": _("A record cannot be merged into itself.")})
    _expect_own(one)
    _expect_own(kept)
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
    """Entries keep every word; the database lets nothing but this move through (append_only.py)."""
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
        because(part, f"{one.reference} merged into {kept.reference}", reason)
        part.save()


def _copy_links(one: Recommendation, kept: Recommendation, reason: str) -> None:
    """Responses and chains are added where the remaining record has none of the same; the old ones stay
    with the row that is no longer public, as a record of what was judged of it."""
    for link in one.response_links.exclude(response__in=kept.response_links.values("response")):
        copy = ResponseLink(
            response=link.response,
            recommendation=kept,
            stance=link.stance,
            rationale=link.rationale,
            confirmed=link.confirmed,
        )
        because(copy, f"{one.reference} merged into it", reason)
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
        because(step, f"{one.reference} merged", reason)
        step.save()


# Links


def link_records(earlier: Recommendation, later: Recommendation, relation: str, rationale: str) -> None:
    """Make a confirmed step of a chain."""
    step = RecommendationLink(
        earlier=earlier, later=later, relation=relation, rationale=rationale.strip(), confirmed=True
    )
    _save_link(step)


def link_response(response: Any, record: Recommendation, stance: str, rationale: str) -> None:
    """Make a confirmed link from a response to what it answers."""
    link = ResponseLink(
        response=response, recommendation=record, stance=stance, rationale=rationale.strip(), confirmed=True
    )
    _save_link(link)


def _save_link(link: RecommendationLink | ResponseLink) -> None:
    because(link, "Linked at the desk")
    with transaction.atomic():
        # Of two who link the same at once, the second is told in a sentence that it is there.
        lock_for_write()
        link.full_clean()
        link.save()


def unlink(link: RecommendationLink | ResponseLink, *, reason: str) -> None:
    """Take a link away; the history keeps it, with the reason."""
    because(link, "Unlinked", _reason(reason))
    link.delete()
