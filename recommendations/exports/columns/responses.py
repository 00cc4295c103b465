"""The columns of the list of State responses."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from recommendations.exports.columns.column import Column, address, own
from recommendations.exports.columns.json_schema import TEXT, many, shape
from recommendations.exports.columns.shared import ANSWER, RECORD, STANCE, where
from recommendations.models import StateResponse


def answered(response: Any) -> list[dict[str, str]]:
    """The public records that a response answers."""
    return [
        {"reference": link.recommendation.reference, "stance": link.stance} for link in response.public_links
    ]


RESPONSES: list[Column] = [
    own(StateResponse, "reference", _("The permanent name of the response."), ANSWER),
    own(StateResponse, "text", _("The exact words of the source."), "A bill is before parliament."),
    own(StateResponse, "summary", _("A short form in the editor’s words; may be empty."), ""),
    own(StateResponse, "speaker", _("Who speaks for the State."), "delegation"),
    own(StateResponse, "date", _("The day on which it was said."), "2025-06-25"),
    *where(),
    Column(
        "recommendations",
        _("Answers"),
        answered,
        meaning=_("The records that it answers, with the stance that it takes on each."),
        example=[{"reference": RECORD, "stance": "commits"}],
        schema=many(shape(reference=TEXT, stance=STANCE)),
        cell=lambda response: [f"{one['reference']} ({one['stance']})" for one in answered(response)],
    ),
    address(f"/responses/{ANSWER}/"),
]
