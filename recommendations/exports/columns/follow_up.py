"""The columns of the log of follow-up, and of its evidence."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from recommendations.exports.columns.column import Column, address, own
from recommendations.exports.columns.json_schema import ADDRESS, DATE, TEXT, TIME, many, maybe, one_of, shape
from recommendations.exports.columns.shared import (
    ENTRY,
    NGO,
    PERSON,
    RECORD,
    WORDS,
    cited,
    person,
    reference_of,
    state,
)
from recommendations.models import Evidence, FollowUp

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ACT = "https://example.org/act"
PIECE = shape(
    kind=one_of(Evidence.Kind.values),
    stance=one_of(Evidence.Stance.values),
    title=TEXT,
    date=maybe(DATE),
    text=TEXT,
    document=maybe(TEXT),
    paragraph=maybe(TEXT),
    url=maybe(ADDRESS),
)


def evidence_source(one: Evidence) -> str | None:
    """Where a link leads or a file is downloaded; in full where the site knows its own address."""
    return one.url or (f"{settings.SITE_URL}{one.public_file_address}" if one.file_key else None)


def public_evidence(entry: Any) -> list[dict[str, Any]]:
    """Evidence meant for everyone, as `Evidence.published()` loaded it."""
    return [
        {
            "kind": one.kind,
            "stance": one.stance,
            "title": one.title,
            "date": one.date,
            "text": one.text,
            "document": cited(one.paragraph.document) if one.paragraph else None,
            "paragraph": one.paragraph.number if one.paragraph else None,
            "url": evidence_source(one),
        }
        for one in entry.public_evidence
    ]


def evidence_in_a_line(one: dict[str, Any]) -> str:
    """One piece of evidence for a cell: where it stands, or its title and address."""
    place = f"{one['document']}, para. {one['paragraph']}" if one["document"] else ""
    return " ".join(part for part in (place, one["title"], one["url"] or "") if part)


def public_entry(entry: FollowUp | None) -> str | None:
    """The reference of another entry of the log, where it is public."""
    return entry.reference if entry is not None and entry.is_published else None


def other_entry(name: str, heading: StrOrPromise, meaning: StrOrPromise) -> Column:
    """The reference of the entry that this one corrects, or that corrects it."""
    return Column(
        name,
        heading,
        lambda entry: public_entry(getattr(entry, name, None)),
        meaning=meaning,
        example=None,
        schema=maybe(TEXT),
    )


FOLLOW_UPS: list[Column] = [
    own(FollowUp, "reference", _("The permanent name of the entry: record, role and date."), ENTRY),
    reference_of("recommendation", _("Record"), _("The record, by its reference."), RECORD),
    Column(
        "recommendation_text",
        _("Words of the record"),
        lambda entry: entry.recommendation.text,
        meaning=_("The exact words of the record."),
        example=WORDS,
        json=False,
    ),
    state(lambda entry: entry.recommendation.document.review.state.iso3),
    Column(
        "review",
        _("Review"),
        lambda entry: entry.recommendation.document.review.slug,
        meaning=_("The review in which the record was raised, by its slug."),
        example="fre-upr7",
    ),
    Column(
        "assessor",
        _("Assessor"),
        lambda entry: person(entry.assessor),
        meaning=_("Who assesses; none where the name is withheld."),
        example=NGO,
        schema=maybe(PERSON),
        cell=lambda entry: str(entry.assessor) if entry.assessor.published else None,
    ),
    own(FollowUp, "role", _("In which role the assessor speaks."), "civil_society"),
    own(FollowUp, "status", _("What became of the record, as the assessor sees it."), "in_progress"),
    own(FollowUp, "grade", _("The grade that a body gave, as it gave it; may be empty."), ""),
    own(FollowUp, "grade_scheme", _("The scheme that the grade belongs to."), ""),
    Column(
        "grade_meaning",
        _("Meaning of the grade"),
        attrgetter("grade_meaning"),
        meaning=_("What the grade means, in the words of the body; none where its scheme is not known."),
        example=None,
        schema=maybe(TEXT),
    ),
    own(
        FollowUp,
        "as_of",
        _("The day on which this was so, as far as the assessor knows."),
        "2025-06-26",
    ),
    own(
        FollowUp,
        "summary",
        _("Why this status: what was done or not done."),
        "A draft law is before parliament.",
    ),
    own(FollowUp, "confidence", _("How sure the one who recorded the entry is of its status."), "medium"),
    Column(
        "evidence",
        _("Evidence"),
        public_evidence,
        meaning=_(
            "Public evidence: quoted paragraphs, links and files; `url` is the address of a link or file."
        ),
        example=[
            {
                "kind": "link",
                "stance": "supports",
                "title": "The draft law",
                "date": "2025-05-01",
                "text": "",
                "document": None,
                "paragraph": None,
                "url": ACT,
            }
        ],
        schema=many(PIECE),
        cell=lambda entry: [evidence_in_a_line(one) for one in public_evidence(entry)],
    ),
    other_entry("replaces", _("Replaces"), _("The earlier entry that this one corrects, by reference.")),
    own(FollowUp, "correction_reason", _("For a correction: why."), ""),
    other_entry(
        "replaced_by",
        _("Replaced by"),
        _(
            "The later entry that corrects this one; such an entry no longer counts, even where the later"
            " one was itself withdrawn and is not in the data."
        ),
    ),
    own(
        FollowUp,
        "published_at",
        _("When the entry became part of the public log."),
        "2025-07-01T09:30:00Z",
        # Never none in the public log.
        schema=TIME,
    ),
    address(f"/recommendations/{RECORD}/#entry-7"),
]

EVIDENCE: list[Column] = [
    reference_of("follow_up", _("Entry"), _("The entry of the log, by its reference."), ENTRY),
    own(
        Evidence,
        "position",
        _("The place among the public evidence of its entry."),
        1,
        # Not the stored one: its gaps would tell how much evidence is private.
        value=attrgetter("place"),
    ),
    own(
        Evidence,
        "kind",
        _("Of what kind the evidence is; files stand at their own addresses, and not in this archive."),
        "link",
    ),
    own(
        Evidence,
        "stance",
        _("Whether it supports the entry, contradicts it or gives context."),
        "supports",
    ),
    own(Evidence, "title", _("What the evidence is called; may be empty."), "The draft law"),
    own(Evidence, "date", _("Its date, where known."), "2025-05-01"),
    own(Evidence, "text", _("The exact words of a quoted paragraph."), ""),
    Column(
        "document",
        _("Document"),
        lambda row: cited(row.paragraph.document) if row.paragraph else None,
        meaning=_("The document of a quoted paragraph: its symbol, or its slug."),
        example=None,
        schema=maybe(TEXT),
    ),
    Column(
        "paragraph",
        _("Paragraph"),
        lambda row: row.paragraph.number if row.paragraph else None,
        meaning=_("The number of a quoted paragraph."),
        example=None,
        schema=maybe(TEXT),
    ),
    Column(
        "source",
        _("Link"),
        evidence_source,
        meaning=_("The address that the evidence stands at; of a file, on this site."),
        example=ACT,
        schema=maybe(ADDRESS),
    ),
]
