"""Evidence for entries of the log, and who may see it."""

from __future__ import annotations

import re
import uuid
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from recommendations.models.follow_up import AppendOnlyError, FollowUp
from recommendations.models.quoted import check_quote
from recommendations.models.sources import NaturalKeyManager, NaturalKeyModel, Paragraph

if TYPE_CHECKING:
    from recommendations.core.viewer import Viewer


class Access(models.TextChoices):
    """Who may see evidence or a note: everyone, members of partner organisations, or its own organisation."""

    PUBLIC = "public", _("Public")
    PARTNERS = "partners", _("Partners")
    PRIVATE = "private", _("Private")


FOLDER = "evidence"
# The key of a file: its randomly generated name in the storage, without the extension.
KEY = r"[0-9a-f]{32}"


def evidence_path(_evidence: Evidence, filename: str) -> str:
    """Return an unguessable path for an uploaded file; only the extension of its name is kept."""
    return f"{FOLDER}/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:10]}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence; `published()` is what the public may see."""

    def published(self) -> Self:
        """Return evidence meant for everyone, of published entries on public records.

        Evidence that quotes a paragraph of a hidden document is left out.
        """
        return self.filter(
            Q(paragraph__isnull=True) | Q(paragraph__document__published=True),
            access=Evidence.Access.PUBLIC,
            follow_up__published_at__isnull=False,
            follow_up__withdrawn_at__isnull=True,
            follow_up__recommendation__published=True,
            follow_up__recommendation__document__published=True,
        )

    def with_file(self, key: str) -> Self:
        """Return evidence whose file has this key (`Evidence.file_key`)."""
        return self.filter(Q(file=f"{FOLDER}/{key}") | Q(file__startswith=f"{FOLDER}/{key}."))

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the evidence this person may see, of entries they may read (`FollowUpQuerySet.visible_to`).

        That is all evidence of their own organisations; evidence for partners, if they are a member of a
        partner organisation or a reviewer; and evidence that is public or meant to be.
        """
        levels = [Evidence.Access.PUBLIC]
        if viewer.is_partner or viewer.reviews:
            levels.append(Evidence.Access.PARTNERS)
        entries = FollowUp.objects.visible_to(viewer).filter(withdrawn_at__isnull=True)
        shared = Q(access__in=levels)
        if not (viewer.reviews or viewer.edits):
            # Quotes of a hidden document are shown only to people who may see it or who wrote the entry.
            shared &= Q(paragraph__isnull=True) | Q(paragraph__document__published=True)
        own = Q(follow_up__assessor__in=viewer.organisations)
        return self.filter(shared | own, follow_up__in=entries.values("pk"))


class Evidence(NaturalKeyModel):
    """One piece of evidence for an entry: a quoted paragraph, a link, or a file."""

    class Kind(models.TextChoices):
        PARAGRAPH = "paragraph", _("Quoted paragraph")
        LINK = "link", _("Link")
        FILE = "file", _("File")

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("Supports")
        CONTRADICTS = "contradicts", _("Contradicts")
        CONTEXT = "context", _("Gives context")

    Access = Access

    follow_up = models.ForeignKey(
        FollowUp, on_delete=models.CASCADE, related_name="evidence", verbose_name=_("follow up")
    )
    position = models.PositiveIntegerField(_("position"), default=1, help_text=_("Order within the entry."))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    stance = models.CharField(_("stance"), max_length=15, choices=Stance, default=Stance.SUPPORTS)
    access = models.CharField(_("access level"), max_length=10, choices=Access, default=Access.PRIVATE)
    title = models.CharField(_("title"), max_length=300, blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    paragraph = models.ForeignKey(
        Paragraph,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("paragraph"),
    )
    text = models.TextField(_("words"), blank=True, help_text=_("Verbatim, as in the paragraph."))
    url = models.URLField(_("link"), max_length=1000, blank=True)
    file = models.FileField(_("file"), upload_to=evidence_path, blank=True)

    history = HistoricalRecords()
    objects = NaturalKeyManager.from_queryset(EvidenceQuerySet)()
    natural_key_fields = ("follow_up__reference", "position")

    class Meta:
        ordering = ["follow_up", "position"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "position"], name="evidence_position_once"),
            models.CheckConstraint(
                condition=Q(kind="paragraph", paragraph__isnull=False, url="", file="") & ~Q(text="")
                | Q(kind="link", paragraph__isnull=True, file="") & ~Q(url="")
                | Q(kind="file", paragraph__isnull=True, url="") & ~Q(file=""),
                name="evidence_is_what_its_kind_says",
            ),
            models.CheckConstraint(
                condition=Q(access__in=["public", "partners", "private"]), name="evidence_access_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title or (str(self.paragraph) if self.paragraph else self.url or gettext("file"))

    @property
    def file_key(self) -> str:
        """Return the unguessable part of the file's stored name; empty without such a file."""
        path = PurePath(str(self.file))
        return path.stem if path.parts[:-1] == (FOLDER,) and re.fullmatch(KEY, path.stem) else ""

    @property
    def file_type(self) -> str:
        """Return the type of the file for display, e.g. PDF."""
        return PurePath(str(self.file)).suffix.lstrip(".").upper()

    @property
    def public_file_address(self) -> str:
        """Return the public download address of the file of public evidence; empty without such a file."""
        return reverse("public_file", args=[self.file_key]) if self.file_key else ""

    def clean(self) -> None:
        """Check that the content fits the kind, and that a quote occurs in its paragraph."""
        super().clean()
        content = {self.Kind.PARAGRAPH: self.paragraph, self.Kind.LINK: self.url, self.Kind.FILE: self.file}
        if not self.kind:
            return
        field = {"paragraph": "paragraph", "link": "url", "file": "file"}[self.kind]
        if not content[self.Kind(self.kind)]:
            raise ValidationError({field: gettext("Evidence of this kind needs this field.")})
        others = [
            name
            for kind, name in (("paragraph", "paragraph"), ("link", "url"), ("file", "file"))
            if kind != self.kind and content[self.Kind(kind)]
        ]
        if others:
            raise ValidationError(
                {
                    others[0]: gettext("Leave this empty: the evidence is a %(kind)s.")
                    % {"kind": self.get_kind_display().lower()}
                }
            )
        if self.paragraph:
            if not self.text:
                raise ValidationError({"text": gettext("Quote the words of the paragraph.")})
            check_quote(self.paragraph, self.text, field="text")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save evidence of a draft; refuse for a published entry."""
        if self.follow_up.is_published:
            raise AppendOnlyError(FollowUp.APPEND_ONLY)
        if self.paragraph is not None:
            check_quote(self.paragraph, self.text, field="text")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete evidence of a draft; refuse for a published entry."""
        if self.follow_up.is_published:
            raise AppendOnlyError(FollowUp.APPEND_ONLY)
        return super().delete(*args, **kwargs)
