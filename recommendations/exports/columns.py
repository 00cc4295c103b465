"""What each public list shows and exports: one list of columns feeds the table, CSV, XLSX and JSON.

A field that no column names is private.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from recommendations.exports import row_version
from recommendations.exports.column import Column, address, own, sheet_only
from recommendations.models import (
    Document,
    FollowUp,
    Issue,
    Recommendation,
    Review,
    Stakeholder,
    StateResponse,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from recommendations.exports.column import Value
    from recommendations.models import Evidence


def public_name(stakeholder: Stakeholder | None) -> str | None:
    """The slug of a stakeholder who may be named, else None."""
    return stakeholder.slug if stakeholder is not None and stakeholder.published else None


def person(stakeholder: Stakeholder | None) -> dict[str, str] | None:
    """A stakeholder as JSON, or None for one who may not be named."""
    if stakeholder is None or not stakeholder.published:
        return None
    return {"acronym": stakeholder.acronym, "name": stakeholder.name, "slug": stakeholder.slug}


def cited(document: Document) -> str:
    """The symbol of a document, or its slug where it has none."""
    return document.symbol or document.slug


def where() -> list[Column]:
    """State, review, document and place of a row that quotes."""
    return [
        Column("state", _("State"), lambda row: row.document.review.state.iso3),
        sheet_only("state_name", _("Name of the State"), lambda row: row.document.review.state.name),
        Column("review", _("Review"), lambda row: row.document.review.slug),
        Column("document", _("Document"), lambda row: cited(row.document)),
        Column("paragraph", _("Paragraph"), lambda row: row.paragraph.number if row.paragraph else None),
        own(Recommendation, "locator"),
    ]


def statuses(record: Any) -> dict[str, dict[str, Any]]:
    """The current status of each role that has one."""
    return {
        role: {"status": entry.status, "as_of": entry.as_of, "assessor": public_name(entry.assessor)}
        for role, entry in record.verdicts.by_role.items()
    }


def of_role(role: str, label: StrOrPromise) -> list[Column]:
    """The columns of one role's current status, for spreadsheets."""

    def part(name: str) -> Value:
        return lambda record: statuses(record).get(role, {}).get(name)

    return [
        sheet_only(f"{role}_status", format_lazy(_("Status: {role}"), role=label), part("status")),
        sheet_only(f"{role}_as_of", format_lazy(_("As of: {role}"), role=label), part("as_of")),
        sheet_only(f"{role}_assessor", format_lazy(_("Assessor: {role}"), role=label), part("assessor")),
    ]


def chain(record: Any) -> list[dict[str, str]]:
    """The public records before and after this one, nearest end first."""
    earlier = [(link.earlier, link, "earlier") for link in record.public_earlier_links]
    later = [(link.later, link, "later") for link in record.public_later_links]
    return [
        {"reference": other.reference, "relation": link.relation, "direction": direction}
        for other, link, direction in [*earlier, *later]
    ]


def answers(record: Any) -> list[dict[str, str]]:
    """The public responses to a record."""
    return [
        {
            "reference": link.response.reference,
            "text": link.response.text,
            "stance": link.stance,
            "review": link.response.document.review.slug,
        }
        for link in record.public_response_links
    ]


def public_parent(record: Recommendation) -> str | None:
    """The reference of the compound recommendation, where it is public."""
    parent = record.parent
    return parent.reference if parent and parent.published and parent.document.published else None


def version(record: Any) -> str:
    """What the columns that editors may change hold, in short."""
    return row_version.version_of({name: column.for_sheet(record) for name, column in _EDITABLE.items()})


