"""Progress of the decisions on an import: numbers of drafts by standing and by kind of result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.desk.importing.passages import standing
from recommendations.models import ImportDraft

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recommendations.models import Import

SHOWS = {
    "open": gettext_lazy("To decide"),
    "accepted": gettext_lazy("Accepted"),
    "rejected": gettext_lazy("Rejected"),
    "known": gettext_lazy("Known already"),
    "written": gettext_lazy("Published"),
    "all": gettext_lazy("All"),
}


@dataclass
class DraftCounts:
    """The counts above the list of drafts, and its current filter.

    `show` is a key of `SHOWS`, `becomes` a value of `ImportDraft.Becomes` or "" for all; `paragraphs` are the
    indexes of paragraphs with a matching draft; `shows` and `of_kind` are the filter choices: (value, label,
    number).
    """

    show: str
    becomes: str
    all: int
    decided: int
    paragraphs: list[int]
    shows: list[tuple[str, str, int]]
    of_kind: list[tuple[str, str, int]]


def draft_counts(source: Import, query: Mapping[str, str]) -> DraftCounts:
    """Return the counts for a query string; `show` defaults to open drafts if there are any, else all."""
    kinds = dict(ImportDraft.Becomes.choices)
    becomes = query.get("becomes", "")
    becomes = becomes if becomes in kinds else ""
    fields = ("pk", "paragraph_index", "outcome", "state", "source_id", "position", "becomes")
    every = list(source.drafts.only(*fields))
    numbers = {name: sum(draft.becomes == name for draft in every) for name in kinds}
    rows = [(draft.paragraph_index, standing(draft)) for draft in every if becomes in {"", draft.becomes}]
    counts = {name: sum(stands == name for _index, stands in rows) for name in SHOWS}
    counts["all"] = len(rows)
    show = query.get("show", "")
    if show not in SHOWS:
        show = "open" if counts["open"] else "all"
    every_kind = [("", _("All"), len(every))]
    return DraftCounts(
        show=show,
        becomes=becomes,
        all=counts["all"],
        decided=counts["all"] - counts["open"],
        paragraphs=list(dict.fromkeys(index for index, stands in rows if show in {"all", stands})),
        shows=[
            (name, str(words), counts[name]) for name, words in SHOWS.items() if counts[name] or name == show
        ],
        of_kind=every_kind + [(name, str(words), numbers[name]) for name, words in kinds.items()]
        if all(numbers.values())
        else [],
    )
