"""The sources of quoted words: State, review, document and paragraph."""

from __future__ import annotations

import difflib
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from recommendations.core.dates import day_in_words, month_in_words
from recommendations.models.document_kinds import document_kinds, label_of
from recommendations.reading.files.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCE = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$", _("Letters, digits, full stops, hyphens and underscores.")
)


# Rows by model and natural key, and by model and primary key.
_looked_up: ContextVar[dict[Any, Any] | None] = ContextVar("looked_up", default=None)


@contextmanager
def looking_up_once() -> Iterator[None]:
    """Cache natural-key look-ups within this context, for loading thousands of rows that name the same few.

    Code in the context must not delete rows or change their keys.
    """
    token = _looked_up.set({})
    try:
        yield
    finally:
        _looked_up.reset(token)


def looked_up(model: type[models.Model], pk: Any) -> Any:
    """Return the row if its natural key was looked up within `looking_up_once()`, else None."""
    return (_looked_up.get() or {}).get((model, pk))


def _value(row: Any, name: str) -> Any:
    """Return the value of a field; for a relation, the cached row if there is one."""
    field = type(row)._meta.get_field(name)
    if field.is_relation and not field.is_cached(row):
        known = looked_up(field.related_model, getattr(row, field.attname))
        if known is not None:
            return known
    return getattr(row, name)


class NaturalKeyManager(models.Manager[Any]):
    """Looks up rows by the fields in their model's `natural_key_fields`."""

    def get_by_natural_key(self, *values: Any) -> Any:
        """Return the row with this natural key; a field that is a relation is matched by its own key."""
        known, key = _looked_up.get(), (self.model, values)
        if known is not None and key in known:
            return known[key]
        row = self.get(**dict(zip(self.model.natural_key_fields, values, strict=True)))
        if known is not None:
            known[key] = known[self.model, row.pk] = row
        return row


class NaturalKeyModel(models.Model):
    """A model whose rows fixtures identify by readable fields instead of a number."""

    # Lookups, so `document__slug` identifies a row of another model by that model's own key.
    natural_key_fields: ClassVar[tuple[str, ...]]

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[Any, ...]:
        """Return the values of `natural_key_fields`, in order."""
        values = []
        for look_up in self.natural_key_fields:
            value: Any = self
            for name in look_up.split("__"):
                value = _value(value, name)
            values.append(value)
        return tuple(values)


