"""Builds the charts of a selection by name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from recommendations.charts.cross import issues, state_and_others
from recommendations.charts.stakeholders import reviews, roles, stakeholders
from recommendations.charts.time import time_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from recommendations.charts.model import Chart
    from recommendations.charts.selection import Selection

BUILDERS: dict[str, Callable[[Selection], Chart]] = {
    "issues": issues,
    "state-and-others": state_and_others,
    "roles": roles,
    "time-line": time_line,
    "stakeholders": stakeholders,
    "reviews": reviews,
}
NAMES = tuple(BUILDERS)


def build(name: str, selection: Selection) -> Chart:
    """Return the chart of that name. Raise KeyError for an unknown name."""
    return replace(BUILDERS[name](selection), parameters=selection.parameters, filters=selection.words)
