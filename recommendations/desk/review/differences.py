"""Compare an entry with the published one that it follows or corrects, field by field and word by word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from recommendations.models import FollowUp, Grade
from recommendations.public.badges import day
from recommendations.public.chain_detail import Piece, Wording

if TYPE_CHECKING:
    from recommendations.core.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: its label, and its earlier and new text in pieces, the changed ones marked."""

    name: str
    label: str
    then: list[Piece]
    now: list[Piece]

    @property
    def changed(self) -> bool:
        """True if any piece is marked as changed."""
        return any(piece.mark for piece in (*self.then, *self.now))


def previous_of(entry: FollowUp, viewer: Viewer) -> FollowUp | None:
    """Return the published entry to compare with: the one corrected, or the role's newest standing one."""
    readable = FollowUp.objects.visible_to(viewer).standing().select_related("assessor", "recommendation")
    if entry.replaces_id:
        return readable.filter(pk=entry.replaces_id).first()
    same: Any = readable.filter(recommendation=entry.recommendation_id, role=entry.role)
    found: FollowUp | None = same.newest_first().first()
    return found


def differences(then: FollowUp | None, now: FollowUp) -> list[Difference]:
    """Return the fields that are filled in either entry; nothing is marked if there is no earlier entry."""
    found = []
    for name, label, value in FIELDS:
        before, after = (value(then) if then else ""), value(now)
        if not (before or after):
            continue
        if then is None or before == after:
            found.append(Difference(name, label(), _plain(before), _plain(after)))
        elif name == "summary":
            wording = Wording(before, after)
            found.append(Difference(name, label(), wording.then, wording.now))
        else:
            found.append(Difference(name, label(), _plain(before, "del"), _plain(after, "ins")))
    return found


def _plain(words: str, mark: str = "") -> list[Piece]:
    return [Piece(words, mark)] if words else []


def _grade(entry: FollowUp) -> str:
    if not entry.grade:
        return ""
    known = Grade.objects.filter(scheme=entry.grade_scheme, grade=entry.grade).first()
    return f"{entry.grade} ({entry.grade_scheme})" + (f": {known.meaning}" if known else "")


FIELDS: tuple[tuple[str, Any, Any], ...] = (
    ("status", lambda: _("Status"), lambda entry: entry.status),
    ("assessor", lambda: _("Assessor"), lambda entry: entry.assessor.name),
    ("as_of", lambda: _("As of"), lambda entry: day(entry.as_of)),
    ("grade", lambda: _("Grade"), _grade),
    ("confidence", lambda: _("Confidence"), lambda entry: entry.get_confidence_display()),
    ("summary", lambda: _("Summary"), lambda entry: entry.summary),
)
