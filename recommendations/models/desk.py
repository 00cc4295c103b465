"""The desk: memberships, what people follow, and the steps of a draft towards publication."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from recommendations.core.roles import Role
from recommendations.models.evidence import Access
from recommendations.models.follow_up import FollowUp
from recommendations.models.issues import Issue
from recommendations.models.recommendations import Recommendation
from recommendations.models.sources import REFERENCE
from recommendations.models.stakeholders import Stakeholder

if TYPE_CHECKING:
    from recommendations.core.viewer import Viewer


class Membership(models.Model):
    """Links a person to an organisation: they write entries in its name and see what is private to it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("person"),
    )
    organisation = models.ForeignKey(
        Stakeholder, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["organisation__name", "user"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation.short}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations."""

    def open(self) -> Self:
        """Return invitations that can still be accepted."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """An administrator's invitation to one e-mail address. Only the SHA-256 of its key is stored."""

    email = models.EmailField(_("e-mail address"))
    role = models.CharField(max_length=20, choices=Role)
    organisations = models.ManyToManyField(Stakeholder, related_name="+", blank=True)
    key_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at"]

    def __str__(self) -> str:
        return f"{self.email} ({self.get_role_display()})"


class SavedView(models.Model):
    """A person's named filter of the list of recommendations, kept as the query string of its address."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=100)
    query = models.CharField(max_length=2_000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        address = reverse("recommendation_list")
        return f"{address}?{self.query}" if self.query else address


class Following(models.Model):
    """One thing that a person follows: a record, an issue and all below it, a stakeholder, a saved view."""

    TARGETS = ("recommendation", "issue", "stakeholder", "saved_view")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="following")
    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.CASCADE, null=True, blank=True, related_name="followed_by"
    )
    issue = models.ForeignKey(
        Issue, on_delete=models.CASCADE, null=True, blank=True, related_name="followed_by"
    )
    stakeholder = models.ForeignKey(
        Stakeholder, on_delete=models.CASCADE, null=True, blank=True, related_name="followed_by"
    )
    saved_view = models.ForeignKey(
        SavedView, on_delete=models.CASCADE, null=True, blank=True, related_name="followed_by"
    )
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    recommendation__isnull=False,
                    issue__isnull=True,
                    stakeholder__isnull=True,
                    saved_view__isnull=True,
                )
                | Q(
                    recommendation__isnull=True,
                    issue__isnull=False,
                    stakeholder__isnull=True,
                    saved_view__isnull=True,
                )
                | Q(
                    recommendation__isnull=True,
                    issue__isnull=True,
                    stakeholder__isnull=False,
                    saved_view__isnull=True,
                )
                | Q(
                    recommendation__isnull=True,
                    issue__isnull=True,
                    stakeholder__isnull=True,
                    saved_view__isnull=False,
                ),
                name="following_one_thing",
            ),
            models.UniqueConstraint(fields=["user", "recommendation"], name="following_recommendation_once"),
            models.UniqueConstraint(fields=["user", "issue"], name="following_issue_once"),
            models.UniqueConstraint(fields=["user", "stakeholder"], name="following_stakeholder_once"),
            models.UniqueConstraint(fields=["user", "saved_view"], name="following_saved_view_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.target}"

    @property
    def target(self) -> Recommendation | Issue | Stakeholder | SavedView:
        """Return the object that is followed."""
        target: Recommendation | Issue | Stakeholder | SavedView = next(
            found for name in self.TARGETS if (found := getattr(self, name)) is not None
        )
        return target


class ReviewStep(models.Model):
    """One step of a draft towards publication, with its comment; deleted only together with the draft."""

    class Step(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted for review")
        RETURNED = "returned", _("Returned")
        REJECTED = "rejected", _("Rejected")
        PUBLISHED = "published", _("Approved and published")
        WITHDRAWN = "withdrawn", _("Withdrawn for safety")

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=10, choices=Step)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(step__in=["returned", "rejected"]) | ~Q(comment=""),
                name="review_step_says_why",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} by {self.by}"


class NoteQuerySet(models.QuerySet["Note"]):
    """Notes; `published()` is what the public may see."""

    def published(self) -> Self:
        """Return notes meant for everyone, on public records, by organisations that may be named."""
        return self.filter(
            access=Access.PUBLIC,
            organisation__published=True,
            recommendation__published=True,
            recommendation__document__published=True,
        )

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the notes this person may read: public, for partners, or by their own organisations."""
        seen = Q(pk__in=Note.objects.published().values("pk"))
        seen |= Q(organisation__in=viewer.organisations)
        if viewer.is_partner:
            on_public = Q(recommendation__published=True, recommendation__document__published=True)
            seen |= Q(access=Access.PARTNERS) & on_public
        return self.filter(seen)


class Note(models.Model):
    """An organisation's note on a record, outside the log; replaced by a new note rather than changed."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="notes")
    organisation = models.ForeignKey(Stakeholder, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    access = models.CharField("access level", max_length=10, choices=Access, default=Access.PRIVATE)
    written_at = models.DateTimeField(auto_now_add=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="note_has_words"),
            models.CheckConstraint(
                condition=Q(access__in=["public", "partners", "private"]), name="note_access_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.short} on {self.recommendation}"


class CalendarAddress(models.Model):
    """The unguessable address under which a calendar program reads the due dates of a person's records.

    The address is this key signed with the site's secret key, so access to the database alone is not enough
    to construct it. Delete the row to revoke the address, or change the key to replace it.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_address"
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.user)


class FormerReference(models.Model):
    """A reference that a record once had; its address redirects to the record."""

    reference = models.CharField(max_length=80, unique=True, validators=[REFERENCE])
    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.CASCADE, related_name="former_references"
    )

    class Meta:
        ordering = ["reference"]

    def __str__(self) -> str:
        return f"{self.reference} → {self.recommendation}"
