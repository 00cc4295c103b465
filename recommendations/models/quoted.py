"""The abstract base of records that quote, and the check that a quote occurs in its paragraph."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recommendations.models.sources import Document, Paragraph


class Quoted(models.Model):
    """A record that quotes a document: the exact words and their place in it.

    The place is either a paragraph of the document, in which the words must occur, or (for rows of a
    spreadsheet) a locator: sheet and row, or the source's own id.
    """

    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name=_("document")
    )
    paragraph = models.ForeignKey(
        Paragraph,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("paragraph"),
    )
    locator = models.CharField(
        _("locator"),
        max_length=200,
        blank=True,
        help_text=_("Only for rows of a data set: sheet and row, or the source’s own id."),
    )
    text = models.TextField(_("words"), help_text=_("Verbatim, as in the paragraph."))

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the record; refuse a quote that does not occur in its paragraph."""
        if self.paragraph is not None:
            check_quote(self.paragraph, self.text, field="text")
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a quote that does not occur in its paragraph; the error names the nearest passage."""
        super().clean()
        if self.paragraph is None:
            if not self.locator:
                raise ValidationError(
                    {"paragraph": gettext("Name the paragraph, or for a row of a data set its locator.")}
                )
            return
        if self.document_id and self.paragraph.document_id != self.document_id:
            raise ValidationError(
                {
                    "paragraph": gettext("This paragraph belongs to %(document)s.")
                    % {"document": self.paragraph.document}
                }
            )
        check_quote(self.paragraph, self.text, field="text")

    @property
    def place(self) -> str:
        """Return the place of the words for a citation: `A/HRC/WG.6/7/KAZ/3, para. 36`."""
        return f"{self.document.name}, {self.place_in_document}"

    @property
    def place_in_document(self) -> str:
        """Return the paragraph, or the row of a data set, in words."""
        return self.paragraph.place if self.paragraph else self.locator

    @property
    def place_url(self) -> str:
        """Return the address of the paragraph on the document's page."""
        return (self.paragraph or self.document).get_absolute_url()


def check_quote(paragraph: Paragraph, words: str, field: str) -> None:
    """Raise a ValidationError on `field` unless the words occur in the paragraph."""
    if words and not paragraph.holds(words):
        nearest = paragraph.nearest(words)
        sentence = gettext("These words do not stand in paragraph %(number)s.") % {"number": paragraph.number}
        hint = (
            gettext("Nearest match: “%(words)s”.") % {"words": nearest}
            if nearest
            else gettext("Nothing similar stands there.")
        )
        raise ValidationError({field: f"{sentence} {hint}"})


def quoted_constraint(model: str) -> models.CheckConstraint:
    """Return the named constraint of a quoting model: it has a paragraph or a locator."""
    return models.CheckConstraint(
        condition=Q(paragraph__isnull=False) | ~Q(locator=""), name=f"{model}_has_paragraph_or_locator"
    )
