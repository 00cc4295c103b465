"""Rules of the bodies: when a report is due after a review, and the meaning of their grades."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from recommendations.core.dates import months_after
from recommendations.models.sources import Review

if TYPE_CHECKING:
    import datetime


def due_after(review: Review, months: int) -> datetime.date:
    """Return the date `months` after a review's end, or after its beginning if the end is not known."""
    return months_after(review.ends_on or review.starts_on, months)


class ReportingTimeQuerySet(models.QuerySet["ReportingTime"]):
    """Reporting times, the rules of the bodies."""

    def due_date(self, review: Review) -> datetime.date | None:
        """Return when a report on this review's selection is due by its body's rule; None without a rule."""
        rule = self.filter(mechanism=review.mechanism).first()
        return rule.due_after(review) if rule else None


class ReportingTime(models.Model):
    """How long after a review a body asks for a report on what it selected for follow-up."""

    mechanism = models.CharField(_("mechanism"), max_length=20, unique=True, choices=Review.Mechanism)
    months = models.PositiveSmallIntegerField(
        _("months"),
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_("From the end of the review to the day on which the report is due."),
    )
    source = models.CharField(_("source"), max_length=300, blank=True, help_text=_("Where the body says so."))

    history = HistoricalRecords()
    objects = ReportingTimeQuerySet.as_manager()

    class Meta:
        ordering = ["mechanism"]
        verbose_name = _("reporting time")
        verbose_name_plural = _("reporting times")

    def __str__(self) -> str:
        return f"{self.mechanism}: {self.months}"

    def due_after(self, review: Review) -> datetime.date:
        """Return when the report on what was selected in this review is due by this rule."""
        return due_after(review, self.months)


class Grade(models.Model):
    """One grade of a body's scheme, with its meaning in the body's words."""

    scheme = models.CharField(_("scheme"), max_length=30, help_text=_("For example CCPR."))
    grade = models.CharField(_("grade"), max_length=10)
    meaning = models.CharField(_("meaning"), max_length=300, help_text=_("In the words of the body."))
    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("Order in the scheme."))

    history = HistoricalRecords()

    class Meta:
        ordering = ["scheme", "position", "grade"]
        verbose_name = _("grade")
        verbose_name_plural = _("grades")
        constraints = [models.UniqueConstraint(fields=["scheme", "grade"], name="grade_once")]

    def __str__(self) -> str:
        return f"{self.scheme} {self.grade}: {self.meaning}"
