"""Columns that several lists have, and what their examples are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommendations.exports.columns.column import Column, address, own
from recommendations.exports.columns.json_schema import NUMBER, TEXT, maybe, one_of, shape
from recommendations.models import FollowUp, Recommendation, ResponseLink

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from recommendations.exports.columns.column import Value
    from recommendations.models import Document, Stakeholder

# Examples: of a reference of each kind, of the words of a record, of a stakeholder.
RECORD, ANSWER, ENTRY = "FRE-UPR7-36.4", "FRE-CCPR144-R87.1", "FRE-UPR7-36.4-un_body-2025-06-26"
LATER_RECORD = "FRE-CCPR144-12.1"
WORDS = "The State should place a moratorium on criminal libel."
NGO = {"acronym": "HRO", "name": "Human Rights Organisation", "slug": "human-rights-organisation"}

PERSON = shape(acronym=TEXT, name=TEXT, slug=TEXT)
STATUS = one_of(FollowUp.Status.values)
STANCE = one_of(ResponseLink.Stance.values)


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


def state(value: Value, **options: Any) -> Column:
    """The State under review."""
    return Column(
        "state",
        _("State"),
        value,
        meaning=_("The State under review, by its ISO 3166-1 alpha-3 code."),
        example="FRE",
        **options,
    )


def state_name(value: Value) -> Column:
    """The name of the State under review; JSON gives only its code."""
    return Column(
        "state_name",
        _("Name of the State"),
        value,
        meaning=_("The name of the State under review."),
        example="Freedonia",
        json=False,
    )


def review(value: Value, **options: Any) -> Column:
    """The review."""
    return Column(
        "review",
        _("Review"),
        value,
        meaning=_("The review, by its slug."),
        example="fre-upr7",
        **options,
    )


def where() -> list[Column]:
    """State, review, document and place of a row that quotes."""
    return [
        state(lambda row: row.document.review.state.iso3),
        state_name(lambda row: row.document.review.state.name),
        review(lambda row: row.document.review.slug),
        Column(
            "document",
            _("Document"),
            lambda row: cited(row.document),
            meaning=_("The document quoted: its symbol, or its slug where it has none."),
            example="A/HRC/WG.6/7/FRE/3",
        ),
        Column(
            "paragraph",
            _("Paragraph"),
            lambda row: row.paragraph.number if row.paragraph else None,
            meaning=_(
                "The paragraph in which the words stand, as printed or counted; none for a row of a"
                " spreadsheet."
            ),
            example="36",
            schema=maybe(TEXT),
        ),
        own(
            Recommendation,
            "locator",
            _("For a row of a spreadsheet: sheet and row, or the source’s own id."),
            "",
        ),
    ]


def number(
    name: str,
    heading: StrOrPromise,
    value: Value,
    meaning: StrOrPromise,
    example: int,
    **options: Any,
) -> Column:
    """How many."""
    return Column(name, heading, value, meaning=meaning, example=example, schema=NUMBER, **options)


def reference_of(name: str, heading: StrOrPromise, meaning: StrOrPromise, example: str) -> Column:
    """The reference of the row at one end of a link."""
    return Column(name, heading, lambda row: getattr(row, name).reference, meaning=meaning, example=example)


def narrowed_to(parameter: str, key: str, example: str) -> Column:
    """The address of the list of records, narrowed to a row that has no page of its own."""

    def path(row: Any) -> str:
        return f"{reverse('recommendation_list')}?{parameter}={getattr(row, key)}"

    return address(f"/recommendations/?{parameter}={example}", _("The list of its records."), path)
