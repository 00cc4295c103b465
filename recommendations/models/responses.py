"""What the State answered, and which records each answer speaks to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from .links import LinkQuerySet
from .sources import REFERENCE, NaturalKeyManager, NaturalKeyModel, Quoted, quoted_constraint

if TYPE_CHECKING:
    from .recommendations import Recommendation


class StateResponseQuerySet(models.QuerySet["StateResponse"]):
    """State responses; `published()` is what the public may see."""

    def published(self) -> Self:
        """Responses released by an editor, of documents that are public."""
        return self.filter(published=True, document__published=True)


class StateResponse(Quoted, NaturalKeyModel):
    """What the State said, verbatim, on one subject."""

    class Speaker(models.TextChoices):
        DELEGATION = "delegation", "Delegation"
        HEAD_OF_DELEGATION = "head_of_delegation", "Head of delegation"
        GOVERNMENT = "government", "Government, in writing"

    reference = models.CharField(max_length=80, unique=True, validators=[REFERENCE])
    summary = models.CharField(max_length=300, blank=True, help_text="The editor’s, short.")
    speaker = models.CharField(max_length=20, choices=Speaker, default=Speaker.DELEGATION)
    date = models.DateField(help_text="When it was said.")
    recommendations: models.ManyToManyField[Recommendation, ResponseLink] = models.ManyToManyField(
        "Recommendation", through="ResponseLink", related_name="responses", blank=True
    )
    published = models.BooleanField("public", default=False, db_index=True)
    updated_at = models.DateTimeField(auto_now=True)

    history = HistoricalRecords(excluded_fields=["updated_at"])
    objects = NaturalKeyManager.from_queryset(StateResponseQuerySet)()
    natural_key_fields = ("reference",)

    class Meta:
        ordering = ["document__review__starts_on", "document", "paragraph__position", "reference"]
        constraints = [
            quoted_constraint("state_response"),
            models.CheckConstraint(condition=~Q(text=""), name="state_response_has_words"),
        ]
        indexes = [models.Index(fields=["date"], name="state_response_date")]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("response_detail", args=[self.reference])


class ResponseLinkQuerySet(LinkQuerySet):
    """Links between a response and what it answers."""

    ends = ("response", "recommendation")


class ResponseLink(NaturalKeyModel):
    """One response answering one recommendation, with the stance it takes."""

    class Stance(models.TextChoices):
        REPORTS_MEASURE = "reports_measure", "Reports a measure"
        COMMITS = "commits", "Commits"
        ACCEPTS = "accepts", "Accepts"
        DISPUTES = "disputes", "Disputes"
        DECLINES = "declines", "Declines"
        DOES_NOT_ANSWER = "does_not_answer", "Does not answer"

    response = models.ForeignKey(StateResponse, on_delete=models.CASCADE, related_name="links")
    recommendation = models.ForeignKey(
        "Recommendation", on_delete=models.CASCADE, related_name="response_links"
    )
    stance = models.CharField(max_length=20, choices=Stance, db_index=True)
    rationale = models.CharField(max_length=500, help_text="Why this answers that, in one line.")
    confirmed = models.BooleanField(
        default=False, help_text="A person has judged it; suggestions are not public."
    )

    history = HistoricalRecords()
    objects = NaturalKeyManager.from_queryset(ResponseLinkQuerySet)()
    natural_key_fields = ("response__reference", "recommendation__reference")

    class Meta:
        ordering = ["response__date", "response", "recommendation"]
        constraints = [
            models.UniqueConstraint(fields=["response", "recommendation"], name="response_link_once"),
            models.CheckConstraint(condition=~Q(rationale=""), name="response_link_has_rationale"),
        ]

    def __str__(self) -> str:
        return f"{self.response} → {self.recommendation}"
