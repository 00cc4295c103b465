"""What lists, filters and counts read of a record: its statuses and place, derived once and kept."""

# ruff: noqa: DJ001 (a role without an entry has no status: null, as `with_status()` has it)

from __future__ import annotations

from django.db import connections, models
from django.db.models import F

from recommendations.models.recommendations import Recommendation
from recommendations.models.sources import Review, State


class Listing(models.Model):
    """One row for each recommendation: what it is filtered, sorted and counted by.

    Nothing is known here that other tables do not say: `recommendations/search/listing/` derives each row
    from `Recommendation.objects.with_derived_status()`, and triggers of the database keep it so in the
    same transaction as any change. Never written by hand.
    """

    # No constraint of the database and no cascade: the triggers take a row away with its record.
    recommendation = models.OneToOneField(
        Recommendation, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="listing"
    )
    review = models.ForeignKey(
        Review, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    state = models.ForeignKey(State, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    public = models.BooleanField(help_text="The record and its document are published.")
    mechanism = models.CharField(max_length=5)
    kind = models.CharField(max_length=20)
    position = models.CharField(max_length=20, blank=True)
    answered = models.BooleanField(help_text="A published response answers it by a confirmed link.")
    linked = models.BooleanField(help_text="A confirmed link joins it with another public record.")
    asked_again = models.BooleanField(help_text="By such a link a later record takes it up or repeats it.")
    disagree = models.BooleanField(help_text="Two roles' current verdicts differ.")
    status = models.CharField(max_length=25, help_text="The headline, or not assessed.")
    status_as_of = models.DateField(null=True)
    # The same for sorting, the first day of all where there is none: SQLite has no index with nulls last.
    status_order = models.DateField()
    # Of the headline and of each role: its newest standing entry, and what that says; null without one.
    status_entry = models.BigIntegerField(null=True)
    state_entry = models.BigIntegerField(null=True)
    state_status = models.CharField(max_length=25, null=True)
    civil_society_entry = models.BigIntegerField(null=True)
    civil_society_status = models.CharField(max_length=25, null=True)
    nhri_entry = models.BigIntegerField(null=True)
    nhri_status = models.CharField(max_length=25, null=True)
    un_body_entry = models.BigIntegerField(null=True)
    un_body_status = models.CharField(max_length=25, null=True)
    tracker_entry = models.BigIntegerField(null=True)
    tracker_status = models.CharField(max_length=25, null=True)
    # What lists are sorted by.
    starts_on = models.DateField()
    state_name = models.CharField(max_length=100)
    document_slug = models.CharField(max_length=80)
    paragraph_position = models.PositiveIntegerField(null=True)
    reference = models.CharField(max_length=80)
    due_on = models.DateField(null=True)
    version = models.BigIntegerField(db_index=True, help_text="Of the data, when this row was derived last.")

    class Meta:
        indexes = [
            models.Index(
                "public",
                F("starts_on").desc(),
                "document_slug",
                "paragraph_position",
                "reference",
                name="listing_newest",
            ),
            models.Index(
                fields=["public", "starts_on", "document_slug", "paragraph_position", "reference"],
                name="listing_oldest",
            ),
            models.Index(
                "public",
                "state_name",
                F("starts_on").desc(),
                "document_slug",
                "paragraph_position",
                "reference",
                name="listing_state",
            ),
            models.Index("public", F("status_order").desc(), "reference", name="listing_status_date"),
            models.Index(fields=["public", "due_on", "reference"], name="listing_due"),
            models.Index(fields=["review"], name="listing_review"),
            models.Index(fields=["status"], name="listing_status"),
        ]

    def __str__(self) -> str:
        return self.reference


class ListingVersion(models.Model):
    """One row: which version of the data the listing is of, so that nothing older is ever shown.

    Every transaction that changes what is listed waits for this row before it changes anything else, so
    numbers follow the order in which changes become visible, and no two of them wait for each other.
    `token` names the version without fail: a number that was taken back with its transaction may come
    again, a token does not.
    """

    number = models.BigIntegerField()
    token = models.CharField(max_length=36)
    # Named anew when rows vanish or everything is derived anew: only versions of one epoch can be compared.
    epoch = models.CharField(max_length=36)
    # While true, triggers leave the listing alone; only ever seen by the transaction that sets it.
    paused = models.BooleanField(default=False)
    made_of = models.CharField(
        max_length=64, blank=True, help_text="Digest of the triggers; empty while there are none."
    )

    def __str__(self) -> str:
        return f"version {self.number}"


def lock_for_write(using: str = "default") -> None:
    """Wait until no other transaction changes what is listed, and let none begin until this one ends.

    For code that locks rows before it changes them (`select_for_update`): two of those could otherwise
    wait for each other. Changing a row takes the turn by itself. With SQLite, to begin is enough.
    """
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT recommendations_take_turn()")