RECOMMENDATIONS: list[Column] = [
    own(Recommendation, "reference"),
    own(Recommendation, "kind"),
    own(Recommendation, "text"),
    own(Recommendation, "summary"),
    *where(),
    Column(
        "stakeholders",
        _("Raised by"),
        lambda record: [person(one) for one in record.public_stakeholders],
        cell=lambda record: [str(one) for one in record.public_stakeholders],
    ),
    Column(
        "issues",
        _("Issues"),
        lambda record: [{"path": tag.issue.path, "name": tag.issue.name} for tag in record.public_tags],
        cell=lambda record: [str(tag.issue) for tag in record.public_tags],
    ),
    Column(
        "groups",
        _("Population groups"),
        lambda record: [{"slug": group.slug, "name": group.name} for group in record.groups.all()],
        cell=lambda record: [group.name for group in record.groups.all()],
    ),
    own(Recommendation, "position"),
    own(Recommendation, "selected_for_follow_up"),
    own(Recommendation, "due_on"),
    Column("status", _("Status"), lambda record: record.verdicts.status),
    Column("status_as_of", _("Status as of"), lambda record: record.status_as_of),
    Column(
        "status_by",
        _("Status by"),
        lambda record: public_name(getattr(record.verdicts.headline, "assessor", None)),
    ),
    Column(
        "status_from_parts",
        _("Status rolled up from parts"),
        lambda record: record.verdicts.rolled_up is not None,
    ),
    Column("stale", _("Status is stale"), lambda record: record.verdicts.is_stale),
    Column("disagree", _("Assessors differ"), lambda record: record.verdicts.disagree),
    Column("statuses", _("Statuses"), statuses, sheet=False),
    *[column for role in FollowUp.Role for column in of_role(role.value, role.label)],
    Column(
        "responses",
        _("State responses"),
        answers,
        cell=lambda record: [one["reference"] for one in answers(record)],
    ),
    sheet_only("stances", _("Stances"), lambda record: [one["stance"] for one in answers(record)]),
    Column(
        "links",
        _("Chain"),
        chain,
        cell=lambda record: [
            f"{one['direction']}: {one['reference']} ({one['relation']})" for one in chain(record)
        ],
    ),
    Column("parent", _("Part of"), public_parent),
    Column("version", _("Version"), version, json=False, goes_with=frozenset(row_version.EDITABLE)),
    address(),
]
_EDITABLE = {column.name: column for column in RECOMMENDATIONS if column.name in row_version.EDITABLE}


def answered(response: Any) -> list[dict[str, str]]:
    """The public records that a response answers."""
    return [
        {"reference": link.recommendation.reference, "stance": link.stance} for link in response.public_links
    ]


RESPONSES: list[Column] = [
    own(StateResponse, "reference"),
    own(StateResponse, "text"),
    own(StateResponse, "summary"),
    own(StateResponse, "speaker"),
    own(StateResponse, "date"),
    *where(),
    Column(
        "recommendations",
        _("Answers"),
        answered,
        cell=lambda response: [f"{one['reference']} ({one['stance']})" for one in answered(response)],
    ),
    address(),
]


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


FOLLOW_UPS: list[Column] = [
    own(FollowUp, "reference"),
    Column("recommendation", _("Record"), lambda entry: entry.recommendation.reference),
    sheet_only("recommendation_text", _("Words of the record"), lambda entry: entry.recommendation.text),
    Column("state", _("State"), lambda entry: entry.recommendation.document.review.state.iso3),
    Column("review", _("Review"), lambda entry: entry.recommendation.document.review.slug),
    Column(
        "assessor",
        _("Assessor"),
        lambda entry: person(entry.assessor),
        cell=lambda entry: str(entry.assessor) if entry.assessor.published else None,
    ),
    own(FollowUp, "role"),
    own(FollowUp, "status"),
    own(FollowUp, "grade"),
    own(FollowUp, "grade_scheme"),
    Column("grade_meaning", _("Meaning of the grade"), attrgetter("grade_meaning")),
    own(FollowUp, "as_of"),
    own(FollowUp, "summary"),
    own(FollowUp, "confidence"),
    Column(
        "evidence",
        _("Evidence"),
        public_evidence,
        cell=lambda entry: [evidence_in_a_line(one) for one in public_evidence(entry)],
    ),
    Column("replaces", _("Replaces"), lambda entry: public_entry(entry.replaces)),
    own(FollowUp, "correction_reason"),
    Column("replaced_by", _("Replaced by"), lambda entry: public_entry(getattr(entry, "replaced_by", None))),
    own(FollowUp, "published_at"),
    address(),
]

