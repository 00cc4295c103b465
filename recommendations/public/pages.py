"""The pages that are about everything: the overview, and how it is made."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
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
    ResponseLink,
    Stakeholder,
)
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


KIND_MEANINGS = {
    Recommendation.Kind.RECOMMENDATION: _("asks the State for an action"),
    Recommendation.Kind.CONCERN: _("names a problem, and expects that it is dealt with"),
    Recommendation.Kind.QUESTION: _("a body asks the State for an answer"),
    Recommendation.Kind.COMMENDATION: _(
        "credits progress; no follow-up is expected, so it is left out of the figures by status"
    ),
}
STATUS_MEANINGS = {
    FollowUp.Status.IMPLEMENTED: _("what was asked is done"),
    FollowUp.Status.PARTIALLY_IMPLEMENTED: _(
        "part of what was asked is done, or it is done in law and not in practice"
    ),
    FollowUp.Status.IN_PROGRESS: _("steps are announced or begun, without a result yet"),
    FollowUp.Status.NOT_IMPLEMENTED: _("there is no relevant action, or the State rejects it"),
    FollowUp.Status.REGRESSED: _("measures go against it, or protection has become worse"),
    FollowUp.Status.NO_INFORMATION: _(
        "somebody looked and found nothing; the entry says where, and until when."
        " It is never counted as “not implemented”"
    ),
    FollowUp.NOT_ASSESSED: _("nobody but the State has spoken yet"),
}
STANCE_MEANINGS = {
    ResponseLink.Stance.REPORTS_MEASURE: _("names something that was done"),
    ResponseLink.Stance.COMMITS: _("says that something will be done"),
    ResponseLink.Stance.ACCEPTS: _("agrees with the point, without naming a measure"),
    ResponseLink.Stance.DISPUTES: _("denies the facts, or says that the problem does not exist"),
    ResponseLink.Stance.DECLINES: _("says that it will not be done"),
    ResponseLink.Stance.DOES_NOT_ANSWER: _("speaks to the subject and leaves what was asked unanswered"),
}
ROLE_MEANINGS = {
    FollowUp.Role.STATE: _("what the State itself reports. Shown beside the others; never the headline"),
    FollowUp.Role.CIVIL_SOCIETY: _("NGOs, joint submissions and coalitions"),
    FollowUp.Role.NHRI: _("the national human rights institution"),
    FollowUp.Role.UN_BODY: _("committees and other bodies of the UN or of a region"),
    FollowUp.Role.TRACKER: _("the editors of this tracker, from the documents that they quote"),
}
CONFIDENCE_MEANINGS = {
    FollowUp.Confidence.HIGH: _("the words say so themselves"),
    FollowUp.Confidence.MEDIUM: _("it follows from the words, with a step of judgement"),
    FollowUp.Confidence.LOW: _("the words point that way, and another reading is possible"),
}


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
