"""The append-only log of follow-up to recommendations."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from recommendations.models import statuses
from recommendations.models.rules import Grade
from recommendations.models.sources import NaturalKeyManager, NaturalKeyModel
from recommendations.models.stakeholders import Stakeholder

if TYPE_CHECKING:
    import datetime

    from recommendations.core.viewer import Viewer


class AppendOnlyError(ValidationError):
    """An attempt to change or delete a published entry of the log."""


# A withdrawn entry keeps its place in the log but none of its content.
EMPTY_WHEN_WITHDRAWN = ("status", "summary", "grade", "grade_scheme", "correction_reason")


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Entries of the log; `published()` is what the public may see."""

    def published(self) -> Self:
        """Return published entries on public records that are not withdrawn."""
        return self.public_places().filter(withdrawn_at__isnull=True)

    def public_places(self) -> Self:
        """Return all that a public record's log shows: published entries and emptied, withdrawn ones."""
        return self.filter(
            published_at__isnull=False,
            recommendation__published=True,
            recommendation__document__published=True,
        )

    def standing(self) -> Self:
        """Return published entries that are neither withdrawn nor replaced by a published correction."""
        # Not `replaced_by__published_at`: PostgreSQL estimates that join at almost no rows and plans badly.
        correction = FollowUp.objects.filter(replaces=OuterRef("pk"), published_at__isnull=False).order_by()
        return self.filter(~Exists(correction), published_at__isnull=False, withdrawn_at__isnull=True)

    def drafts(self) -> Self:
        """Return unpublished entries: being written, waiting for review, returned or rejected."""
        return self.filter(published_at__isnull=True)

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the entries this person may read.

        These are the public log, drafts of their own organisations, and what waits for review. Nobody
        outside the organisation sees a draft that was not submitted, not even an administrator.
        """
        public = Q(
            published_at__isnull=False,
            recommendation__published=True,
            recommendation__document__published=True,
        )
        own = Q(assessor__in=viewer.organisations)
        waiting = Q(published_at__isnull=True, stage=FollowUp.Stage.SUBMITTED)
        return self.filter(public | own | waiting if viewer.reviews else public | own)

    def with_grade_meaning(self) -> Self:
        """Annotate `grade_meaning`: the meaning of the grade in its scheme; null if it is not known."""
        known = Grade.objects.filter(scheme=OuterRef("grade_scheme"), grade=OuterRef("grade"))
        return self.annotate(grade_meaning=Subquery(known.values("meaning")[:1]))

    def newest_first(self) -> Self:
        """Order by as-of date, newest first; on the same date outside assessors precede this tracker."""
        own = Case(When(role=FollowUp.Role.TRACKER, then=Value(1)), default=Value(0))
        return self.order_by("-as_of", own, "-published_at", "-pk")

    def update(self, **values: Any) -> int:
        """Refuse to change published entries in bulk."""
        if self.filter(published_at__isnull=False).exists():
            raise AppendOnlyError(FollowUp.APPEND_ONLY)
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse to delete published entries in bulk."""
        if self.filter(published_at__isnull=False).exists():
            raise AppendOnlyError(FollowUp.APPEND_ONLY)
        return super().delete()


# A draft may be saved incomplete, and a withdrawn entry is empty.
UNFINISHED = Q(published_at__isnull=True) | Q(withdrawn_at__isnull=False)


