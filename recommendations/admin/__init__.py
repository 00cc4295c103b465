"""The admin, one file a concern; importing it registers every model."""

from . import evidence, follow_up, issues, links, parties, recommendations, sources

__all__ = ["evidence", "follow_up", "issues", "links", "parties", "recommendations", "sources"]
