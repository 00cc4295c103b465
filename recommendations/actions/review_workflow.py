"""Review workflow of entries: submit, then publish, return or reject; withdraw for safety.

Each function checks permission and stage, and runs in one transaction on the locked row, so that the second
of two concurrent calls fails with a message about the first. Each writes a `ReviewStep` and a history line,
and returns the stored entry; the instance passed in is not changed.

Errors: `PermissionDenied` with the reason; `WorkflowError` (a `ValidationError`) for a wrong stage, a missing
comment or an incomplete entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from recommendations.actions import withdrawal
from recommendations.core.viewer import viewer_of
from recommendations.models import FollowUp, ReviewStep
from recommendations.models.listing import lock_for_write

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from recommendations.core.viewer import Viewer

Stage = FollowUp.Stage
Step = ReviewStep.Step


class WorkflowError(ValidationError):
    """Raised if an entry's state does not allow the operation; the message says why."""


def name_of(user: User) -> str:
    """Return a person's name as shown at the desk."""
    return user.get_full_name() or user.get_username()


def is_own(entry: FollowUp, viewer: Viewer) -> bool:
    """True if the viewer recorded the entry, and so should not approve it."""
    return entry.recorded_by_id is not None and entry.recorded_by_id == viewer.user_id


def why_not_approve(entry: FollowUp, viewer: Viewer) -> str:
    """Return why the viewer lacks permission to approve this entry; "" if permitted."""
    if not viewer.reviews:
        return _("Only reviewers publish entries.")
    if is_own(entry, viewer) and not settings.ALLOW_SELF_APPROVAL:
        return _("You recorded this entry yourself; somebody else must approve it.")
    return ""


def problem(entry: FollowUp, viewer: Viewer) -> str:
    """Return why the viewer cannot approve this entry now, for whatever reason; "" if possible."""
    if entry.stage != Stage.SUBMITTED:
        return stage_sentence(entry)
    if why := why_not_approve(entry, viewer):
        return why
    try:
        _require_complete(entry)
    except WorkflowError as error:
        return " ".join(error.messages)
    return ""


def submit(entry: FollowUp, *, by: User) -> FollowUp:
    """Submit a complete draft or returned entry of one's own organisation for review."""
    viewer = viewer_of(by)
    with transaction.atomic():
        stored = _lock(entry)
        if not viewer.logs or stored.assessor_id not in viewer.organisations:
            raise PermissionDenied(_("Only members of its organisation submit an entry."))
        _require_stage(stored, Stage.DRAFT, Stage.RETURNED)
        _require_complete(stored)
        return _move(stored, Stage.SUBMITTED, Step.SUBMITTED, by)


def approve(entry: FollowUp, *, by: User, seen: int | None = None) -> FollowUp:
    """Publish a submitted entry permanently.

    `seen` is the id of the last step that the reviewer saw; a WorkflowError is raised if the entry was
    returned and submitted again since.
    """
    viewer = viewer_of(by)
    with transaction.atomic():
        stored = _lock(entry)
        if why := why_not_approve(stored, viewer):
            raise PermissionDenied(why)
        _require_stage(stored, Stage.SUBMITTED, seen=seen)
        _require_complete(stored)
        _set_history(stored, Step.PUBLISHED, by)
        stored.publish()
        ReviewStep.objects.create(follow_up=stored, step=Step.PUBLISHED, by=by)
        return stored


def send_back(entry: FollowUp, *, by: User, comment: str, seen: int | None = None) -> FollowUp:
    """Return a submitted entry to its authors, who may revise and resubmit it."""
    with transaction.atomic():
        stored = _lock_for_review(entry, by, seen)
        return _move(stored, Stage.RETURNED, Step.RETURNED, by, _require_comment(comment))


def reject(entry: FollowUp, *, by: User, comment: str, seen: int | None = None) -> FollowUp:
    """Reject a submitted entry permanently; the entry it was to correct can then get another correction."""
    with transaction.atomic():
        stored = _lock_for_review(entry, by, seen)
        comment = _require_comment(comment)
        if stored.replaces:
            comment += "\n\n" + _("It was to correct the entry {reference}: {reason}").format(
                reference=stored.replaces.reference, reason=stored.correction_reason
            )
            stored.replaces, stored.correction_reason = None, ""
        return _move(stored, Stage.REJECTED, Step.REJECTED, by, comment)


