"""The derived, stored columns of each record that lists, filters and counts read."""

from __future__ import annotations

import datetime
from itertools import combinations
from typing import TYPE_CHECKING

from django.db import connections, models
from django.db.models import Case, Exists, F, OuterRef, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from recommendations.models.derived import Filtered, OfRow, derived
from recommendations.models.follow_up import FollowUp
from recommendations.models.links import AGAIN, RecommendationLink
from recommendations.models.recommendations import Recommendation
from recommendations.models.responses import ResponseLink
from recommendations.models.sources import Review, State
from recommendations.models.statuses import STATUS_LABELS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from recommendations.models.derived import Reads
    from recommendations.models.links import RecommendationLinkQuerySet

RECORD = "recommendations_recommendation"
DOCUMENT = "recommendations_document"
STATUS_CHOICES = list(STATUS_LABELS.items())
# For sorting, where there is no day.
NEVER = datetime.date(1, 1, 1)
# A status depends on the entries of the record, and of its public parts that expect follow-up.
STATUS_READS: Reads = {
    RECORD: ("published", "kind", "parent_id"),
    DOCUMENT: ("published",),
    "recommendations_followup": (
        "recommendation_id",
        "role",
        "status",
        "as_of",
        "published_at",
        "withdrawn_at",
        "replaces_id",
    ),
}
PUBLIC_READS: Reads = {RECORD: ("published",), DOCUMENT: ("published",)}
ANSWER_READS: Reads = {
    **PUBLIC_READS,
    "recommendations_responselink": ("recommendation_id", "response_id", "confirmed"),
    "recommendations_stateresponse": ("published", "document_id"),
}
LINK_READS: Reads = {
    **PUBLIC_READS,
    "recommendations_recommendationlink": ("earlier_id", "later_id", "relation", "confirmed"),
}


def is_public() -> Case:
    """Return an expression: true if the record and its document are published."""
    return Case(When(published=True, document__published=True, then=True), default=False)


def is_answered() -> Exists:
    """Return a condition: a published response answers the record by a confirmed link."""
    return Exists(ResponseLink.objects.published().filter(recommendation=OuterRef("pk")))


def _links_from(end: str) -> RecommendationLinkQuerySet:
    return RecommendationLink.objects.published().filter(**{end: OuterRef("pk")})


def is_linked() -> Exists:
    """Return a condition: a public link connects the record with a later or earlier one."""
    return Exists(_links_from("earlier")) | Exists(_links_from("later"))  # type: ignore[return-value]  # two of them joined are an Exists to the database


def is_asked_again() -> Exists:
    """Return a condition: a later record takes it up or repeats it, by a public link."""
    return Exists(_links_from("earlier").filter(relation__in=AGAIN))


def roles_disagree() -> str:
    """Return SQL over columns of the row that is true if two roles' current statuses differ.

    A role without an entry is null and differs from no other. "No information" is ignored, as it says
    nothing about the record.
    """
    silent = f"'{FollowUp.Status.NO_INFORMATION.value}'"
    columns = [f"{{{role}_status}}" for role in FollowUp.Role.values]
    pairs = (f"({a} <> {b} AND {a} <> {silent} AND {b} <> {silent})" for a, b in combinations(columns, 2))
    return f"CASE WHEN {' OR '.join(pairs)} THEN TRUE ELSE FALSE END"


def _entry_of(role: str) -> models.BigIntegerField[int | None, int | None]:
    return derived(models.BigIntegerField(null=True), F(f"{role}_entry"), STATUS_READS)


def _status_of(role: str, label: StrOrPromise) -> models.CharField[str | None, str | None]:
    filtered = Filtered(label, STATUS_CHOICES, name=f"status_{role}", null=FollowUp.NOT_ASSESSED)
    return derived(models.CharField(max_length=25, null=True), F(f"{role}_status"), STATUS_READS, filtered)


