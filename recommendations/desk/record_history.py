"""The history of a record and of what hangs on it: who changed what, when and why. Nobody erases it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from recommendations.models import IssueTag, RecommendationLink, ResponseLink

if TYPE_CHECKING:
    import datetime

    from recommendations.models import Recommendation

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history; `fields` are (field, before, after) in words."""

    at: datetime.datetime
    by: str
    what: str
    why: str
    fields: list[tuple[str, str, str]] = field(default_factory=list)


def changes_of(record: Recommendation) -> list[Change]:
    """The newest changes first, of the record, its issues, and its links to responses and other records."""
    found = _of_record(record)
    pk = record.pk
    found += _of_rows(_("Issue"), IssueTag.history.filter(recommendation_id=pk))
    found += _of_rows(_("Response"), ResponseLink.history.filter(recommendation_id=pk))
    found += _of_rows(_("Earlier record"), RecommendationLink.history.filter(later_id=pk))
    found += _of_rows(_("Later record"), RecommendationLink.history.filter(earlier_id=pk))
    return sorted(found, key=lambda change: change.at, reverse=True)[:SHOWN]


def _of_record(record: Any) -> list[Change]:
    versions = list(record.history.select_related("history_user").order_by("-history_date", "-history_id"))[
        : SHOWN + 1
    ]
    changes = []
    for version, before in zip(versions, [*versions[1:], None], strict=True):
        fields = []
        if before is not None:
            for change in version.diff_against(before, foreign_keys_are_objs=True).changes:
                label = record._meta.get_field(change.field).verbose_name
                fields.append((str(label), _words(change.old), _words(change.new)))
        changes.append(
            _change(version, {"+": _("Created"), "-": _("Deleted")}.get(version.history_type), fields)
        )
    return changes


def _of_rows(name: str, rows: Any) -> list[Change]:
    verbs = {
        "+": _("{what} added"),
        "~": _("{what} changed"),
        "-": _("{what} taken away"),
    }
    versions = rows.select_related("history_user").order_by("-history_date", "-history_id")[:SHOWN]
    return [
        _change(row, verbs[row.history_type].format(what=f"{name} {_named(row)}"), []) for row in versions
    ]


def _named(row: Any) -> str:
    try:
        return str(row.instance)
    except ObjectDoesNotExist:  # an end is gone; what it was is then only known by its number
        return f"#{row.id}"


def _change(version: Any, what: str | None, fields: list[tuple[str, str, str]]) -> Change:
    return Change(
        at=version.history_date,
        by=str(version.history_user or _("the system")),
        what=what or _("Changed"),
        why=version.history_change_reason or "",
        fields=fields,
    )


def _words(value: Any) -> str:
    if value in (None, "", []):
        return _("(empty)")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(sorted(str(next(iter(_rows(row)), row)) for row in value)) or _("(empty)")
    return str(value)


def _rows(row: Any) -> list[Any]:
    """Of a many-to-many row in a difference the far end."""
    if isinstance(row, dict):
        return [value for name, value in row.items() if name != "recommendation"]
    return [row]
