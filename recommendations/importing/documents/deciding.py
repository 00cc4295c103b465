"""Decisions on drafts: accept, reject, edit, split, join. Each names the version of the draft it is based on.

Problems raise `ValidationError` with a sentence, and StaleError when the draft has changed since. No
decision is possible while the import is being written, and a draft that became a record is edited as a
record.
"""

from __future__ import annotations

from contextlib import contextmanager
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.importing.documents import matching
from recommendations.importing.documents.passages import Span, span_of
from recommendations.importing.documents.stakeholders import as_read, unlisted
from recommendations.models import Import, ImportDraft, ImportParty, Issue, Paragraph
from recommendations.reading.files.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.contrib.auth.models import User

OPEN, ACCEPTED, REJECTED = ImportDraft.State.OPEN, ImportDraft.State.ACCEPTED, ImportDraft.State.REJECTED
WRITTEN = (ImportDraft.Outcome.CREATED, ImportDraft.Outcome.UPDATED)
# The states in which people decide; in any other state a worker has the import, or it is finished.
DECIDABLE = (Import.State.READY, Import.State.DONE)


class StaleError(Exception):
    """Raised when a draft has changed since the page loaded; `draft` is the current one, None if deleted."""

    def __init__(self, draft: ImportDraft | None) -> None:
        super().__init__("stale")
        self.draft = draft


@contextmanager
def opened(source: Import) -> Iterator[Import]:
    """Lock the import for the block. Raises ValidationError when no decision is possible."""
    with transaction.atomic():
        kept = Import.objects.select_for_update(of=("self",)).get(pk=source.pk)
        if kept.state not in DECIDABLE:
            raise ValidationError(_("Nothing can be decided now: the import is not open."))
        yield kept


def _current(source: Import, pk: int, version: int) -> ImportDraft:
    draft = source.drafts.filter(pk=pk).select_related("recommendation", "response", "decided_by").first()
    if draft is None or draft.version != version:
        raise StaleError(draft)
    if draft.outcome in WRITTEN:
        raise ValidationError(_("This is a record already; edit the record."))
    return draft


def _save(draft: ImportDraft, by: User | None) -> ImportDraft:
    draft.version += 1
    draft.decided_by = by
    draft.save()
    return draft


def decide(
    source: Import, pk: int, version: int, state: ImportDraft.State, *, by: User | None
) -> ImportDraft:
    """Accept, reject or reopen a draft."""
    with opened(source) as kept:
        draft = _current(kept, pk, version)
        if draft.outcome == ImportDraft.Outcome.KNOWN:
            raise ValidationError(
                _("This is a record already and says nothing new; there is nothing to decide.")
            )
        draft.state = state
        return _save(draft, by)


def decide_all(
    source: Import, versions: dict[int, int], state: ImportDraft.State, *, by: User | None
) -> tuple[int, int]:
    """Set the state of those open drafts (id → version seen) that are unchanged.

    Returns how many were set, and how many were open.
    """
    with opened(source) as kept:
        drafts = list(kept.drafts.filter(pk__in=versions, state=OPEN))
        fresh = [draft for draft in drafts if draft.version == versions[draft.pk]]
        for draft in fresh:
            draft.state = state
            _save(draft, by)
        return len(fresh), len(drafts)


def tag(source: Import, pk: int, version: int, slug: str, *, by: User | None) -> ImportDraft:
    """Add a suggested issue to a draft, or remove it again."""
    with opened(source) as kept:
        draft = _current(kept, pk, version)
        if draft.becomes == ImportDraft.Becomes.RESPONSE or not Issue.objects.filter(slug=slug).exists():
            raise ValidationError(_("There is no such issue."))
        has = slug in draft.issues
        draft.issues = [each for each in draft.issues if each != slug] if has else [*draft.issues, slug]
        return _save(draft, by)


def edit(source: Import, pk: int, version: int, values: dict[str, Any], *, by: User | None) -> ImportDraft:
    """Change a draft; its words must occur in the paragraph. New names become parties of the import."""
    with opened(source) as kept:
        draft = _current(kept, pk, version)
        for name, value in values.items():
            setattr(draft, name, value)
        draft.text = in_paragraph(kept, draft, draft.text)
        _check(draft)
        add_parties(kept, draft.raised_by)
        draft = _save(draft, by)
        matching.find_known(kept)
        draft.refresh_from_db()
        return draft


def _check(draft: ImportDraft) -> None:
    if draft.becomes == ImportDraft.Becomes.RESPONSE:
        draft.kind = ""
        draft.raised_by, draft.issues, draft.groups = [], [], []
        draft.selected_for_follow_up, draft.due_on, draft.due_within = False, None, ""
    elif not draft.kind:
        raise ValidationError({"kind": _("Choose the kind of the record.")})
    if draft.due_on and not draft.selected_for_follow_up:
        raise ValidationError({"due_on": _("Only a record selected for follow-up has a due date.")})


