"""Stakeholders of every kind, and the members of joint ones."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from recommendations.models.sources import NaturalKeyManager, NaturalKeyModel, Review, State


class StakeholderQuerySet(models.QuerySet["Stakeholder"]):
    """Stakeholders; `published()` is what the public may see."""

    def published(self) -> Self:
        """Return stakeholders whose names may appear on public pages."""
        return self.filter(published=True)


class Stakeholder(NaturalKeyModel):
    """A party that raises or assesses: an NGO, a joint submission, a committee, a State, this tracker."""

    class Kind(models.TextChoices):
        NGO = "ngo", _("NGO")
        JOINT_SUBMISSION = "joint_submission", _("Joint submission")
        COALITION = "coalition", _("Coalition")
        NHRI = "nhri", _("National human rights institution")
        REGIONAL_BODY = "regional_body", _("Regional body")
        UN_BODY = "un_body", _("UN body")
        COMMITTEE = "committee", _("Committee")
        RECOMMENDING_STATE = "recommending_state", _("Recommending State")
        STATE = "state", _("State under review")
        TRACKER = "tracker", _("This tracker")

    slug = models.SlugField(_("slug"), unique=True, max_length=80)
    name = models.CharField(_("name"), max_length=300)
    acronym = models.CharField(_("acronym"), max_length=60, blank=True, db_index=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, db_index=True)
    # A joint submission belongs to one review: JS1 of 2010 is not JS1 of 2014.
    review = models.ForeignKey(
        Review,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stakeholders",
        help_text=_("Only for a joint submission: the review it was made for."),
        verbose_name=_("review"),
    )
    state = models.ForeignKey(
        State,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stakeholders",
        help_text=_("Only for a State: which one."),
        verbose_name=_("state"),
    )
    members = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="member_of", verbose_name=_("members")
    )
    note = models.TextField(_("note"), blank=True)
    published = models.BooleanField(
        _("public"), default=False, db_index=True, help_text=_("Whether the name may stand on public pages.")
    )
    partner = models.BooleanField(
        _("partner"),
        default=False,
        help_text=_("Whether its members, signed in, may see what is for partners."),
    )
    shows_authors = models.BooleanField(
        _("names its authors"),
        default=False,
        help_text=_("Whether the names of those who log its entries may stand on public pages."),
    )

    history = HistoricalRecords(m2m_fields=[members])
    objects = NaturalKeyManager.from_queryset(StakeholderQuerySet)()
    natural_key_fields = ("slug",)

    class Meta:
        ordering = ["name", "slug"]
        verbose_name = _("stakeholder")
        verbose_name_plural = _("stakeholders")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="stakeholder_has_name"),
            models.UniqueConstraint(
                fields=["state"], condition=Q(kind="state"), name="stakeholder_one_per_state_under_review"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.acronym})" if self.acronym and self.acronym != self.name else self.name

    def get_absolute_url(self) -> str:
        return reverse("stakeholder_detail", args=[self.slug])

    @property
    def short(self) -> str:
        """Return the acronym if there is one, else the name."""
        return self.acronym or self.name
