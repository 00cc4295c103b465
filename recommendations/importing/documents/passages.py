"""Passages of a document as drafts: where each stands in its paragraph, and how it is called."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from recommendations.models import ImportDraft, Issue, PopulationGroup, Recommendation, references

if TYPE_CHECKING:
    from recommendations.models import Import

# What a reader's acts become; information is nobody's record.
KIND_OF_ACT = {kind.value: kind.value for kind in Recommendation.Kind}
RESPONSE = "response"
GAP = 1_000  # between two drafts, for what is made by splitting
COMMITTEE = "committee"


class Span(NamedTuple):
    """Where words stand in the text of a paragraph."""

    start: int
    stop: int

    def overlaps(self, other: Span) -> bool:
        """Whether more than half of the shorter of the two is in the other."""
        common = min(self.stop, other.stop) - max(self.start, other.start)
        return common * 2 > min(self.stop - self.start, other.stop - other.start)


def span_of(text: str, words: str, after: int = 0) -> Span | None:
    """Where these words stand, at or behind a place; None if they do not."""
    start = text.find(words, after)
    if start < 0 and after:
        start = text.find(words)
    return Span(start, start + len(words)) if start >= 0 and words else None


def drafts_of(source: Import) -> list[ImportDraft]:
    """A draft for each statement that asks, criticises, credits or answers; not saved."""
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
    """Who speaks where a committee's own document names nobody."""
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
    """Slugs of issues by the theme of the United Nations' index, and by their name."""
    rows = list(Issue.objects.values_list("slug", "name", "uhri_theme"))
    named = {name.casefold(): slug for slug, name, _theme in rows}
    return named | {theme.casefold(): slug for slug, _name, theme in reversed(rows) if theme}


def _by_name() -> dict[str, str]:
    return {name.casefold(): slug for slug, name in PopulationGroup.objects.values_list("slug", "name")}
