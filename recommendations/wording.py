"""Verdicts in sentences: where the headline comes from, and who disagrees with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from recommendations.citations import join_and
from recommendations.models import FollowUp, Stakeholder
from recommendations.verdicts import STATUS_LABELS

if TYPE_CHECKING:
    from recommendations.verdicts import Verdicts

WITH_ARTICLE = {
    Stakeholder.Kind.COMMITTEE,
    Stakeholder.Kind.UN_BODY,
    Stakeholder.Kind.REGIONAL_BODY,
    Stakeholder.Kind.NHRI,
}


def named(entry: FollowUp) -> str:
    """The assessor of an entry inside a sentence; a name kept off public pages is withheld."""
    if entry.role == FollowUp.Role.STATE:
        return "the State"
    if entry.role == FollowUp.Role.TRACKER:
        return "this tracker"
    if not entry.assessor.published:
        return "an assessor whose name is withheld"
    name = entry.assessor.name
    return f"the {name}" if entry.assessor.kind in WITH_ARTICLE and not name.startswith("The ") else name


def headline_sentence(verdicts: Verdicts) -> str:
    """Which entry the headline status comes from, and why that one."""
    entry = verdicts.headline
    state = verdicts.by_role.get(FollowUp.Role.STATE)
    if entry is None:
        if state is None:
            return "Nobody has assessed this yet."
        return (
            "Headline: not assessed. Only the State has reported on this,"
            " and its own claim never makes the headline."
        )
    sentence = (
        f"Headline: {verdicts.label.lower()}, from {named(entry)},"
        f" as of {entry.as_of.day} {entry.as_of:%B %Y}."
    )
    tracker = verdicts.by_role.get(FollowUp.Role.TRACKER)
    if tracker is not None and tracker != entry and tracker.as_of == entry.as_of:
        sentence += " On the same date an outside assessor goes before this tracker’s own reading."
    if state is not None:
        sentence += " The State’s own claim never makes the headline."
    if verdicts.is_stale:
        sentence += f" It is more than {settings.STALE_AFTER_MONTHS} months old and may have been overtaken."
    return sentence


def disagreement_sentence(verdicts: Verdicts) -> str:
    """Who says what, where the current verdicts differ; empty where they do not."""
    if not verdicts.disagree:
        return ""
    by_status: dict[str, list[str]] = {}
    claims = []
    for role, entry in verdicts.by_role.items():
        if entry.status == FollowUp.Status.NO_INFORMATION:
            continue
        if role == FollowUp.Role.STATE:
            claims.append(f"“{STATUS_LABELS[entry.status].lower()}”, as the State reports")
        else:
            by_status.setdefault(entry.status, []).append(named(entry))
    for status, names in by_status.items():
        claims.append(f"“{STATUS_LABELS[status].lower()}”, from {join_and(names)}")
    return f"They do not agree: {'; '.join(claims)}."
