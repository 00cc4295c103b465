"""What the parts of a compound record say of the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, IntegerField, Max, Min, Subquery, Value, When
from django.db.models.functions import Coalesce

from recommendations.models.statuses import NOT_ASSESSED, STATUSES, Degree, Status

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from recommendations.models.follow_up import FollowUpQuerySet


def status_of_whole(parts: QuerySet[Any], headline: FollowUpQuerySet) -> tuple[Subquery, Subquery]:
    """The status that a record's parts give it, and the day of the newest verdict on them.

    `parts`: of the outer record. `headline`: entries on the outer record that may make its headline, the
    first one first. Both are null for a record without parts, the day also where no part was assessed.

    Where all parts stand alike, the whole does. Otherwise, whatever the other parts may be: with something
    done it is partially implemented, else with something under way in progress, else with something worse
    than before regressed. Where nothing of that is said, the whole is known no better than the part of
    which least is known. The rule is this tracker's own; the methodology page states it.
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
