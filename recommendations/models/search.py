"""Tables of the search: each record's stems, and all known words. All derived (`rebuild_search`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from recommendations.models.recommendations import Recommendation

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper


class StemVectorField(models.Field):  # type: ignore[type-arg]  # cannot be subscripted at run time
    """PostgreSQL's `tsvector`, written as its literal; empty on SQLite, which has an index of its own."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"


class SearchEntry(models.Model):
    """The stems of one record, public or not, with only the names that are public.

    Each column holds stems separated by spaces, with `|` between texts, so that no phrase spans two of
    them. Search starts from published records; the entry does not know whether its record is published.
    """

    recommendation = models.OneToOneField(
        Recommendation, on_delete=models.CASCADE, primary_key=True, related_name="search"
    )
    reference = models.CharField(max_length=80, db_index=True, help_text="In small letters.")
    title = models.TextField(help_text="Stems of the summary, the reference and the document's symbol.")
    words = models.TextField(help_text="Stems of the words themselves.")
    names = models.TextField(help_text="Stems of who raised it, its issues and groups, and the State.")
    vector = StemVectorField(null=True)

    class Meta:
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return self.reference


class SearchWord(models.Model):
    """One word that occurs in public records, a candidate for "did you mean"."""

    form = models.CharField(max_length=60, unique=True, help_text="In small letters, without accents.")
    stem = models.CharField(max_length=60)
    length = models.PositiveSmallIntegerField(db_index=True)
    uses = models.PositiveIntegerField(help_text="How often, when the index was last built.")

    def __str__(self) -> str:
        return self.form
