"""E-mail alerts: how often each person wants a digest, and which entries they have been told of."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from recommendations.core.periods import latest_edge
from recommendations.models.follow_up import FollowUp

if TYPE_CHECKING:
    import datetime


class AlertSetting(models.Model):
    """How often a person wants to be told by e-mail; the key is for unsubscribing in one click."""

    class Frequency(models.TextChoices):
        OFF = "off", _("Never")
        DAILY = "daily", _("Every day")
        WEEKLY = "weekly", _("Every week")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alert_setting"
    )
    frequency = models.CharField(max_length=10, choices=Frequency, default=Frequency.OFF)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The start of the next digest's period; null before the first one.
    told_until = models.DateTimeField(null=True, blank=True, editable=False)
    # How much of each kind of work there was at the end of the last period (alerts.contents.TaskCounts), and
    # when the person was told of any.
    work = models.JSONField(default=dict, blank=True, editable=False)
    work_told_at = models.DateTimeField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return f"{self.user}: {self.get_frequency_display()}"

    @property
    def is_on(self) -> bool:
        """True if the person wants digests."""
        return self.frequency != self.Frequency.OFF

    def choose(self, frequency: str, now: datetime.datetime) -> None:
        """Change the frequency. When switched on, the first digest covers the current day or week."""
        changed = ["frequency"]
        if not self.is_on and frequency != self.Frequency.OFF:
            begun = latest_edge(now, frequency)
            self.told_until = max(self.told_until, begun) if self.told_until else begun
            self.work, self.work_told_at = {}, None
            changed += ["told_until", "work", "work_told_at"]
        self.frequency = frequency
        # Only these fields: a run may be saving what it has told this person at the same moment.
        self.save(update_fields=changed)


class Digest(models.Model):
    """One person's digest for one period, claimed before sending so that two runs never both send it."""

    class State(models.TextChoices):
        # Claimed by a run. If that run died before recording the result, the mail may have been sent.
        PREPARED = "prepared", _("Prepared")
        SENT = "sent", _("Sent")
        # There was nothing to tell.
        EMPTY = "empty", _("Empty")

    setting = models.ForeignKey(AlertSetting, on_delete=models.CASCADE, related_name="digests")
    # The period includes its start and excludes its end.
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PREPARED)
    # The same at every attempt, so that mail systems can recognise a duplicate.
    message_id = models.CharField(max_length=200, unique=True)
    attempts = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-ends_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["setting", "ends_at"], name="digest_once"),
            models.UniqueConstraint(
                fields=["setting"], condition=Q(state="prepared"), name="digest_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="digest_has_a_period"),
            models.CheckConstraint(
                condition=Q(state="prepared", finished_at__isnull=True)
                | Q(state__in=["sent", "empty"], finished_at__isnull=False),
                name="digest_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.setting} ({self.ends_at:%Y-%m-%d})"


class DigestEntry(models.Model):
    """An entry that a person has been told of; a database constraint prevents telling them twice."""

    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, related_name="entries")
    setting = models.ForeignKey(AlertSetting, on_delete=models.CASCADE, related_name="told")
    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["setting", "follow_up"], name="digest_entry_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.digest}: {self.follow_up_id}"
