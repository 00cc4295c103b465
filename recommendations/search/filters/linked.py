"""Filters records by links with those of another review; an arc of the time line leads to this list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from recommendations.models import RecommendationLink

if TYPE_CHECKING:
    from recommendations.search.filters.values import Rows


def by_links(rows: Rows, reviews: list[Any], relations: list[Any]) -> Rows:
    """Return records with a public link of one of these relations to a record of one of these reviews.

    An empty list is ignored. If both are given, the same link must match both.
    """
    links = RecommendationLink.objects.published()
    if relations:
        links = links.filter(relation__in=relations)
    ends = ("earlier", "later"), ("later", "earlier")
    found = [links.filter(**{here: OuterRef("pk")}) for here, _ in ends]
    if reviews:
        found = [
            of_end.filter(**{f"{there}__document__review__in": reviews})
            for of_end, (_, there) in zip(found, ends, strict=True)
        ]
    one, other = found
    return rows.filter(Exists(one) | Exists(other))
