"""The columns of the tables that join lists, which no list shows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from recommendations.exports.columns.column import Column, own
from recommendations.exports.columns.json_schema import one_of
from recommendations.exports.columns.shared import ANSWER, LATER_RECORD, NGO, RECORD, reference_of
from recommendations.models import IssueTag, RecommendationLink, ResponseLink

_record = reference_of("recommendation", _("Record"), _("The record, by its reference."), RECORD)

RAISED_BY: list[Column] = [
    _record,
    Column(
        "stakeholder",
        _("Stakeholder"),
        lambda row: row.stakeholder.slug,
        meaning=_("The stakeholder, by slug."),
        example=NGO["slug"],
    ),
]

ISSUE_TAGS: list[Column] = [
    _record,
    Column(
        "issue",
        _("Issue"),
        lambda row: row.issue.path,
        meaning=_("The issue, by its path in the tree."),
        example="expression/defamation",
    ),
    own(
        IssueTag,
        "origin",
        _("Whether the source itself or an editor names the issue."),
        "editor",
        # Suggestions are not public.
        schema=one_of(["source", "editor"]),
    ),
]

RECOMMENDATION_GROUPS: list[Column] = [
    _record,
    Column(
        "group",
        _("Population group"),
        lambda row: row.populationgroup.slug,
        meaning=_("The population group, by slug."),
        example="journalists",
    ),
]

RECOMMENDATION_LINKS: list[Column] = [
    reference_of("earlier", _("Earlier record"), _("The earlier record, by reference."), RECORD),
    reference_of("later", _("Later record"), _("The later record, by reference."), LATER_RECORD),
    own(
        RecommendationLink,
        "relation",
        _("Repeated: asks the same; taken up: a later body raises it; related: the subject is shared."),
        "repeated",
    ),
    own(
        RecommendationLink,
        "rationale",
        _("What the two have in common."),
        "Both ask to end criminal liability for libel.",
    ),
]

RESPONSE_LINKS: list[Column] = [
    reference_of("response", _("Response"), _("The response, by its reference."), ANSWER),
    _record,
    own(ResponseLink, "stance", _("The stance that the response takes on the record."), "commits"),
    own(
        ResponseLink,
        "rationale",
        _("Why this answers that."),
        "Speaks of the same article of the Criminal Code.",
    ),
]
