"""Links between records: the shared base of all links, and the steps of a chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from recommendations.models.sources import NaturalKeyManager, NaturalKeyModel

if TYPE_CHECKING:
    from collections.abc import Iterable


class LinkQuerySet(models.QuerySet[Any]):
    """Links; a suggested link has not been confirmed by anyone and is never public."""

    ends: tuple[str, str]

    def published(self) -> Self:
        """Return confirmed links whose two ends are both public."""
        of_ends = {
            f"{end}__{field}": True for end in self.ends for field in ("published", "document__published")
        }
        return self.filter(confirmed=True, **of_ends)


class RecommendationLinkQuerySet(LinkQuerySet):
    """Links between an earlier record and a later one."""

    ends = ("earlier", "later")

    def touching(self, recommendations: Iterable[Any]) -> Self:
        """Return links with either end among these recommendations."""
        ids = list(recommendations)
        return self.filter(Q(earlier__in=ids) | Q(later__in=ids))


class RecommendationLink(NaturalKeyModel):
    """One step of a chain: an earlier record, and a later one that asks for the same or is related."""

    class Relation(models.TextChoices):
        TAKEN_UP = "taken_up", _("Taken up")
        REPEATED = "repeated", _("Repeated")
        RELATED = "related", _("Related")

    earlier = models.ForeignKey(
        "Recommendation", on_delete=models.CASCADE, related_name="later_links", verbose_name=_("earlier")
    )
    later = models.ForeignKey(
        "Recommendation", on_delete=models.CASCADE, related_name="earlier_links", verbose_name=_("later")
    )
    relation = models.CharField(_("relation"), max_length=10, choices=Relation, db_index=True)
    rationale = models.CharField(
        _("rationale"), max_length=500, help_text=_("What the two have in common, in one line.")
    )
    confirmed = models.BooleanField(
        _("confirmed"), default=False, help_text=_("A person has judged it; suggestions are not public.")
    )

    history = HistoricalRecords()
    objects = NaturalKeyManager.from_queryset(RecommendationLinkQuerySet)()
    natural_key_fields = ("earlier__reference", "later__reference")

    class Meta:
        ordering = ["earlier", "later"]
        verbose_name = _("recommendation link")
        verbose_name_plural = _("recommendation links")
        constraints = [
            models.UniqueConstraint(fields=["earlier", "later"], name="recommendation_link_once"),
            models.CheckConstraint(condition=~Q(earlier=F("later")), name="recommendation_link_two_ends"),
            models.CheckConstraint(condition=~Q(rationale=""), name="recommendation_link_has_rationale"),
        ]

    def __str__(self) -> str:
        return f"{self.earlier} → {self.later}"

    def clean(self) -> None:
        """Refuse a link that runs backward in time or between two States."""
        super().clean()
        try:
            earlier, later = self.earlier, self.later
            before, after = earlier.document.review, later.document.review
        except ObjectDoesNotExist:  # an end or its document has not been chosen yet
            return
        if earlier == later:
            raise ValidationError({"later": gettext("A record cannot follow itself.")})
        if before.starts_on > after.starts_on:
            sentence = gettext("%(later)s was raised before %(earlier)s; swap the two.")
            raise ValidationError({"later": sentence % {"later": self.later, "earlier": self.earlier}})
        if before.state_id != after.state_id:
            raise ValidationError({"later": gettext("The two records are about different States.")})


# The relations in which the later record asks for the same again; "related" shares only the subject.
AGAIN = (RecommendationLink.Relation.TAKEN_UP, RecommendationLink.Relation.REPEATED)
