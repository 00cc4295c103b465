"""Suggestions, always a person's decision: issues, responses, earlier records, and asks that were taken up.

`words` and `ranking` are the pure core: passages as stems, and what goes with what. `learning` and
`corpus` load rows into it and keep them in the memory of each process, by the version of the data.
`suggesting` asks, `reasons` says why in sentences, `decisions` writes what a person decides. Nothing that
is only suggested is public.
"""

from recommendations.desk.suggestions.results import Draft, Kind, Shared, Suggestion
from recommendations.desk.suggestions.suggest import (
    suggest_earlier,
    suggest_issues,
    suggest_responses,
    suggest_taken_up,
)

__all__ = [
    "Draft",
    "Kind",
    "Shared",
    "Suggestion",
    "suggest_earlier",
    "suggest_issues",
    "suggest_responses",
    "suggest_taken_up",
]
