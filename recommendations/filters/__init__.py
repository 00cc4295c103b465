"""The filters of the public lists, one FilterSet a list."""

from recommendations.filters.base import Edge, Flag, Given, ListFilter, Option, PublicFilterSet, Words
from recommendations.filters.panel import Control
from recommendations.filters.sets import (
    DocumentFilters,
    FollowUpFilters,
    IssueFilters,
    RecommendationFilters,
    ResponseFilters,
    ReviewFilters,
    StakeholderFilters,
)

__all__ = [
    "Control",
    "DocumentFilters",
    "Edge",
    "Flag",
    "FollowUpFilters",
    "Given",
    "IssueFilters",
    "ListFilter",
    "Option",
    "PublicFilterSet",
    "RecommendationFilters",
    "ResponseFilters",
    "ReviewFilters",
    "StakeholderFilters",
    "Words",
]