def withdraw(entry: FollowUp, *, by: User, reason: str) -> FollowUp:
    """Remove the content of a published entry for somebody's safety; a tombstone with the reason stays.

    The reason is public. See `recommendations/actions/withdrawal.py` for what is removed.
    """
    if not viewer_of(by).withdraws:
        raise PermissionDenied(_("You may not withdraw entries."))
    reason = reason.strip()
    longest = FollowUp._meta.get_field("withdrawal_reason").max_length or 0
    if not reason:
        raise WorkflowError(_("Say why, in words that may be public."))
    if len(reason) > longest:
        raise WorkflowError(_("The reason has at most {longest} characters.").format(longest=longest))
    with transaction.atomic():
        stored = _lock(entry)
        if stored.withdrawn_at or not stored.is_published:
            raise WorkflowError(stage_sentence(stored))
        withdrawal.remove_content(stored, by=by, reason=reason, at=timezone.now())
        ReviewStep.objects.create(follow_up=stored, step=Step.WITHDRAWN, by=by, comment=reason)
        stored.refresh_from_db()
        return stored


def _lock(entry: FollowUp) -> FollowUp:
    """Lock the entry until the transaction ends; return it as stored. Raises WorkflowError if deleted."""
    lock_for_write()
    stored = FollowUp.objects.select_for_update().filter(pk=entry.pk).first()
    if stored is None:
        raise WorkflowError(_("The entry does not exist any more."))
    return stored


def _lock_for_review(entry: FollowUp, by: User, seen: int | None) -> FollowUp:
    """Lock a submitted entry for a reviewer. Raises PermissionDenied or WorkflowError."""
    stored = _lock(entry)
    if not viewer_of(by).reviews:
        raise PermissionDenied(_("Only reviewers return and reject entries."))
    _require_stage(stored, Stage.SUBMITTED, seen=seen)
    return stored


def _require_stage(entry: FollowUp, *stages: Stage, seen: int | None = None) -> None:
    """Raise WorkflowError for any other stage, or if steps were added since the step `seen`."""
    if entry.stage not in stages:
        raise WorkflowError(stage_sentence(entry))
    last = entry.steps.last()
    if seen is not None and last is not None and last.pk != seen:
        raise WorkflowError(
            _("The entry was changed and submitted again since you opened it. Read it again.")
        )


def stage_sentence(entry: FollowUp) -> str:
    """Return a sentence with the stage that an entry has reached, by whom and when."""
    happened = {
        Step.PUBLISHED: _("{name} published this entry on {date}; nothing was changed."),
        Step.RETURNED: _("{name} returned this entry on {date}; nothing was changed."),
        Step.REJECTED: _("{name} rejected this entry on {date}; nothing was changed."),
        Step.SUBMITTED: _("{name} submitted this entry on {date}; nothing was changed."),
        Step.WITHDRAWN: _("{name} withdrew this entry on {date}; nothing was changed."),
    }
    last = entry.steps.select_related("by").last()
    if last is not None:
        return happened[Step(last.step)].format(name=name_of(last.by), date=formats.date_format(last.at))
    if entry.is_published:
        return _("This entry is published already; nothing was changed.")
    return _("This entry was not submitted; nothing was changed.")


def _require_complete(entry: FollowUp) -> None:
    """Raise WorkflowError if the entry or its evidence is incomplete."""
    try:
        entry.full_clean()
        for piece in entry.evidence.select_related("paragraph__document"):
            piece.full_clean()
    except ValidationError as error:
        raise WorkflowError(error) from error


def _require_comment(comment: str) -> str:
    """Return the comment stripped. Raises WorkflowError if it is empty."""
    if not comment.strip():
        raise WorkflowError(_("Say why in a comment, so that the authors know what to do."))
    return comment.strip()


def _set_history(entry: FollowUp, step: ReviewStep.Step, by: User) -> None:
    """Set reason and user for the history line of the next save."""
    entry._change_reason = str(step.label)  # type: ignore[attr-defined]  # simple_history reads it there
    entry._history_user = by  # type: ignore[attr-defined]  # simple_history reads it there


def _move(
    entry: FollowUp, stage: FollowUp.Stage, step: ReviewStep.Step, by: User, comment: str = ""
) -> FollowUp:
    """Save the entry in its next stage and record the step."""
    _set_history(entry, step, by)
    entry.stage = stage
    entry.save()
    ReviewStep.objects.create(follow_up=entry, step=step, by=by, comment=comment)
    return entry
