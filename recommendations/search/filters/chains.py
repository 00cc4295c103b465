"""Whether a record was asked again, and what is still open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.models import FollowUp

if TYPE_CHECKING:
    from recommendations.search.filters.values import Rows

CHAIN = [
    ("open", _("Asked again, still not implemented")),
    ("any", _("Linked with earlier or later records")),
    ("none", _("Not linked")),
]


def by_chain(rows: Rows, asked: list[Any]) -> Rows:
    """Narrow to records by their links: `open`, `any`, `none`.

    `open` is a record that a later one takes up or repeats, and whose headline status is anything but
    "implemented". Only confirmed links between public records count.
    """
    match = Q()
    if "open" in asked:
        match |= Q(listing__asked_again=True) & ~Q(listing__status=FollowUp.Status.IMPLEMENTED)
    if "any" in asked:
        match |= Q(listing__linked=True)
    if "none" in asked:
        match |= Q(listing__linked=False)
    return rows.filter(match)
