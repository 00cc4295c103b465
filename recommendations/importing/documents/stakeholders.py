"""Matches the stakeholders a document names to existing ones: identical, similar, or new.

Only an identical name is matched automatically; a person decides everything else. No stakeholder is
created without being asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from recommendations.models import ImportParty, Stakeholder
from recommendations.reading.files.text import fold
from recommendations.reading.prose.state_names import code_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recommendations.models import Import, ImportDraft

Kind = Stakeholder.Kind
LOOKS_LIKE = 0.72  # minimum difflib ratio; 1 means identical names
SHOWN = 4


def as_read(source: Import) -> dict[str, dict[str, Any]]:
    """Return the document's own list of stakeholders, by the names that drafts use."""
    listed = (source.parsed or {}).get("stakeholders", [])
    return {party["acronym"] or party["name"]: party for party in listed}


def parties_of(source: Import, drafts: Iterable[ImportDraft]) -> list[ImportParty]:
    """Return an unsaved party for each name in the drafts, in order."""
    listed = as_read(source)
    names = dict.fromkeys(name for draft in drafts for name in draft.raised_by)
    return [ImportParty(source=source, name=name, read=listed.get(name, unlisted(name))) for name in names]


def unlisted(name: str) -> dict[str, Any]:
    """Return the details of a stakeholder that only a draft names."""
    kind = Kind.RECOMMENDING_STATE if code_of(name) else Kind.NGO
    return {"acronym": "", "name": name, "kind": kind.value, "members": []}


def match(source: Import) -> None:
    """Match each party to the stakeholder with the same name, leaving a person's choices unchanged."""
    parties = list(source.parties.filter(stakeholder=None, is_new=False))
    for party in parties:
        party.stakeholder = same(source, party)
    ImportParty.objects.bulk_update([party for party in parties if party.stakeholder], ["stakeholder"])


def same(source: Import, party: ImportParty) -> Stakeholder | None:
    """Return the stakeholder that this party certainly is, or None."""
    read = party.read
    name, acronym, kind = fold(read["name"]), read["acronym"], read["kind"]
    rows = Stakeholder.objects.filter(kind=kind)
    if kind == Kind.JOINT_SUBMISSION:
        # JS1 of 2010 is not JS1 of 2014.
        rows = rows.filter(review=source.review) if source.review else rows.none()
        return rows.filter(Q(acronym__iexact=acronym) | Q(name__iexact=name)).first()
    if kind in {Kind.STATE, Kind.RECOMMENDING_STATE}:
        iso3 = code_of(name) or (acronym if len(acronym) == 3 else "")
        found = rows.filter(Q(name__iexact=name) | Q(state__iso3=iso3) if iso3 else Q(name__iexact=name))
        return found.order_by("pk").first()
    if kind == Kind.COMMITTEE:
        return rows.filter(Q(acronym__iexact=acronym, acronym__gt="") | Q(name__iexact=name)).first()
    found = Stakeholder.objects.filter(name__iexact=name)
    return found.filter(acronym__iexact=acronym).first() or found.first()


@dataclass(frozen=True, slots=True)
class Alike:
    """A similar stakeholder, and how closely its name resembles the one read."""

    stakeholder: Stakeholder
    likeness: float


def looks_like(source: Import, party: ImportParty) -> list[Stakeholder]:
    """Return similar stakeholders, the most likely first."""
    name, acronym = fold(party.read["name"]).casefold(), party.read["acronym"]
    words = sorted({word for word in name.split() if len(word) > 3}, key=len, reverse=True)[:4]
    near = Q(name__iexact=name)
    if acronym:
        near |= Q(acronym__iexact=acronym)
    for word in words:
        near |= Q(name__icontains=word)
    rows = Stakeholder.objects.filter(near).exclude(kind=Kind.TRACKER)
    if party.read["kind"] == Kind.JOINT_SUBMISSION:
        rows = rows.filter(kind=Kind.JOINT_SUBMISSION, review__state__iso3=source.options.get("state", ""))
    found = []
    for row in rows[:300]:
        likeness = SequenceMatcher(None, name, row.name.casefold()).ratio()
        same_acronym = bool(acronym) and row.acronym.casefold() == acronym.casefold()
        if likeness >= LOOKS_LIKE or same_acronym:
            found.append(Alike(row, likeness + same_acronym))
    return [each.stakeholder for each in sorted(found, key=lambda each: -each.likeness)[:SHOWN]]


def unsettled(source: Import, drafts: Iterable[ImportDraft]) -> list[str]:
    """Return the names in these drafts that have not been matched or decided on."""
    names = dict.fromkeys(name for draft in drafts for name in draft.raised_by)
    settled = {
        party.name for party in source.parties.all() if party.is_new or party.stakeholder_id is not None
    }
    return [name for name in names if name not in settled]
