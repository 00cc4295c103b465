"""Imported files: the kind of each, its state of processing, and what was written from it."""

from __future__ import annotations

import uuid
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommendations.models.document_kinds import labels
from recommendations.models.recommendations import Recommendation
from recommendations.models.responses import StateResponse
from recommendations.models.sources import Document, Review
from recommendations.models.stakeholders import Stakeholder

FOLDER = "imports"


def import_path(_import: Import, filename: str) -> str:
    """Return an unguessable path for the file; only the extension of its name is kept."""
    return f"{FOLDER}/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:10]}"


class Import(models.Model):
    """One file being imported. A worker does the steps (`recommendations/importing/jobs.py`), people decide.

    States: waiting → reading → ready → applying → done → undoing → undone. An import is `refused` if it
    cannot be read, and `discarded` if somebody gives it up before anything was written. It writes nothing
    to other tables until `applying`, which writes all or nothing. A document with undecided drafts returns
    to `ready` once the accepted ones are written.
    """

    class What(models.TextChoices):
        DOCUMENT = "document", _("Document")
        TABLE = "table", _("Table")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        READING = "reading", _("Being read")
        READY = "ready", _("Ready for decisions")
        REFUSED = "refused", _("Refused")
        APPLYING = "applying", _("Being written")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        DISCARDED = "discarded", _("Discarded")

    # A worker is processing it or should pick it up (`importing/running.py` checks for a live worker).
    AT_WORK = (State.WAITING, State.READING, State.APPLYING, State.UNDOING)
    # In these states the same file cannot be imported a second time.
    UNDER_WAY = (State.WAITING, State.READING, State.READY, State.APPLYING)

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    what = models.CharField(max_length=10, choices=What)
    # A kind of document (`document_kinds.py`) or of table (`importing/tables`); empty until recognised.
    kind = models.CharField(max_length=40, blank=True)
    # The passages that show the file to be of this kind: a list of {"words", "place"}.
    evidence = models.JSONField(default=list, blank=True)
    file = models.FileField(upload_to=import_path, blank=True)
    filename = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField(help_text=_("In bytes."))
    sha256 = models.CharField(max_length=64, db_index=True)
    # A person's choices for this import: the review, the kind, the meanings of columns …
    options = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    # One clear sentence on why it was refused or what stopped it.
    message = models.TextField(blank=True)
    # The last worker (machine and process), and how often this step was started but not finished.
    worker = models.CharField(max_length=80, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Counts of what would be, or was, created, updated, left alone, refused or in conflict.
    report = models.JSONField(default=dict, blank=True)
    # A document as read (`ParsedDocument.as_dict()`).
    parsed = models.JSONField(null=True, blank=True)
    review = models.ForeignKey(
        Review, on_delete=models.PROTECT, null=True, blank=True, related_name="imports"
    )
    document = models.ForeignKey(
        Document, on_delete=models.SET_NULL, null=True, blank=True, related_name="imports"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="imports"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    # Who had it written to the database, and when that was last done.
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(message=""), name="import_refused_says_why"
            ),
            models.UniqueConstraint(
                fields=["sha256"],
                condition=Q(state__in=["waiting", "reading", "ready", "applying"]),
                name="import_once_under_way",
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    def get_absolute_url(self) -> str:
        return reverse("desk_import", args=[self.key])

    @property
    def kind_words(self) -> str:
        """The kind of document in words; empty where it is none of ours."""
        return str(labels().get(self.kind, ""))

    @property
    def made_by_words(self) -> str:
        """Return the name of the person who imported it; an uninformative name is left out."""
        return self.made_by.get_full_name() or self.made_by.email if self.made_by else ""


class ImportDraft(models.Model):
    """A record or response that a reader proposes for a passage of a document, until it is decided on."""

    class State(models.TextChoices):
        OPEN = "open", _("To decide")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")

    class Becomes(models.TextChoices):
        RECOMMENDATION = "recommendation", _("Record")
        RESPONSE = "response", _("State response")

    class Outcome(models.TextChoices):
        KNOWN = "known", _("Known already")
        CREATED = "created", _("Created")
        UPDATED = "updated", _("Updated")

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="drafts")
    position = models.PositiveIntegerField(help_text=_("Order in the document, with gaps for splitting."))
    # The index of the paragraph in `Import.parsed["paragraphs"]`, and its words, verbatim.
    paragraph_index = models.PositiveIntegerField()
    text = models.TextField()
    # The end of its reference: paragraph and statement, followed by a letter if it was split.
    place = models.CharField(max_length=40, blank=True)
    becomes = models.CharField(max_length=20, choices=Becomes, default=Becomes.RECOMMENDATION)
    kind = models.CharField(max_length=20, choices=Recommendation.Kind, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    upr_position = models.CharField(max_length=20, choices=Recommendation.Position, blank=True)
    selected_for_follow_up = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)
    # In the document's words ("two years"), if it gives a period instead of a date.
    due_within = models.CharField(max_length=40, blank=True)
    # Names as the document spells them, and slugs of issues and groups that a person chose.
    raised_by = models.JSONField(default=list, blank=True)
    issues = models.JSONField(default=list, blank=True)
    groups = models.JSONField(default=list, blank=True)
    # For a response: the numbers of the recommendations it answers; `upr_position` applies to all of them.
    answers = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    # Incremented by each change; a decision on an older version is refused.
    version = models.PositiveIntegerField(default=1)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # What was created from it, or found to exist already; `outcome` says which, once it is settled.
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    response = models.ForeignKey(
        StateResponse, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["source", "position", "pk"]

    def __str__(self) -> str:
        return f"{self.source}: {self.text[:60]}"


class ImportParty(models.Model):
    """A stakeholder as named in a file, and a person's decision: a known stakeholder or a new one."""

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="parties")
    # As in `ImportDraft.raised_by`.
    name = models.CharField(max_length=300)
    read = models.JSONField(default=dict, help_text=_("As read: acronym, name, kind, members."))
    stakeholder = models.ForeignKey(
        Stakeholder, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_new = models.BooleanField(default=False, help_text=_("A person said that it is to be made."))

    class Meta:
        ordering = ["source", "name"]
        constraints = [models.UniqueConstraint(fields=["source", "name"], name="import_party_once")]

    def __str__(self) -> str:
        return self.name


class ImportedRow(models.Model):
    """One row written by an import: where in the file it came from, and its former values, for undoing."""

    class Action(models.TextChoices):
        CREATED = "created", _("Created")
        UPDATED = "updated", _("Updated")

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    action = models.CharField(max_length=10, choices=Action)
    # The model's name ("recommendation", "review" …) and the row's id; no foreign key, as models vary.
    model = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    # The row of the table or the number of the paragraph.
    locator = models.CharField(max_length=100, blank=True)
    # For an update: the former values of the changed columns, by column.
    before = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["source", "pk"]
        indexes = [models.Index(fields=["model", "object_id"], name="imported_row_of")]

    def __str__(self) -> str:
        return f"{self.action}: {self.model} {self.object_id}"


class ColumnMapping(models.Model):
    """A saved, named mapping of the columns of a table to their meanings."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    # Maps each column of the table to a column of our records (`recommendations/importing/tables`).
    columns = models.JSONField(default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