class State(NaturalKeyModel):
    """One State under review, identified by its ISO 3166-1 alpha-3 code."""

    iso3 = models.CharField(
        _("ISO code"),
        max_length=3,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Three capital letters."))],
    )
    name = models.CharField(_("name"), max_length=100, unique=True)
    region = models.CharField(
        _("region"), max_length=100, blank=True, help_text=_("Regional group at the United Nations.")
    )

    history = HistoricalRecords()
    objects = NaturalKeyManager()
    natural_key_fields = ("iso3",)

    class Meta:
        ordering = ["name"]
        verbose_name = _("state")
        verbose_name_plural = _("states")
        constraints = [
            models.CheckConstraint(condition=Q(iso3__regex=r"^[A-Z]{3}$"), name="state_iso3_three_capitals")
        ]

    def __str__(self) -> str:
        return self.name


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reviews; `published()` is what the public may see."""

    def published(self) -> Self:
        """Return reviews with at least one published document."""
        return self.filter(Exists(Document.objects.published().filter(review=OuterRef("pk"))))


class Review(NaturalKeyModel):
    """One examination of one State by one mechanism at one session."""

    class Mechanism(models.TextChoices):
        UPR = "UPR", _("Universal Periodic Review")
        CCPR = "CCPR", _("Human Rights Committee")
        CAT = "CAT", _("Committee against Torture")
        CEDAW = "CEDAW", _("Committee on the Elimination of Discrimination against Women")
        CERD = "CERD", _("Committee on the Elimination of Racial Discrimination")
        CESCR = "CESCR", _("Committee on Economic, Social and Cultural Rights")
        CMW = "CMW", _("Committee on Migrant Workers")
        CRC = "CRC", _("Committee on the Rights of the Child")
        CRPD = "CRPD", _("Committee on the Rights of Persons with Disabilities")
        CED = "CED", _("Committee on Enforced Disappearances")
        SPECIAL_PROCEDURE = "SP", _("Special procedure")
        REGIONAL = "REG", _("Regional mechanism")
        OTHER = "OTHER", _("Other")

    class Precision(models.TextChoices):
        DAY = "day", _("to the day")
        MONTH = "month", _("to the month")
        YEAR = "year", _("to the year")

    state = models.ForeignKey(
        State, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("state")
    )
    slug = models.SlugField(_("slug"), unique=True, max_length=60)
    mechanism = models.CharField(_("mechanism"), max_length=5, choices=Mechanism)
    cycle = models.CharField(
        _("cycle"),
        max_length=20,
        blank=True,
        help_text=_("Cycle of the UPR, or number of the periodic report."),
    )
    session = models.CharField(_("session"), max_length=20, help_text=_("Number of the session, e.g. 7."))
    starts_on = models.DateField(
        _("begins"), db_index=True, help_text=_("First day, or the first of the month or year.")
    )
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    precision = models.CharField(
        _("precision"),
        max_length=5,
        choices=Precision,
        default=Precision.DAY,
        help_text=_("How exactly the beginning is known."),
    )
    note = models.TextField(_("note"), blank=True)

    history = HistoricalRecords()
    objects = NaturalKeyManager.from_queryset(ReviewQuerySet)()
    natural_key_fields = ("slug",)

    class Meta:
        ordering = ["-starts_on", "slug"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(fields=["state", "mechanism", "session"], name="review_once_per_session"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="review_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["mechanism", "starts_on"], name="review_mechanism")]

    def __str__(self) -> str:
        return f"{self.state}, {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("review_detail", args=[self.slug])

    @property
    def label(self) -> str:
        """Return mechanism, session and year: `Universal Periodic Review, session 7 (2010)`."""
        return gettext("%(mechanism)s, session %(session)s (%(year)s)") % {
            "mechanism": self.Mechanism(self.mechanism).label,
            "session": self.session,
            "year": self.year,
        }

    @property
    def short_label(self) -> str:
        """Return a short label for narrow places: `UPR 7 (2010)`."""
        return f"{self.mechanism} {self.session} ({self.year})"

    @property
    def year(self) -> int:
        """Return the year in which the review began."""
        return self.starts_on.year

    @property
    def when(self) -> str:
        """Return the dates in words, no more precise than they are known."""
        if self.precision == self.Precision.YEAR:
            return str(self.year)
        if self.precision == self.Precision.MONTH:
            return month_in_words(self.starts_on)
        if not self.ends_on or self.ends_on == self.starts_on:
            return day_in_words(self.starts_on)
        if (self.ends_on.year, self.ends_on.month) == (self.starts_on.year, self.starts_on.month):
            return f"{self.starts_on.day}–{day_in_words(self.ends_on)}"
        return f"{day_in_words(self.starts_on)} – {day_in_words(self.ends_on)}"


class DocumentQuerySet(models.QuerySet["Document"]):
    """Documents; `published()` is what the public may see."""

    def published(self) -> Self:
        """Return documents released by an editor."""
        return self.filter(published=True)


class Document(NaturalKeyModel):
    """One source text of a review, as read: a UN document, a submission, or a data set."""

    review = models.ForeignKey(
        Review, on_delete=models.PROTECT, related_name="documents", verbose_name=_("review")
    )
    slug = models.SlugField(_("slug"), unique=True, max_length=80)
    symbol = models.CharField(
        _("symbol"), max_length=60, blank=True, help_text=_("UN symbol, e.g. A/HRC/WG.6/7/KAZ/3.")
    )
    considers = models.CharField(
        _("considers"),
        max_length=60,
        blank=True,
        help_text=_("Symbol of the State report that the document is about."),
    )
    kind = models.CharField(_("kind"), max_length=30, choices=document_kinds)
    title = models.CharField(_("title"), max_length=300)
    published_on = models.DateField(_("dated"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    url = models.URLField(_("address"), max_length=500, blank=True)
    sha256 = models.CharField(
        _("SHA-256"), max_length=64, blank=True, help_text=_("Of the file that was read, in hexadecimal.")
    )
    note = models.TextField(
        _("note"),
        blank=True,
        help_text=_("What a reader must know, e.g. what is missing in the text we hold."),
    )
    published = models.BooleanField(_("public"), default=False, db_index=True)

    history = HistoricalRecords()
    objects = NaturalKeyManager.from_queryset(DocumentQuerySet)()
    natural_key_fields = ("slug",)

    class Meta:
        ordering = ["review__starts_on", "slug"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(fields=["symbol"], condition=~Q(symbol=""), name="document_symbol_once"),
            models.CheckConstraint(
                condition=Q(sha256="") | Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="document_sha256_hexadecimal",
            ),
        ]
        indexes = [models.Index(fields=["kind"], name="document_kind")]

    def __str__(self) -> str:
        return self.symbol or self.title

    def get_absolute_url(self) -> str:
        return reverse("document_detail", args=[self.slug])

    @property
    def name(self) -> str:
        """Return the symbol, or a short name if the document has none."""
        if self.symbol:
            return self.symbol
        # Not `get_kind_display()`, which translates every kind to find one: this stands on each card.
        kind = label_of(self.kind)
        if not self.considers:
            return kind
        return gettext("%(kind)s on %(report)s") % {"kind": kind, "report": self.considers}


class Paragraph(NaturalKeyModel):
    """One numbered (in press releases: counted) unit of a document, kept verbatim."""

    class Speaker(models.TextChoices):
        EXPERTS = "experts", _("Committee experts")
        DELEGATION = "delegation", _("Delegation of the State")
        HEAD_OF_DELEGATION = "head_of_delegation", _("Head of delegation")
        CHAIRPERSON = "chairperson", _("Chairperson")
        NARRATOR = "narrator", _("Narrator")

    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="paragraphs", verbose_name=_("document")
    )
    position = models.PositiveIntegerField(_("position"), help_text=_("Place in the document, from 1."))
    number = models.CharField(_("number"), max_length=20, help_text=_("As printed, or as counted."))
    section = models.JSONField(
        _("section"), default=list, blank=True, help_text=_("The headings above it, outermost first.")
    )
    speaker = models.CharField(_("speaker"), max_length=20, choices=Speaker, blank=True)
    text = models.TextField(_("text"))

    history = HistoricalRecords()
    objects = NaturalKeyManager()
    natural_key_fields = ("document__slug", "number")

    class Meta:
        ordering = ["document", "position"]
        verbose_name = _("paragraph")
        verbose_name_plural = _("paragraphs")
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="paragraph_number_once"),
            models.UniqueConstraint(fields=["document", "position"], name="paragraph_position_once"),
            models.CheckConstraint(condition=~Q(text=""), name="paragraph_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.document}, {self.place}"

    def get_absolute_url(self) -> str:
        return f"{self.document.get_absolute_url()}#{self.anchor}"

    @property
    def anchor(self) -> str:
        """Return its fragment identifier on the document's page: `p36`."""
        return f"p{self.number}"

    @property
    def place(self) -> str:
        """Return the place for a citation: `para. 36`."""
        return gettext("para. %(number)s") % {"number": self.number}

    def holds(self, quote: str) -> bool:
        """True if these words occur in the paragraph, with white space folded."""
        return fold(quote) in fold(self.text)

    def nearest(self, quote: str) -> str:
        """Return the passage of the paragraph that is most similar to these words; empty if none is."""
        text, words = fold(self.text), fold(quote)
        match = difflib.SequenceMatcher(None, text, words, autojunk=False).find_longest_match()
        if match.size < min(8, len(words)):
            return ""
        start = max(0, match.a - match.b)
        stop = start + len(words)
        # Extend the passage to whole words.
        start = text.rfind(" ", 0, start + 1) + 1
        stop = len(text) if (space := text.find(" ", stop)) < 0 else space
        return text[start:stop]
