"""From accepted drafts to public records, all or nothing: review, document, paragraphs, stakeholders too."""

from __future__ import annotations

import datetime
from collections import Counter
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from recommendations.actions.record_editing import set_change_reason
from recommendations.importing.documents import answers, matching
from recommendations.importing.documents.stakeholders import unsettled
from recommendations.importing.errors import RefusedError
from recommendations.models import (
    Document,
    Import,
    ImportDraft,
    ImportedRow,
    Issue,
    IssueTag,
    Paragraph,
    PopulationGroup,
    Recommendation,
    ReportingTime,
    Review,
    Stakeholder,
    State,
    StateResponse,
    references,
)
from recommendations.models.listing import lock_for_write
from recommendations.models.rules import due_after
from recommendations.reading.files.text import fold
from recommendations.reading.kinds.observations.follow_up import months_in
from recommendations.reading.prose.state_names import code_of
from recommendations.search.text.signals import indexing_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model

Outcome = ImportDraft.Outcome


def reason(source: Import) -> str:
    """What the history says of everything that an import writes."""
    return f"Import {source.pk}: {source.filename}"


def to_write(source: Import) -> list[ImportDraft]:
    """What is accepted and not written yet."""
    drafts = source.drafts.filter(state=ImportDraft.State.ACCEPTED, outcome="")
    return list(drafts.select_related("recommendation", "response"))


def missing(source: Import) -> list[str]:
    """What must be done before anything can be published, a sentence each."""
    sentences = []
    if not source.options.get("confirmed"):
        sentences.append(_("Confirm State, review and document."))
    drafts = to_write(source)
    if names := unsettled(source, drafts):
        few = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
        sentences.append(_("Say who these stakeholders are: {names}.").format(names=few))
    if not drafts:
        sentences.append(_("Accept at least one draft; nothing that is accepted is new."))
    return sentences


def apply(source: Import, progress: Callable[[int, int], None]) -> None:
    """Publish what is accepted, all or nothing. Raises RefusedError."""
    with transaction.atomic(), indexing_once():
        lock_for_write()
        matching.find_known(source)
        if sentences := missing(source):
            raise RefusedError(" ".join(sentences))
        try:
            Publisher(source).publish(progress)
        except ValidationError as error:
            raise RefusedError(" ".join(error.messages)) from None


