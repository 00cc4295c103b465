"""Drafts of entries: written, changed, erased. Nobody's work is overwritten silently.

A draft has no history until it is submitted: what was not handed in is nobody else's business, and what
is erased is gone. Whoever changes a draft names the version they saw; where it has moved on meanwhile,
nothing is written and `ConflictError` holds what is there.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.forms.models import construct_instance
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations.actions import review_workflow
from recommendations.desk.entries.organisations import role_of
from recommendations.models import Evidence, FollowUp
from recommendations.models.listing import lock_for_write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.contrib.auth.models import User
    from django.db.models import QuerySet
    from django.db.models.fields.files import FieldFile

    from recommendations.core.viewer import Viewer
    from recommendations.desk.entries.evidence_forms import EvidenceForm
    from recommendations.desk.entries.forms import EntryForm
    from recommendations.models import Recommendation

    # Files that were written, by the position of their evidence: several drafts share one.
    Files = dict[int, FieldFile]

# Where a draft stands while its organisation may still change it.
EDITABLE = (FollowUp.Stage.DRAFT, FollowUp.Stage.RETURNED)
# What makes a version: all that a draft and its evidence say.
SAID = ["assessor_id", "status", "as_of", "summary", "confidence", "grade", "grade_scheme"]
SAID += ["correction_reason", "stage"]
EVIDENCE_SAID = ["position", "kind", "stance", "access", "title", "date", "paragraph", "text", "url", "file"]


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
    evidence = Evidence.objects.filter(follow_up=entry).order_by("position").values_list(*EVIDENCE_SAID)
    said = [[getattr(entry, name) for name in SAID], *evidence]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:16]


@contextmanager
def _writing() -> Iterator[Files]:
    """A transaction, all of it or nothing: files written in it go if it fails; storage knows no rollback."""
    files: Files = {}
    try:
        with transaction.atomic():
            yield files
    except BaseException:
        for file in files.values():
            file.storage.delete(str(file))
        raise


def create(
    records: Iterable[Recommendation],
    form: EntryForm,
    *,
    key: str,
    by: User,
    replaces: FollowUp | None = None,
    submit: bool = False,
) -> list[FollowUp]:
    """One draft for each record, submitted if asked for. The key makes a form that is sent twice one draft.

    Raises `ConflictError` where the key was used already, ValidationError where a correction of the same
    entry exists or an entry cannot be submitted.
    """
    with _writing() as files:
        existing = FollowUp.objects.filter(reference=f"{FollowUp.DRAFT_REFERENCE}{key}").first()
        if existing is not None:
            raise ConflictError(existing)
        if replaces is not None:
            _free_to_correct(replaces)
        entries = []
        for n, record in enumerate(records):
            reference = f"{FollowUp.DRAFT_REFERENCE}{key}" + (f"-{n}" if n else "")
            entry = FollowUp(recommendation=record, reference=reference, recorded_by=by, replaces=replaces)
            entry.as_of = timezone.localdate()
            _create_one(entry, form, files)
            entries.append(entry)
        return [review_workflow.submit(entry, by=by) for entry in entries] if submit else entries


def _free_to_correct(replaces: FollowUp) -> None:
    lock_for_write()
    FollowUp.objects.select_for_update().get(pk=replaces.pk)
    if FollowUp.objects.filter(replaces=replaces).exists():
        raise ValidationError(_("Somebody has begun a correction of this entry meanwhile."))


def _create_one(entry: FollowUp, form: EntryForm, files: Files) -> None:
    try:
        with transaction.atomic():
            _write(entry, form, files)
    except IntegrityError:
        # The same form, sent twice at the same moment: the other one was first.
        existing = FollowUp.objects.filter(reference=entry.reference).first()
        if existing is None:
            raise
        raise ConflictError(existing) from None


def update(entry: FollowUp, form: EntryForm, *, version: str, by: User, submit: bool = False) -> FollowUp:
    """Let the draft say this instead, and submit it if asked for. `ConflictError` or `NotEditableError`."""
    with _writing() as files:
        lock_for_write()
        stored = FollowUp.objects.select_for_update().filter(pk=entry.pk).first()
        if stored is None or stored.stage not in EDITABLE:
            raise NotEditableError(stored)
        if version_of(stored) != version:
            raise ConflictError(stored)
        _write(stored, form, files)
        return review_workflow.submit(stored, by=by) if submit else stored


def _write(entry: FollowUp, form: EntryForm, files: Files) -> None:
    """Let the entry say all that is valid in the form; what is not valid yet stays as it is stored."""
    construct_instance(form, entry)
    entry.role = role_of(entry.assessor)
    _save_quietly(entry)
    stored = {row.position: row for row in Evidence.objects.filter(follow_up=entry)}
    evidence_forms = form.evidence_formset.filled
    for position in stored.keys() - {each.position for each in evidence_forms}:
        _erase_evidence(stored[position])
    unconfirmed = form.evidence_formset.unconfirmed
    for each in evidence_forms:
        if each.is_valid():
            row = stored.get(each.position) or Evidence(follow_up=entry, position=each.position)
            _write_evidence(row, each, files, private=each in unconfirmed)


def _write_evidence(row: Evidence, form: EvidenceForm, files: Files, *, private: bool) -> None:
    upload, shared = form.cleaned_data.get("file"), form.cleaned_data.get("file_of")
    if row.pk and (row.kind != form.evidence_kind or upload or (shared and shared.file != row.file)):
        # With its row goes the file that nobody needs any more.
        follow_up = row.follow_up
        _erase_evidence(row)
        row = Evidence(follow_up=follow_up, position=form.position)
    construct_instance(form, row, exclude=["file"])
    if private:
        row.access = Evidence.Access.PRIVATE
    if upload and form.position not in files:
        row.file.save(str(upload.name), upload, save=False)
        files[form.position] = row.file
    elif form.evidence_kind == Evidence.Kind.FILE:
        row.file.name = str(files[form.position] if upload else form.instance.file)
    _save_quietly(row)


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
        for evidence in Evidence.objects.filter(follow_up=stored):
            _erase_evidence(evidence)
        for name in ("status", "summary", "grade", "grade_scheme", "correction_reason"):
            setattr(stored, name, "")
        stored.delete()


def _erase_evidence(evidence: Evidence) -> None:
    evidence.title = evidence.text = evidence.url = ""
    evidence.paragraph = evidence.date = None
    evidence.delete()
