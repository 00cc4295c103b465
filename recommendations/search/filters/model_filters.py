"""Filters whose values are rows: States, reviews, issues, stakeholders … Only public rows are known."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext

from recommendations.models import (
    Document,
    FollowUp,
    Issue,
    PopulationGroup,
    Recommendation,
    Review,
    Stakeholder,
    State,
)
from recommendations.models.issues import ancestors
from recommendations.search.facets.index import index_of
from recommendations.search.filters.base import OPTIONS_MAX, ListFilter, allowed_are
from recommendations.search.filters.panel import Value, chosen_first
from recommendations.search.filters.values import Narrow, Option, Rows
from recommendations.search.text.substring_search import fold_case

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

# The number of most frequent values shown if there are more than OPTIONS_MAX.
FREQUENT_MAX = 50


class RowFilter(ListFilter):
    """Rows of another model, by a readable key. Options are read at most once per request."""

    key = "slug"

    def known(self) -> Rows:
        """Return all rows that may be named."""
        raise NotImplementedError

    def offered(self) -> Rows:
        """Return the rows to offer: by default all that may be named."""
        return self.known()

    def option(self, row: Any) -> Option:
        """Return the option for a row."""
        return Option(getattr(row, self.key), str(row), (row.pk,))

    @cached_property
    def first_rows(self) -> list[Any]:
        """Return the rows behind the options."""
        return list(self.offered()[: OPTIONS_MAX + 1])

    @cached_property
    def first_options(self) -> list[Option]:
        """Return the options to offer, or OPTIONS_MAX + 1 of them if there are too many to tick."""
        return [self.option(row) for row in self.first_rows]

    def options(self) -> list[Option]:
        return self.first_options

    def most_frequent(self, counts: Mapping[str, int]) -> list[Option]:
        most = sorted((value for value in counts if counts[value]), key=lambda value: -counts[value])
        rows = self.known().filter(**{f"{self.key}__in": most[:FREQUENT_MAX]}) if most else ()
        return sorted((self.option(row) for row in rows), key=lambda option: -counts[option.value])

    def find(self, values: list[str]) -> dict[str, Option]:
        found = {option.value: option for option in self.options() if option.value in values}
        if missing := [value for value in values if value not in found]:
            rows = self.known().filter(**{f"{self.key}__in": missing})
            found |= {getattr(row, self.key): self.option(row) for row in rows}
        return found

    def allowed(self) -> str:
        options = self.options()
        examples = ", ".join(option.value for option in options[:12])
        if not options:
            return gettext("There is no value yet.")
        if len(options) > 12:
            return gettext("Allowed: %(values)s …") % {"values": examples}
        return allowed_are([examples])


class StateFilter(RowFilter):
    """States with a public review, by ISO code; States still being prepared are not disclosed."""

    key = "iso3"

    def known(self) -> Rows:
        return State.objects.filter(Exists(Review.objects.published().filter(state=OuterRef("pk"))))

    def find(self, values: list[str]) -> dict[str, Option]:
        found = super().find([value.upper() for value in values])
        return {value: found[value.upper()] for value in values if value.upper() in found}


class ReviewFilter(RowFilter):
    """Public reviews."""

    def known(self) -> Rows:
        return Review.objects.published().select_related("state")

    def option(self, row: Review) -> Option:
        return Option(row.slug, f"{row.state}, {row.short_label}", (row.pk,))


class YearFilter(ListFilter):
    """Years in which a review began. Any year is accepted; those with a public record are offered."""

    @cached_property
    def years(self) -> list[int]:
        """Return the years, newest first, from the sets that the list reads for its counts anyway."""
        index = index_of(self.parent)  # type: ignore[attr-defined]  # set by the filter set
        return sorted((int(year) for year in index.facets["year"]), reverse=True)

    def options(self) -> list[Option]:
        return [self.option(year) for year in self.years]

    @staticmethod
    def option(year: int) -> Option:
        """Return the option for a year."""
        return Option(str(year), str(year), (year,))

    def find(self, values: list[str]) -> dict[str, Option]:
        plain = [value for value in values if re.fullmatch(r"[1-9][0-9]{3}", value)]
        return {value: self.option(int(value)) for value in plain}

    def allowed(self) -> str:
        return gettext("Allowed: a year of four digits, such as 2010.")


class DocumentFilter(RowFilter):
    """Public documents."""

    def known(self) -> Rows:
        return Document.objects.published()

    def option(self, row: Document) -> Option:
        return Option(row.slug, row.name, (row.pk,))


class GroupFilter(RowFilter):
    """Population groups."""

    def known(self) -> Rows:
        return PopulationGroup.objects.all()


class IssueFilter(RowFilter):
    """Issues, by slug or path; each includes everything below it."""

    key = "path"
    tree = True

    def known(self) -> Rows:
        return Issue.objects.all()

    @cached_property
    def first_options(self) -> list[Option]:
        """Return the whole tree: an issue's keys are its own id and the ids of all issues below it."""
        issues = {issue.path: issue for issue in self.known().order_by("path")}
        below: dict[str, list[int]] = {path: [] for path in issues}
        lines = {path: [step for step in ancestors(path) if step in issues] for path in issues}
        for path, issue in issues.items():
            for step in lines[path]:
                below[step].append(issue.pk)

        def place(path: str) -> list[tuple[int, str]]:
            return [(issues[step].position, step) for step in lines[path]]

        def option(path: str) -> Option:
            above = lines[path][:-1]
            return Option(
                path, issues[path].name, tuple(below[path]), issues[above[-1]].name if above else ""
            )

        return [option(path) for path in sorted(issues, key=place)]

    def find(self, values: list[str]) -> dict[str, Option]:
        by_key = {option.value.rpartition("/")[2]: option for option in self.options()}
        by_key |= {option.value: option for option in self.options()}
        given = {value: value.strip("/").lower() for value in values}
        return {value: by_key[key] for value, key in given.items() if key in by_key}


