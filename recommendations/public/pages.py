"""The pages that are about everything: the overview, and how it is made."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.views.generic import TemplateView

from recommendations.charts import statistics
from recommendations.charts.build import build
from recommendations.charts.selection import Selection
from recommendations.models import (
    Document,
    Evidence,
    FollowUp,
    Grade,
    Recommendation,
    ReportingTime,
    Stakeholder,
)
from recommendations.models.follow_up import CONFIDENCE_MEANINGS, ROLE_MEANINGS
from recommendations.models.recommendations import KIND_MEANINGS
from recommendations.models.responses import STANCE_MEANINGS
from recommendations.models.statuses import STATUS_MEANINGS
from recommendations.public.read_only import ReadOnlyView


class Overview(ReadOnlyView, TemplateView):
    """What is here, in one glance."""

    template_name = "public/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        selection = Selection.everything()
        records = selection.records
        return super().get_context_data(
            kinds=statistics.by_kind(records),
            records=records.number,
            totals=statistics.overview_totals(records.index),
            by_issue=build("issues", selection),
            by_role=build("roles", selection),
            newest=statistics.newest_entries()[:6],
            raised_again=statistics.raised_again(records.index, 4),
            **kwargs,
        )


class Methodology(ReadOnlyView, TemplateView):
    """What the words mean, how a headline is derived, and what the sources can and cannot show."""

    template_name = "public/methodology.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            statuses=STATUS_MEANINGS.items(),
            kinds=KIND_MEANINGS.items(),
            stances=STANCE_MEANINGS.items(),
            roles=[(FollowUp.Role(role).label, text) for role, text in ROLE_MEANINGS.items()],
            confidences=[
                (FollowUp.Confidence(value).label, text) for value, text in CONFIDENCE_MEANINGS.items()
            ],
            positions=Recommendation.Position.labels,
            evidence_kinds=Evidence.Kind.labels,
            stakeholder_kinds=Stakeholder.Kind.labels,
            grades=Grade.objects.all(),
            reporting_times=ReportingTime.objects.all(),
            stale_after=settings.STALE_AFTER_MONTHS,
            documents=Document.objects.published().select_related("review__state"),
            **kwargs,
        )
