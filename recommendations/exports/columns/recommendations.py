"""The columns of the list of records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from recommendations.exports.columns.column import Column, Editable, address, own
from recommendations.exports.columns.json_schema import DATE, TEXT, YES_OR_NO, many, maybe, one_of, shape
from recommendations.exports.columns.shared import (
    ANSWER,
    LATER_RECORD,
    NGO,
    PERSON,
    RECORD,
    STANCE,
    STATUS,
    WORDS,
    person,
    public_name,
    where,
)
from recommendations.exports.row_version import RowVersion
from recommendations.models import FollowUp, Recommendation, RecommendationLink
from recommendations.models.statuses import STATUS_LABELS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from recommendations.exports.columns.column import Value

STATUSES = shape(
    **{role: shape(status=STATUS, as_of=DATE, assessor=maybe(TEXT)) for role in FollowUp.Role.values}
) | {"required": []}
LINK = shape(
    reference=TEXT,
    relation=one_of(RecommendationLink.Relation.values),
    direction=one_of(["earlier", "later"]),
)


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
        Column(
            f"{role}_status",
            format_lazy(_("Status: {role}"), role=label),
            part("status"),
            meaning=format_lazy(
                _("The current status in the role “{role}”; none where nobody has spoken in it."), role=label
            ),
            example="in_progress",
            schema=maybe(STATUS),
            json=False,
        ),
        Column(
            f"{role}_as_of",
            format_lazy(_("As of: {role}"), role=label),
            part("as_of"),
            meaning=_("The day on which that was so."),
            example="2025-06-26",
            schema=maybe(DATE),
            json=False,
        ),
        Column(
            f"{role}_assessor",
            format_lazy(_("Assessor: {role}"), role=label),
            part("assessor"),
            meaning=_("Who says so, by slug; none where the name is withheld."),
            example="committee",
            schema=maybe(TEXT),
            json=False,
        ),
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
    return ROW_VERSION.mark({name: column.for_sheet(record) for name, column in EDITABLE.items()})


RECOMMENDATIONS: list[Column] = [
    own(
        Recommendation,
        "reference",
        _("The permanent name of the record: State, mechanism and session, paragraph and statement."),
        RECORD,
    ),
    own(
        Recommendation,
        "kind",
        _("What kind of thing was put to the State."),
        "recommendation",
        editable=Editable(2),
    ),
    own(Recommendation, "text", _("The exact words of the source."), WORDS),
    own(
        Recommendation,
        "summary",
        _("A short form in the editor’s words; may be empty."),
        "Moratorium on criminal libel",
        editable=Editable(1),
    ),
    *where(),
    Column(
        "stakeholders",
        _("Raised by"),
        lambda record: [person(one) for one in record.public_stakeholders],
        meaning=_("Who raised it, as far as names are public."),
        example=[NGO],
        schema=many(PERSON),
        cell=lambda record: [str(one) for one in record.public_stakeholders],
        editable=Editable(6, field="raised_by"),
    ),
    Column(
        "issues",
        _("Issues"),
        lambda record: [{"path": tag.issue.path, "name": tag.issue.name} for tag in record.public_tags],
        meaning=_("What it is about: issues that the source or an editor named."),
        example=[{"path": "expression/defamation", "name": "Defamation"}],
        schema=many(shape(path=TEXT, name=TEXT)),
        cell=lambda record: [str(tag.issue) for tag in record.public_tags],
        editable=Editable(7),
    ),
    Column(
        "groups",
        _("Population groups"),
        lambda record: [{"slug": group.slug, "name": group.name} for group in record.groups.all()],
        meaning=_("Whom it is about."),
        example=[{"slug": "journalists", "name": "Journalists"}],
        schema=many(shape(slug=TEXT, name=TEXT)),
        cell=lambda record: [group.name for group in record.groups.all()],
        editable=Editable(8),
    ),
    own(
        Recommendation,
        "position",
        _("The State’s formal answer in the Universal Periodic Review, where there is one."),
        "supported",
        editable=Editable(3),
    ),
    own(
        Recommendation,
        "selected_for_follow_up",
        _("Whether the body that made it selected it for its follow-up."),
        False,
        editable=Editable(4),
    ),
    own(
        Recommendation,
        "due_on",
        _("The day by which the body asked for a report."),
        None,
        editable=Editable(5),
    ),
    Column(
        "status",
        _("Status"),
        lambda record: record.verdicts.status,
        meaning=_(
            "The headline: the newest status by an assessor other than the State, of the record or of"
            " its parts; or not assessed."
        ),
        example="in_progress",
        schema=one_of(STATUS_LABELS),
    ),
    Column(
        "status_as_of",
        _("Status as of"),
        lambda record: record.status_as_of,
        meaning=_("The day on which the headline status was so."),
        example="2025-06-26",
        schema=maybe(DATE),
    ),
    Column(
        "status_by",
        _("Status by"),
        lambda record: public_name(getattr(record.verdicts.headline, "assessor", None)),
        meaning=_(
            "Who gives the headline status, by slug; none where the name is withheld, or it is rolled up."
        ),
        example="committee",
        schema=maybe(TEXT),
    ),
    Column(
        "status_from_parts",
        _("Status rolled up from parts"),
        lambda record: record.verdicts.rolled_up is not None,
        meaning=_("Whether the headline status is rolled up from those of the record’s parts."),
        example=False,
        schema=YES_OR_NO,
    ),
    Column(
        "stale",
        _("Status is stale"),
        lambda record: record.verdicts.is_stale,
        meaning=_("Whether the headline status is older than the time after which it may be overtaken."),
        example=False,
        schema=YES_OR_NO,
    ),
    Column(
        "disagree",
        _("Assessors differ"),
        lambda record: record.verdicts.disagree,
        meaning=_("Whether the current statuses of two roles differ; “no information” is none."),
        example=False,
        schema=YES_OR_NO,
    ),
    Column(
        "statuses",
        _("Statuses"),
        statuses,
        meaning=_("The current status of each role that has one, its date, and who says so."),
        example={"un_body": {"status": "in_progress", "as_of": "2025-06-26", "assessor": "committee"}},
        schema=STATUSES,
        sheet=False,
    ),
    *[column for role in FollowUp.Role for column in of_role(role.value, role.label)],
    Column(
        "responses",
        _("State responses"),
        answers,
        meaning=_(
            "What the State answered, with the stance of each answer and the review in which it was given."
        ),
        example=[
            {
                "reference": ANSWER,
                "text": "A bill is before parliament.",
                "stance": "commits",
                "review": "fre-ccpr144",
            }
        ],
        schema=many(shape(reference=TEXT, text=TEXT, stance=STANCE, review=TEXT)),
        cell=lambda record: [one["reference"] for one in answers(record)],
    ),
    Column(
        "stances",
        _("Stances"),
        lambda record: [one["stance"] for one in answers(record)],
        meaning=_("The stance of each answer, in the order of the answers."),
        example=["commits"],
        schema=many(STANCE),
        json=False,
    ),
    Column(
        "links",
        _("Chain"),
        chain,
        meaning=_("Records before and after it in time that ask the same or are related."),
        example=[{"reference": LATER_RECORD, "relation": "repeated", "direction": "later"}],
        schema=many(LINK),
        cell=lambda record: [
            f"{one['direction']}: {one['reference']} ({one['relation']})" for one in chain(record)
        ],
    ),
    Column(
        "parent",
        _("Part of"),
        public_parent,
        meaning=_("The compound record of which it is a part, by reference."),
        example=None,
        schema=maybe(TEXT),
    ),
    Column(
        "version",
        _("Version"),
        version,
        meaning=_("A digest of what editors may change, by which an import knows what changed since."),
        example="v1.3m2Zb7Qd…",
        json=False,
        goes_with_editable=True,
    ),
    address(f"/recommendations/{RECORD}/"),
]


def _place(column: Column) -> int:
    return column.editable.place if column.editable else 0


# What an import of an edited spreadsheet may change, in the order of the mark.
EDITABLE = {column.name: column for column in sorted(RECOMMENDATIONS, key=_place) if column.editable}
ROW_VERSION = RowVersion(
    tuple(EDITABLE), frozenset(name for name, column in EDITABLE.items() if column.is_list)
)
