"""The domain, one file a concern; import every model from here."""

from .follow_up import Evidence, FollowUp, FollowUpQuerySet
from .issues import Issue, IssueQuerySet, IssueTag, PopulationGroup
from .links import RecommendationLink
from .listing import Listing, ListingVersion
from .parties import Stakeholder, StakeholderQuerySet
from .recommendations import Recommendation, RecommendationQuerySet
from .responses import ResponseLink, StateResponse, StateResponseQuerySet
from .search import SearchEntry, SearchWord
from .sources import Document, DocumentQuerySet, Paragraph, Quoted, Review, ReviewQuerySet, State

__all__ = [
    "Document",
    "DocumentQuerySet",
    "Evidence",
    "FollowUp",
    "FollowUpQuerySet",
    "Issue",
    "IssueQuerySet",
    "IssueTag",
    "Listing",
    "ListingVersion",
    "Paragraph",
    "PopulationGroup",
    "Quoted",
    "Recommendation",
    "RecommendationLink",
    "RecommendationQuerySet",
    "ResponseLink",
    "Review",
    "ReviewQuerySet",
    "SearchEntry",
    "SearchWord",
    "Stakeholder",
    "StakeholderQuerySet",
    "State",
    "StateResponse",
    "StateResponseQuerySet",
]
