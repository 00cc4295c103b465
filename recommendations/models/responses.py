"""State responses, and the records that each of them answers."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from recommendations.models.links import LinkQuerySet
from recommendations.models.quoted import Quoted, quoted_constraint
from recommendations.models.sources import REFERENCE, NaturalKeyManager, NaturalKeyModel


class StateResponseQuerySet(models.QuerySet["StateResponse"]):
    """State responses; `published()` is what the public may see."""

    def published(self) -> Self:
        """Return responses released by an editor, of public documents."""
        return self.filter(published=True, document__published=True)


class StateResponse(Quoted, NaturalKeyModel):
    """A State's response on one subject, verbatim."""

    class Speaker(models.TextChoices):
        DELEGATION = "delegation", _("Delegation")
        HEAD_OF_DELEGATION = "head_of_delegation", _("Head of delegation")
        GOVERNMENT = "government", _("Government, in writing")

    reference = models.CharField(_("reference"), max_length=80, unique=True, validators=[REFERENCE])
    summary = models.CharField(_("summary"), max_length=300, blank=True, help_text=_("The editor’s, short."))
    speaker = models.CharField(_("speaker"), max_length=20, choices=Speaker, default=Speaker.DELEGATION)
    date = models.DateField(_("date"), help_text=_("When it was said."))
    recommendations: models.ManyToManyField[Any, ResponseLink] = models.ManyToManyField(
        "Recommendation",
        through="ResponseLink",
        related_name="responses",
        blank=True,
        verbose_name=_("recommendations"),
    )
    published = models.BooleanField(_("public"), default=False, db_index=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    history = HistoricalRecords(excluded_fields=["updated_at"])
    objects = NaturalKeyManager.from_queryset(StateResponseQuerySet)()
    natural_key_fields = ("reference",)

    class Meta:
        ordering = ["document__review__starts_on", "document", "paragraph__position", "reference"]
        verbose_name = _("state response")
        verbose_name_plural = _("state responses")
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
        REPORTS_MEASURE = "reports_measure", _("Reports a measure")
        COMMITS = "commits", _("Commits")
        ACCEPTS = "accepts", _("Accepts")
        DISPUTES = "disputes", _("Disputes")
        DECLINES = "declines", _("Declines")
        DOES_NOT_ANSWER = "does_not_answer", _("Does not answer")

    response = models.ForeignKey(
        StateResponse, on_delete=models.CASCADE, related_name="links", verbose_name=_("response")
    )
    recommendation = models.ForeignKey(
        "Recommendation",
        on_delete=models.CASCADE,
        related_name="response_links",
        verbose_name=_("recommendation"),
    )
    stance = models.CharField(_("stance"), max_length=20, choices=Stance, db_index=True)
    rationale = models.CharField(
        _("rationale"), max_length=500, help_text=_("Why this answers that, in one line.")
    )
    confirmed = models.BooleanField(
        _("confirmed"), default=False, help_text=_("A person has judged it; suggestions are not public.")
    )

    history = HistoricalRecords()
    objects = NaturalKeyManager.from_queryset(ResponseLinkQuerySet)()
    natural_key_fields = ("response__reference", "recommendation__reference")

    class Meta:
        ordering = ["response__date", "response", "recommendation"]
        verbose_name = _("response link")
        verbose_name_plural = _("response links")
        constraints = [
            models.UniqueConstraint(fields=["response", "recommendation"], name="response_link_once"),
            models.CheckConstraint(condition=~Q(rationale=""), name="response_link_has_rationale"),
        ]

    def __str__(self) -> str:
        return f"{self.response} → {self.recommendation}"


# One sentence per stance, for the methodology page.
STANCE_MEANINGS = {
    ResponseLink.Stance.REPORTS_MEASURE: _("names something that was done"),
    ResponseLink.Stance.COMMITS: _("says that something will be done"),
    ResponseLink.Stance.ACCEPTS: _("agrees with the point, without naming a measure"),
    ResponseLink.Stance.DISPUTES: _("denies the facts, or says that the problem does not exist"),
    ResponseLink.Stance.DECLINES: _("says that it will not be done"),
    ResponseLink.Stance.DOES_NOT_ANSWER: _("speaks to the subject and leaves what was asked unanswered"),
}
