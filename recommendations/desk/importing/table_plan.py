"""Prepare the dry run of a table import for display."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from recommendations.exports import columns
from recommendations.importing.tables.decisions import Action
from recommendations.importing.tables.formats import KINDS

if TYPE_CHECKING:
    from recommendations.models import Import

LABELS = {
    **{column.name: column.heading for column in columns.RECOMMENDATIONS},
    "raised_by": gettext_lazy("Raised by"),
}
# Labels of rows created besides the records.
MADE = {
    "state": gettext_lazy("States"),
    "review": gettext_lazy("Reviews"),
    "document": gettext_lazy("Documents: the data set’s part on each review"),
    "stakeholder": gettext_lazy("Stakeholders"),
    "issue": gettext_lazy("Issues"),
}


def table_context(source: Import) -> dict[str, Any]:
    """Return the context that shows the dry run of a table."""
    report: dict[str, Any] = source.report
    context: dict[str, Any] = {"table_kind": KINDS.get(source.kind, "")}
    if "digest" not in report:
        return context
    shown = report.get("shown", {})
    counts = report.get("new_counts", {})
    return context | {
        "numbers": [(action.value, action.label, report[action.value]) for action in Action],
        "samples": [
            (action.label, report[action.value], [labelled(one) for one in shown.get(action.value, [])])
            for action in (Action.CREATED, Action.UPDATED, Action.UNCHANGED)
            if shown.get(action.value)
        ],
        "refused": shown.get(Action.REFUSED.value, []),
        "refused_count": report[Action.REFUSED.value],
        "conflicts": [labelled(one) for one in shown.get(Action.CONFLICTS.value, [])],
        "conflict_count": report[Action.CONFLICTS.value],
        "made": [
            (label, counts[name], report["new"][name]) for name, label in MADE.items() if counts.get(name)
        ],
        "unknown": [(LABELS.get(name, name), rows) for name, rows in report.get("unknown", {}).items()],
        "ignored": report.get("ignored", []),
        "ignored_changes": [
            (LABELS.get(name, name), number) for name, number in report.get("ignored_changes", {}).items()
        ],
        "writes": any(report[one.value] for one in (Action.CREATED, Action.UPDATED, Action.CONFLICTS)),
        "publishes": report[Action.CREATED.value] > 0,
        "public_by_default": source.kind != "mapped",
    }


def labelled(one: dict[str, Any]) -> dict[str, Any]:
    """Return a sample with column headings instead of field names."""
    changes = [(LABELS.get(name, name), before, after) for name, before, after in one["changes"]]
    return one | {"changes": changes}
