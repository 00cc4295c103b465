"""Serves uploaded evidence: only through these views, always as a download, never executed on this site."""

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
    """Return the evidence with this file among the rows that the viewer may see. Raises Http404."""
    found: Evidence | None = rows.with_file(key).first()
    if found is None:
        raise Http404
    return found


def download(evidence: Evidence) -> FileResponse:
    """Return the file as a download named after the evidence's title. Raises Http404 when it is missing."""
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
    # If a browser opens the file on the site anyway, forbid it everything.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _name(evidence: Evidence) -> str:
    return slugify(evidence.title, allow_unicode=True)[:60].strip("-_") or gettext("evidence")
