"""The declared filters of each public list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recommendations.models import (
    Document,
    FollowUp,
    Issue,
    Recommendation,
    RecommendationLink,
    ResponseLink,
    Review,
    Stakeholder,
    StateResponse,
)
from recommendations.models.document_kinds import document_kinds
from recommendations.models.recommendations import stale
from recommendations.models.statuses import STATUS_LABELS
from recommendations.search.facets.declared import FACETS, tagged
from recommendations.search.filters.assessed import by_assessor
from recommendations.search.filters.base import Choices, Edge, Flag, PublicFilterSet, Words
from recommendations.search.filters.facet_filters import facet_filter, not_among
from recommendations.search.filters.linked import by_links
from recommendations.search.filters.model_filters import (
    AssessorFilter,
    DocumentFilter,
    GroupFilter,
    IssueFilter,
    ReferenceFilter,
    ReviewFilter,
    StakeholderFilter,
    StateFilter,
    YearFilter,
)
from recommendations.search.filters.searching import Search, records_matching
from recommendations.search.text.substring_search import contains

if TYPE_CHECKING:
    from recommendations.search.filters.base import ListFilter
    from recommendations.search.filters.values import Rows
    from recommendations.search.text.query import Query

NAMES = ("name", "acronym")


def rows_with(*fields: str) -> Any:
    """Return a narrowing function that requires each word in any of the fields."""

    def narrow(rows: Rows, words: list[Any]) -> Rows:
        for word in words:
            rows = rows.filter(contains(word, fields))
        return rows

    return narrow


def by_due_date(rows: Rows, due: list[Any]) -> Rows:
    """Return records with or without a date by which the body asked for a report, or past that date."""
    match = Q()
    if "yes" in due:
        match |= Q(due_on__isnull=False)
    if "overdue" in due:
        match |= Q(due_on__lt=timezone.localdate())
    if "no" in due:
        match |= Q(due_on__isnull=True)
    return rows.filter(match)


def by_staleness(rows: Rows, wanted: list[Any]) -> Rows:
    """Return records whose headline status is stale, or is not."""
    return rows.filter(stale() if wanted[0] else ~stale())


DUE = [("yes", _("Has a due date")), ("overdue", _("Overdue")), ("no", _("No due date"))]
STATUSES = list(STATUS_LABELS.items())


def joint(item: ListFilter) -> ListFilter:
    """Mark the filter as one that its FilterSet narrows by, and return it."""
    item.by = None
    return item


# The sections of the panel of records, each with the names of its filters.
RECORD_SECTIONS: dict[Any, tuple[str, ...]] = {
    _("Where and when"): ("state", "review", "mechanism", "year", "from", "to"),
    _("What was raised"): ("kind", "issue", "group", "stakeholder"),
    _("What became of it"): (
        "status",
        *(f"status_{role}" for role in FollowUp.Role),
        *("assessor", "disagree", "stale", "response", "position", "chain", "due"),
    ),
}
# Facets that are in no section come last.
FURTHER_FACETS = tuple(not_among(name for names in RECORD_SECTIONS.values() for name in names))


class RecommendationFilters(PublicFilterSet):
    """Filters of the list of records."""

    sections: ClassVar = RECORD_SECTIONS | {
        _("What became of it"): (*RECORD_SECTIONS[_("What became of it")], *FURTHER_FACETS)
    }

    q = Search(
        _("Words"),
        records_matching,
        help=_(
            "In the words, summary, reference and symbol, State, issues, groups, and who raised it."
            " “…” for a phrase, OR, and -word to leave out."
        ),
    )
    state = StateFilter(_("State"), FACETS["state"].narrow)
    review = ReviewFilter(_("Review"), FACETS["review"].narrow)
    mechanism = Choices(_("Mechanism"), FACETS["mechanism"].narrow, Review.Mechanism.choices)
    year = YearFilter(_("Year of the review"), FACETS["year"].narrow)
    issue = IssueFilter(_("Issue"), FACETS["issue"].narrow)
    group = GroupFilter(_("Population group"), FACETS["group"].narrow)
    stakeholder = StakeholderFilter(_("Raised by"), FACETS["stakeholder"].narrow)
    kind = facet_filter("kind")
    # Its meaning changes if assessors are chosen: see `narrow_jointly()`.
    status = joint(facet_filter("status"))
    status_state = facet_filter("status_state")
    status_civil_society = facet_filter("status_civil_society")
    status_nhri = facet_filter("status_nhri")
    status_un_body = facet_filter("status_un_body")
    status_tracker = facet_filter("status_tracker")
    assessor = AssessorFilter(_("Assessed by"), None, help=_("Who gives the status."))
    disagree = facet_filter("disagree")
    stale = Flag(_("Stale status"), by_staleness, yes=_("Stale"), no=_("Not stale"))
    response = facet_filter("response")
    position = facet_filter("position")
    chain = facet_filter("chain")
    due = Choices(_("Due date"), by_due_date, DUE)
    since = Edge(_("From"), "listing__starts_on", param="from", help=_("Reviews that began on or after."))
    until = Edge(_("To"), "listing__starts_on", param="to", last=True, help=_("On or before."))
    headline = Choices(
        _("Headline"),
        FACETS["status"].narrow,
        list(STATUS_LABELS.items()),
        help=_("The headline status, whoever is chosen as assessor."),
        panel=False,
    )
    linked = ReviewFilter(_("Linked with records of"), None, panel=False)
    relation = Choices(_("Linked as"), None, RecommendationLink.Relation.choices, panel=False)
    document = DocumentFilter(_("Document"), "document__in", panel=False)
    reference = ReferenceFilter(_("Reference"), "pk__in")

    class Meta:
        model = Recommendation
        fields: list[str] = []

    @classmethod
    def get_filters(cls) -> Any:
        found: dict[str, ListFilter] = super().get_filters()
        for name in FURTHER_FACETS:
            found[name] = facet_filter(name)
            found[name].name = name
        return found

    @property
    def query(self) -> Query | None:
        """Return the search query, if there is one."""
        return next(iter(self.given["q"].keys), None)

    @property
    def usual_sort(self) -> str:
        return "relevance" if self.query else ""

    def narrow_jointly(self, rows: Rows, keys: dict[str, list[Any]]) -> Rows:
        """Combine status with assessors (without any it is the headline) and linked review with relation."""
        reviews, relations = keys.get("linked", []), keys.get("relation", [])
        if reviews or relations:
            rows = by_links(rows, reviews, relations)
        statuses, assessors = keys.get("status", []), keys.get("assessor", [])
        if assessors:
            return by_assessor(rows, assessors, statuses)
        return FACETS["status"].narrow(rows, statuses) if statuses else rows


class ResponseFilters(PublicFilterSet):
    """Filters of the list of State responses."""

    q = Words(
        _("Words"), rows_with("text", "summary", "reference"), help=_("In the words, summary and reference.")
    )
    state = StateFilter(_("State"), "document__review__state__in")
    review = ReviewFilter(_("Review"), "document__review__in")
    mechanism = Choices(_("Mechanism"), "document__review__mechanism__in", Review.Mechanism.choices)
    stance = Choices(_("Stance"), None, ResponseLink.Stance.choices)
    issue = IssueFilter(_("Issue"), None, help=_("Of what it answers."))
    speaker = Choices(_("Speaker"), "speaker__in", StateResponse.Speaker.choices)
    since = Edge(_("From"), "date", param="from", help=_("Said on or after."))
    until = Edge(_("To"), "date", param="to", last=True, help=_("Said on or before."))
    document = DocumentFilter(_("Document"), "document__in", panel=False)
    recommendation = ReferenceFilter(_("Answers"), None)

    class Meta:
        model = StateResponse
        fields: list[str] = []

    def narrow_jointly(self, rows: Rows, keys: dict[str, list[Any]]) -> Rows:
        """Require stance, issue and record to match the same answer."""
        links = ResponseLink.objects.published().filter(response=OuterRef("pk"))
        asked = False
        for name, by in (("stance", "stance__in"), ("recommendation", "recommendation__in")):
            if wanted := keys.get(name):
                links, asked = links.filter(**{by: wanted}), True
        if issues := keys.get("issue"):
            links, asked = links.filter(recommendation__in=tagged(issues)), True
        return rows.filter(Exists(links)) if asked else rows


def entries_with(rows: Rows, words: list[Any]) -> Rows:
    """Return entries with each word in their summary or reference, the record or the assessor's name."""
    record = ("recommendation__text", "recommendation__summary", "recommendation__reference")
    for word in words:
        people = Stakeholder.objects.published().filter(contains(word, NAMES))
        match = contains(word, ("summary", "reference", *record))
        rows = rows.filter(match | Q(assessor__in=people.values("pk")))
    return rows


