"""Where words come from: State, review, document, paragraph, and the abstract Quoted."""

from __future__ import annotations

import difflib
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from recommendations.reading.text import fold

REFERENCE = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$", "Letters, digits, full stops, hyphens and underscores."
)


class NaturalKeyManager(models.Manager[Any]):
    """Looks a row up by the fields its model names in `natural_key_fields`."""

    def get_by_natural_key(self, *values: Any) -> Any:
        """The row with this natural key; a field that is itself a relation spans its own key."""
        return self.get(**dict(zip(self.model.natural_key_fields, values, strict=True)))


class NaturalKeyModel(models.Model):
    """A model that fixtures name by readable fields instead of by a number."""

    # Look-ups, so that `document__slug` names a row of another model by that model's own key.
    natural_key_fields: ClassVar[tuple[str, ...]]

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[Any, ...]:
        """The values of `natural_key_fields`, in order."""
        values = []
        for look_up in self.natural_key_fields:
            value: Any = self
            for name in look_up.split("__"):
                value = getattr(value, name)
            values.append(value)
        return tuple(values)


class State(NaturalKeyModel):
    """One State under review, by its ISO 3166-1 alpha-3 code."""

    iso3 = models.CharField(
        "ISO code",
        max_length=3,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{3}$", "Three capital letters.")],
    )
    name = models.CharField(max_length=100, unique=True)
    region = models.CharField(max_length=100, blank=True, help_text="Regional group at the United Nations.")

    history = HistoricalRecords()
    objects = NaturalKeyManager()
    natural_key_fields = ("iso3",)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(iso3__regex=r"^[A-Z]{3}$"), name="state_iso3_three_capitals")
        ]

    def __str__(self) -> str:
        return self.name


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reviews; `published()` is what the public may see."""

    def published(self) -> Self:
        """Reviews with at least one published document."""
        return self.filter(Exists(Document.objects.published().filter(review=OuterRef("pk"))))


class Review(NaturalKeyModel):
    """One examination of one State by one mechanism at one session."""

    class Mechanism(models.TextChoices):
        UPR = "UPR", "Universal Periodic Review"
        CCPR = "CCPR", "Human Rights Committee"
        CAT = "CAT", "Committee against Torture"
        CEDAW = "CEDAW", "Committee on the Elimination of Discrimination against Women"
        CERD = "CERD", "Committee on the Elimination of Racial Discrimination"
        CESCR = "CESCR", "Committee on Economic, Social and Cultural Rights"
        CMW = "CMW", "Committee on Migrant Workers"
        CRC = "CRC", "Committee on the Rights of the Child"
        CRPD = "CRPD", "Committee on the Rights of Persons with Disabilities"
        CED = "CED", "Committee on Enforced Disappearances"
        SPECIAL_PROCEDURE = "SP", "Special procedure"
        REGIONAL = "REG", "Regional mechanism"
        OTHER = "OTHER", "Other"

    class Precision(models.TextChoices):
        DAY = "day", "to the day"
        MONTH = "month", "to the month"
        YEAR = "year", "to the year"

    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="reviews")
    slug = models.SlugField(unique=True, max_length=60)
    mechanism = models.CharField(max_length=5, choices=Mechanism)
    cycle = models.CharField(
        max_length=20, blank=True, help_text="Cycle of the UPR, or number of the periodic report."
    )
    session = models.CharField(max_length=20, help_text="Number of the session, e.g. 7.")
    starts_on = models.DateField(
        "begins", db_index=True, help_text="First day, or the first of the month or year."
    )
    ends_on = models.DateField("ends", null=True, blank=True)
    precision = models.CharField(
        max_length=5,
        choices=Precision,
        default=Precision.DAY,
        help_text="How exactly the beginning is known.",
    )
    note = models.TextField(blank=True)

    history = HistoricalRecords()
    objects = NaturalKeyManager.from_queryset(ReviewQuerySet)()
    natural_key_fields = ("slug",)

    class Meta:
        ordering = ["-starts_on", "slug"]
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
        """Mechanism, session and year: `Universal Periodic Review, session 7 (2010)`."""
        return f"{self.get_mechanism_display()}, session {self.session} ({self.year})"

    @property
    def short_label(self) -> str:
        """For narrow places: `UPR 7 (2010)`."""
        return f"{self.mechanism} {self.session} ({self.year})"

    @property
    def year(self) -> int:
        """The year the review began."""
        return self.starts_on.year

    @property
    def when(self) -> str:
        """The dates in words, no more exactly than they are known."""
        if self.precision == self.Precision.YEAR:
            return str(self.year)
        if self.precision == self.Precision.MONTH:
            return f"{self.starts_on:%B %Y}"
        if not self.ends_on or self.ends_on == self.starts_on:
            return f"{self.starts_on.day} {self.starts_on:%B %Y}"
        if (self.ends_on.year, self.ends_on.month) == (self.starts_on.year, self.starts_on.month):
            return f"{self.starts_on.day}–{self.ends_on.day} {self.ends_on:%B %Y}"
        return f"{self.starts_on.day} {self.starts_on:%B %Y} – {self.ends_on.day} {self.ends_on:%B %Y}"


class DocumentQuerySet(models.QuerySet["Document"]):
    """Documents; `published()` is what the public may see."""

    def published(self) -> Self:
        """Documents released by an editor."""
        return self.filter(published=True)


class Document(NaturalKeyModel):
    """One source text of a review, as read: a UN document, a submission, or a data set."""

    class Kind(models.TextChoices):
        STAKEHOLDER_SUMMARY = "stakeholder_summary", "Summary of stakeholders’ submissions"
        UN_COMPILATION = "un_compilation", "Compilation of UN information"
        NATIONAL_REPORT = "national_report", "National report"
        WORKING_GROUP_REPORT = "working_group_report", "Report of the working group"
        ADDENDUM = "addendum", "Addendum: the State’s answers"
        DIALOGUE_SUMMARY = "dialogue_summary", "Account of the dialogue"
        LIST_OF_ISSUES = "list_of_issues", "List of issues"
        CONCLUDING_OBSERVATIONS = "concluding_observations", "Concluding observations"
        FOLLOW_UP_REPORT = "follow_up_report", "Follow-up report"
        NGO_SUBMISSION = "ngo_submission", "NGO submission"
        DATA_SET = "data_set", "Data set"

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="documents")
    slug = models.SlugField(unique=True, max_length=80)
    symbol = models.CharField(max_length=60, blank=True, help_text="UN symbol, e.g. A/HRC/WG.6/7/KAZ/3.")
    considers = models.CharField(
        max_length=60, blank=True, help_text="Symbol of the State report that the document is about."
    )
    kind = models.CharField(max_length=30, choices=Kind)
    title = models.CharField(max_length=300)
    published_on = models.DateField("dated", null=True, blank=True)
    language = models.CharField(max_length=10, default="en")
    url = models.URLField("address", max_length=500, blank=True)
    sha256 = models.CharField(
        "SHA-256", max_length=64, blank=True, help_text="Of the file that was read, in hexadecimal."
    )
    note = models.TextField(
        blank=True, help_text="What a reader must know, e.g. what is missing in the text we hold."
    )
    published = models.BooleanField("public", default=False, db_index=True)

    history = HistoricalRecords()
    objects = NaturalKeyManager.from_queryset(DocumentQuerySet)()
    natural_key_fields = ("slug",)

    class Meta:
        ordering = ["review__starts_on", "slug"]
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
        """The symbol, or a short name where the document has none."""
        if self.symbol:
            return self.symbol
        about = f" on {self.considers}" if self.considers else ""
        return f"{self.get_kind_display()}{about}"


class Paragraph(NaturalKeyModel):
    """One numbered (in press releases: counted) unit of a document, kept verbatim."""

    class Speaker(models.TextChoices):
        EXPERTS = "experts", "Committee experts"
        DELEGATION = "delegation", "Delegation of the State"
        HEAD_OF_DELEGATION = "head_of_delegation", "Head of delegation"
        CHAIRPERSON = "chairperson", "Chairperson"
        NARRATOR = "narrator", "Narrator"

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="paragraphs")
    position = models.PositiveIntegerField(help_text="Place in the document, from 1.")
    number = models.CharField(max_length=20, help_text="As printed, or as counted.")
    section = models.JSONField(default=list, blank=True, help_text="The headings above it, outermost first.")
    speaker = models.CharField(max_length=20, choices=Speaker, blank=True)
    text = models.TextField()

    history = HistoricalRecords()
    objects = NaturalKeyManager()
    natural_key_fields = ("document__slug", "number")

    class Meta:
        ordering = ["document", "position"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="paragraph_number_once"),
            models.UniqueConstraint(fields=["document", "position"], name="paragraph_position_once"),
            models.CheckConstraint(condition=~Q(text=""), name="paragraph_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.document}, para. {self.number}"

    def get_absolute_url(self) -> str:
        return f"{self.document.get_absolute_url()}#{self.anchor}"

    @property
    def anchor(self) -> str:
        """The fragment of its place on the document's page, `p36`."""
        return f"p{self.number}"

    def holds(self, quote: str) -> bool:
        """Whether these words stand in the paragraph, white space folded."""
        return fold(quote) in fold(self.text)

    def nearest(self, quote: str) -> str:
        """The passage of the paragraph that comes closest to these words; empty if nothing is near."""
        text, words = fold(self.text), fold(quote)
        match = difflib.SequenceMatcher(None, text, words, autojunk=False).find_longest_match()
        if match.size < min(8, len(words)):
            return ""
        start = max(0, match.a - match.b)
        stop = start + len(words)
        # From the beginning of a word to the end of one.
        start = text.rfind(" ", 0, start + 1) + 1
        stop = len(text) if (space := text.find(" ", stop)) < 0 else space
        return text[start:stop]


