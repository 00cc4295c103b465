"""The style sheet of the statuses, made of their definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recommendations.models.statuses import STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable

    from recommendations.models.statuses import StatusDefinition

PATH = "recommendations/css/statuses.css"
HEAD = "/* Made of recommendations/models/statuses.py by `manage.py build_status_css`: change it there. */\n"


def status_css() -> str:
    """The text of `static/recommendations/css/statuses.css`: the colours of statuses, and what has them."""
    parts = [
        HEAD + _colours(lambda status: status.light),
        "@media (prefers-color-scheme: dark) {\n" + _colours(lambda status: status.dark, "  ") + "}\n",
        "@media print {\n" + _colours(lambda status: status.paper, "  ") + "}\n",
        "".join(f".status-{value} {{ color: var({_variable(value)}); }}\n" for value in STATUSES),
        "".join(f".tone-{value} {{ --tone: var({_variable(value)}); }}\n" for value in STATUSES),
    ]
    return "\n".join(parts)


def _colours(colour: Callable[[StatusDefinition], str], indent: str = "") -> str:
    lines = [f"{indent}  {_variable(value)}: {colour(status)};\n" for value, status in STATUSES.items()]
    return f"{indent}:root {{\n{''.join(lines)}{indent}}}\n"


def _variable(value: str) -> str:
    return f"--status-{value.replace('_', '-')}"
