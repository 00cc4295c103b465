"""Deadlines of records, and the reporting times by which records get their due dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from recommendations.accounts.views import DeskView
from recommendations.core.context_processors import site
from recommendations.core.paging import paged
from recommendations.desk.work.calendar import address_of
from recommendations.desk.work.my_records import MyRecords, rows_of
from recommendations.models import Recommendation, ReportingTime

if TYPE_CHECKING:
    from django.forms import BaseModelFormSet
    from django.http import HttpRequest, HttpResponse

    from recommendations.models import RecommendationQuerySet


class Deadlines(DeskView, TemplateView):
    """Records by due date: own or all, upcoming or overdue."""

    template_name = "desk/my_work/deadline_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        mine = MyRecords.of(self.viewer)
        # People without records of their own see all records by default.
        whose = self.chosen("whose", "all" if mine.is_empty else "mine", ("mine", "all"))
        late = self.chosen("show", "coming", ("coming", "overdue")) == "overdue"
        records = self.records(mine if whose == "mine" else None)
        when = {"coming": Q(listing__due_on__gte=today), "overdue": Q(listing__due_on__lt=today)}
        counts = records.aggregate(**{name: Count("pk", filter=which) for name, which in when.items()})
        order = ("-listing__due_on" if late else "listing__due_on", "listing__reference")
        ids = records.filter(when["overdue" if late else "coming"]).order_by(*order)
        page, shown = paged(self.request, ids.values_list("pk", flat=True))
        path = address_of(self.request.user)  # type: ignore[arg-type]  # sign-in is required
        return super().get_context_data(
            whose=whose,
            late=late,
            counts=counts,
            rows=rows_of(shown, self.viewer),
            page=page,
            calendar_url=f"{site(self.request)['site_url']}{path}" if path else "",
            edits=self.viewer.edits,
            today=today,
            **kwargs,
        )

    def chosen(self, name: str, default: str, values: tuple[str, ...]) -> str:
        """Return a query parameter if it is one of `values`, else the default."""
        value = self.request.GET.get(name, "")
        return value if value in values else default

    def records(self, mine: MyRecords | None) -> RecommendationQuerySet:
        """Return the records with a due date: those in `mine`, or all public ones."""
        records: RecommendationQuerySet = mine.records() if mine else Recommendation.objects.published()
        # Redundant with published(), but lets the database use the listing's index by date.
        return records.filter(listing__public=True, listing__due_on__isnull=False).order_by()


RuleFormSet = forms.modelformset_factory(
    ReportingTime, fields=["mechanism", "months", "source"], extra=1, can_delete=True
)


class EditReportingTimes(DeskView, TemplateView):
    """Edit the months after a review at which each body expects a report; for editors."""

    needs = "edits"
    template_name = "desk/my_work/reporting_time_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("formset", RuleFormSet(queryset=ReportingTime.objects.all()))
        return super().get_context_data(
            trail=[(reverse("desk_deadlines"), _("Deadlines"))],
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save all rows, or show the errors."""
        formset: BaseModelFormSet[Any, Any] = RuleFormSet(request.POST, queryset=ReportingTime.objects.all())
        if not formset.is_valid():
            return self.render_to_response(self.get_context_data(formset=formset))
        with transaction.atomic():
            formset.save()
        messages.success(request, _("The reporting times are saved. Dates that records have already stay."))
        return redirect("desk_reporting_times")
