"""What the pages of the desk share: where the next step on a row is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from recommendations.desk import steps

if TYPE_CHECKING:
    from recommendations.models import Evidence, FollowUp, Recommendation

register = template.Library()


@register.simple_tag
def log_address(record: Recommendation) -> str:
    """Where follow-up on a record is logged."""
    return steps.log_address(record)


@register.simple_tag
def entry_address(entry: FollowUp, slug: str) -> str:
    """Where the next step on a draft is done, by the section of my work that it stands in."""
    return steps.review_address(entry) if slug == "review" else steps.draft_address(entry)


@register.simple_tag
def file_address(piece: Evidence) -> str:
    """Where the file of a piece of evidence is downloaded by who may see it."""
    return steps.file_address(piece)
