"""Where the next step on a row is done."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

if TYPE_CHECKING:
    from recommendations.models import Evidence, FollowUp, Recommendation


def step_address(name: str, *args: object, **query: str) -> str:
    """The address of a page of the desk; empty where there is no such page."""
    try:
        address = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(query)}" if query else address


def log_address(record: Recommendation) -> str:
    """Where follow-up on a record is logged."""
    return step_address("desk_log", record=record.reference)


def draft_address(entry: FollowUp) -> str:
    """Where a draft is written on."""
    return step_address("desk_entry", entry.pk)


def review_address(entry: FollowUp) -> str:
    """Where an entry that waits for review is looked at."""
    return step_address("desk_review_entry", entry.pk)


def record_address(record: Recommendation) -> str:
    """The record's page at the desk: to log, follow, and see what is due."""
    return step_address("desk_follow", recommendation=record.reference)


def file_address(piece: Evidence) -> str:
    """Where a file is downloaded: its name in the storage, which cannot be guessed, is its key."""
    return step_address("evidence_file", piece.file_key)
