"""Structured data about pages for machines, in the schema.org vocabulary (JSON-LD)."""

from __future__ import annotations

import json
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from recommendations.exports.citations import Site
from recommendations.models import Document, Recommendation, StateResponse

if TYPE_CHECKING:
    from recommendations.models import Review

CONTEXT = {"@context": "https://schema.org"}
# JSON escapes for characters that could end the script element or confuse an old parser.
ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}
Data = dict[str, Any]


def script(data: Data) -> SafeString:
    """Return a data block for the head of a page; browsers do not run it."""
    content = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{content}</script>')  # noqa: S308


@singledispatch
def describe(thing: Any, site: Site) -> Data:
    """Describe the subject of a public page."""
    raise TypeError(f"There is no description of a {type(thing).__name__}.")


@describe.register
def _(record: Recommendation, site: Site) -> Data:
    people = getattr(record, "public_stakeholders", [])
    tags = getattr(record, "public_tags", [])
    return _quotation(record, site) | {
        "additionalType": record.get_kind_display(),
        "creator": [
            {"@type": "Organization", "name": one.name, "url": f"{site.url}{one.get_absolute_url()}"}
            for one in people
        ],
        "about": [
            {"@type": "DefinedTerm", "name": str(issue), "url": f"{site.url}{issue.get_absolute_url()}"}
            for issue in (tag.issue for tag in tags)
        ],
        "temporalCoverage": _date_of(record.document.review),
    }


@describe.register
def _(response: StateResponse, site: Site) -> Data:
    state = response.document.review.state
    return _quotation(response, site) | {
        "additionalType": gettext("State response"),
        "creator": [{"@type": "GovernmentOrganization", "name": state.name}],
        "dateCreated": response.date.isoformat(),
    }


@describe.register
def _(document: Document, site: Site) -> Data:
    data = CONTEXT | _source(document, site)
    if document.published_on:
        data["datePublished"] = document.published_on.isoformat()
    if document.url:
        data["isBasedOn"] = document.url
    return data


def _quotation(quoted: Recommendation | StateResponse, site: Site) -> Data:
    address = f"{site.url}{quoted.get_absolute_url()}"
    return CONTEXT | {
        "@type": "Quotation",
        "@id": address,
        "url": address,
        "identifier": quoted.reference,
        "name": quoted.summary or quoted.reference,
        "text": quoted.text,
        "inLanguage": quoted.document.language,
        "dateModified": quoted.updated_at.isoformat(timespec="seconds"),
        "spatialCoverage": {"@type": "Country", "name": quoted.document.review.state.name},
        "isPartOf": _source(quoted.document, site) | {"pagination": _place(quoted)},
        "isAccessibleForFree": True,
    }


def _place(quoted: Recommendation | StateResponse) -> str:
    return quoted.place_in_document


def _source(document: Document, site: Site) -> Data:
    return {
        "@type": "DigitalDocument",
        "@id": f"{site.url}{document.get_absolute_url()}",
        "url": f"{site.url}{document.get_absolute_url()}",
        "name": document.title,
        "inLanguage": document.language,
        **({"identifier": document.symbol} if document.symbol else {}),
    }


def _date_of(review: Review) -> str:
    """Return the date on which a review began in ISO 8601, as precisely as it is known."""
    lengths = {review.Precision.YEAR: 4, review.Precision.MONTH: 7, review.Precision.DAY: 10}
    return review.starts_on.isoformat()[: lengths[review.Precision(review.precision)]]


def describe_site(site: Site) -> Data:
    """Describe the site as a whole: its search, and its records as a data set with downloads."""
    media = {
        "csv": "text/csv",
        "json": "application/json",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    search = f"{site.url}{reverse('recommendation_list')}?q={{search_term_string}}"
    return CONTEXT | {
        "@graph": [
            {
                "@type": "WebSite",
                "@id": f"{site.url}/",
                "url": f"{site.url}/",
                "name": site.name,
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": {"@type": "EntryPoint", "urlTemplate": search},
                    "query-input": "required name=search_term_string",
                },
            },
            {
                "@type": "Dataset",
                "@id": f"{site.url}{reverse('recommendation_list')}",
                "url": f"{site.url}{reverse('recommendation_list')}",
                "name": gettext("%(site)s: what was put to States, and what became of it")
                % {"site": site.name},
                "description": gettext(
                    "Human-rights recommendations, concerns, questions and commendations put to States: who"
                    " raised each, what the State answered, what happened since, who says so and on what"
                    " evidence. Each record quotes a numbered paragraph of a document."
                ),
                "isAccessibleForFree": True,
                "creator": {"@type": "Organization", "name": site.name, "url": f"{site.url}/"},
                "distribution": [
                    {
                        "@type": "DataDownload",
                        "encodingFormat": media_type,
                        "contentUrl": site.url + reverse("recommendation_list_as", args=[ending]),
                    }
                    for ending, media_type in media.items()
                ],
            },
        ]
    }
