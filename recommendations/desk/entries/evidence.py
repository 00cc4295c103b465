"""Files of evidence for signed-in people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from recommendations.accounts.views import DeskView
from recommendations.models import Evidence
from recommendations.public.evidence_files import download, find_file

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest
    from django.http.response import HttpResponseRedirect


class EvidenceFileView(DeskView):
    """A file of evidence, for who may see the evidence; for others, and for any other key, 404."""

    def handle_no_permission(self) -> HttpResponseRedirect:
        """Who is signed in and has no business here learns nothing either."""
        if self.request.user.is_authenticated:
            raise Http404
        return super().handle_no_permission()

    def get(self, request: HttpRequest, key: str) -> FileResponse:
        """The file, kept by no cache."""
        return download(find_file(Evidence.objects.visible_to(self.viewer), key))
