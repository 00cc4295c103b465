"""Recommendations and other records put to a State, with their current status."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from recommendations.models.compound_status import status_of_whole
from recommendations.models.follow_up import FollowUp
from recommendations.models.issues import Issue, IssueTag, PopulationGroup
from recommendations.models.links import RecommendationLink
from recommendations.models.quoted import Quoted, quoted_constraint
from recommendations.models.responses import ResponseLink
from recommendations.models.rules import ReportingTime
from recommendations.models.sources import REFERENCE, NaturalKeyManager, NaturalKeyModel, Review
from recommendations.models.stakeholders import Stakeholder

if TYPE_CHECKING:
    from collections.abc import Iterable


def stale_before(today: datetime.date | None = None) -> datetime.date:
    """Return the date before which a status counts as stale: `STALE_AFTER_MONTHS` months ago."""
    today = today or timezone.localdate()
    months = today.year * 12 + today.month - 1 - settings.STALE_AFTER_MONTHS
    year, month = divmod(months, 12)
    first_of_next = datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last_day = (first_of_next - datetime.timedelta(days=1)).day
    return datetime.date(year, month + 1, min(today.day, last_day))


def is_stale(as_of: datetime.date | None) -> bool:
    """True if a headline of this date counts as stale; a missing headline does not."""
    return as_of is not None and as_of < stale_before()


def stale() -> Q:
    """Return `is_stale()` as a condition on records."""
    return Q(listing__status_as_of__lt=stale_before())


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    """Recommendations; `published()` is what the public may see, `with_status()` adds their status."""

    def published(self) -> Self:
        """Return records released by an editor, of public documents."""
        return self.filter(published=True, document__published=True)

    def ids_by_former(self, references: Iterable[str]) -> dict[str, int]:
        """Map each of these references that is a former one to the id of the record it now leads to.

        A reference is a former one if its record was merged into another or was given a new reference.
        """
        wanted = list(references)
        merged = Recommendation.objects.filter(reference__in=wanted, merged_into__isnull=False)
        former = Recommendation.objects.filter(former_references__reference__in=wanted)
        ids = dict(former.values_list("former_references__reference", "pk"))
        return ids | {reference: pk for reference, pk in merged.values_list("reference", "merged_into") if pk}

    def formerly(self, reference: str) -> Self:
        """Return the public record to which this former reference leads, if any."""
        return self.published().filter(pk__in=self.ids_by_former([reference]).values())

    def with_status(self) -> Self:
        """Annotate the current status of every role and the headline status, from published entries only.

        For each role R of FollowUp.Role: `R_entry` (id of its newest standing entry, or null) and
        `R_status`. `status_entry`, `status` and `status_as_of` are the headline, the newest entry by an
        assessor other than the State, or `not_assessed` if there is none. On the same date an outside
        assessor takes precedence over this tracker's own reading (stated on the methodology page).
        If the headline of a record with parts is rolled up from theirs, `status_entry` is null.
        `disagree` is true if two roles' current statuses differ.
        Everything that shows, filters, counts or exports a status starts here. The values are read from
        the listing, which the database keeps equal to `with_derived_status()` and the listing's own rules.
        """
        names = ["status", "status_entry", "status_as_of", "disagree"]
        names += [f"{role}_{what}" for role in FollowUp.Role.values for what in ("entry", "status")]
        return self.annotate(**{name: F(f"listing__{name}") for name in names})

    def with_derived_status(self) -> Self:
        """Define what `with_status()` annotates; used only to derive the listing."""
        standing = FollowUp.objects.standing().newest_first().filter(recommendation=OuterRef("pk"))
        headline = standing.exclude(role=FollowUp.Role.STATE)
        parts = Recommendation.objects.published().expecting_follow_up().filter(parent=OuterRef("pk"))
        of_parts, newest = status_of_whole(parts, headline)
        derived = self.annotate(
            own_status=Subquery(headline.values("status")[:1]),
            own_as_of=Subquery(headline.values("as_of")[:1]),
            parts_as_of=newest,
        )
        # A verdict on the whole remains valid until a part is assessed at a later date.
        rolled_up = Q(parts_as_of__isnull=False) & (
            Q(own_as_of__isnull=True) | Q(own_as_of__lt=F("parts_as_of"))
        )
        annotations: dict[str, Any] = {
            "status_entry": Case(When(rolled_up, then=None), default=Subquery(headline.values("pk")[:1])),
            "status": Case(
                When(rolled_up, then=of_parts),
                default=Coalesce(F("own_status"), Value(FollowUp.NOT_ASSESSED)),
            ),
            "status_as_of": Case(When(rolled_up, then=F("parts_as_of")), default=F("own_as_of")),
        }
        for role in FollowUp.Role.values:
            of_role = standing.filter(role=role)
            annotations[f"{role}_entry"] = Subquery(of_role.values("pk")[:1])
            annotations[f"{role}_status"] = Subquery(of_role.values("status")[:1])
        return derived.annotate(**annotations)

    def expecting_follow_up(self) -> Self:
        """Leave out commendations, which credit progress and ask for nothing."""
        return self.exclude(kind=Recommendation.Kind.COMMENDATION)

    def with_stakeholders(self) -> Self:
        """Load who raised each record, in one query: the list `public_stakeholders`, those that may be named.

        Also annotate `raised_by_somebody`: if false, the source names nobody; if true and the list is
        empty, the names are withheld.
        """
        raised = Recommendation.raised_by.through._default_manager.filter(recommendation=OuterRef("pk"))
        public = Stakeholder.objects.published()
        return self.annotate(raised_by_somebody=Exists(raised)).prefetch_related(
            Prefetch("raised_by", queryset=public, to_attr="public_stakeholders")
        )

    def with_context(self) -> Self:
        """Load what list rows, export rows and cards show beside the words, in a fixed number of queries.

        Includes `with_stakeholders()`, and adds the lists `public_tags`, `public_response_links` (with
        their responses), `public_later_links` and `public_earlier_links` (with the record at the other
        end). The lists hold only what is public.
        """
        links = RecommendationLink.objects.published()
        rows = self.with_stakeholders().select_related("document__review__state", "paragraph__document")
        return rows.prefetch_related(
            Prefetch(
                "tags",
                queryset=IssueTag.objects.published().select_related("issue__parent"),
                to_attr="public_tags",
            ),
            "groups",
            Prefetch(
                "response_links",
                queryset=ResponseLink.objects.published().select_related(
                    "response__document__review", "response__paragraph__document"
                ),
                to_attr="public_response_links",
            ),
            Prefetch(
                "later_links",
                queryset=links.select_related("later__document__review", "later__paragraph__document"),
                to_attr="public_later_links",
            ),
            Prefetch(
                "earlier_links",
                queryset=links.select_related("earlier__document__review", "earlier__paragraph__document"),
                to_attr="public_earlier_links",
            ),
        )


class Recommendation(Quoted, NaturalKeyModel):
    """One thing put to the State: a recommendation, a concern, a question, or a commendation."""

    class Kind(models.TextChoices):
        RECOMMENDATION = "recommendation", _("Recommendation")
        CONCERN = "concern", _("Concern")
        QUESTION = "question", _("Question")
        COMMENDATION = "commendation", _("Commendation")

    class Position(models.TextChoices):
        SUPPORTED = "supported", _("Supported")
        SUPPORTED_IN_PART = "supported_in_part", _("Supported in part")
        NOTED = "noted", _("Noted")
        PENDING = "pending", _("Pending")

    raised_by = models.ManyToManyField(
        Stakeholder, related_name="recommendations", blank=True, verbose_name=_("raised by")
    )
    issues = models.ManyToManyField(
        Issue, through="IssueTag", related_name="recommendations", blank=True, verbose_name=_("issues")
    )
    groups = models.ManyToManyField(
        PopulationGroup, related_name="recommendations", blank=True, verbose_name=_("groups")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        help_text=_("The compound recommendation of which this is a part."),
        verbose_name=_("parent"),
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        help_text=_("The record that this one doubled. Its address leads there."),
        verbose_name=_("merged into"),
    )
    reference = models.CharField(_("reference"), max_length=80, unique=True, validators=[REFERENCE])
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    summary = models.CharField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("The editor’s, short; the words stay as they are."),
    )
    position = models.CharField(
        _("position"),
        max_length=20,
        choices=Position,
        blank=True,
        help_text=_("The State’s formal answer in the UPR."),
    )
    selected_for_follow_up = models.BooleanField(
        _("selected for follow up"), default=False, help_text=_("By the body that made it.")
    )
    due_on = models.DateField(
        _("due"), null=True, blank=True, help_text=_("When the body asked for a report.")
    )
    published = models.BooleanField(_("public"), default=False)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True, db_index=True)

    history = HistoricalRecords(m2m_fields=[raised_by, groups], excluded_fields=["updated_at"])
    objects = NaturalKeyManager.from_queryset(RecommendationQuerySet)()
    natural_key_fields = ("reference",)

    class Meta:
        ordering = ["document__review__starts_on", "document", "paragraph__position", "reference"]
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        constraints = [
            quoted_constraint("recommendation"),
            models.CheckConstraint(condition=~Q(text=""), name="recommendation_has_words"),
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="recommendation_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(published=False) & ~Q(merged_into=F("pk")),
                name="recommendation_merged_not_public",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(selected_for_follow_up=True),
                name="recommendation_due_only_if_selected",
            ),
        ]
        indexes = [
            models.Index(fields=["published", "kind"], name="recommendation_kind"),
            models.Index(fields=["published", "position"], name="recommendation_position"),
            models.Index(fields=["due_on"], name="recommendation_due"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("recommendation_detail", args=[self.reference])

    def clean(self) -> None:
        super().clean()
        if self.parent_id and self.parent_id == self.pk:
            raise ValidationError({"parent": gettext("A record cannot be a part of itself.")})
        if self.parent and self.parent.parent_id:
            raise ValidationError(
                {"parent": gettext("That is a part itself; choose the record that it belongs to.")}
            )
        if self.parent_id and self.pk and self.parts.exists():
            raise ValidationError({"parent": gettext("This has parts itself, so it cannot be a part.")})
        if self.due_on and not self.selected_for_follow_up:
            raise ValidationError({"due_on": gettext("Only a record selected for follow-up has a due date.")})

    def due_date_if_selected(self, due_on: datetime.date | None, review: Review) -> datetime.date | None:
        """Return the due date of the record once this review's body has selected it for follow-up.

        Call it while the record still has its stored values. `due_on` is the date given, if any. A record
        that was not selected before and comes without a date gets one by the body's rule (`ReportingTime`),
        if there is one. After that, the date may be changed, or removed for good.
        """
        if due_on or self.selected_for_follow_up:
            return due_on
        return ReportingTime.objects.due_date(review)

    @property
    def title(self) -> str:
        """Return the editor's summary, or the words themselves."""
        return self.summary or self.text

    @property
    def expects_follow_up(self) -> bool:
        """True unless the record is a commendation, which asks for nothing."""
        return self.kind != self.Kind.COMMENDATION


# One sentence per kind, for the methodology page.
KIND_MEANINGS = {
    Recommendation.Kind.RECOMMENDATION: _("asks the State for an action"),
    Recommendation.Kind.CONCERN: _("names a problem, and expects that it is dealt with"),
    Recommendation.Kind.QUESTION: _("a body asks the State for an answer"),
    Recommendation.Kind.COMMENDATION: _(
        "credits progress; no follow-up is expected, so it is left out of the figures by status"
    ),
}
