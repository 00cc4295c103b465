"""All facets of the list of records. Facets that are listing columns are declared on the model."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.models import FollowUp, IssueTag, Listing, Recommendation, ResponseLink
from recommendations.models.derived import columns_of
from recommendations.models.issues import ancestors
from recommendations.search.facets.facet import (
    ColumnFacet,
    ConditionFacet,
    Facet,
    ReviewFacet,
    RowFacet,
    Rows,
    Through,
)

ROLES = tuple(FollowUp.Role.values)


def tagged(issues: list[Any]) -> Rows:
    """Return ids of records with one of these issues."""
    return judged_tags().filter(issue__in=issues).values("recommendation")


def judged_tags() -> Rows:
    """Return the tags of records, without suggested ones that nobody has confirmed."""
    return IssueTag.objects.exclude(origin=IssueTag.Origin.SUGGESTION)


def raisings() -> Rows:
    """Return rows that join records to the stakeholders who raised them."""
    return Recommendation.raised_by.through._default_manager.all()


def groupings() -> Rows:
    """Return rows that join records to population groups."""
    return Recommendation.groups.through._default_manager.all()


def by_year(rows: Rows, years: list[Any]) -> Rows:
    """Return records of reviews that began in one of these years; date ranges, so that indexes apply."""
    return rows.filter(reduce(or_, (Q(listing__starts_on__year=year) for year in years)))


def _of_column(column: str) -> ColumnFacet:
    filtered = columns_of(Listing)[column].filtered
    assert filtered  # noqa: S101  (only asked for columns that have it)
    return ColumnFacet(
        name=filtered.name or column,
        label=filtered.label,
        choices=filtered.choices,
        counted=filtered.counted,
        column=column,
        filtered=filtered,
    )


_FACETS: list[Facet] = [
    RowFacet(
        name="review",
        named=lambda names: names.reviews,
        by=lambda rows, reviews: rows.filter(listing__review__in=reviews),
    ),
    ReviewFacet(
        name="state",
        value=lambda names, state, _mechanism, _day: names.states[state],
        by=lambda rows, states: rows.filter(listing__state__in=states),
        address_of=lambda names, state: names.states.get(state, ""),
    ),
    ReviewFacet(
        name="mechanism",
        value=lambda _names, _state, mechanism, _day: mechanism,
        by=lambda rows, mechanisms: rows.filter(listing__mechanism__in=mechanisms),
    ),
    ReviewFacet(name="year", value=lambda _names, _state, _mechanism, day: str(day.year), by=by_year),
    RowFacet(
        name="issue",
        named=lambda names: names.issues,
        through=Through(links=judged_tags, key="issue_id"),
        counted_as=ancestors,
        by=lambda rows, issues: rows.filter(pk__in=tagged(issues)),
    ),
    RowFacet(
        name="group",
        named=lambda names: names.groups,
        through=Through(links=groupings, key="populationgroup_id"),
        by=lambda rows, groups: rows.filter(
            pk__in=groupings().filter(populationgroup__in=groups).values("recommendation")
        ),
    ),
    RowFacet(
        name="stakeholder",
        named=lambda names: names.stakeholders,
        through=Through(links=raisings, key="stakeholder_id"),
        by=lambda rows, people: rows.filter(
            pk__in=raisings().filter(stakeholder__in=people).values("recommendation")
        ),
    ),
    ConditionFacet(
        name="response",
        label=_("State’s answer"),
        choices=[("yes", _("Answered")), ("no", _("Not answered")), *ResponseLink.Stance.choices],
        conditions={"yes": Q(answered=True), "no": Q(answered=False)},
        through=Through(links=ResponseLink.objects.published, key="stance"),
    ),
    ConditionFacet(
        name="chain",
        label=_("Asked again"),
        choices=[
            ("open", _("Asked again, still not implemented")),
            ("any", _("Linked with earlier or later records")),
            ("none", _("Not linked")),
        ],
        # Open: a later record takes it up or repeats it, and its headline is not "implemented".
        conditions={
            "open": Q(asked_again=True) & ~Q(status=FollowUp.Status.IMPLEMENTED.value),
            "any": Q(linked=True),
            "none": Q(linked=False),
        },
    ),
    *(_of_column(name) for name, column in columns_of(Listing).items() if column.filtered),
]
FACETS: dict[str, Facet] = {facet.name: facet for facet in _FACETS}


def of_role(role: str) -> ColumnFacet:
    """Return the facet of a role's own status."""
    facet = FACETS[f"status_{role}"]
    assert isinstance(facet, ColumnFacet)  # noqa: S101  (declared with its column)
    return facet


# Tables read besides the listing: by facet, the table that joins records to its values.
THROUGH: dict[str, Through] = {
    name: facet.through
    for name, facet in FACETS.items()
    if isinstance(facet, RowFacet | ConditionFacet) and facet.through
}
# The columns of the listing that are kept as sets.
KEPT_COLUMNS = tuple(name for name, column in columns_of(Listing).items() if column.kept)
