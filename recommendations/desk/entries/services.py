"""Drafts of entries: written, changed, erased. Nobody's work is overwritten silently.

A draft has no history until it is submitted: what was not handed in is nobody else's business, and what
is erased is gone. Whoever changes a draft names the version they saw; where it has moved on meanwhile,
nothing is written and `ConflictError` holds what is there. Drafts are written inside `writing()`.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations.models import Evidence, FollowUp, Stakeholder
from recommendations.models.listing import lock_for_write

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Sequence

    from django.contrib.auth.models import User
    from django.core.files.base import File
    from django.db.models import QuerySet

    from recommendations.core.viewer import Viewer
    from recommendations.models import Paragraph, Recommendation

# Where a draft stands while its organisation may still change it.
EDITABLE = (FollowUp.Stage.DRAFT, FollowUp.Stage.RETURNED)
ROLE_OF_KIND = {kind: role for role, kinds in FollowUp.KINDS_OF_ROLE.items() for kind in kinds}
FIELDS = ("assessor_id", "status", "as_of", "summary", "confidence", "grade", "grade_scheme")
PIECE_FIELDS = (
    "position",
    "kind",
    "stance",
    "access",
    "title",
    "date",
    "paragraph_id",
    "text",
    "url",
    "file",
)


class ConflictError(Exception):
    """The draft is not what the writer saw: `entry` is what is there now."""

    def __init__(self, entry: FollowUp) -> None:
        super().__init__("the draft was changed meanwhile")
        self.entry = entry


class NotEditableError(Exception):
    """The draft went its way, or is gone (`entry` is None): the message says so in one sentence."""

    def __init__(self, entry: FollowUp | None) -> None:
        super().__init__(why_not_editable(entry) if entry else _("This draft was deleted meanwhile."))
        self.entry = entry


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence as typed. `file_of` names stored evidence whose file it shares."""

    position: int
    kind: str
    stance: str
    access: str
    title: str = ""
    date: datetime.date | None = None
    paragraph: Paragraph | None = None
    text: str = ""
    url: str = ""
    upload: File[bytes] | None = None
    file_of: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What a draft is to say. `kept` are positions of evidence to leave as they are stored."""

    assessor: Stakeholder
    values: dict[str, Any]
    pieces: Sequence[Piece] = ()
    kept: frozenset[int] = field(default_factory=frozenset)


def assessors(viewer: Viewer) -> list[Stakeholder]:
    """The viewer's organisations in whose name an entry can be made, by name."""
    return list(
        Stakeholder.objects.filter(pk__in=viewer.organisations, kind__in=ROLE_OF_KIND).order_by("name")
    )


def role_of(organisation: Stakeholder) -> FollowUp.Role:
    """In which role an organisation assesses."""
    return ROLE_OF_KIND[Stakeholder.Kind(organisation.kind)]


def drafts_of(viewer: Viewer) -> QuerySet[FollowUp]:
    """Unpublished entries of the viewer's organisations, whatever their stage."""
    return FollowUp.objects.drafts().filter(assessor__in=viewer.organisations)


def why_not_editable(entry: FollowUp) -> str:
    """One sentence on why a draft cannot be changed now; empty if it can."""
    return {
        FollowUp.Stage.SUBMITTED: _("This entry waits for review and cannot be changed now."),
        FollowUp.Stage.REJECTED: _("This entry was rejected and cannot be changed any more."),
        FollowUp.Stage.PUBLISHED: _("This entry is published and never changes. Write a correction instead."),
    }.get(FollowUp.Stage(entry.stage), "")


def version_of(entry: FollowUp) -> str:
    """A short digest of all that a draft says: two versions are the same if they say the same."""
    pieces = [
        [str(getattr(piece, name) or "") for name in PIECE_FIELDS]
        for piece in Evidence.objects.filter(follow_up=entry).order_by("position")
    ]
    values = [str(getattr(entry, name) or "") for name in (*FIELDS, "correction_reason", "stage")]
    return hashlib.sha256(json.dumps([values, pieces]).encode()).hexdigest()[:16]


class Files:
    """Files written in a transaction; they are deleted if it fails, because storage knows no rollback."""

    def __init__(self) -> None:
        self.written: list[Evidence] = []
        self.names: dict[int, str] = {}

    def put(self, evidence: Evidence, piece: Piece) -> None:
        """Give the evidence its file; several drafts with the same upload share one."""
        if piece.file_of is not None:
            evidence.file.name = str(piece.file_of.file)
        elif piece.upload is not None and piece.position in self.names:
            evidence.file.name = self.names[piece.position]
        elif piece.upload is not None:
            evidence.file.save(str(piece.upload.name), piece.upload, save=False)
            self.names[piece.position] = str(evidence.file)
            self.written.append(evidence)

    def remove(self) -> None:
        """Delete what was written."""
        for evidence in self.written:
            evidence.file.storage.delete(str(evidence.file))


