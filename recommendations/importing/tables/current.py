"""Records as they are now and as the last import left them, for comparing rows with."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from recommendations.exports.columns import EDITABLE
from recommendations.models import IssueTag, PopulationGroup, Recommendation, Stakeholder

if TYPE_CHECKING:
    from collections.abc import Collection

# The change reason in the history; the reason of every import starts with it.
REASON = "Imported from a data set"
# The fields that an import writes, beside what a record is linked with.
SCALARS = (*(name for name, column in EDITABLE.items() if not column.is_list), "text")
SUGGESTION = IssueTag.Origin.SUGGESTION.value


@dataclass(slots=True)
class Current:
    """One record: plain values by column, and the ids of linked rows."""

    pk: int
    values: dict[str, Any]
    about: dict[str, str] = field(default_factory=dict)
    raised_by: set[int] = field(default_factory=set)
    # The origin of each tag, including suggestions.
    tags: dict[int, str] = field(default_factory=dict)
    groups: set[int] = field(default_factory=set)

    @property
    def issues(self) -> set[int]:
        """Return the ids of issues given by the source or an editor."""
        return {issue for issue, origin in self.tags.items() if origin != SUGGESTION}

    def value(self, column: str) -> Any:
        """Return the value of a column; a frozenset of ids for a column with many values."""
        if column in ("raised_by", "issues", "groups"):
            return frozenset(getattr(self, column))
        return self.values[column]


def current(pks: Collection[int]) -> dict[int, Current]:
    """Return the records with these ids, in four queries."""
    names = ("reference", *SCALARS, "published", "locator")
    about = {
        "state": "document__review__state__iso3",
        "review": "document__review__slug",
        "symbol": "document__symbol",
        "document": "document__slug",
        "paragraph": "paragraph__number",
        "merged_into": "merged_into__reference",
        "review_id": "document__review",
    }
    rows = Recommendation.objects.filter(pk__in=pks).order_by()
    found = {}
    for pk, *values in rows.values_list("pk", *names, *about.values()):
        plain = dict(zip(names, values, strict=False))
        words = dict(zip(about, values[len(names) :], strict=True))
        found[pk] = Current(pk, plain, words)
    through: Any = Recommendation.raised_by.through._default_manager
    for pk, one in through.filter(recommendation__in=pks).values_list("recommendation_id", "stakeholder_id"):
        found[pk].raised_by.add(one)
    tags = IssueTag.objects.filter(recommendation__in=pks).order_by()
    for pk, issue, origin in tags.values_list("recommendation_id", "issue_id", "origin"):
        found[pk].tags[issue] = origin
    of_groups: Any = Recommendation.groups.through._default_manager
    rows_of_groups = of_groups.filter(recommendation__in=pks)
    for pk, one in rows_of_groups.values_list("recommendation_id", "populationgroup_id"):
        found[pk].groups.add(one)
    return found


def as_imported(pks: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return the values last imported into these records, by column; omits records never imported."""
    history: Any = Recommendation.history.model
    entries = history.objects.filter(id__in=pks, history_change_reason__startswith=REASON)
    found: dict[int, dict[str, Any]] = {}
    record_of: dict[int, int] = {}
    for pk, number, *values in entries.order_by("history_id").values_list("id", "history_id", *SCALARS):
        found[pk] = {**dict(zip(SCALARS, values, strict=True)), "history": number}
    for pk, values in found.items():
        record_of[values.pop("history")] = pk
    for column, through, other in (
        ("raised_by", "historicalrecommendation_raised_by", "stakeholder_id"),
        ("groups", "historicalrecommendation_groups", "populationgroup_id"),
    ):
        model = history._meta.get_field(through).related_model
        sets: defaultdict[int, set[int]] = defaultdict(set)
        for number, one in model.objects.filter(history__in=record_of).values_list("history_id", other):
            sets[record_of[number]].add(one)
        for pk, values in found.items():
            values[column] = frozenset(sets[pk])
    tags: Any = IssueTag.history.model
    issues: defaultdict[int, set[int]] = defaultdict(set)
    rows = tags.objects.filter(recommendation__in=pks, history_change_reason__startswith=REASON)
    for pk, issue, kind in rows.order_by("history_id").values_list(
        "recommendation_id", "issue_id", "history_type"
    ):
        (issues[pk].discard if kind == "-" else issues[pk].add)(issue)
    for pk, values in found.items():
        values["issues"] = frozenset(issues[pk])
    return found


class Labels:
    """The names of stakeholders, issues and groups by id, loaded once and worded as in our export."""

    def __init__(self) -> None:
        from recommendations.models import Issue

        self.stakeholders = {row.pk: row for row in Stakeholder.objects.all()}
        self.issues = {row.pk: str(row) for row in Issue.objects.select_related("parent")}
        self.groups = {row.pk: row.name for row in PopulationGroup.objects.all()}

    def words(self, column: str, value: Any) -> str:
        """Return a value as text for people."""
        if column == "raised_by":
            return "; ".join(sorted(str(self.stakeholders.get(one, one)) for one in value))
        if column == "issues":
            return "; ".join(sorted(self.issues.get(one, str(one)) for one in value))
        if column == "groups":
            return "; ".join(sorted(self.groups.get(one, str(one)) for one in value))
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, datetime.date):
            return value.isoformat()
        return str(value or "")
