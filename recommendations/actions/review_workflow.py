"""The way of an entry: submitted, then published, returned or rejected; and withdrawn, if it must be.

Each verb checks who may, and from which stage; works on the locked row, so that of two people who act
at once the second is told what the first did; and leaves a `ReviewStep` and a line in the history. All
or nothing. They return the entry as it is stored now; the one passed in is not changed.

Errors: `PermissionDenied` with the reason for who may not, `WorkflowError` (a `ValidationError`) for a stage
that does not allow it, for a missing comment, and for an entry that is not complete.
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
    """What was asked cannot be done with this entry now; the message says why."""


def name_of(user: User) -> str:
    """A person as colleagues at the desk see them."""
    return user.get_full_name() or user.get_username()


def is_own(entry: FollowUp, viewer: Viewer) -> bool:
    """Whether the viewer recorded the entry; approving it needs somebody else."""
    return entry.recorded_by_id is not None and entry.recorded_by_id == viewer.user_id


def why_not_approve(entry: FollowUp, viewer: Viewer) -> str:
    """Why this viewer may not approve this entry; empty if they may."""
    if not viewer.reviews:
        return _("Only reviewers publish entries.")
    if is_own(entry, viewer) and not settings.ALLOW_SELF_APPROVAL:
        return _("You recorded this entry yourself; somebody else must approve it.")
    return ""


def problem(entry: FollowUp, viewer: Viewer) -> str:
    """Why this viewer cannot approve this entry as it is now; empty if they can."""
    if entry.stage != Stage.SUBMITTED:
        return where_it_is(entry)
    if why := why_not_approve(entry, viewer):
        return why
    try:
        _complete(entry)
    except WorkflowError as error:
        return " ".join(error.messages)
    return ""


def submit(entry: FollowUp, *, by: User) -> FollowUp:
    """Hand a complete draft of an own organisation to the reviewers, or a returned one again."""
    viewer = viewer_of(by)
    with transaction.atomic():
        stored = _locked(entry)
        if not viewer.logs or stored.assessor_id not in viewer.organisations:
            raise PermissionDenied(_("Only members of its organisation submit an entry."))
        _expect(stored, Stage.DRAFT, Stage.RETURNED)
        _complete(stored)
        return _move(stored, Stage.SUBMITTED, Step.SUBMITTED, by)


def approve(entry: FollowUp, *, by: User, seen: int | None = None) -> FollowUp:
    """Publish a submitted entry, for good.

    `seen` is the id of the last step that the reviewer saw: an entry that was returned and submitted
    again meanwhile is not what they read.
    """
    viewer = viewer_of(by)
    with transaction.atomic():
        stored = _locked(entry)
        if why := why_not_approve(stored, viewer):
            raise PermissionDenied(why)
        _expect(stored, Stage.SUBMITTED, seen=seen)
        _complete(stored)
        _explain(stored, Step.PUBLISHED, by)
        stored.publish()
        ReviewStep.objects.create(follow_up=stored, step=Step.PUBLISHED, by=by)
        return stored


def send_back(entry: FollowUp, *, by: User, comment: str, seen: int | None = None) -> FollowUp:
    """Return a submitted entry to its authors, who may mend and submit it again."""
    with transaction.atomic():
        stored = _to_judge(entry, by, seen)
        return _move(stored, Stage.RETURNED, Step.RETURNED, by, _said(comment))


def reject(entry: FollowUp, *, by: User, comment: str, seen: int | None = None) -> FollowUp:
    """Refuse a submitted entry for good; what it was to correct can then be corrected by another."""
    with transaction.atomic():
        stored = _to_judge(entry, by, seen)
        comment = _said(comment)
        if stored.replaces:
            comment += "\n\n" + _("It was to correct the entry {reference}: {reason}").format(
                reference=stored.replaces.reference, reason=stored.correction_reason
            )
            stored.replaces, stored.correction_reason = None, ""
        return _move(stored, Stage.REJECTED, Step.REJECTED, by, comment)


def withdraw(entry: FollowUp, *, by: User, reason: str) -> FollowUp:
    """Take back what a published entry says, for somebody's safety; its place and the reason stay.

    The reason is public. See `recommendations/actions/withdrawal.py` for what goes.
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
        stored = _locked(entry)
        if stored.withdrawn_at or not stored.is_published:
            raise WorkflowError(where_it_is(stored))
        withdrawal.empty(stored, by=by, reason=reason, at=timezone.now())
        ReviewStep.objects.create(follow_up=stored, step=Step.WITHDRAWN, by=by, comment=reason)
        stored.refresh_from_db()
        return stored


def _locked(entry: FollowUp) -> FollowUp:
    """The entry as it is stored, nobody else's until the transaction ends."""
    lock_for_write()
    stored = FollowUp.objects.select_for_update().filter(pk=entry.pk).first()
    if stored is None:
        raise WorkflowError(_("The entry does not exist any more."))
    return stored


def _to_judge(entry: FollowUp, by: User, seen: int | None) -> FollowUp:
    """A submitted entry for a reviewer."""
    stored = _locked(entry)
    if not viewer_of(by).reviews:
        raise PermissionDenied(_("Only reviewers return and reject entries."))
    _expect(stored, Stage.SUBMITTED, seen=seen)
    return stored


def _expect(entry: FollowUp, *stages: Stage, seen: int | None = None) -> None:
    """Refuse an entry in any other stage, or one that went its way since it was read."""
    if entry.stage not in stages:
        raise WorkflowError(where_it_is(entry))
    last = entry.steps.last()
    if seen is not None and last is not None and last.pk != seen:
        raise WorkflowError(
            _("The entry was changed and submitted again since you opened it. Read it again.")
        )


def where_it_is(entry: FollowUp) -> str:
    """The stage that an entry has reached, and who brought it there."""
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


def _complete(entry: FollowUp) -> None:
    """Refuse an entry that is half written, or rests on evidence that is."""
    try:
        entry.full_clean()
        for piece in entry.evidence.select_related("paragraph__document"):
            piece.full_clean()
    except ValidationError as error:
        raise WorkflowError(error) from error


def _said(comment: str) -> str:
    """The comment, which must hold words."""
    if not comment.strip():
        raise WorkflowError(_("Say why in a comment, so that the authors know what to do."))
    return comment.strip()


def _explain(entry: FollowUp, step: ReviewStep.Step, by: User) -> None:
    """What the history says of the next save."""
    entry._change_reason = str(step.label)  # type: ignore[attr-defined]
    entry._history_user = by  # type: ignore[attr-defined]


def _move(
    entry: FollowUp, stage: FollowUp.Stage, step: ReviewStep.Step, by: User, comment: str = ""
) -> FollowUp:
    """Save the entry at its next stage, with the step that led there."""
    _explain(entry, step, by)
    entry.stage = stage
    entry.save()
    ReviewStep.objects.create(follow_up=entry, step=step, by=by, comment=comment)
    return entry
