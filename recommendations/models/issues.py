"""The subject of a recommendation: the tree of issues, and the population groups."""

from __future__ import annotations

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from recommendations.models.sources import NaturalKeyManager, NaturalKeyModel

PATH_LENGTH = 200


class IssueQuerySet(models.QuerySet["Issue"]):
    """Issues, addressed by their path in the tree."""

    def within(self, path: str) -> Self:
        """Return the issue at this path and everything below it."""
        return self.filter(Q(path=path) | Q(path__startswith=f"{path}/"))

    def formerly(self, path: str) -> Self:
        """Return the issue that was at this path before it was moved in the tree, found by its slug."""
        return self.filter(slug=path.rpartition("/")[2]).exclude(path=path)


class Issue(NaturalKeyModel):
    """One theme of the tree, e.g. Torture and ill-treatment › Definition of torture."""

    slug = models.SlugField(_("slug"), unique=True, max_length=60)
    name = models.CharField(_("name"), max_length=150)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    # The slugs of its ancestors and its own, joined; used in addresses and filters.
    path = models.CharField(_("path"), max_length=PATH_LENGTH, unique=True, editable=False)
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("Order among its siblings."))
    uhri_theme = models.CharField(_("UHRI theme"), max_length=150, blank=True)
    sdg_targets = models.JSONField(
        _("SDG targets"), default=list, blank=True, help_text=_('For example ["16.3"].')
    )

    history = HistoricalRecords()
    objects = NaturalKeyManager.from_queryset(IssueQuerySet)()
    natural_key_fields = ("slug",)

    class Meta:
        ordering = ["path"]
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="issue_has_name"),
            models.CheckConstraint(condition=~Q(parent=models.F("pk")), name="issue_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.parent.name} › {self.name}" if self.parent else self.name

    def get_absolute_url(self) -> str:
        return reverse("issue_detail", args=[self.path])

    def clean(self) -> None:
        """Refuse an issue below itself, or so deep in the tree that its address becomes too long."""
        super().clean()
        if self.parent and len(f"{self.parent.path}/{self.slug}") > PATH_LENGTH:
            raise ValidationError(
                {
                    "slug": gettext("The address of the issue would be longer than %(most)s characters.")
                    % {"most": PATH_LENGTH}
                }
            )
        above = self.parent
        while above is not None:
            if above.pk == self.pk and self.pk is not None:
                raise ValidationError({"parent": gettext("An issue cannot stand below itself.")})
            above = above.parent

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and update the paths of this issue and all below it to match the slugs."""
        self.path = f"{self.parent.path}/{self.slug}" if self.parent else self.slug
        super().save(*args, **kwargs)
        for child in self.children.all():
            if child.path != f"{self.path}/{child.slug}":
                child.parent = self
                child.save()


class PopulationGroup(NaturalKeyModel):
    """A group of people affected: women, children, persons deprived of liberty …"""

    slug = models.SlugField(_("slug"), unique=True, max_length=60)
    name = models.CharField(_("name"), max_length=150, unique=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    history = HistoricalRecords()
    objects = NaturalKeyManager()
    natural_key_fields = ("slug",)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("population group")
        verbose_name_plural = _("population groups")

    def __str__(self) -> str:
        return self.name


class IssueTagQuerySet(models.QuerySet["IssueTag"]):
    """Tags; a suggested tag has not been confirmed by anyone and is never public."""

    def published(self) -> Self:
        """Return tags that the source or an editor gave to a public record."""
        return self.exclude(origin=IssueTag.Origin.SUGGESTION).filter(
            recommendation__published=True, recommendation__document__published=True
        )


class IssueTag(NaturalKeyModel):
    """Tags one recommendation with one issue, and records who made that judgement."""

    class Origin(models.TextChoices):
        SOURCE = "source", _("Source")
        EDITOR = "editor", _("Editor")
        SUGGESTION = "suggestion", _("Suggestion")

    recommendation = models.ForeignKey(
        "Recommendation", on_delete=models.CASCADE, related_name="tags", verbose_name=_("recommendation")
    )
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="tags", verbose_name=_("issue"))
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.EDITOR)

    history = HistoricalRecords()
    objects = NaturalKeyManager.from_queryset(IssueTagQuerySet)()
    natural_key_fields = ("recommendation__reference", "issue__slug")

    class Meta:
        ordering = ["issue__path"]
        verbose_name = _("issue tag")
        verbose_name_plural = _("issue tags")
        constraints = [models.UniqueConstraint(fields=["recommendation", "issue"], name="issue_tag_once")]

    def __str__(self) -> str:
        return f"{self.recommendation}: {self.issue}"


def ancestors(path: str) -> list[str]:
    """Return the paths from the root down to this one, inclusive: `a`, `a/b`, `a/b/c`."""
    steps = path.split("/")
    return ["/".join(steps[: n + 1]) for n in range(len(steps))]
