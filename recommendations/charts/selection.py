"""The records that a chart is of, and the address of the list behind any part of it."""

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

# Which records arcs between reviews stand for depends on these filters in ways no other address can say.
LINK_FILTERS = {"linked", "relation"}


# A page of charts has thousands of addresses, made of a few hundred names and values.
quoted = lru_cache(maxsize=4_096)(quote_plus)


@dataclass
class Selection:
    """Filtered public records, with the filters as they stand in an address and in words."""

    records: Records
    pairs: tuple[tuple[str, str], ...] = ()
    words: str = ""  # empty without a filter
    issues: tuple[str, ...] = ()  # paths of the chosen issues
    stakeholders: tuple[int, ...] = ()  # ids of the chosen stakeholders

    @classmethod
    def of(cls, query: ListQuery) -> Selection:
        """What an address of the list of records asks for, as far as it is known."""
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
        """All public records."""
        return cls(Records.all())

    @property
    def parameters(self) -> str:
        """The filters as the query of an address, the same whatever their order; empty for none."""
        return urlencode(sorted(self.pairs))

    @cached_property
    def expecting(self) -> Records:
        """Those that figures by status count."""
        return self.records.expecting_follow_up()

    def given(self, name: str) -> list[str]:
        """The values of a filter that the selection has."""
        return [value for one, value in self.pairs if one == name]

    @property
    def kinds(self) -> list[str]:
        """The kinds that figures by status count: all that expect follow-up, or those chosen among them."""
        chosen = self.given("kind")
        return [kind for kind in FOLLOWED_UP_KINDS if not chosen or kind in chosen]

    @cached_property
    def in_words(self) -> dict[str, str]:
        """Each status within a sentence, translated once for the thousands of cells that name it."""
        return {status: str(label).lower() for status, label in STATUS_LABELS.items()}

    @cached_property
    def list_path(self) -> str:
        """The address of the list of records."""
        return reverse("recommendation_list")

    def list_url(self, **narrower: str | Iterable[str]) -> str:
        """The list of the records of this selection that also have these values.

        A filter named here takes the place of the selection's own, which holds the same records when its
        values are among those chosen there.
        """
        replaced = {
            name: [value] if isinstance(value, str) else list(value) for name, value in narrower.items()
        }
        pairs = [(name, value) for name, value in self.pairs if name not in replaced]
        pairs += [(name, value) for name, values in replaced.items() for value in values]
        query = "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs)
        return f"{self.list_path}?{query}" if query else self.list_path

    def with_status(self, *statuses: str) -> dict[str, list[str]]:
        """What narrows to records that expect follow-up and have one of these headline statuses (or any)."""
        narrower = {"kind": self.kinds}
        if statuses:
            # Beside a chosen assessor, `status` means what that assessor says.
            name = "headline" if self.given("assessor") else "status"
            chosen = self.given(name)
            narrower[name] = [status for status in statuses if not chosen or status in chosen]
        return narrower

    def with_answer(self, *, answered: bool) -> dict[str, list[str]]:
        """What narrows to records that the State answered, or did not."""
        chosen = self.given("response")
        if not answered:
            return {"kind": self.kinds, "response": ["no"]}
        return {"kind": self.kinds, "response": [one for one in chosen if one != "no"] or ["yes"]}

    def followed_up(self) -> dict[str, list[str]]:
        """What narrows to records on which somebody other than the State has spoken."""
        return self.with_status(*(status for status in STATUSES if status != FollowUp.NOT_ASSESSED))

    @property
    def arcs_lead_somewhere(self) -> bool:
        """Whether a list can hold exactly the records at one end of an arc."""
        return not any(name in LINK_FILTERS for name, _ in self.pairs)
