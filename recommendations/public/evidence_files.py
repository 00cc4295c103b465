"""Uploaded evidence, handed out: only by these views, always as a download, and never run on this site."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from django.http import FileResponse, Http404
from django.utils.text import slugify
from django.utils.translation import gettext

from recommendations.core.cleaning.kinds import MEDIA_TYPES, Kind

if TYPE_CHECKING:
    from recommendations.models import Evidence
    from recommendations.models.evidence import EvidenceQuerySet


def find_file(rows: EvidenceQuerySet, key: str) -> Evidence:
    """The evidence with this file among the rows that somebody may see. Raises Http404."""
    found: Evidence | None = rows.with_file(key).first()
    if found is None:
        raise Http404
    return found


def download(evidence: Evidence) -> FileResponse:
    """The file as a download under a name made of the evidence's title. Raises Http404 where it is lost."""
    try:
        content = evidence.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    ending = PurePath(str(evidence.file)).suffix.lstrip(".")
    known = ending in Kind.__members__.values()
    response = FileResponse(
        content,
        as_attachment=True,
        filename=f"{_name(evidence)}.{ending}" if known else _name(evidence),
        content_type=MEDIA_TYPES[Kind(ending)] if known else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    # Should a browser open it here after all, it may do nothing.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _name(evidence: Evidence) -> str:
    return slugify(evidence.title, allow_unicode=True)[:60].strip("-_") or gettext("evidence")
