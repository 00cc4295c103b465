"""The admin, one file a concern; importing it registers every model."""

from . import follow_up, issues, links, parties, recommendations, sources

__all__ = ["follow_up", "issues", "links", "parties", "recommendations", "sources"]
