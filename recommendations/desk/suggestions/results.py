"""Input and result types of suggestions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recommendations.models.suggestions import SuggestionDecision

if TYPE_CHECKING:
    from recommendations.models import Review

Kind = SuggestionDecision.Kind


@dataclass(frozen=True)
class Draft:
    """A record that is not stored yet.

    `context` is the text of its paragraph, `heading` the heading above it; `issues` are ids; `by_examiner` is
    True if a recommending State or a committee raised it.
    """

    text: str
    review: Review
    context: str = ""
    heading: str = ""
    issues: frozenset[int] = frozenset()
    by_examiner: bool = False


@dataclass(frozen=True)
class Shared:
    """A stem in both texts with its word forms in each; `there` is empty for an issue."""

    stem: str
    here: tuple[str, ...]
    there: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """One suggestion for a person to decide on.

    `target` is the id of the issue, response or record, `reference` its path or reference. Scores compare
    only suggestions of one kind for one record; `likely` ones are right more often than not on the shipped
    curation. `reasons` are sentences; `rationale` is a draft for the link's rationale. `stored` is True if an
    import stored it as a suggestion before.
    """

    kind: Kind
    target: int
    reference: str
    score: float
    likely: bool
    shared: tuple[Shared, ...] = ()
    reasons: tuple[str, ...] = ()
    rationale: str = ""
    # Initial value for stance or relation.
    default: str = ""
    stored: bool = False
