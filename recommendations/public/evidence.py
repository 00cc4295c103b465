"""Files that are public evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.cache import get_conditional_response

from recommendations.models import Evidence
from recommendations.public.evidence_files import download, find_file
from recommendations.public.read_only import ReadOnlyView

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


class PublicFile(ReadOnlyView):
    """A file used as published evidence, available to everyone; any other key answers 404."""

    def get(self, request: HttpRequest, key: str) -> HttpResponseBase:
        """Return the file. Caches must revalidate each time, because an entry may be withdrawn."""
        evidence = find_file(Evidence.objects.published(), key)
        # The content of a key never changes.
        etag = f'"{key}"'
        response = get_conditional_response(request, etag=etag) or download(evidence)
        response["Cache-Control"] = "no-cache"
        response["ETag"] = etag
        return response