class Publisher:
    """One publication: what was written so far, and what is looked up again and again."""

    def __init__(self, source: Import) -> None:
        self.source = source
        self.said = source.options
        self.counts: Counter[str] = Counter()
        self.read: list[dict[str, Any]] = (source.parsed or {})["paragraphs"]
        self.paragraphs: dict[str, Paragraph] = {}
        self.people: dict[str, Stakeholder] = {}
        self.issues = {issue.slug: issue for issue in Issue.objects.all()}
        self.groups = {group.slug: group for group in PopulationGroup.objects.all()}

    def publish(self, progress: Callable[[int, int], None]) -> None:
        """Write everything; the import's own row keeps what came of it."""
        drafts = to_write(self.source)
        review = self.review()
        document = self.document(review)
        self.write_paragraphs(document)
        self.stakeholders(review, drafts)
        for number, draft in enumerate(drafts, start=1):
            self.write(draft, review, document)
            progress(number, len(drafts))
        source = self.source
        source.review, source.document = review, document
        written = source.report.get("written", {})
        source.report = {
            **source.report,
            "written": {name: written.get(name, 0) + self.counts[name] for name in {*written, *self.counts}},
        }
        source.save(update_fields=["review", "document", "report"])

    def keep(self, row: Model, locator: str = "", before: dict[str, Any] | None = None) -> None:
        """Remember that the import made or changed this row."""
        action = ImportedRow.Action.CREATED if before is None else ImportedRow.Action.UPDATED
        model = row._meta.model_name or ""
        ImportedRow.objects.create(
            source=self.source,
            action=action,
            model=model,
            object_id=row.pk,
            locator=locator[:100],
            before=before,
        )
        self.counts[f"{model} {action}"] += 1

    def create(self, row: Any, locator: str = "") -> Any:
        """Check and save a new row, with its reason in the history."""
        set_change_reason(row, reason(self.source))
        row.full_clean()
        row.save()
        self.keep(row, locator)
        return row

    # Where the words come from

    def review(self) -> Review:
        """The review that was chosen, or a new one."""
        if self.source.review is not None:
            return self.source.review
        found = matching.review_of(self.source)
        if found is not None:
            return found
        said = self.said
        state = State.objects.filter(iso3=said["state"]).first()
        if state is None:
            raise RefusedError(_("The State is not known here any more; confirm State and review again."))
        base = slugify(f"{said['state']}-{said['mechanism']}{said['session']}")
        row = Review(
            state=state,
            mechanism=said["mechanism"],
            session=said["session"],
            cycle=said.get("cycle", ""),
            starts_on=datetime.date.fromisoformat(said["starts_on"]),
            ends_on=datetime.date.fromisoformat(said["ends_on"]) if said.get("ends_on") else None,
            precision=said.get("precision") or Review.Precision.DAY,
            slug=free_slug(Review, base, 60),
        )
        made: Review = self.create(row)
        return made

    def document(self, review: Review) -> Document:
        """The document that is here, or a new one."""
        document = self.source.document
        if document is not None:
            if document.review_id != review.pk:
                raise RefusedError(
                    _("{document} is here as a document of another review: {review}.").format(
                        document=document, review=document.review
                    )
                )
            return document
        said = self.said
        name = said.get("symbol") or f"{review.slug}-{self.source.kind}-{said.get('published_on') or ''}"
        row = Document(
            review=review,
            kind=self.source.kind,
            symbol=said.get("symbol", ""),
            considers=said.get("considers", ""),
            title=said["title"],
            published_on=datetime.date.fromisoformat(said["published_on"])
            if said.get("published_on")
            else None,
            url=said.get("url", ""),
            sha256=self.source.sha256,
            slug=free_slug(Document, slugify(name.replace("/", "-").replace(".", "")), 80),
            published=True,
        )
        made: Document = self.create(row)
        return made

    def write_paragraphs(self, document: Document) -> None:
        """All paragraphs of a new document; those of one that is here must hold the same words."""
        self.paragraphs = {paragraph.number: paragraph for paragraph in document.paragraphs.all()}
        if self.paragraphs:
            return
        for position, read in enumerate(self.read, start=1):
            row = Paragraph(
                document=document,
                position=position,
                number=read["number"],
                section=list(read["section"]),
                speaker=read["speaker"],
                text=read["text"],
            )
            self.paragraphs[read["number"]] = self.create(row, read["number"])

    def paragraph(self, draft: ImportDraft, document: Document) -> Paragraph:
        """The paragraph in which the draft's words stand."""
        number = self.read[draft.paragraph_index]["number"]
        found = self.paragraphs.get(number)
        if found is None or not found.holds(draft.text):
            sentence = _(
                "{document} is here with other words in paragraph {number}: “{words}” does not stand there."
            )
            raise RefusedError(sentence.format(document=document, number=number, words=draft.text[:80]))
        return found

    # Who speaks

    def stakeholders(self, review: Review, drafts: list[ImportDraft]) -> None:
        """Those of the drafts: the chosen ones, and the new ones that a person asked for."""
        wanted = {name for draft in drafts for name in draft.raised_by}
        for party in self.source.parties.filter(name__in=wanted).select_related("stakeholder"):
            if party.stakeholder is not None:
                self.people[party.name] = party.stakeholder
                continue
            read = party.read
            name = fold(read["name"])[:300]
            iso3 = code_of(name)
            is_joint = read["kind"] == Stakeholder.Kind.JOINT_SUBMISSION
            is_state = read["kind"] == Stakeholder.Kind.RECOMMENDING_STATE
            members = ", ".join(read.get("members") or ())
            base = f"{review.slug}-{party.name}" if is_joint else name
            row = Stakeholder(
                slug=free_slug(Stakeholder, slugify(base), 80),
                name=name,
                acronym=read["acronym"][:60],
                kind=read["kind"],
                review=review if is_joint else None,
                state=State.objects.filter(iso3=iso3).first() if is_state and iso3 else None,
                note=_("Its members, as the document lists them: {members}.").format(members=members)
                if members
                else "",
                published=True,
            )
            party.stakeholder = self.people[party.name] = self.create(row)
            party.save(update_fields=["stakeholder"])

    # What was said

    def write(self, draft: ImportDraft, review: Review, document: Document) -> None:
        """Make a record or a response of a draft, or change the record that is here by what it says anew."""
        if draft.recommendation is not None:
            self.update(draft, draft.recommendation)
        elif draft.becomes == ImportDraft.Becomes.RESPONSE:
            draft.response = self.response(draft, review, document)
            self.answer(draft, review)
            draft.outcome = Outcome.CREATED
        else:
            draft.recommendation = self.record(draft, review, document)
            draft.outcome = Outcome.CREATED
        draft.version += 1
        draft.save()

    def record(self, draft: ImportDraft, review: Review, document: Document) -> Recommendation:
        """A new public record."""
        row = Recommendation(
            reference=self.reference(draft, review, Recommendation),
            kind=draft.kind,
            document=document,
            paragraph=self.paragraph(draft, document),
            text=draft.text,
            summary=draft.summary,
            position=draft.upr_position,
            selected_for_follow_up=draft.selected_for_follow_up,
            due_on=draft.due_on,
            published=True,
        )
        if row.selected_for_follow_up and not row.due_on:
            row.due_on = self.due_without_date(draft, review)
        made: Recommendation = self.create(row, draft.place)
        made.raised_by.set([self.people[name] for name in draft.raised_by])
        made.groups.set([self.groups[slug] for slug in draft.groups if slug in self.groups])
        self.tag(made, draft.issues)
        return made

    def due_without_date(self, draft: ImportDraft, review: Review) -> datetime.date | None:
        """By the time that the document gives, or else by the body's rule, if it has one."""
        if months := months_in(draft.due_within):
            return due_after(review, months)
        return ReportingTime.objects.due_date(review)

    def tag(self, record: Recommendation, slugs: list[str]) -> None:
        """Give a record these issues, as its editor's."""
        for slug in slugs:
            if slug in self.issues:
                self.create(IssueTag(recommendation=record, issue=self.issues[slug]), slug)

    def update(self, draft: ImportDraft, record: Recommendation) -> None:
        """What the document says anew of a record that is here."""
        changes = matching.news(draft)
        self.tag(record, changes.pop("issues", []))
        if changes.get("selected_for_follow_up") and "due_on" not in changes:
            changes["due_on"] = self.due_without_date(draft, record.document.review)
        self.change(record, changes, draft.place)
        draft.outcome = Outcome.UPDATED

    def change(self, record: Recommendation, changes: dict[str, Any], locator: str) -> None:
        """Give a record that is here these values, and remember what it had."""
        before = {name: getattr(record, name) for name in changes}
        if before.get("due_on"):
            before["due_on"] = before["due_on"].isoformat()
        for name, value in changes.items():
            setattr(record, name, value)
        set_change_reason(record, reason(self.source))
        record.full_clean()
        record.save()
        self.keep(record, locator, before)

    def answer(self, draft: ImportDraft, review: Review) -> None:
        """Link an addendum's response to what it answers, and give that the position."""
        if draft.response is None:
            return
        for number, record in answers.answered(review, draft.answers).items():
            if link := answers.link(draft.response, record, number, draft.upr_position):
                self.create(link, draft.place)
            if draft.upr_position and draft.upr_position != record.position:
                self.change(record, {"position": draft.upr_position}, draft.place)

    def response(self, draft: ImportDraft, review: Review, document: Document) -> StateResponse:
        """A new public response of the State."""
        speaker = self.read[draft.paragraph_index]["speaker"]
        row = StateResponse(
            reference=self.reference(draft, review, StateResponse),
            document=document,
            paragraph=self.paragraph(draft, document),
            text=draft.text,
            summary=draft.summary,
            speaker=speaker if speaker in StateResponse.Speaker.values else StateResponse.Speaker.GOVERNMENT,
            date=document.published_on or review.ends_on or review.starts_on,
            published=True,
        )
        made: StateResponse = self.create(row, draft.place)
        return made

    def reference(self, draft: ImportDraft, review: Review, model: type[Any]) -> str:
        """The readable name of what is made, which nothing else has."""
        is_response = model is StateResponse
        parts = (review.state.iso3, review.mechanism, review.session, self.source.kind, draft.place)
        short = references.reference(*parts, response=is_response)
        long = references.reference(*parts, response=is_response, taken=True)
        names = [short, long, *(f"{long}{letter}" for letter in ascii_lowercase)]
        taken = set(model.objects.filter(reference__in=names).values_list("reference", flat=True))
        free = next((name for name in names if name not in taken), None)
        if free is None:
            raise RefusedError(_("No reference is free for {place}.").format(place=draft.place))
        return free


def free_slug(model: type[Any], base: str, most: int) -> str:
    """The slug, or the slug with the first number behind it that is free."""
    base = base[: most - 4].strip("-") or "x"
    taken = set(model.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbers = (f"{base}-{number}" for number in range(2, 1_000))
    return next(slug for slug in (base, *numbers) if slug not in taken)
