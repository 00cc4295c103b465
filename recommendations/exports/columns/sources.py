"""The columns of the lists of reviews and documents, and of the table of paragraphs."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from recommendations.exports.columns.column import Column, address, own
from recommendations.exports.columns.json_schema import TEXT, many
from recommendations.exports.columns.shared import (
    RECORD,
    WORDS,
    cited,
    number,
    review,
    state,
    state_name,
)
from recommendations.models import Document, Paragraph, Review

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

REVIEWS: list[Column] = [
    own(Review, "slug", _("The name in addresses and filters."), "fre-upr7"),
    state(lambda row: row.state.iso3, words=lambda row: row.state.name),
    state_name(lambda row: row.state.name),
    own(
        Review,
        "mechanism",
        _("The mechanism, by its code."),
        "UPR",
        words=lambda row: row.get_mechanism_display(),
        link=lambda row: row.get_absolute_url(),
    ),
    own(Review, "cycle", _("The cycle of the UPR, or the number of the periodic report."), "1"),
    own(Review, "session", _("The number of the session."), "7", words=attrgetter("session")),
    own(
        Review,
        "starts_on",
        _("The first day; read it no more exactly than its precision says."),
        "2010-02-01",
        words=attrgetter("when"),
    ),
    own(Review, "ends_on", _("The last day, where known."), "2010-02-12"),
    own(
        Review,
        "precision",
        _("How exactly the beginning is known: to the day, month or year."),
        "day",
    ),
    own(Review, "note", _("What a reader should know about it."), ""),
    number(
        "documents",
        _("Documents"),
        attrgetter("document_count"),
        _("How many public documents it has."),
        1,
        words=attrgetter("document_count"),
    ),
    number(
        "recommendations",
        _("Records"),
        attrgetter("record_count"),
        _("How many public records were made in it."),
        238,
        words=attrgetter("record_count"),
    ),
    number(
        "responses",
        _("Responses"),
        attrgetter("response_count"),
        _("How many public responses were given in it."),
        0,
        words=attrgetter("response_count"),
    ),
    address("/reviews/fre-upr7/"),
]

DOCUMENTS: list[Column] = [
    own(Document, "slug", _("The name in addresses and filters."), "a-hrc-wg6-7-fre-3"),
    own(
        Document,
        "symbol",
        _("The UN symbol, where it has one."),
        "A/HRC/WG.6/7/FRE/3",
        heading=_("Symbol"),
        words=attrgetter("name"),
        link=lambda row: row.get_absolute_url(),
    ),
    own(Document, "considers", _("The symbol of the State report that it is about."), ""),
    own(
        Document,
        "kind",
        _("What kind of document it is."),
        "stakeholder_summary",
        words=lambda row: row.get_kind_display(),
    ),
    own(
        Document,
        "title",
        _("Its title."),
        "Summary of stakeholders’ submissions",
        words=attrgetter("title"),
    ),
    own(
        Document,
        "published_on",
        _("The date it bears, where known."),
        "2009-11-30",
        words=attrgetter("published_on"),
    ),
    own(Document, "language", _("The language of the text that was read."), "en"),
    state(lambda row: row.review.state.iso3),
    review(
        lambda row: row.review.slug,
        words=lambda row: f"{row.review.state}, {row.review.short_label}",
        link=lambda row: row.review.get_absolute_url(),
    ),
    Column(
        "source",
        _("Source"),
        attrgetter("url"),
        meaning=_("Where the document itself can be found."),
        example="https://docs.un.org/A/HRC/WG.6/7/FRE/3",
    ),
    own(Document, "sha256", _("The SHA-256 of the file that was read."), "0" * 64),
    own(Document, "note", _("What a reader must know, such as what is missing in the text."), ""),
    number(
        "paragraphs",
        _("Paragraphs"),
        attrgetter("paragraph_count"),
        _("How many paragraphs it has."),
        53,
    ),
    number(
        "recommendations",
        _("Records"),
        attrgetter("record_count"),
        _("How many public records quote it."),
        238,
        words=attrgetter("record_count"),
    ),
    number(
        "responses",
        _("Responses"),
        attrgetter("response_count"),
        _("How many public responses quote it."),
        0,
        words=attrgetter("response_count"),
    ),
    address("/documents/a-hrc-wg6-7-fre-3/"),
]


def references(name: str, heading: StrOrPromise, meaning: StrOrPromise, example: list[str]) -> Column:
    """The references of the public rows made from a paragraph."""
    return Column(
        name,
        heading,
        lambda row: [one.reference for one in getattr(row, f"public_{name}")],
        meaning=meaning,
        example=example,
        schema=many(TEXT),
    )


PARAGRAPHS: list[Column] = [
    Column(
        "document",
        _("Document"),
        lambda row: cited(row.document),
        meaning=_("The document: its symbol, or its slug where it has none."),
        example="A/HRC/WG.6/7/FRE/3",
    ),
    own(Paragraph, "number", _("Its number as printed, or as counted."), "36"),
    own(Paragraph, "position", _("Its place in the document, from 1."), 36),
    own(
        Paragraph,
        "section",
        _("The headings above it, outermost first."),
        ["Freedom of expression"],
        schema=many(TEXT),
    ),
    own(Paragraph, "speaker", _("In an account of a dialogue: who speaks."), ""),
    own(Paragraph, "text", _("The whole paragraph, verbatim."), f"HRO said: {WORDS}"),
    references(
        "recommendations",
        _("Records"),
        _("The public records made from it, by reference."),
        [RECORD],
    ),
    references(
        "responses",
        _("Responses"),
        _("The public responses made from it, by reference."),
        [],
    ),
    address("/documents/a-hrc-wg6-7-fre-3/#p36"),
]
