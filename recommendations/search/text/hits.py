"""The hits shown in a list: passages from the record, and matching names from elsewhere."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html_join
from django.utils.translation import gettext

from recommendations.models import PopulationGroup
from recommendations.search.text.highlight import highlight, hits, passage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

    from recommendations.search.text.query import Words


@dataclass(slots=True)
class Hits:
    """The marked hits in one record: in its title, its words, and its names (label and names)."""

    title: SafeString
    words: SafeString
    elsewhere: list[tuple[str, SafeString]] = field(default_factory=list)


def attach_hits(records: Iterable[Any], wanted: list[Words]) -> None:
    """Set `hits` on the records of a list page, with at most one query (for groups).

    Names are searched only for words that are not found in the text.
    """
    unexplained: dict[int, tuple[Any, list[Words]]] = {}
    for record in records:
        shown = Hits(passage(record.title, wanted), passage(record.text, wanted))
        record.hits = shown
        left = missing(wanted, [record.text, record.summary, record.reference, record.document.symbol])
        for label, names in names_of(record):
            left = mark_names(shown, label, names, left)
        if left:
            unexplained[record.pk] = record, left
    for pk, groups in groups_of(unexplained).items():
        record, left = unexplained[pk]
        mark_names(record.hits, gettext("Group"), groups, left)


def missing(wanted: list[Words], texts: Iterable[str]) -> list[Words]:
    """Return the wanted words that occur in none of these texts."""
    return [words for words in wanted if not any(hits(text, [words]) for text in texts)]


def mark_names(shown: Hits, label: str, names: list[str], wanted: list[Words]) -> list[Words]:
    """Add the names with hits; return the words still not found."""
    if not wanted:
        return wanted
    hit = [name for name in names if hits(name, wanted)]
    if hit:
        marked = format_html_join(", ", "{}", ((highlight(name, wanted),) for name in hit))
        shown.elsewhere.append((label, marked))
    return missing(wanted, names)


def names_of(record: Any) -> list[tuple[str, list[str]]]:
    """Return the loaded names associated with a record of the list."""
    state = record.document.review.state
    return [
        (gettext("Raised by"), [str(person) for person in record.public_stakeholders]),
        (gettext("Issue"), [str(tag.issue) for tag in record.public_tags]),
        (gettext("State"), [state.name, state.iso3]),
    ]


def groups_of(records: Iterable[int]) -> dict[int, list[str]]:
    """Return the names of each record's groups, by record id."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    ids = list(records)
    if ids:
        rows: Any = PopulationGroup.objects.filter(recommendations__in=ids)
        for pk, name in rows.values_list("recommendations", "name"):
            found[pk].append(name)
    return found