class FollowUp(NaturalKeyModel):
    """One dated entry of the log: an assessor's status for a recommendation, its reasons and its evidence.

    Append-only: once published it never changes; a correction is a new entry that names the one it
    replaces and gives the reason. The database refuses changes, too (`models/append_only.py`).
    """

    class Role(models.TextChoices):
        STATE = "state", _("State")
        CIVIL_SOCIETY = "civil_society", _("Civil society")
        NHRI = "nhri", _("NHRI")
        UN_BODY = "un_body", _("UN body")
        TRACKER = "tracker", _("Tracker")

    class Stage(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for review")
        RETURNED = "returned", _("Returned")
        REJECTED = "rejected", _("Rejected")
        PUBLISHED = "published", _("Published")

    class Confidence(models.TextChoices):
        HIGH = "high", _("High")
        MEDIUM = "medium", _("Medium")
        LOW = "low", _("Low")

    Status: TypeAlias = statuses.Status
    NOT_ASSESSED = statuses.NOT_ASSESSED
    DRAFT_REFERENCE = "draft-"
    APPEND_ONLY = _("A published entry never changes. Write a new entry that replaces it, and say why.")
    # The kinds of stakeholder that may have each role.
    KINDS_OF_ROLE = {
        Role.STATE: {Stakeholder.Kind.STATE},
        Role.CIVIL_SOCIETY: {
            Stakeholder.Kind.NGO,
            Stakeholder.Kind.JOINT_SUBMISSION,
            Stakeholder.Kind.COALITION,
        },
        Role.NHRI: {Stakeholder.Kind.NHRI},
        Role.UN_BODY: {Stakeholder.Kind.UN_BODY, Stakeholder.Kind.COMMITTEE, Stakeholder.Kind.REGIONAL_BODY},
        Role.TRACKER: {Stakeholder.Kind.TRACKER},
    }

    recommendation = models.ForeignKey(
        "recommendations.Recommendation",
        on_delete=models.PROTECT,
        related_name="follow_ups",
        verbose_name=_("recommendation"),
    )
    assessor = models.ForeignKey(
        Stakeholder, on_delete=models.PROTECT, related_name="follow_ups", verbose_name=_("assessor")
    )
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        help_text=_("The entry that this one corrects."),
        verbose_name=_("replaces"),
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    # Built from the content of the entry when it is published; until then a placeholder.
    reference = models.CharField(_("reference"), max_length=120, unique=True, editable=False)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.DRAFT, editable=False)
    role = models.CharField(_("role"), max_length=15, choices=Role)
    status = models.CharField(_("status"), max_length=25, choices=Status)
    grade = models.CharField(
        _("grade"), max_length=10, blank=True, help_text=_("As the body gave it, e.g. B or B1.")
    )
    grade_scheme = models.CharField(
        _("scheme of the grade"), max_length=30, blank=True, help_text=_("For example CCPR.")
    )
    as_of = models.DateField(
        _("as of"), help_text=_("The day on which this was so, as far as the assessor knows.")
    )
    summary = models.TextField(
        _("summary"), help_text=_("Why this status: what was done or not done, in plain words.")
    )
    confidence = models.CharField(
        _("confidence"), max_length=10, choices=Confidence, default=Confidence.MEDIUM
    )
    correction_reason = models.CharField(
        _("correction reason"), max_length=300, blank=True, help_text=_("Only for a correction: why.")
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)
    withdrawal_reason = models.CharField(_("withdrawal reason"), max_length=300, blank=True, editable=False)

    history = HistoricalRecords()
    objects = NaturalKeyManager.from_queryset(FollowUpQuerySet)()
    natural_key_fields = ("reference",)

    class Meta:
        ordering = ["-as_of", "-published_at", "-pk"]
        verbose_name = _("follow-up entry")
        verbose_name_plural = _("follow-up entries")
        permissions = [
            ("log_followup", _("Can log follow-up for own organisations")),
            ("review_followup", _("Can approve, return and reject what others log")),
            ("withdraw_followup", _("Can withdraw a published entry for safety")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=statuses.Status.values) | UNFINISHED & Q(status=""),
                name="follow_up_status_known",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["state", "civil_society", "nhri", "un_body", "tracker"]),
                name="follow_up_role_known",
            ),
            models.CheckConstraint(
                condition=(Q(grade="") & Q(grade_scheme="")) | (~Q(grade="") & ~Q(grade_scheme="")),
                name="follow_up_grade_with_scheme",
            ),
            models.CheckConstraint(
                condition=(Q(replaces__isnull=True) & Q(correction_reason=""))
                | (Q(replaces__isnull=False) & ~Q(correction_reason=""))
                | UNFINISHED & Q(correction_reason=""),
                name="follow_up_correction_says_why",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("pk")), name="follow_up_replaces_another"
            ),
            models.CheckConstraint(condition=~Q(summary="") | UNFINISHED, name="follow_up_has_summary"),
            models.CheckConstraint(
                condition=Q(
                    stage__in=["draft", "submitted", "returned", "rejected"], published_at__isnull=True
                )
                | Q(stage="published", published_at__isnull=False),
                name="follow_up_stage_known",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False, published_at__isnull=False)
                & ~Q(withdrawal_reason="")
                & Q(**dict.fromkeys(EMPTY_WHEN_WITHDRAWN, "")),
                name="follow_up_withdrawn_says_why_and_nothing_else",
            ),
        ]
        indexes = [
            # For deriving the current status, which reads the newest entry for each record and role.
            models.Index(
                fields=["recommendation", "role", "-as_of", "-published_at"],
                condition=Q(published_at__isnull=False),
                name="follow_up_current",
            ),
            models.Index(
                fields=["stage"], condition=Q(published_at__isnull=True), name="follow_up_stage_of_drafts"
            ),
            models.Index(fields=["status"], name="follow_up_status"),
            models.Index(fields=["-as_of"], name="follow_up_as_of"),
        ]

    def __str__(self) -> str:
        if self.withdrawn_at:
            return f"{self.recommendation}: withdrawn ({self.as_of})"
        status = self.get_status_display() or gettext("no status yet")
        return f"{self.recommendation}: {status} ({self.assessor.short}, {self.as_of})"

    def get_absolute_url(self) -> str:
        return f"{self.recommendation.get_absolute_url()}#{self.anchor}"

    @property
    def anchor(self) -> str:
        """Return the fragment identifier of the entry on its record's page."""
        return f"entry-{self.pk}"

    @property
    def is_published(self) -> bool:
        """True if the entry is part of the public log and can no longer change."""
        return self.published_at is not None

    def clean(self) -> None:
        """Check what no constraint can: the assessor fits the role, a correction is on the same record."""
        super().clean()
        errors = {}
        if (
            self.assessor_id
            and self.role
            and self.assessor.kind not in self.KINDS_OF_ROLE[self.Role(self.role)]
        ):
            sentence = gettext("%(assessor)s is recorded as “%(kind)s” and cannot speak as %(role)s.")
            errors["role"] = sentence % {
                "assessor": self.assessor.short,
                "kind": self.assessor.get_kind_display(),
                "role": self.get_role_display(),
            }
        if self.as_of and self.as_of > timezone.localdate():
            errors["as_of"] = gettext("The date lies in the future.")
        if bool(self.grade) != bool(self.grade_scheme):
            errors["grade_scheme"] = gettext("A grade needs the name of its scheme, and a scheme its grade.")
        if bool(self.replaces_id) != bool(self.correction_reason):
            errors["correction_reason"] = gettext("A correction names the entry it replaces, and why.")
        elif (
            self.replaces
            and self.recommendation_id
            and (self.replaces.recommendation_id != self.recommendation_id or self.replaces.role != self.role)
        ):
            errors["replaces"] = gettext("A correction replaces an entry of the same record and role.")
        elif self.replaces and not self.replaces.is_published:
            errors["replaces"] = gettext("Only a published entry is replaced; a draft is simply edited.")
        elif self.replaces and self.replaces.withdrawn_at:
            errors["replaces"] = gettext(
                "That entry was withdrawn: there is nothing to correct. Write a new entry."
            )
        if errors:
            raise ValidationError(errors)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a new entry or a draft; refuse to change a published one."""
        if self.pk and type(self).objects.filter(pk=self.pk, published_at__isnull=False).exists():
            raise AppendOnlyError(self.APPEND_ONLY)
        if self.is_published:
            self.stage = self.Stage.PUBLISHED
        if not self.reference:
            self.reference = f"{self.DRAFT_REFERENCE}{uuid.uuid4().hex}"
        if self.is_published and self.reference.startswith(self.DRAFT_REFERENCE):
            self.reference = self._free_reference()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete a draft; refuse to delete a published entry."""
        if self.is_published:
            raise AppendOnlyError(self.APPEND_ONLY)
        return super().delete(*args, **kwargs)

    def publish(self, at: datetime.datetime | None = None) -> None:
        """Make the entry a permanent part of the public log, as of now or of the given moment."""
        if self.is_published:
            raise AppendOnlyError(self.APPEND_ONLY)
        if self.replaces and not self.replaces.is_published:
            raise ValidationError({"replaces": gettext("Publish the entry that this one corrects first.")})
        self.published_at = at or timezone.now()
        self.save()

    def _free_reference(self) -> str:
        base = f"{self.recommendation.reference}-{self.role}-{self.as_of:%Y-%m-%d}"
        taken = set(type(self).objects.filter(reference__startswith=base).values_list("reference", flat=True))
        if base not in taken:
            return base
        return next(name for n in range(2, len(taken) + 3) if (name := f"{base}-{n}") not in taken)


# One sentence per role, for the methodology page and for the form in which a role is chosen.
ROLE_MEANINGS = {
    FollowUp.Role.STATE: _("what the State itself reports. Shown beside the others; never the headline"),
    FollowUp.Role.CIVIL_SOCIETY: _("NGOs, joint submissions and coalitions"),
    FollowUp.Role.NHRI: _("the national human rights institution"),
    FollowUp.Role.UN_BODY: _("committees and other bodies of the UN or of a region"),
    FollowUp.Role.TRACKER: _("the editors of this tracker, from the documents that they quote"),
}
CONFIDENCE_MEANINGS = {
    FollowUp.Confidence.HIGH: _("the words say so themselves"),
    FollowUp.Confidence.MEDIUM: _("it follows from the words, with a step of judgement"),
    FollowUp.Confidence.LOW: _("the words point that way, and another reading is possible"),
}