@contextmanager
def writing() -> Iterator[Files]:
    """A transaction in which drafts are written with their files: all of it or nothing."""
    files = Files()
    try:
        with transaction.atomic():
            yield files
    except BaseException:
        files.remove()
        raise


def create(
    records: Iterable[Recommendation],
    content: Content,
    files: Files,
    *,
    key: str,
    by: User,
    replaces: FollowUp | None = None,
) -> list[FollowUp]:
    """One draft for each record. The key makes a form that is sent twice one draft.

    Raises `ConflictError` where the key was used already, ValidationError where a correction of the same
    entry exists.
    """
    existing = FollowUp.objects.filter(reference=f"{FollowUp.DRAFT_REFERENCE}{key}").first()
    if existing is not None:
        raise ConflictError(existing)
    if replaces is not None:
        _free_to_correct(replaces)
    return [
        _create_one(record, content, files, f"{key}-{n}" if n else key, by, replaces)
        for n, record in enumerate(records)
    ]


def _free_to_correct(replaces: FollowUp) -> None:
    lock_for_write()
    FollowUp.objects.select_for_update().get(pk=replaces.pk)
    if FollowUp.objects.filter(replaces=replaces).exists():
        raise ValidationError(_("Somebody has begun a correction of this entry meanwhile."))


def _create_one(
    record: Recommendation,
    content: Content,
    files: Files,
    key: str,
    by: User,
    replaces: FollowUp | None,
) -> FollowUp:
    entry = FollowUp(
        recommendation=record,
        reference=f"{FollowUp.DRAFT_REFERENCE}{key}",
        recorded_by=by,
        replaces=replaces,
        as_of=timezone.localdate(),
    )
    try:
        with transaction.atomic():
            _write(entry, content, files)
    except IntegrityError:
        # The same form, sent twice at the same moment: the other one was first.
        existing = FollowUp.objects.filter(reference=entry.reference).first()
        if existing is None:
            raise
        raise ConflictError(existing) from None
    return entry


def update(entry: FollowUp, content: Content, files: Files, *, version: str) -> FollowUp:
    """Let the draft say this instead. Raises `ConflictError` or `NotEditableError`."""
    lock_for_write()
    stored = FollowUp.objects.select_for_update().filter(pk=entry.pk).first()
    if stored is None or stored.stage not in EDITABLE:
        raise NotEditableError(stored)
    if version_of(stored) != version:
        raise ConflictError(stored)
    _write(stored, content, files)
    return stored


def _write(entry: FollowUp, content: Content, files: Files) -> None:
    entry.assessor = content.assessor
    entry.role = role_of(content.assessor)
    for name, value in content.values.items():
        setattr(entry, name, value)
    _save_quietly(entry)
    stored = {piece.position: piece for piece in Evidence.objects.filter(follow_up=entry)}
    wanted = {piece.position for piece in content.pieces}
    for position, evidence in stored.items():
        if position not in wanted | content.kept:
            _erase_piece(evidence)
    for piece in content.pieces:
        _write_piece(entry, piece, stored.get(piece.position), files)


def _write_piece(entry: FollowUp, piece: Piece, stored: Evidence | None, files: Files) -> None:
    other_file = piece.upload is not None or (piece.file_of is not None and piece.file_of != stored)
    if stored is not None and (stored.kind != piece.kind or other_file):
        # With its row goes the file that nobody needs any more.
        _erase_piece(stored)
        stored = None
    evidence = stored or Evidence(follow_up=entry, position=piece.position, kind=piece.kind)
    for name in ("stance", "access", "title", "date", "paragraph", "text", "url"):
        setattr(evidence, name, getattr(piece, name))
    if stored is None:
        files.put(evidence, piece)
    _save_quietly(evidence)


def _save_quietly(row: FollowUp | Evidence) -> None:
    """Save without a line in the history."""
    row.save_without_historical_record()  # type: ignore[union-attr]  # simple_history adds it


def erase(entry: FollowUp) -> None:
    """Delete a draft with its evidence and files; the history learns that, and not what it said."""
    with transaction.atomic():
        lock_for_write()
        stored = FollowUp.objects.select_for_update().filter(pk=entry.pk).first()
        if stored is None or stored.stage == FollowUp.Stage.SUBMITTED or stored.is_published:
            raise NotEditableError(stored)
        for piece in Evidence.objects.filter(follow_up=stored):
            _erase_piece(piece)
        for name in ("status", "summary", "grade", "grade_scheme", "correction_reason"):
            setattr(stored, name, "")
        stored.delete()


def _erase_piece(evidence: Evidence) -> None:
    evidence.title = evidence.text = evidence.url = ""
    evidence.paragraph = evidence.date = None
    evidence.delete()
