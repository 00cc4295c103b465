"""The domain, one file a concern; import every model from here."""

from .accounts import AccountEvent
from .alerts import AlertSetting, Digest, DigestEntry
from .desk import (
    CalendarAddress,
    Following,
    FormerReference,
    Grade,
    Invitation,
    Membership,
    Note,
    ReportingTime,
    ReviewStep,
    SavedView,
)
from .evidence import Access, Evidence
from .follow_up import FollowUp, FollowUpQuerySet
from .imports import ColumnMapping, Import, ImportDraft, ImportedRow, ImportParty
from .issues import Issue, IssueQuerySet, IssueTag, PopulationGroup
from .links import RecommendationLink
from .listing import Listing, ListingVersion
from .parties import Stakeholder, StakeholderQuerySet
from .quoted import Quoted
from .recommendations import Recommendation, RecommendationQuerySet
from .responses import ResponseLink, StateResponse, StateResponseQuerySet
from .search import SearchEntry, SearchWord
from .sources import Document, DocumentQuerySet, Paragraph, Review, ReviewQuerySet, State
from .suggestions import SuggestionDecision

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