class Listing(models.Model):
    """One row per recommendation, with the values by which it is filtered, sorted and counted.

    Each column declares what it is derived from (`derived()`), and every value comes from other tables:
    `recommendations/search/listing/` derives each row from `with_derived_status()`, and database triggers
    keep it up to date in the same transaction as any change. Never write to it by hand. A column with
    `filtered` is a facet of the list of records: its filter and counts are computed from this table.
    """

    # No database constraint and no cascade: the triggers delete a row together with its record.
    recommendation = derived(
        models.OneToOneField(
            Recommendation, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="listing"
        ),
        F("pk"),
    )
    review = derived(
        models.ForeignKey(Review, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"),
        F("document__review"),
    )
    state = derived(
        models.ForeignKey(State, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"),
        F("document__review__state"),
    )
    public = derived(
        models.BooleanField(help_text="The record and its document are published."), is_public, PUBLIC_READS
    )
    mechanism = derived(models.CharField(max_length=5), F("document__review__mechanism"))
    kind = derived(
        models.CharField(max_length=20),
        F("kind"),
        filtered=Filtered(_("Kind"), Recommendation.Kind.choices, open=True),
    )
    position = derived(
        models.CharField(max_length=20, blank=True),
        F("position"),
        filtered=Filtered(_("Position in the UPR"), Recommendation.Position.choices),
    )
    answered = derived(
        models.BooleanField(help_text="A published response answers it by a confirmed link."),
        is_answered,
        ANSWER_READS,
        kept=True,
    )
    linked = derived(
        models.BooleanField(help_text="A confirmed link joins it with another public record."),
        is_linked,
        LINK_READS,
        kept=True,
    )
    asked_again = derived(
        models.BooleanField(help_text="By such a link a later record takes it up or repeats it."),
        is_asked_again,
        LINK_READS,
        kept=True,
    )
    disagree = derived(
        models.BooleanField(help_text="Two roles' current verdicts differ."),
        OfRow(roles_disagree()),
        filtered=Filtered(
            _("Assessors differ"), yes=_("They differ"), no=_("They do not differ"), counted=False
        ),
    )
    status = derived(
        models.CharField(max_length=25, help_text="The headline, or not assessed."),
        F("status"),
        STATUS_READS,
        Filtered(
            _("Status: headline"),
            STATUS_CHOICES,
            open=True,
            help=_("The headline; with “Assessed by”, as those assessors give it."),
        ),
    )
    status_as_of = derived(models.DateField(null=True), F("status_as_of"), STATUS_READS)
    # The same date for sorting, or `NEVER` if there is none: SQLite cannot index with nulls last.
    status_order = derived(models.DateField(), lambda: Coalesce("status_as_of", Value(NEVER)), STATUS_READS)
    # For the headline and each role: the newest standing entry and its status; null without one.
    status_entry = derived(models.BigIntegerField(null=True), F("status_entry"), STATUS_READS)
    state_entry = _entry_of("state")
    state_status = _status_of("state", _("Status: as the State reports"))
    civil_society_entry = _entry_of("civil_society")
    civil_society_status = _status_of("civil_society", _("Status: civil society"))
    nhri_entry = _entry_of("nhri")
    nhri_status = _status_of("nhri", _("Status: NHRI"))
    un_body_entry = _entry_of("un_body")
    un_body_status = _status_of("un_body", _("Status: UN body"))
    tracker_entry = _entry_of("tracker")
    tracker_status = _status_of("tracker", _("Status: this tracker"))
    # What lists are sorted by.
    starts_on = derived(models.DateField(), F("document__review__starts_on"))
    state_name = derived(models.CharField(max_length=100), F("document__review__state__name"))
    document_slug = derived(models.CharField(max_length=80), F("document__slug"))
    paragraph_position = derived(models.PositiveIntegerField(null=True), F("paragraph__position"))
    reference = derived(models.CharField(max_length=80), F("reference"))
    due_on = derived(models.DateField(null=True), F("due_on"))
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
    """A single row: the version of the data in the listing, so that nothing older is ever shown.

    Every transaction that changes listed data locks this row before it changes anything else, so version
    numbers follow the order in which changes become visible, and such transactions cannot deadlock.
    `token` identifies the version uniquely: a number that was rolled back with its transaction can be
    used again, a token cannot.
    """

    number = models.BigIntegerField()
    token = models.CharField(max_length=36)
    # Changes when rows are deleted or everything is rederived; only versions of one epoch are comparable.
    epoch = models.CharField(max_length=36)
    # While true, triggers leave the listing alone; visible only to the transaction that sets it.
    paused = models.BooleanField(default=False)
    made_of = models.CharField(
        max_length=64, blank=True, help_text="Digest of the triggers; empty while there are none."
    )

    def __str__(self) -> str:
        return f"version {self.number}"


def lock_for_write(using: str = "default") -> None:
    """Wait for other transactions that change listed data, and block new ones until this one ends.

    Call it before locking rows that will be changed (`select_for_update`): two such transactions could
    otherwise deadlock. Changing a row takes this lock automatically. SQLite needs no more than to begin
    the transaction.
    """
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT recommendations_take_turn()")