def in_paragraph(source: Import, draft: ImportDraft, words: str) -> str:
    """Return the words exactly as in the draft's paragraph.

    Raises ValidationError, quoting the nearest words, when they do not occur.
    """
    paragraph = matching.paragraph_of(source, draft)
    text, words = fold(paragraph["text"]), fold(words)
    if not words:
        raise ValidationError({"text": _("Words are needed: those of the document.")})
    if words in text:
        return words
    nearest = Paragraph(text=text).nearest(words)
    hint = (
        _("Nearest match: “{words}”.").format(words=nearest)
        if nearest
        else _("Nothing similar stands there.")
    )
    raise ValidationError(
        {
            "text": _("These words do not stand in paragraph {number}.").format(number=paragraph["number"])
            + f" {hint}"
        }
    )


def add_parties(source: Import, names: Sequence[str]) -> None:
    """Add these names to the parties of the import."""
    known = set(source.parties.values_list("name", flat=True))
    listed = as_read(source)
    for name in names:
        if name not in known:
            ImportParty.objects.create(source=source, name=name, read=listed.get(name, unlisted(name)))


def _letters(source: Import, draft: ImportDraft, number: int) -> list[str]:
    """Return free locators for the parts of a draft: its own locator followed by a, b, c …"""
    base = draft.place.rstrip(ascii_lowercase) if draft.place[-1:] in ascii_lowercase else draft.place
    taken = set(
        source.drafts.filter(becomes=draft.becomes, place__startswith=base)
        .exclude(pk=draft.pk)
        .values_list("place", flat=True)
    )
    free = [f"{base}{letter}" for letter in ascii_lowercase if f"{base}{letter}" not in taken]
    if len(free) < number:
        raise ValidationError(_("A passage is split into at most 26 parts."))
    return free[:number]


def split(source: Import, pk: int, version: int, at: int, *, by: User | None) -> list[ImportDraft]:
    """Split a draft in two; the second starts at character `at` of its words."""
    with opened(source) as kept:
        draft = _current(kept, pk, version)
        first, second = draft.text[:at].strip(), draft.text[at:].strip()
        if not first or not second:
            raise ValidationError(_("Both parts need words."))
        after = kept.drafts.filter(position__gt=draft.position).order_by("position").first()
        place = (draft.position + after.position) // 2 if after else draft.position + 500
        if place == draft.position:
            raise ValidationError(_("This passage has been split too often; split the record later instead."))
        letters = _letters(kept, draft, 2)
        other = ImportDraft.objects.get(pk=draft.pk)
        other.pk, other.version, other.position = None, 0, place
        draft.text, other.text = first, second
        draft.place, other.place = letters
        for each in (draft, other):
            each.state, each.outcome, each.recommendation, each.response = OPEN, "", None, None
            _save(each, by)
        matching.find_known(kept)
        return list(kept.drafts.filter(pk__in=[draft.pk, other.pk]))


def join(source: Import, pk: int, version: int, *, by: User | None) -> ImportDraft:
    """Join a draft with the next one in the same paragraph, including the text between them."""
    with opened(source) as kept:
        draft = _current(kept, pk, version)
        following = (
            kept.drafts.filter(paragraph_index=draft.paragraph_index, position__gt=draft.position)
            .order_by("position")
            .first()
        )
        if following is None:
            raise ValidationError(_("Nothing follows in this paragraph that it could be joined with."))
        if following.outcome in WRITTEN:
            raise ValidationError(_("The next one is a record already."))
        text = fold(matching.paragraph_of(kept, draft)["text"])
        own, other = spans(text, [draft, following])
        if own is None or other is None:
            raise ValidationError(_("The words of the two are not found in the paragraph."))
        draft.text = text[min(own.start, other.start) : max(own.stop, other.stop)]
        draft.raised_by = list(dict.fromkeys([*draft.raised_by, *following.raised_by]))
        draft.issues = list(dict.fromkeys([*draft.issues, *following.issues]))
        draft.groups = list(dict.fromkeys([*draft.groups, *following.groups]))
        draft.state, draft.outcome, draft.recommendation, draft.response = OPEN, "", None, None
        following.delete()
        _save(draft, by)
        matching.find_known(kept)
        draft.refresh_from_db()
        return draft


def spans(text: str, drafts: Sequence[ImportDraft]) -> list[Span | None]:
    """Return where the words of each draft occur in their paragraph's text, searching in draft order."""
    found: list[Span | None] = []
    after = 0
    for draft in drafts:
        span = span_of(text, fold(draft.text), after)
        found.append(span)
        after = span.stop if span and span.start >= after else after
    return found
