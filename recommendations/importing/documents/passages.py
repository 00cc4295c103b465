"""Turns passages of a document into drafts, with their position in the paragraph and their locator."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from recommendations.models import ImportDraft, Issue, PopulationGroup, Recommendation, references

if TYPE_CHECKING:
    from recommendations.models import Import

# The kind of record for each act that the reader finds; information becomes no record.
KIND_OF_ACT = {kind.value: kind.value for kind in Recommendation.Kind}
RESPONSE = "response"
GAP = 1_000  # between the positions of two drafts, leaving room for drafts made by splitting
COMMITTEE = "committee"


class Span(NamedTuple):
    """The position of words in the text of a paragraph."""

    start: int
    stop: int

    def overlaps(self, other: Span) -> bool:
        """Return whether more than half of the shorter span lies within the other."""
        common = min(self.stop, other.stop) - max(self.start, other.start)
        return common * 2 > min(self.stop - self.start, other.stop - other.start)


def span_of(text: str, words: str, after: int = 0) -> Span | None:
    """Return the position of these words at or after `after`; None if they do not occur."""
    start = text.find(words, after)
    if start < 0 and after:
        start = text.find(words)
    return Span(start, start + len(words)) if start >= 0 and words else None


def drafts_of(source: Import) -> list[ImportDraft]:
    """Return an unsaved draft for each statement that asks, criticises, credits or answers."""
    parsed = source.parsed or {}
    issues, groups = _by_theme(), _by_name()
    found: list[ImportDraft] = []
    taken: set[tuple[str, str]] = set()
    for index, paragraph in enumerate(parsed["paragraphs"]):
        items = Counter(statement.get("item", "") for statement in paragraph["statements"])
        for number, statement in enumerate(paragraph["statements"], start=1):
            if statement["act"] not in KIND_OF_ACT and statement["act"] != RESPONSE:
                continue
            item = statement.get("item", "")
            at = references.place(paragraph["number"], number, len(paragraph["statements"]))
            if item and items[item] == 1:
                at = references.place(f"{paragraph['number']}{item}", 1, 1)
            draft = _draft(source, index, statement, at)
            while (draft.becomes, draft.place) in taken:
                draft.place = f"{at}.{number}" if draft.place == at else f"{draft.place}x"
            taken.add((draft.becomes, draft.place))
            draft.position = (len(found) + 1) * GAP
            draft.issues = list(
                dict.fromkeys(issues[key] for key in _keys(statement, "themes") if key in issues)
            )
            draft.groups = list(
                dict.fromkeys(groups[key] for key in _keys(statement, "affected_persons") if key in groups)
            )
            found.append(draft)
    return found


def _draft(source: Import, index: int, statement: dict[str, Any], at: str) -> ImportDraft:
    is_response = statement["act"] == RESPONSE
    becomes = ImportDraft.Becomes.RESPONSE if is_response else ImportDraft.Becomes.RECOMMENDATION
    selected = bool(statement.get("selected_for_follow_up")) and not is_response
    return ImportDraft(
        source=source,
        paragraph_index=index,
        text=statement["text"],
        place=at,
        becomes=becomes,
        kind="" if is_response else KIND_OF_ACT[statement["act"]],
        upr_position=statement.get("position", ""),
        answers=list(statement.get("answers", ())) if is_response else [],
        selected_for_follow_up=selected,
        due_on=_day(statement.get("due_on", "")) if selected else None,
        due_within=statement.get("due_within", "")[:40] if selected else "",
        raised_by=[] if is_response else list(statement["stakeholders"]) or _committee(source),
    )


def _committee(source: Import) -> list[str]:
    """Return the committee as the speaker, for a committee's own document that names nobody."""
    listed = (source.parsed or {})["stakeholders"]
    return [party["acronym"] or party["name"] for party in listed if party["kind"] == COMMITTEE][:1]


def _day(iso: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(iso)
    except ValueError:
        return None


def _keys(statement: dict[str, Any], name: str) -> list[str]:
    return [str(each).strip().casefold() for each in statement.get(name, ())]


def _by_theme() -> dict[str, str]:
    """Return the slugs of issues by their theme in the United Nations' index, and by their name."""
    rows = list(Issue.objects.values_list("slug", "name", "uhri_theme"))
    named = {name.casefold(): slug for slug, name, _theme in rows}
    return named | {theme.casefold(): slug for slug, _name, theme in reversed(rows) if theme}


def _by_name() -> dict[str, str]:
    return {name.casefold(): slug for slug, name in PopulationGroup.objects.values_list("slug", "name")}
