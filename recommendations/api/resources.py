"""What has an address in the API: a table, how its rows are named in addresses, and its filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from recommendations.api.tables import TABLE, Table
from recommendations.models import Paragraph, PopulationGroup, State
from recommendations.search import filters
from recommendations.search.filters import PublicFilterSet, Words
from recommendations.search.filters.base import Choices
from recommendations.search.filters.sets import rows_with

if TYPE_CHECKING:
    from collections.abc import Iterator


class GroupFilters(PublicFilterSet):
    """The population groups."""

    q = Words(_("Words"), rows_with("name"), help=_("In the name."))

    class Meta:
        model = PopulationGroup
        fields: list[str] = []


class StateFilters(PublicFilterSet):
    """The States with a public review."""

    q = Words(_("Words"), rows_with("name", "iso3", "region"), help=_("In the name, code and region."))

    class Meta:
        model = State
        fields: list[str] = []


class ParagraphFilters(PublicFilterSet):
    """The paragraphs of one document."""

    q = Words(_("Words"), rows_with("text", "number"), help=_("In the words and the number."))
    speaker = Choices(_("Speaker"), "speaker__in", Paragraph.Speaker.choices)

    class Meta:
        model = Paragraph
        fields: list[str] = []


@dataclass(frozen=True, slots=True)
class Resource:
    """One table in the API. `key` names a row in its address, and orders the rows."""

    name: str  # in addresses
    one: str  # of a schema and in sentences
    table: Table
    key: str
    filterset: type[PublicFilterSet]


RESOURCES: tuple[Resource, ...] = (
    Resource(
        "recommendations",
        "Recommendation",
        TABLE["recommendations"],
        "reference",
        filters.RecommendationFilters,
    ),
    Resource("responses", "Response", TABLE["responses"], "reference", filters.ResponseFilters),
    Resource("follow-up", "Entry", TABLE["follow_up"], "reference", filters.FollowUpFilters),
    Resource("stakeholders", "Stakeholder", TABLE["stakeholders"], "slug", filters.StakeholderFilters),
    Resource("issues", "Issue", TABLE["issues"], "path", filters.IssueFilters),
    Resource("groups", "Group", TABLE["groups"], "slug", GroupFilters),
    Resource("states", "State", TABLE["states"], "iso3", StateFilters),
    Resource("reviews", "Review", TABLE["reviews"], "slug", filters.ReviewFilters),
    Resource("documents", "Document", TABLE["documents"], "slug", filters.DocumentFilters),
)
# Only below their document: /documents/<slug>/paragraphs/, in the document's order.
PARAGRAPHS = Resource("paragraphs", "Paragraph", TABLE["paragraphs"], "position", ParagraphFilters)


def all_resources() -> Iterator[Resource]:
    """Every resource that has rows."""
    yield from RESOURCES
    yield PARAGRAPHS