class Quoted(models.Model):
    """A record that quotes: the exact words and where they stand.

    Either a paragraph of the document, in which the words must stand, or (rows of a spreadsheet)
    a locator: sheet and row, or the source's own id.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="%(class)ss")
    paragraph = models.ForeignKey(
        Paragraph, on_delete=models.PROTECT, null=True, blank=True, related_name="%(class)ss"
    )
    locator = models.CharField(
        max_length=200,
        blank=True,
        help_text="Only for rows of a data set: sheet and row, or the source’s own id.",
    )
    text = models.TextField("words", help_text="Verbatim, as in the paragraph.")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the record; a quote that does not stand in its paragraph cannot be saved."""
        if self.paragraph is not None:
            check_quote(self.paragraph, self.text, field="text")
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a quote that does not stand in its paragraph, naming the nearest passage."""
        super().clean()
        if self.paragraph is None:
            if not self.locator:
                raise ValidationError(
                    {"paragraph": "Name the paragraph, or for a row of a data set its locator."}
                )
            return
        if self.document_id and self.paragraph.document_id != self.document_id:
            raise ValidationError({"paragraph": f"This paragraph belongs to {self.paragraph.document}."})
        check_quote(self.paragraph, self.text, field="text")

    @property
    def place(self) -> str:
        """Where the words stand, for a citation: `A/HRC/WG.6/7/KAZ/3, para. 36`."""
        where = f"para. {self.paragraph.number}" if self.paragraph else self.locator
        return f"{self.document.name}, {where}"

    @property
    def place_url(self) -> str:
        """The address of the document's page, at the paragraph."""
        return (self.paragraph or self.document).get_absolute_url()


def check_quote(paragraph: Paragraph, words: str, field: str) -> None:
    """Raise a ValidationError on `field` unless the words stand in the paragraph."""
    if words and not paragraph.holds(words):
        nearest = paragraph.nearest(words)
        hint = f" Nearest match: “{nearest}”." if nearest else " Nothing similar stands there."
        raise ValidationError({field: f"These words do not stand in paragraph {paragraph.number}.{hint}"})


def quoted_constraint(model: str) -> models.CheckConstraint:
    """Each quoting model's own named constraint: a paragraph or a locator, never neither."""
    return models.CheckConstraint(
        condition=Q(paragraph__isnull=False) | ~Q(locator=""), name=f"{model}_has_paragraph_or_locator"
    )
