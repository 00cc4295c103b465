"""The filters of the public lists, one FilterSet per list."""

from recommendations.search.filters.base import Edge, Flag, ListFilter, PublicFilterSet, Words
from recommendations.search.filters.panel import Control
from recommendations.search.filters.sets import (
    DocumentFilters,
    FollowUpFilters,
    IssueFilters,
    RecommendationFilters,
    ResponseFilters,
    ReviewFilters,
    StakeholderFilters,
)
from recommendations.search.filters.values import Given, Option

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
