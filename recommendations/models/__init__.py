"""The domain models, one file per concern; import every model from here."""

from recommendations.models.accounts import AccountEvent
from recommendations.models.alerts import AlertSetting, Digest, DigestEntry
from recommendations.models.desk import (
    CalendarAddress,
    Following,
    FormerReference,
    Invitation,
    Membership,
    Note,
    ReviewStep,
    SavedView,
)
from recommendations.models.evidence import Access, Evidence
from recommendations.models.follow_up import FollowUp, FollowUpQuerySet
from recommendations.models.imports import ColumnMapping, Import, ImportDraft, ImportedRow, ImportParty
from recommendations.models.issues import Issue, IssueQuerySet, IssueTag, PopulationGroup
from recommendations.models.links import RecommendationLink
from recommendations.models.listing import Listing, ListingVersion
from recommendations.models.quoted import Quoted
from recommendations.models.recommendations import Recommendation, RecommendationQuerySet
from recommendations.models.responses import ResponseLink, StateResponse, StateResponseQuerySet
from recommendations.models.rules import Grade, ReportingTime
from recommendations.models.search import SearchEntry, SearchWord
from recommendations.models.sources import (
    Document,
    DocumentQuerySet,
    Paragraph,
    Review,
    ReviewQuerySet,
    State,
)
from recommendations.models.stakeholders import Stakeholder, StakeholderQuerySet
from recommendations.models.suggestions import SuggestionDecision

__all__ = [
    "Access",
    "AccountEvent",
    "AlertSetting",
    "CalendarAddress",
    "ColumnMapping",
    "Digest",
    "DigestEntry",
    "Document",
    "DocumentQuerySet",
    "Evidence",
    "FollowUp",
    "FollowUpQuerySet",
    "Following",
    "FormerReference",
    "Grade",
    "Import",
    "ImportDraft",
    "ImportParty",
    "ImportedRow",
    "Invitation",
    "Issue",
    "IssueQuerySet",
    "IssueTag",
    "Listing",
    "ListingVersion",
    "Membership",
    "Note",
    "Paragraph",
    "PopulationGroup",
    "Quoted",
    "Recommendation",
    "RecommendationLink",
    "RecommendationQuerySet",
    "ReportingTime",
    "ResponseLink",
    "Review",
    "ReviewQuerySet",
    "ReviewStep",
    "SavedView",
    "SearchEntry",
    "SearchWord",
    "Stakeholder",
    "StakeholderQuerySet",
    "State",
    "StateResponse",
    "StateResponseQuerySet",
    "SuggestionDecision",
]
