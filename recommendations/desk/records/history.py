"""The change history of a record and its tags, links and entries: who changed what, when and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from recommendations.accounts.services import name_of
from recommendations.models import FollowUp, IssueTag, RecommendationLink, ResponseLink, ReviewStep
from recommendations.public.badges import day, known_to

if TYPE_CHECKING:
    import datetime

    from django.contrib.auth.models import User

    from recommendations.core.viewer import Viewer
    from recommendations.models import Recommendation

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history; `fields` are (label, old value, new value) as text."""

    at: datetime.datetime
    by: str
    what: str
    why: str
    fields: list[tuple[str, str, str]] = field(default_factory=list)


def changes_of(record: Recommendation, viewer: Viewer) -> list[Change]:
    """Return the changes that this person may see, newest first, at most SHOWN.

    Editors see changes of the record, its issues, and its links to responses and other records. Reviewers and
    members of an entry's organisation see the review steps of the entry.
    """
    found = _of_entries(record, viewer)
    if viewer.edits:
        found += _of_record(record)
        pk = record.pk
        found += _of_rows(_("Issue"), IssueTag.history.filter(recommendation_id=pk))
        found += _of_rows(_("Response"), ResponseLink.history.filter(recommendation_id=pk))
        found += _of_rows(_("Earlier record"), RecommendationLink.history.filter(later_id=pk))
        found += _of_rows(_("Later record"), RecommendationLink.history.filter(earlier_id=pk))
    return sorted(found, key=lambda change: change.at, reverse=True)[:SHOWN]


def _of_entries(record: Recommendation, viewer: Viewer) -> list[Change]:
    """Return review steps of entries; for entries whose steps the viewer may not see, their publication."""
    own = FollowUp.objects.filter(assessor__in=viewer.organisations)
    entries = FollowUp.objects.visible_to(viewer).filter(recommendation=record)
    told = entries if viewer.reviews else entries & own
    steps = ReviewStep.objects.filter(follow_up__in=told).select_related("by", "follow_up__assessor")
    found = [
        Change(
            at=step.at,
            by=name_of(step.by),
            what=_entry(step.follow_up, viewer, step.get_step_display()),
            why=step.comment or (step.follow_up.correction_reason if step.step == "submitted" else ""),
        )
        for step in steps
    ]
    shown = {step.follow_up_id for step in steps if step.step == ReviewStep.Step.PUBLISHED}
    published = (entries if viewer.edits else told).filter(published_at__isnull=False).exclude(pk__in=shown)
    return found + [
        Change(
            at=entry.published_at,  # type: ignore[arg-type]  # filtered: it is not None
            by=_called(entry.recorded_by),
            what=_entry(entry, viewer, _("Published")),
            why=entry.correction_reason,
        )
        for entry in published.select_related("assessor", "recorded_by")
    ]


def _entry(entry: FollowUp, viewer: Viewer, happened: str) -> str:
    return _("Entry of {organisation} as of {day}: {happened}").format(
        organisation=known_to(entry.assessor, viewer), day=day(entry.as_of), happened=happened
    )


def _called(user: User | None) -> str:
    return name_of(user) if user else _("the system")


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
    except ObjectDoesNotExist:  # a linked object was deleted, so only the id remains
        return f"#{row.id}"


def _change(version: Any, what: str | None, fields: list[tuple[str, str, str]]) -> Change:
    return Change(
        at=version.history_date,
        by=_called(version.history_user),
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
    """Return the far end of a many-to-many row in a difference."""
    if isinstance(row, dict):
        return [value for name, value in row.items() if name != "recommendation"]
    return [row]
