"""Quick find: look up records by reference or words, with the next step for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import F, Prefetch, prefetch_related_objects
from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from recommendations.accounts.views import DeskView
from recommendations.desk.work.my_records import rows_of
from recommendations.models import Following, Issue, IssueTag, Recommendation
from recommendations.public.record_list import LISTED, RANKED_MAX, rankable
from recommendations.public.search_help import search_help
from recommendations.search.filters import RecommendationFilters
from recommendations.search.text.hits import attach_hits
from recommendations.search.text.reference_lookup import named
from recommendations.search.text.substring_search import LENGTH_MAX, WORDS_MAX, contains, words_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 20
ISSUES_SHOWN = 6


def address_of(text: str) -> str:
    """Return the URL that searches for a text."""
    return f"{reverse('desk_find')}?{urlencode({'q': text})}"


class Find(DeskView, TemplateView):
    """The search page; an exact reference redirects to the record."""

    template_name = "desk/my_work/find.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the results, or redirect to the object with exactly this reference."""
        self.text = " ".join(request.GET.get("q", "").split())[:LENGTH_MAX]
        if self.text and (thing := named(self.text)):
            if isinstance(thing, Recommendation):
                return redirect("desk_record", thing.reference)
            return redirect(thing)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(q=self.text, today=timezone.localdate(), **kwargs)
        asked = QueryDict(urlencode({"q": self.text}))
        filters = RecommendationFilters(asked, Recommendation.objects.published())
        query = filters.query
        if query is None:
            return context
        count = filters.qs.count()
        order = ("-listing__starts_on", *LISTED)
        best = order if count > RANKED_MAX else ("-relevance", *order)
        found = rankable(filters.qs).filter(listing__public=True).order_by(*best)
        rows = rows_of(list(found.values_list("pk", flat=True)[:SHOWN]), self.viewer)
        tags = IssueTag.objects.published().select_related("issue__parent")
        prefetch_related_objects(rows, Prefetch("tags", tags, to_attr="public_tags"))
        attach_hits(rows, query.wanted)
        return context | {
            "rows": rows,
            "count": count,
            "issues": self.issues(),
            "all_url": f"{reverse('recommendation_list')}?{urlencode({'q': query.text})}",
            "looked_for": query.in_words,
            "search_help": None
            if count
            else search_help(query, Recommendation.objects.published(), address_of),
        }

    def issues(self) -> list[Issue]:
        """Return issues with every word in their name, each with `is_followed`. Two queries."""
        words = words_of(self.text)[:WORDS_MAX]
        found = Issue.objects.select_related("parent")
        for word in words:
            found = found.filter(contains(word, ("name", "uhri_theme")))
        followed = Following.objects.filter(user=self.viewer.user_id).values("issue")
        issues = list(found.order_by(F("path"))[:ISSUES_SHOWN]) if words else []
        mine = set(followed.filter(issue__in=issues).values_list("issue", flat=True)) if issues else set()
        for issue in issues:
            issue.is_followed = issue.pk in mine  # type: ignore[attr-defined]  # for the page; no field
        return issues