class StakeholderFilter(RowFilter):
    """Public stakeholders, by slug or acronym (case-insensitive); an acronym may match several.

    Those who raised a public record are offered.
    """

    def known(self) -> Rows:
        return Stakeholder.objects.published()

    def offered(self) -> Rows:
        # One record is enough: with Exists, PostgreSQL would join all of them first.
        raised = Recommendation.objects.published().filter(raised_by=OuterRef("pk")).order_by()
        rows: Rows = self.known().alias(one=Subquery(raised.values("pk")[:1])).filter(one__isnull=False)
        return rows

    def arrange(self, values: list[Value]) -> list[Value]:
        return chosen_first(values, by_count=True)

    def find(self, values: list[str]) -> dict[str, Option]:
        folded = {value: fold_case(value) or "" for value in values}
        rows = self.named(set(folded.values()))
        found = {}
        for value, key in folded.items():
            by_slug = [row for row in rows if row.slug == key]
            if by_slug:
                found[value] = self.option(by_slug[0])
            elif named := [row for row in rows if fold_case(row.acronym) == key]:
                found[value] = Option(value, named[0].acronym, tuple(row.pk for row in named))
        return found

    def named(self, keys: set[str]) -> list[Any]:
        """Return the stakeholders with one of these (folded) slugs or acronyms.

        If each key matches one that is offered, no others are looked up: they raised no public record.
        """
        if len(self.first_rows) <= OPTIONS_MAX:
            offered = [row for row in self.first_rows if {row.slug, fold_case(row.acronym)} & keys]
            if keys <= {key for row in offered for key in (row.slug, fold_case(row.acronym))}:
                return offered
        return self.look_up(keys)

    def look_up(self, keys: set[str]) -> list[Any]:
        """Return all stakeholders with one of these keys that may be named, offered or not."""
        return list(self.known().filter(Q(slug__in=keys) | Q(acronym__folded__in=list(keys))))

    def allowed(self) -> str:
        known = gettext("Slugs and acronyms of stakeholders are understood.")
        return f"{known} {super().allowed()}"


class AssessorFilter(StakeholderFilter):
    """Assessors: a role (its key is the role's value) or a stakeholder (its id)."""

    @cached_property
    def first_options(self) -> list[Option]:
        """Return only the roles: they are few, and assessors are compared by role."""
        return [Option(value, str(label), (value,)) for value, label in FollowUp.Role.choices]

    def named(self, keys: set[str]) -> list[Any]:
        return self.look_up(keys)

    def find(self, values: list[str]) -> dict[str, Option]:
        roles = {option.value: option for option in self.first_options}
        found = {value: roles[value.lower()] for value in values if value.lower() in roles}
        rest = [value for value in values if value not in found]
        return found | (super().find(rest) if rest else {})

    def allowed(self) -> str:
        sentence = gettext("Allowed: %(roles)s, or the slug or acronym of a stakeholder.")
        return sentence % {"roles": ", ".join(FollowUp.Role.values)}


class ReferenceFilter(RowFilter):
    """One public recommendation, by reference; accepted in addresses, not offered in the panel."""

    key = "reference"

    def __init__(self, label: StrOrPromise, by: str | Narrow | None) -> None:
        super().__init__(label, by, panel=False)

    def offered(self) -> Rows:
        return Recommendation.objects.none()

    def known(self) -> Rows:
        return Recommendation.objects.published()

    def allowed(self) -> str:
        return gettext("Allowed: the reference of a public record, as in its address.")
