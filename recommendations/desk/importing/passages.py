"""Drafts of a document for display: by paragraph, with the quoted words marked."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from recommendations.desk.importing.draft_forms import Choices
from recommendations.desk.suggestions import suggest_issues
from recommendations.importing.documents import answers, deciding, matching
from recommendations.models import ImportDraft, Issue, Paragraph
from recommendations.reading.files.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recommendations.models import Import

ISSUES_SUGGESTED = 3  # per draft
SUGGESTED_FOR = 20  # drafts per paragraph


def standing(draft: ImportDraft) -> str:
    """Return the standing of a draft, by which the list is filtered."""
    if draft.outcome == ImportDraft.Outcome.KNOWN:
        return "known"
    return "written" if draft.outcome else draft.state


@dataclass
class NamedStakeholder:
    """A name in a draft, and the stakeholder it was matched with."""

    name: str
    who: str
    is_settled: bool
    is_new: bool


@dataclass
class Passage:
    """A paragraph of the source with its drafts; `spans` are (start, end, draft) of their quotes."""

    index: int
    read: dict[str, Any]
    drafts: list[Any]
    speaker: str = ""
    spans: list[tuple[int, int, Any]] = field(default_factory=list)

    @property
    def pieces(self) -> list[tuple[str, Any]]:
        """Return the text in pieces, each with the draft that quotes it or None."""
        text = fold(self.read["text"])
        found, at = [], 0
        for start, stop, draft in sorted(self.spans, key=lambda each: (each[0], each[1])):
            if start < at:
                continue  # overlapping drafts: only the first one is marked
            found += [(text[at:start], None), (text[start:stop], draft)]
            at = stop
        return [piece for piece in [*found, (text[at:], None)] if piece[0]]


def passages(source: Import, drafts: Iterable[ImportDraft]) -> list[Passage]:
    """Return the paragraphs of these drafts in order, with what a card shows attached to each draft."""
    stakeholders = named_stakeholders(source)
    choices = Choices.load()
    by_path = {issue.path: issue for issue in choices.issues}
    drafts = list(drafts)
    numbers = [number for draft in drafts for number in draft.answers]
    answered = answers.answered(source.review, numbers)
    speakers = dict(Paragraph.Speaker.choices)
    found = []
    for index, group in groupby(drafts, key=lambda draft: draft.paragraph_index):
        of_paragraph: list[Any] = list(group)
        read = (source.parsed or {})["paragraphs"][index]
        passage = Passage(index, read, of_paragraph, str(speakers.get(read["speaker"], "")))
        spans = deciding.spans(fold(read["text"]), of_paragraph)
        for number, (draft, span) in enumerate(zip(of_paragraph, spans, strict=True)):
            draft.standing = standing(draft)
            draft.stakeholders = [
                stakeholders.get(name) or NamedStakeholder(name, "", False, False) for name in draft.raised_by
            ]
            draft.issue_names = [(slug, choices.issue_name(slug)) for slug in draft.issues]
            draft.group_names = [choices.group_name(slug) for slug in draft.groups]
            draft.news = sorted(matching.news(draft).items()) if not draft.outcome else []
            draft.answered = [(name, answered.get(name)) for name in draft.answers]
            draft.has_next = number + 1 < len(of_paragraph)
            if span:
                passage.spans.append((span.start, span.stop, draft))
        attach_suggested_issues(passage, by_path)
        found.append(passage)
    return found


def attach_suggested_issues(passage: Passage, issues: dict[str, Issue]) -> None:
    """Set `suggested` on each draft: (issue, reason) pairs for open ones, none for others."""
    for number, draft in enumerate(passage.drafts):
        draft.suggested = []
        if (
            draft.standing != "open"
            or draft.becomes == ImportDraft.Becomes.RESPONSE
            or number >= SUGGESTED_FOR
        ):
            continue
        # The draft needs no review here, because issue profiles are learned from all States.
        found = suggest_issues(
            draft.text,
            context=passage.read["text"],
            heading=" ".join(passage.read["section"][-1:]),
            limit=ISSUES_SUGGESTED + len(draft.issues),
        )
        new = [
            each
            for each in found
            if each.reference in issues and issues[each.reference].slug not in draft.issues
        ]
        # If none is likely, still show the best one for a draft without issues.
        shown = [each for each in new if each.likely] or ([] if draft.issues else new[:1])
        draft.suggested = [
            (issues[each.reference], next(iter(each.reasons), "")) for each in shown[:ISSUES_SUGGESTED]
        ]


def named_stakeholders(source: Import) -> dict[str, NamedStakeholder]:
    """Return the stakeholders of an import by the names that drafts use."""
    return {
        party.name: NamedStakeholder(
            party.name,
            str(party.stakeholder) if party.stakeholder else str(party.read["name"]),
            bool(party.stakeholder_id or party.is_new),
            party.is_new and party.stakeholder is None,
        )
        for party in source.parties.select_related("stakeholder")
    }
