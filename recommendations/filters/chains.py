"""Whether a record was asked again, and what is still open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from recommendations.models import FollowUp, RecommendationLink

if TYPE_CHECKING:
    from collections.abc import Callable

    from .base import Rows

CHAIN = [
    ("open", _("Asked again, still not implemented")),
    ("any", _("Linked with earlier or later records")),
    ("none", _("Not linked")),
]
# The relations that ask the same again; "related" only shares the subject.
AGAIN = (RecommendationLink.Relation.TAKEN_UP, RecommendationLink.Relation.REPEATED)


def by_chain(with_status: Callable[[Rows], Rows]) -> Callable[[Rows, list[Any]], Rows]:
    """Narrow to records by their links: `open`, `any`, `none`.

    `open` is a record that a later one takes up or repeats, and whose headline status is anything but
    "implemented". Only confirmed links between public records count.
    """

    def narrow(rows: Rows, asked: list[Any]) -> Rows:
        links = RecommendationLink.objects.published()
        later = links.filter(earlier=OuterRef("pk"))
        linked = Q(Exists(later)) | Q(Exists(links.filter(later=OuterRef("pk"))))
        match = Q()
        if "open" in asked:
            rows = with_status(rows)
            undone = Q(status__in=[*_but_implemented(), FollowUp.NOT_ASSESSED])
            match |= Q(Exists(later.filter(relation__in=AGAIN))) & undone
        if "any" in asked:
            match |= linked
        if "none" in asked:
            match |= ~linked
        return rows.filter(match)

    return narrow


def _but_implemented() -> list[str]:
    return [status for status in FollowUp.Status.values if status != FollowUp.Status.IMPLEMENTED]
