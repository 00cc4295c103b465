"""The columns of the list of stakeholders, and of the tables of States and population groups."""

from __future__ import annotations

from operator import attrgetter

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommendations.exports.columns.column import Column, address, own
from recommendations.exports.columns.json_schema import TEXT, many, maybe
from recommendations.exports.columns.shared import NGO, PERSON, narrowed_to, number, person
from recommendations.models import PopulationGroup, Stakeholder, State

STAKEHOLDERS: list[Column] = [
    own(Stakeholder, "slug", _("The name in addresses and filters."), NGO["slug"]),
    own(
        Stakeholder,
        "name",
        _("The full name."),
        NGO["name"],
        words=attrgetter("name"),
        link=lambda row: row.get_absolute_url(),
    ),
    own(
        Stakeholder,
        "acronym",
        _("The acronym, where there is one."),
        NGO["acronym"],
        words=attrgetter("acronym"),
    ),
    own(
        Stakeholder,
        "kind",
        _("What kind of stakeholder it is."),
        Stakeholder.Kind.NGO.value,
        words=lambda row: row.get_kind_display(),
    ),
    Column(
        "state",
        _("State"),
        lambda row: row.state.iso3 if row.state else None,
        meaning=_("For a State: which one, by its ISO code."),
        example=None,
        schema=maybe(TEXT),
    ),
    Column(
        "review",
        _("Review"),
        lambda row: row.review.slug if row.review and row.review_is_public else None,
        meaning=_("For a joint submission: the review it was made for."),
        example=None,
        schema=maybe(TEXT),
    ),
    Column(
        "members",
        _("Members"),
        lambda row: [person(member) for member in row.public_members],
        meaning=_("For a joint submission or coalition: its members, as far as known."),
        example=[],
        schema=many(PERSON),
        cell=lambda row: [str(member) for member in row.public_members],
    ),
    own(Stakeholder, "note", _("What a reader should know about it."), ""),
    number(
        "recommendations",
        _("Records raised"),
        attrgetter("record_count"),
        _("How many public records it raised."),
        12,
        words=attrgetter("record_count"),
        link=lambda row: f"{reverse('recommendation_list')}?stakeholder={row.slug}",
    ),
    number(
        "follow_ups",
        _("Entries of follow-up"),
        attrgetter("entry_count"),
        _("How many public entries of the log it gave."),
        3,
        words=attrgetter("entry_count"),
    ),
    address(f"/stakeholders/{NGO['slug']}/"),
]

STATES: list[Column] = [
    own(State, "iso3", _("The ISO 3166-1 alpha-3 code."), "FRE"),
    own(State, "name", _("The name of the State."), "Freedonia"),
    own(State, "region", _("The regional group at the United Nations."), "Eastern European States"),
    number(
        "reviews",
        _("Reviews"),
        attrgetter("review_count"),
        _("How many public reviews of this State there are."),
        2,
    ),
    number(
        "recommendations",
        _("Records"),
        attrgetter("record_count"),
        _("How many public records were put to this State."),
        401,
    ),
    narrowed_to("state", "iso3", "FRE"),
]

GROUPS: list[Column] = [
    own(PopulationGroup, "slug", _("The name in addresses and filters."), "journalists"),
    own(PopulationGroup, "name", _("What the group is called."), "Journalists"),
    number(
        "recommendations",
        _("Records"),
        attrgetter("record_count"),
        _("How many public records are about this group."),
        14,
    ),
    narrowed_to("group", "slug", "journalists"),
]
