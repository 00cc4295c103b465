"""People's decisions on suggestions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.models.issues import Issue
from recommendations.models.recommendations import Recommendation
from recommendations.models.responses import StateResponse

if TYPE_CHECKING:
    from django.db.models import Model

# The field that holds the target of a decision, by kind.
TARGETS = {"issue": "issue", "response": "response", "earlier": "other", "taken_up": "other"}


class SuggestionDecision(models.Model):
    """A suggestion for a record that a person accepted or dismissed, so it is not made again.

    An accepted suggestion is also saved as a tag or link, whose history records when and by whom.
    Never public.
    """

    class Kind(models.TextChoices):
        ISSUE = "issue", _("Issue")
        RESPONSE = "response", _("Response that answers it")
        EARLIER = "earlier", _("Earlier record that it repeats")
        TAKEN_UP = "taken_up", _("Ask that was taken up")

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        DISMISSED = "dismissed", _("Dismissed")

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.CASCADE, related_name="suggestion_decisions"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    response = models.ForeignKey(
        StateResponse, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    other = models.ForeignKey(
        Recommendation,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="suggestion_decisions_about",
    )
    outcome = models.CharField(max_length=10, choices=Outcome)
    # The reason for the suggestion at the time of the decision, in words.
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="issue", issue__isnull=False, response__isnull=True, other__isnull=True)
                | Q(kind="response", issue__isnull=True, response__isnull=False, other__isnull=True)
                | Q(
                    kind__in=["earlier", "taken_up"],
                    issue__isnull=True,
                    response__isnull=True,
                    other__isnull=False,
                ),
                name="suggestion_decision_one_target",
            ),
            models.CheckConstraint(
                condition=~Q(other=models.F("recommendation")), name="suggestion_decision_two_records"
            ),
            models.UniqueConstraint(
                fields=["recommendation", "issue"], name="suggestion_decision_issue_once"
            ),
            models.UniqueConstraint(
                fields=["recommendation", "response"], name="suggestion_decision_response_once"
            ),
            models.UniqueConstraint(
                fields=["recommendation", "other"], name="suggestion_decision_other_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation} → {self.target}: {self.outcome}"

    @property
    def target(self) -> Model:
        """Return the suggested object."""
        found: Model = getattr(self, TARGETS[self.kind])
        return found
