"""The status of a compound record, derived from its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, IntegerField, Max, Min, Subquery, Value, When
from django.db.models.functions import Coalesce

from recommendations.models.statuses import NOT_ASSESSED, STATUSES, Degree, Status

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from recommendations.models.follow_up import FollowUpQuerySet


def status_of_whole(parts: QuerySet[Any], headline: FollowUpQuerySet) -> tuple[Subquery, Subquery]:
    """Return subqueries for the status that a record's parts give it and the date of their newest verdict.

    `parts` are the parts of the outer record. `headline` are the entries on the outer record that can be
    its headline, in order of precedence. Both results are null for a record without parts; the date is
    also null if no part was assessed.

    If all parts have the same status, so does the whole. Otherwise the whole is partially implemented if
    any part is done in full or in part, else in progress if any part is under way, else regressed if any
    part is worse than before. Failing all of these, it takes the status of the part about which least
    is known. The rule is this tracker's own and is stated on the methodology page.
    """
    degrees = [When(part_status=status, then=Value(known.degree)) for status, known in STATUSES.items()]
    found: Any = (
        parts.annotate(
            part_status=Coalesce(Subquery(headline.values("status")[:1]), Value(NOT_ASSESSED)),
            part_as_of=Subquery(headline.values("as_of")[:1]),
        )
        .annotate(degree=Case(*degrees, output_field=IntegerField()))
        .order_by()
        .values("parent")
        .annotate(one=Min("part_status"), other=Max("part_status"), least=Min("degree"), most=Max("degree"))
        .annotate(newest=Max("part_as_of"))
        .annotate(
            whole=Case(
                When(one=F("other"), then=F("one")),
                When(most=Degree.DONE, then=Value(Status.PARTIALLY_IMPLEMENTED)),
                When(most=Degree.IN_PROGRESS, then=Value(Status.IN_PROGRESS)),
                When(most=Degree.REGRESSED, then=Value(Status.REGRESSED)),
                When(least=Degree.NOT_IMPLEMENTED, then=Value(Status.NOT_IMPLEMENTED)),
                When(least=Degree.NO_INFORMATION, then=Value(Status.NO_INFORMATION)),
                default=Value(NOT_ASSESSED),
            )
        )
    )
    return Subquery(found.values("whole")), Subquery(found.values("newest"))
