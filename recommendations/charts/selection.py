"""The records that a chart shows, and the addresses of the lists behind its parts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, urlencode

from django.urls import reverse

from recommendations.charts.statistics import FOLLOWED_UP_KINDS, STATUSES
from recommendations.models import FollowUp
from recommendations.models.statuses import STATUS_LABELS
from recommendations.search.facets.record_set import Records
from recommendations.search.filters import facet_counts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recommendations.search.filters.query import ListQuery

# Filters that affect which records an arc between reviews represents; no list address can express that.
LINK_FILTERS = {"linked", "relation"}


# A page of charts has thousands of addresses built from a few hundred names and values.
quoted = lru_cache(maxsize=4_096)(quote_plus)


@dataclass
class Selection:
    """Filtered public records, with the filters as address parameters and in words."""

    records: Records
    pairs: tuple[tuple[str, str], ...] = ()
    words: str = ""  # empty without a filter
    issues: tuple[str, ...] = ()  # paths of the chosen issues
    stakeholders: tuple[int, ...] = ()  # ids of the chosen stakeholders

    @classmethod
    def of(cls, query: ListQuery) -> Selection:
        """Return the selection for an address of the list of records, described only by known values."""
        given = query.filters.given
        return cls(
            facet_counts.of(query.filters).records,
            tuple(query.pairs(known_only=True)),
            "; ".join(f"{chip.label}: {chip.value}" for chip in query.chips() if chip.known),
            tuple(option.value for option in given["issue"].chosen),
            tuple(given["stakeholder"].keys),
        )

    @classmethod
    def everything(cls) -> Selection:
        """Return the selection of all public records."""
        return cls(Records.all())

    @property
    def parameters(self) -> str:
        """Return the filters as a query string, in a canonical order; empty without a filter."""
        return urlencode(sorted(self.pairs))

    @cached_property
    def expecting(self) -> Records:
        """Return the records counted by figures by status: those that expect follow-up."""
        return self.records.expecting_follow_up()

    def given(self, name: str) -> list[str]:
        """Return the selection's values of a filter."""
        return [value for one, value in self.pairs if one == name]

    @property
    def kinds(self) -> list[str]:
        """Return the kinds counted by figures by status: all that expect follow-up, or the chosen ones."""
        chosen = self.given("kind")
        return [kind for kind in FOLLOWED_UP_KINDS if not chosen or kind in chosen]

    @cached_property
    def in_words(self) -> dict[str, str]:
        """Return the words for each status within a sentence, translated once for thousands of cells."""
        return {status: str(label).lower() for status, label in STATUS_LABELS.items()}

    @cached_property
    def list_path(self) -> str:
        """Return the address of the list of records."""
        return reverse("recommendation_list")

    def list_url(self, **narrower: str | Iterable[str]) -> str:
        """Return the address of the list of this selection's records that also have these values.

        A filter given here replaces the selection's own. The result is correct if its values are among
        those of the replaced filter.
        """
        replaced = {
            name: [value] if isinstance(value, str) else list(value) for name, value in narrower.items()
        }
        pairs = [(name, value) for name, value in self.pairs if name not in replaced]
        pairs += [(name, value) for name, values in replaced.items() for value in values]
        query = "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs)
        return f"{self.list_path}?{query}" if query else self.list_path

    def with_status(self, *statuses: str) -> dict[str, list[str]]:
        """Return filters for records that expect follow-up, with one of these headline statuses or any."""
        narrower = {"kind": self.kinds}
        if statuses:
            # If an assessor is chosen, `status` means the status given by that assessor.
            name = "headline" if self.given("assessor") else "status"
            chosen = self.given(name)
            narrower[name] = [status for status in statuses if not chosen or status in chosen]
        return narrower

    def with_answer(self, *, answered: bool) -> dict[str, list[str]]:
        """Return filters for records that the State answered, or did not."""
        chosen = self.given("response")
        if not answered:
            return {"kind": self.kinds, "response": ["no"]}
        return {"kind": self.kinds, "response": [one for one in chosen if one != "no"] or ["yes"]}

    def followed_up(self) -> dict[str, list[str]]:
        """Return filters for records on which somebody other than the State has given a status."""
        return self.with_status(*(status for status in STATUSES if status != FollowUp.NOT_ASSESSED))

    @property
    def arcs_lead_somewhere(self) -> bool:
        """True if a list can show exactly the records at one end of an arc."""
        return not any(name in LINK_FILTERS for name, _ in self.pairs)