def entries_by(rows: Rows, assessors: list[Any]) -> Rows:
    """Return entries by one of these roles (names) or stakeholders (ids)."""
    roles = [key for key in assessors if isinstance(key, str)]
    people = [key for key in assessors if not isinstance(key, str)]
    return rows.filter(Q(role__in=roles) | Q(assessor__in=people))


class FollowUpFilters(PublicFilterSet):
    """Filters of the log of follow-up."""

    q = Words(_("Words"), entries_with, help=_("In the entry, the record, and the assessor’s name."))
    status = Choices(_("Status"), "status__in", FollowUp.Status.choices)
    assessor = AssessorFilter(_("Assessed by"), entries_by)
    role = Choices(_("Role"), "role__in", FollowUp.Role.choices, panel=False)
    state = StateFilter(_("State"), "recommendation__document__review__state__in")
    review = ReviewFilter(
        _("Review"), "recommendation__document__review__in", help=_("In which the record was raised.")
    )
    issue = IssueFilter(_("Issue"), lambda rows, issues: rows.filter(recommendation__in=tagged(issues)))
    confidence = Choices(_("Confidence"), "confidence__in", FollowUp.Confidence.choices)
    since = Edge(_("From"), "as_of", param="from", help=_("As of this day or later."))
    until = Edge(_("To"), "as_of", param="to", last=True, help=_("As of this day or earlier."))
    recommendation = ReferenceFilter(_("Record"), "recommendation__in")

    class Meta:
        model = FollowUp
        fields: list[str] = []