STAKEHOLDERS: list[Column] = [
    own(Stakeholder, "slug"),
    own(Stakeholder, "name", words=attrgetter("name"), link=lambda row: row.get_absolute_url()),
    own(Stakeholder, "acronym", words=attrgetter("acronym")),
    own(Stakeholder, "kind", words=lambda row: row.get_kind_display()),
    Column("state", _("State"), lambda row: row.state.iso3 if row.state else None),
    Column(
        "review", _("Review"), lambda row: row.review.slug if row.review and row.review_is_public else None
    ),
    Column(
        "members",
        _("Members"),
        lambda row: [person(member) for member in row.public_members],
        cell=lambda row: [str(member) for member in row.public_members],
    ),
    own(Stakeholder, "note"),
    Column(
        "recommendations",
        _("Records raised"),
        attrgetter("record_count"),
        words=attrgetter("record_count"),
        link=lambda row: f"{reverse('recommendation_list')}?stakeholder={row.slug}",
    ),
    Column(
        "follow_ups", _("Entries of follow-up"), attrgetter("entry_count"), words=attrgetter("entry_count")
    ),
    address(),
]

DOCUMENTS: list[Column] = [
    own(Document, "slug"),
    own(
        Document,
        "symbol",
        words=attrgetter("name"),
        link=lambda row: row.get_absolute_url(),
        heading=_("Symbol"),
    ),
    own(Document, "considers"),
    own(Document, "kind", words=lambda row: row.get_kind_display()),
    own(Document, "title", words=attrgetter("title")),
    own(Document, "published_on", words=attrgetter("published_on")),
    own(Document, "language"),
    Column("state", _("State"), lambda row: row.review.state.iso3),
    Column(
        "review",
        _("Review"),
        lambda row: row.review.slug,
        words=lambda row: f"{row.review.state}, {row.review.short_label}",
        link=lambda row: row.review.get_absolute_url(),
    ),
    Column("source", _("Source"), attrgetter("url")),
    own(Document, "sha256"),
    own(Document, "note"),
    Column("paragraphs", _("Paragraphs"), attrgetter("paragraph_count")),
    Column("recommendations", _("Records"), attrgetter("record_count"), words=attrgetter("record_count")),
    Column("responses", _("Responses"), attrgetter("response_count"), words=attrgetter("response_count")),
    address(),
]

REVIEWS: list[Column] = [
    own(Review, "slug"),
    Column("state", _("State"), lambda row: row.state.iso3, words=lambda row: row.state.name),
    sheet_only("state_name", _("Name of the State"), lambda row: row.state.name),
    own(
        Review,
        "mechanism",
        words=lambda row: row.get_mechanism_display(),
        link=lambda row: row.get_absolute_url(),
    ),
    own(Review, "cycle"),
    own(Review, "session", words=attrgetter("session")),
    own(Review, "starts_on", words=attrgetter("when")),
    own(Review, "ends_on"),
    own(Review, "precision"),
    own(Review, "note"),
    Column("documents", _("Documents"), attrgetter("document_count"), words=attrgetter("document_count")),
    Column("recommendations", _("Records"), attrgetter("record_count"), words=attrgetter("record_count")),
    Column("responses", _("Responses"), attrgetter("response_count"), words=attrgetter("response_count")),
    address(),
]

ISSUES: list[Column] = [
    own(Issue, "path"),
    own(Issue, "slug"),
    own(Issue, "name"),
    Column("parent", _("Part of"), lambda row: row.parent.path if row.parent else None),
    own(Issue, "uhri_theme"),
    own(Issue, "sdg_targets"),
    Column("recommendations", _("Records, with those below"), attrgetter("record_count")),
    address(),
]
