"""Saved views: named filters of the list of records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from recommendations.accounts.views import DeskView
from recommendations.core.paging import paged
from recommendations.desk.work.follow import Target
from recommendations.models import Following, Recommendation, SavedView
from recommendations.public.record_list import RecommendationList
from recommendations.search.filters import RecommendationFilters
from recommendations.search.filters.query import ListQuery

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from recommendations.models import RecommendationQuerySet
    from recommendations.search.filters import ListFilter
    from recommendations.search.filters.values import Rows

QUERY_MAX = SavedView._meta.get_field("query").max_length or 0


class QueryParser:
    """Parses query strings as the list of records does; filter values are loaded once for all queries."""

    def __init__(self) -> None:
        self.filters: dict[str, ListFilter] | None = None

    def parse(self, query: str) -> ListQuery:
        """Return the parsed query string."""
        return ListQuery(
            QueryDict(query),
            filterset=self.filterset,
            rows=Recommendation.objects.published(),
            sorts={value: sort.label for value, sort in RecommendationList.sorts.items()},
            path=reverse(RecommendationList.name),
            per_page=RecommendationList.per_page,
        )

    def filterset(self, data: QueryDict, rows: Rows) -> RecommendationFilters:
        """Return the filters of one query, sharing the values loaded for earlier ones."""
        made = RecommendationFilters(data, rows)
        if self.filters is None:
            self.filters = made.filters
        made.filters = self.filters
        return made


def stored_query(query: ListQuery) -> str:
    """Return the query string to store: known filters and values and the order, without the page."""
    pairs = query.pairs(known_only=True)
    if query.sort != query.default_sort:
        pairs.append(("sort", query.sort))
    return urlencode(pairs)


def problem_sentences(query: ListQuery) -> list[str]:
    """Return one sentence for each part of the query that was not understood."""
    return list(dict.fromkeys(one for many in query.problems.values() for one in many))


def records_of(view: SavedView) -> RecommendationQuerySet:
    """Return the public records that match a saved view now; none if a value is no longer known."""
    found: Any = RecommendationFilters(QueryDict(view.query), Recommendation.objects.published()).qs
    return found  # type: ignore[no-any-return]  # the rows it was given, narrowed


class SavedViewForm(forms.ModelForm):  # type: ignore[type-arg]  # cannot be subscripted at run time
    """Form for the name of a view; its filters come from the list in a hidden field."""

    # No length limit here: the stored query may be shorter, and clean_query gives a clearer message.
    query = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = SavedView
        fields = ["name", "query"]
        labels = {"name": gettext_lazy("Name")}
        help_texts = {"name": gettext_lazy("For yourself: nobody else sees your saved views.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parser = QueryParser()
        self.reading = parser.parse(self.data.get("query", "") if self.is_bound else self.initial["query"])
        self.understood = parser.parse(stored_query(self.reading))

    def clean_name(self) -> str:
        """Require a name that the person's other views do not have."""
        name: str = self.cleaned_data["name"]
        same = SavedView.objects.filter(owner=self.instance.owner_id, name=name).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(_("You have a view with this name already."))
        return name

    def clean_query(self) -> str:
        """Return only the part of the query that the list understands."""
        query = stored_query(self.reading)
        if len(query) > QUERY_MAX:
            raise forms.ValidationError(_("These are too many filters to save; choose fewer."))
        return query

    def save(self, commit: bool = True) -> SavedView:
        """Save and return the view; add a form error if the name was taken concurrently."""
        try:
            with transaction.atomic():
                super().save(commit)
        except IntegrityError:
            self.add_error("name", _("You have a view with this name already."))
        view: SavedView = self.instance
        return view


class SavedViewList(DeskView, TemplateView):
    """List of the person's saved views, described in words."""

    template_name = "desk/my_work/saved_view_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page, views = paged(self.request, self.mine())
        followed = set(
            Following.objects.filter(user=self.viewer.user_id, saved_view__in=views).values_list(
                "saved_view", flat=True
            )
        )
        parser = QueryParser()
        rows = []
        for view in views:
            query = parser.parse(view.query)
            rows.append((view, query.in_words(), problem_sentences(query), view.pk in followed))
        return super().get_context_data(rows=rows, page=page, **kwargs)

    def mine(self) -> QuerySet[SavedView]:
        """Return this person's views."""
        return SavedView.objects.filter(owner=self.viewer.user_id)


class EditSavedView(DeskView, TemplateView):
    """Save the filters in the query string as a view, or rename a saved view."""

    template_name = "desk/my_work/saved_view_form.html"

    def view(self) -> SavedView:
        """Return the view to edit, or a new one. Raises Http404 for another person's view."""
        assert self.viewer.user_id is not None  # noqa: S101  (DeskView requires sign-in)
        if "pk" in self.kwargs:
            return get_object_or_404(SavedView, owner=self.viewer.user_id, pk=self.kwargs["pk"])
        return SavedView(owner_id=self.viewer.user_id)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "form" not in kwargs:
            view = self.view()
            query = view.query if view.pk else self.request.GET.urlencode()
            kwargs["form"] = SavedViewForm(instance=view, initial={"query": query})
        form = kwargs["form"]
        return super().get_context_data(
            in_words=form.understood.in_words() if form.understood.chips() else "",
            problems=problem_sentences(form.reading),
            list_url=form.reading.address(whole=True),
            is_new="pk" not in self.kwargs,
            trail=[(reverse("desk"), _("My work")), (reverse("desk_views"), _("Saved views"))],
            **kwargs,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Save and redirect to the list, or show the errors."""
        form = SavedViewForm(request.POST, instance=self.view())
        if form.is_valid():
            view = form.save()
            if not form.errors:
                if request.POST.get("follow"):
                    Target("saved_view", view).follow(self.viewer)
                messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
                return redirect("desk_views")
        return self.render_to_response(self.get_context_data(form=form))


class DeleteSavedView(DeskView):
    """Delete a saved view."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete the view. Raises Http404 for another person's view."""
        view = get_object_or_404(SavedView, owner=self.viewer.user_id, pk=pk)
        view.delete()
        messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
        return redirect("desk_views")
