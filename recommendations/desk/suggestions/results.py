"""What is suggested, and what for: the answers of this package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recommendations.models.suggestions import SuggestionDecision

if TYPE_CHECKING:
    from recommendations.models import Review

Kind = SuggestionDecision.Kind


@dataclass(frozen=True)
class Draft:
    """A record that is not stored yet: its words, its review, and what is known besides.

    `context` is the paragraph that it stands in, `heading` what stands above that; `issues` are ids;
    `by_examiner` says that a recommending State or a committee raised it.
    """

    text: str
    review: Review
    context: str = ""
    heading: str = ""
    issues: frozenset[int] = frozenset()
    by_examiner: bool = False


@dataclass(frozen=True)
class Shared:
    """A stem that both texts have, and how it stands in each; `there` is empty for an issue."""

    stem: str
    here: tuple[str, ...]
    there: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """One thing that may be so, for a person to decide.

    `target` is the id of the issue, response or record, `reference` its path or reference. Scores
    compare suggestions of one kind for one record, nothing else; `likely` ones are right more often than
    not on the shipped curation. `reasons` are sentences; `rationale` is a first wording for the link.
    `stored` says that it was stored as a suggestion before, by an import.
    """

    kind: Kind
    target: int
    reference: str
    score: float
    likely: bool
    shared: tuple[Shared, ...] = ()
    reasons: tuple[str, ...] = ()
    rationale: str = ""
    # The stance or relation to begin with.
    default: str = ""
    stored: bool = False
