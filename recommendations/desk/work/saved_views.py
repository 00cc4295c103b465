"""Saved views: filters of the list of records under a name of one's own."""

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


class Reader:
    """Reads filters as the list of records does; what values there are is asked once for all of them."""

    def __init__(self) -> None:
        self.filters: dict[str, ListFilter] | None = None

    def read(self, query: str) -> ListQuery:
        """A query string, understood."""
        return ListQuery(
            QueryDict(query),
            filterset=self.filterset,
            rows=Recommendation.objects.published(),
            sorts={value: sort.label for value, sort in RecommendationList.sorts.items()},
            path=reverse(RecommendationList.name),
            per_page=RecommendationList.per_page,
        )

    def filterset(self, data: QueryDict, rows: Rows) -> RecommendationFilters:
        """The filters of one query, sharing their values with those read before."""
        made = RecommendationFilters(data, rows)
        if self.filters is None:
            self.filters = made.filters
        made.filters = self.filters
        return made


def kept(query: ListQuery) -> str:
    """What is stored of a query: the filters and values that are known, and the order; no page."""
    pairs = query.pairs(known_only=True)
    if query.sort != query.default_sort:
        pairs.append(("sort", query.sort))
    return urlencode(pairs)


def sentences(query: ListQuery) -> list[str]:
    """What is not understood of a query."""
    return list(dict.fromkeys(one for many in query.problems.values() for one in many))


def records_of(view: SavedView) -> RecommendationQuerySet:
    """The public records that match a saved view now; none where a value of it is no longer known."""
    found: Any = RecommendationFilters(QueryDict(view.query), Recommendation.objects.published()).qs
    return found  # type: ignore[no-any-return]


class SavedViewForm(forms.ModelForm):  # type: ignore[type-arg]
    """The name of a view; its filters come from the list."""

    # Of any length: what is stored of it may be shorter, and a model's limit would speak of characters.
    query = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = SavedView
        fields = ["name", "query"]
        labels = {"name": gettext_lazy("Name")}
        help_texts = {"name": gettext_lazy("For yourself: nobody else sees your saved views.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reader = Reader()
        self.reading = reader.read(self.data.get("query", "") if self.is_bound else self.initial["query"])
        self.understood = reader.read(kept(self.reading))

    def clean_name(self) -> str:
        """One name for one view."""
        name: str = self.cleaned_data["name"]
        same = SavedView.objects.filter(owner=self.instance.owner_id, name=name).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(_("You have a view with this name already."))
        return name

    def clean_query(self) -> str:
        """Only what the list understands is stored."""
        query = kept(self.reading)
        if len(query) > QUERY_MAX:
            raise forms.ValidationError(_("These are too many filters to save; choose fewer."))
        return query

    def save(self, commit: bool = True) -> SavedView:
        """The view; a name that was taken a moment ago is an error of the form."""
        try:
            with transaction.atomic():
                super().save(commit)
        except IntegrityError:
            self.add_error("name", _("You have a view with this name already."))
        return self.instance  # type: ignore[no-any-return]


class SavedViews(DeskView, TemplateView):
    """My saved views, each in words, with what can be done with it."""

    template_name = "desk/views.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page, views = paged(self.request, self.mine())
        followed = set(
            Following.objects.filter(user=self.viewer.user_id, saved_view__in=views).values_list(
                "saved_view", flat=True
            )
        )
        reader = Reader()
        rows = []
        for view in views:
            query = reader.read(view.query)
            rows.append((view, query.in_words(), sentences(query), view.pk in followed))
        return super().get_context_data(rows=rows, page=page, **kwargs)

    def mine(self) -> QuerySet[SavedView]:
        """The views of this person."""
        return SavedView.objects.filter(owner=self.viewer.user_id)


class EditView(DeskView, TemplateView):
    """Save the filters of the address under a name, or rename a view that is saved."""

    template_name = "desk/view_form.html"

    def view(self) -> SavedView:
        """The view that is edited, or a new one; another's is 404."""
        assert self.viewer.user_id is not None  # noqa: S101  (only signed-in people come here)
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
            problems=sentences(form.reading),
            list_url=form.reading.address(whole=True),
            is_new="pk" not in self.kwargs,
            trail=[(reverse("desk"), _("My work")), (reverse("desk_views"), _("Saved views"))],
            **kwargs,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Save, and say so; or show what is wrong."""
        form = SavedViewForm(request.POST, instance=self.view())
        if form.is_valid():
            view = form.save()
            if not form.errors:
                if request.POST.get("follow"):
                    Target("saved_view", view).follow(self.viewer)
                messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
                return redirect("desk_views")
        return self.render_to_response(self.get_context_data(form=form))


class DeleteView(DeskView):
    """Delete a saved view."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it; nobody else's."""
        view = get_object_or_404(SavedView, owner=self.viewer.user_id, pk=pk)
        view.delete()
        messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
        return redirect("desk_views")
