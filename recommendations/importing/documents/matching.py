"""Matches a document to the database: its review, the document itself, and the records made from it."""

from __future__ import annotations

from collections import defaultdict
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from recommendations.importing.documents.passages import span_of
from recommendations.models import Document, ImportDraft, Recommendation, Review, StateResponse
from recommendations.reading.files.text import fold
from recommendations.reading.kinds import thematic_list, upr_report

if TYPE_CHECKING:
    from recommendations.models import Import

# Details that a document can add to an existing record: the draft's field, and the record's.
UPDATED = {
    "upr_position": "position",
    "selected_for_follow_up": "selected_for_follow_up",
    "due_on": "due_on",
}
# Two documents of one review that list the same recommendations under the same numbers.
SAME_LIST = (upr_report.KIND.code, thematic_list.KIND.code)
ALIKE = 0.85  # of difflib's ratio, which is 1 for the same words


def review_of(source: Import) -> Review | None:
    """Return the document's review, or None if it is not in the database."""
    said = source.options
    return Review.objects.filter(
        state__iso3=said.get("state", ""),
        mechanism=said.get("mechanism", ""),
        session=said.get("session", ""),
    ).first()


def document_of(source: Import) -> Document | None:
    """Return the stored document, or None.

    It is found by its symbol, by the checksum of the file or, without a symbol, by its review, kind and date.
    """
    if symbol := source.options.get("symbol"):
        return Document.objects.filter(symbol=symbol).first()
    found = Document.objects.filter(sha256=source.sha256).first()
    published_on = source.options.get("published_on")
    if found or not source.review or not published_on:
        return found
    same: Document | None = Document.objects.filter(
        review=source.review, kind=source.kind, symbol="", published_on=published_on
    ).first()
    return same


def find_known(source: Import) -> None:
    """Mark the drafts that only repeat an existing record of this document as known.

    A draft that adds details to the record (a position, a due date) stays open, as a change to that record.
    """
    drafts = list(
        source.drafts.filter(outcome__in=["", "known"]).select_related("recommendation", "response")
    )
    here = records_of(source.document) if source.document else {}
    if source.review and source.kind in SAME_LIST:
        for number, rows in listed_elsewhere(source).items():
            here.setdefault(number, []).extend(rows)
    changed = []
    for draft in drafts:
        before = (draft.recommendation_id, draft.response_id, draft.outcome, draft.state)
        _settle(
            draft, here.get(paragraph_of(source, draft)["number"], []), paragraph_of(source, draft)["text"]
        )
        if before != (draft.recommendation_id, draft.response_id, draft.outcome, draft.state):
            draft.version += 1
            changed.append(draft)
    fields = ["recommendation", "response", "outcome", "state", "version"]
    ImportDraft.objects.bulk_update(changed, fields)


def listed_elsewhere(source: Import) -> dict[str, list[Any]]:
    """Return the records of the review's other list: report and thematic list share recommendations."""
    others = Document.objects.filter(review=source.review, kind__in=SAME_LIST)
    if source.document:
        others = others.exclude(pk=source.document.pk)
    found: dict[str, list[Any]] = {}
    for document in others:
        for number, rows in records_of(document).items():
            found.setdefault(number, []).extend(rows)
    return found


def paragraph_of(source: Import, draft: ImportDraft) -> dict[str, Any]:
    """Return a draft's paragraph as it was read."""
    found: dict[str, Any] = (source.parsed or {})["paragraphs"][draft.paragraph_index]
    return found


def records_of(document: Document) -> dict[str, list[Recommendation | StateResponse]]:
    """Return the records and responses made from a document, by paragraph number."""
    found: dict[str, list[Recommendation | StateResponse]] = defaultdict(list)
    for model in (Recommendation, StateResponse):
        for row in model.objects.filter(document=document, paragraph__isnull=False).select_related(
            "paragraph"
        ):
            found[row.paragraph.number].append(row)  # type: ignore[union-attr]  # filtered: it is not None
    return found


def same_words(text: str, words: str, rows: list[Any], *, model: type[Any]) -> Any:
    """Return the row of this model whose words in the paragraph are mostly the same, or None."""
    own = span_of(text, fold(words))
    for row in rows:
        if not isinstance(row, model):
            continue
        other = span_of(text, fold(row.text))
        if own and other and own.overlaps(other):
            return row
        if (
            other is None
            and SequenceMatcher(None, fold(row.text), fold(words), autojunk=False).ratio() > ALIKE
        ):
            return row  # from the other list, whose wording differs slightly
    return None


def _settle(draft: ImportDraft, rows: list[Recommendation | StateResponse], text: str) -> None:
    is_response = draft.becomes == ImportDraft.Becomes.RESPONSE
    model = StateResponse if is_response else Recommendation
    row = same_words(fold(text), draft.text, rows, model=model)
    draft.response = row if is_response else None
    draft.recommendation = None if is_response else row
    was_known = draft.outcome == ImportDraft.Outcome.KNOWN
    if row is None:
        draft.outcome = ""
        if was_known:
            draft.state = ImportDraft.State.OPEN
    elif not news(draft):
        draft.outcome, draft.state = ImportDraft.Outcome.KNOWN, ImportDraft.State.ACCEPTED
    elif was_known:
        draft.outcome, draft.state = "", ImportDraft.State.OPEN


def news(draft: ImportDraft) -> dict[str, Any]:
    """Return the values that the draft adds to its known record, by the record's field."""
    record = draft.recommendation
    if record is None:
        return {}
    said = {name: getattr(draft, field) for field, name in UPDATED.items()}
    found = {name: value for name, value in said.items() if value and value != getattr(record, name)}
    if draft.issues:
        there = set(record.tags.exclude(origin="suggestion").values_list("issue__slug", flat=True))
        if more := [slug for slug in draft.issues if slug not in there]:
            found["issues"] = more
    return found
