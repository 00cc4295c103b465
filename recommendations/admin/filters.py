"""Filters of the admin's lists, none of which loads an unbounded number of choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recommendations.core.http import is_id
from recommendations.models import Issue, IssueTag, Review

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model, QuerySet
    from django.http import HttpRequest
    from django_stubs_ext import StrOrPromise


class AutocompleteFilter(admin.ListFilter):
    """Filter by a row of a related model, chosen with an autocomplete field.

    `source` is the model and relation that provide the autocomplete; `look_up` is the filter's lookup.
    """

    template = "admin/tracker/autocomplete_filter.html"
    parameter_name: str
    source: tuple[type[Model], str]
    look_up: str

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        source_model, relation = self.source
        field = source_model._meta.get_field(relation)
        target = field.related_model
        site = model_admin.admin_site
        label = getattr(site._registry.get(target), "choice_label", str)
        widget = AutocompleteSelect(
            field, site, attrs={"data-placeholder": gettext("Any"), "data-width": "100%"}
        )
        self.choice = forms.ModelChoiceField(
            site._registry[target].get_queryset(request), required=False, widget=widget
        )
        self.choice.label_from_instance = label  # type: ignore[assignment,method-assign]  # Django's way to label one field
        if self.parameter_name in params:
            self.used_parameters[self.parameter_name] = params.pop(self.parameter_name)[-1]

    def value(self) -> str | None:
        """Return the id from the URL, or None if it is invalid."""
        value = str(self.used_parameters.get(self.parameter_name, ""))
        return value if is_id(value) else None

    def expected_parameters(self) -> list[str | None]:
        return [self.parameter_name]

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        """Yield one item for the template: the widget and the other query parameters."""
        name = self.parameter_name
        kept = [
            (key, value)
            for key, values in changelist.get_filters_params().items()
            for value in values
            if key != name
        ]
        if changelist.query:
            kept.append((SEARCH_VAR, changelist.query))
        yield {
            "widget": self.choice.widget.render(
                name, self.value(), {"id": f"filter-{name}", "aria-label": str(self.title)}
            ),
            "kept": kept,
            "selected": self.value() is not None,
            "remove": changelist.get_query_string(remove=[name]),
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{self.look_up: self.value()}) if self.value() else queryset


def autocomplete_filter(
    title: StrOrPromise, source: tuple[type[Model], str], look_up: str, parameter: str | None = None
) -> type[AutocompleteFilter]:
    """Return a filter class for a relation; `parameter` defaults to the relation's name."""
    values = {
        "title": title,
        "source": source,
        "look_up": look_up,
        "parameter_name": parameter or source[1],
    }
    name = "".join(word.title() for word in (parameter or source[1]).split("_"))
    return type(f"{name}Filter", (AutocompleteFilter,), values)


class IssueFilter(AutocompleteFilter):
    """Filter recommendations by an issue and its descendants."""

    title = _("issue")
    parameter_name = "issue"
    source = (IssueTag, "issue")

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        issue = Issue.objects.filter(pk=self.value()).first() if self.value() else None
        if issue is None:
            return queryset.none() if self.value() else queryset
        tagged = IssueTag.objects.filter(issue__in=Issue.objects.within(issue.path))
        return queryset.filter(pk__in=tagged.values("recommendation"))


class PublicFilter(admin.SimpleListFilter):
    """Filter by public or draft."""

    title = _("publication")
    parameter_name = "public"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", gettext("● Public")), ("no", gettext("○ Draft"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(published=self.value() == "yes")


class PublishedEntryFilter(PublicFilter):
    """Filter follow-up entries by published or draft."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(published_at__isnull=self.value() == "no")


class ConfirmedFilter(admin.SimpleListFilter):
    """Filter by confirmed or suggested."""

    title = _("judgement")
    parameter_name = "confirmed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", gettext("✓ Confirmed")), ("no", gettext("? Suggested"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(confirmed=self.value() == "yes")


class MechanismFilter(admin.SimpleListFilter):
    """Filter by the mechanism of the review, for models with a `document`."""

    title = _("mechanism")
    parameter_name = "mechanism"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in Review.Mechanism.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in Review.Mechanism.values:
            return queryset
        return queryset.filter(document__review__mechanism=self.value())
