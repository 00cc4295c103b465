"""What each public list shows and exports. One declaration a column feeds the page's table, CSV, XLSX,
JSON, the API's schema, the data dictionary, and what an import of an edited spreadsheet may change.

A field that no column names is private.
"""

from recommendations.exports.columns.column import Cell, Column
from recommendations.exports.columns.follow_up import EVIDENCE, FOLLOW_UPS
from recommendations.exports.columns.issues import ISSUES
from recommendations.exports.columns.links import (
    ISSUE_TAGS,
    RAISED_BY,
    RECOMMENDATION_GROUPS,
    RECOMMENDATION_LINKS,
    RESPONSE_LINKS,
)
from recommendations.exports.columns.recommendations import EDITABLE, RECOMMENDATIONS, ROW_VERSION
from recommendations.exports.columns.responses import RESPONSES
from recommendations.exports.columns.sources import DOCUMENTS, PARAGRAPHS, REVIEWS
from recommendations.exports.columns.stakeholders import GROUPS, STAKEHOLDERS, STATES

__all__ = [
    "DOCUMENTS",
    "EDITABLE",
    "EVIDENCE",
    "FOLLOW_UPS",
    "GROUPS",
    "ISSUES",
    "ISSUE_TAGS",
    "PARAGRAPHS",
    "RAISED_BY",
    "RECOMMENDATIONS",
    "RECOMMENDATION_GROUPS",
    "RECOMMENDATION_LINKS",
    "RESPONSES",
    "RESPONSE_LINKS",
    "REVIEWS",
    "ROW_VERSION",
    "STAKEHOLDERS",
    "STATES",
    "Cell",
    "Column",
]
