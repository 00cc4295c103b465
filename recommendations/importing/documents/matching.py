"""What of a document is here already: its review, itself, and the records that were made of it."""

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

# What a document can say anew about a record that is here: the draft's field, and the record's.
UPDATED = {
    "upr_position": "position",
    "selected_for_follow_up": "selected_for_follow_up",
    "due_on": "due_on",
}
# Two documents of one review that list the same recommendations under the same numbers.
SAME_LIST = (upr_report.KIND.code, thematic_list.KIND.code)
ALIKE = 0.85  # of difflib's ratio, which is 1 for the same words


def review_of(source: Import) -> Review | None:
    """The review that the document is of, if it is here."""
    said = source.options
    return Review.objects.filter(
        state__iso3=said.get("state", ""),
        mechanism=said.get("mechanism", ""),
        session=said.get("session", ""),
    ).first()


def document_of(source: Import) -> Document | None:
    """The document itself, if it is here: by its symbol, or by the very bytes that were read, or, where
    it has no symbol, by what it is an account of."""
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
    """Settle the drafts that say what a record of this document says already; a draft that says more of
    it (a position, a due date) stays open, as a change of that record."""
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
    """The recommendations of the review's other list: a report's items stand in the thematic list too."""
    others = Document.objects.filter(review=source.review, kind__in=SAME_LIST)
    if source.document:
        others = others.exclude(pk=source.document.pk)
    found: dict[str, list[Any]] = {}
    for document in others:
        for number, rows in records_of(document).items():
            found.setdefault(number, []).extend(rows)
    return found


def paragraph_of(source: Import, draft: ImportDraft) -> dict[str, Any]:
    """The paragraph of a draft, as read."""
    found: dict[str, Any] = (source.parsed or {})["paragraphs"][draft.paragraph_index]
    return found


def records_of(document: Document) -> dict[str, list[Recommendation | StateResponse]]:
    """The records and responses made of a document, by the number of their paragraph."""
    found: dict[str, list[Recommendation | StateResponse]] = defaultdict(list)
    for model in (Recommendation, StateResponse):
        for row in model.objects.filter(document=document, paragraph__isnull=False).select_related(
            "paragraph"
        ):
            found[row.paragraph.number].append(row)  # type: ignore[union-attr]  # filtered: it is not None
    return found


def same_words(text: str, words: str, rows: list[Any], *, model: type[Any]) -> Any:
    """The record of this kind whose words in the paragraph are these, or most of them."""
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
            return row  # of the other list, which words it a little differently
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
    """What the draft says that the known record does not: by the record's field, the new value."""
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
