"""Suggest issues, responses, earlier records and asks taken up, for a person to accept or dismiss.

`terms` and `ranking` are pure: passages as stems, and their ranking. `learning` and `corpus` load rows and
cache them in the memory of each process by the version of the data. `suggest` is the entry point, `reasons`
explains suggestions in sentences, `decisions` stores what a person decides. Suggestions are never public.
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
