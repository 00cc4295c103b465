"""A citation as a file for a reference manager: BibTeX and RIS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from recommendations.core.context_processors import site
from recommendations.exports.citations import Citation, Site, cite
from recommendations.models import Document, Issue, Recommendation, Review, Stakeholder, StateResponse
from recommendations.public.read_only import ReadOnlyView
from recommendations.public.redirects import redirect_to_current

if TYPE_CHECKING:
    from django.db.models import QuerySet

MEDIA_TYPES = {"bib": "application/x-bibtex", "ris": "application/x-research-info-systems"}


def site_of(request: HttpRequest) -> Site:
    """The site as readers see it."""
    return Site(site(request)["site_url"], settings.SITE_NAME)


def citation_file(citation: Citation, ending: str) -> HttpResponse:
    """The citation to be saved, named by its key."""
    content = citation.as_bibtex() if ending == "bib" else citation.as_ris()
    return HttpResponse(
        content,
        content_type=f"{MEDIA_TYPES[ending]}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{citation.key}.{ending}"'},
    )


class Cite(ReadOnlyView):
    """The citation of one public thing; subclasses say which."""

    rows: ClassVar[QuerySet[Any]]
    look_up: ClassVar[str] = "slug"

    def get(self, request: HttpRequest, format: str, **named: str) -> HttpResponse:
        """The file, or the way to that of what it is now; what is not public answers 404."""
        thing = self.rows.filter(**{self.look_up: named[self.look_up]}).first()
        if thing is None:
            return redirect_to_current(request, self.rows.all(), self.look_up)
        return citation_file(cite(thing, site_of(request)), format)


class CiteRecommendation(Cite):
    """One record."""

    rows = Recommendation.objects.published().select_related("document__review__state", "paragraph")
    look_up = "reference"


class CiteResponse(Cite):
    """One State response."""

    rows = StateResponse.objects.published().select_related("document__review__state", "paragraph")
    look_up = "reference"


class CiteDocument(Cite):
    """One document."""

    rows = Document.objects.published().select_related("review__state")


class CiteReview(Cite):
    """One review."""

    rows = Review.objects.published().select_related("state")


class CiteStakeholder(Cite):
    """One stakeholder."""

    rows = Stakeholder.objects.published()


class CiteIssue(Cite):
    """One issue."""

    rows = Issue.objects.select_related("parent")
    look_up = "path"