def stakeholders_in(**look_ups: str) -> Any:
    """Return a narrowing function: stakeholders with a public record there, or that belong there."""

    def narrow(rows: Rows, keys: list[Any]) -> Rows:
        raised = Recommendation.objects.published().filter(
            **{f"{look_ups['record']}__in": keys}, raised_by=OuterRef("pk")
        )
        return rows.filter(Q(Exists(raised)) | Q(**{f"{look_ups['own']}__in": keys}))

    return narrow


class StakeholderFilters(PublicFilterSet):
    """Filters of the list of stakeholders."""

    q = Words(_("Words"), rows_with("name", "acronym"), help=_("In the name and acronym."))
    kind = Choices(_("Kind"), "kind__in", Stakeholder.Kind.choices)
    state = StateFilter(
        _("State"),
        stakeholders_in(record="document__review__state", own="state"),
        help=_("Raised something in a review of this State."),
    )
    review = ReviewFilter(_("Review"), stakeholders_in(record="document__review", own="review"))

    class Meta:
        model = Stakeholder
        fields: list[str] = []


class DocumentFilters(PublicFilterSet):
    """Filters of the list of documents."""

    q = Words(_("Words"), rows_with("title", "symbol", "considers"), help=_("In the title and symbol."))
    kind = Choices(_("Kind"), "kind__in", document_kinds())
    state = StateFilter(_("State"), "review__state__in")
    review = ReviewFilter(_("Review"), "review__in")
    since = Edge(_("From"), "published_on", param="from", help=_("Dated on or after."))
    until = Edge(_("To"), "published_on", param="to", last=True, help=_("Dated on or before."))

    class Meta:
        model = Document
        fields: list[str] = []


class ReviewFilters(PublicFilterSet):
    """Filters of the list of reviews."""

    q = Words(_("Words"), rows_with("slug", "session", "cycle", "state__name", "note"))
    state = StateFilter(_("State"), "state__in")
    mechanism = Choices(_("Mechanism"), "mechanism__in", Review.Mechanism.choices)
    since = Edge(_("From"), "starts_on", param="from", help=_("Began on or after."))
    until = Edge(_("To"), "starts_on", param="to", last=True, help=_("Began on or before."))

    class Meta:
        model = Review
        fields: list[str] = []


class IssueFilters(PublicFilterSet):
    """Filters of the tree of issues."""

    q = Words(
        _("Words"), rows_with("name", "uhri_theme", "parent__name"), help=_("In the name and UHRI theme.")
    )

    class Meta:
        model = Issue
        fields: list[str] = []
