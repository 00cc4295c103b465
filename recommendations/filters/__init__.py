"""The filters of the public lists, one FilterSet a list."""

from .base import Edge, Flag, Given, ListFilter, Option, PublicFilterSet, Words
from .panel import Control
from .sets import (
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
