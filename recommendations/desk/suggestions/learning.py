"""Learn profiles of issues from confirmed tags; cached in the memory of each process.

The newest records of each issue, at most `EXAMPLES_MAX`, are read as stems from the search index. After a
change, only issues whose tags have changed are learned again. The rarity of stems is recomputed, with all
profiles, only when the number of tags has changed by a tenth or half of the issues have changed.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Max, Window
from django.db.models.functions import RowNumber

from recommendations.desk.suggestions.terms import Profiles, Rarity, content_stems, profile
from recommendations.models import Issue, IssueTag, ListingVersion, SearchEntry
from recommendations.search.text.stemming import stems

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recommendations.desk.suggestions.terms import Vector

# Maximum number of example records per issue; enough for a stable profile.
EXAMPLES_MAX = 150
GROWN = 1.1
CHUNK = 5_000


@dataclass(frozen=True)
class Learned:
    """Profiles learned from one version of the data.

    `marks` hold for each issue its name, number of tags, newest tag and last change of a tagged record; an
    issue is learned again only if its mark changes. `counted` is the number of tags when all were learned.
    """

    token: str
    marks: dict[int, tuple[Any, ...]]
    counted: int
    profiles: Profiles


_lock = threading.Lock()
_newest: Learned | None = None


def profiles() -> Profiles:
    """Return the current profiles of the issues. One query if nothing has changed."""
    global _newest
    token = _token()
    before = _newest
    if before and token and before.token == token:
        return before.profiles
    with _lock:
        _newest = learn(token, _newest)
        return _newest.profiles


def _token() -> str:
    return ListingVersion.objects.values_list("token", flat=True).first() or ""


def learn(token: str, before: Learned | None) -> Learned:
    """Learn the profiles of changed issues, or of all if too much has changed."""
    names = dict(Issue.objects.values_list("pk", "name"))
    judged = IssueTag.objects.exclude(origin=IssueTag.Origin.SUGGESTION)
    of_issue = judged.order_by().values("issue")
    tags = {
        issue: rest
        for issue, *rest in of_issue.annotate(
            number=Count("pk"), newest=Max("pk"), written=Max("recommendation__updated_at")
        ).values_list("issue", "number", "newest", "written")
    }
    marks = {pk: (name, *tags.get(pk, (0, 0, None))) for pk, name in names.items()}
    counted = sum(number for _, number, *_ in marks.values())
    changed = {pk for pk, mark in marks.items() if before is None or before.marks.get(pk) != mark}
    if before and marks == before.marks:
        return Learned(token, marks, before.counted, before.profiles)
    if (
        before
        and before.counted <= counted * GROWN
        and counted <= before.counted * GROWN
        and len(changed) * 2 < len(names)
    ):
        known, rarity = before.profiles.by_issue, before.profiles.rarity
        found = examples(changed)
        counted = before.counted
    else:
        known, changed = {}, set(names)
        found = examples(changed)
        rarity = Rarity.of({pk: words for each in found.values() for pk, words in each.items()}.values())
    of_names = {pk: content_stems(stems(name)) for pk, name in names.items()}
    by_issue: dict[int, Vector] = {
        pk: profile(of_names[pk], found[pk].values(), rarity) if pk in changed else known[pk] for pk in names
    }
    made = Profiles(by_issue, {pk: frozenset(words) for pk, words in of_names.items()}, rarity)
    return Learned(token, marks, counted, made)


def examples(issues: Iterable[int]) -> dict[int, dict[int, list[str]]]:
    """Return, for each issue, the content stems of its newest records by id."""
    newest = (
        IssueTag.objects.exclude(origin=IssueTag.Origin.SUGGESTION)
        .filter(issue__in=list(issues), recommendation__merged_into__isnull=True)
        .annotate(place=Window(RowNumber(), partition_by=F("issue"), order_by=F("recommendation_id").desc()))
        .filter(place__lte=EXAMPLES_MAX)
        .order_by()
        .values_list("issue_id", "recommendation_id")
    )
    pairs = list(newest)
    words = entries({pk for _, pk in pairs})
    found: defaultdict[int, dict[int, list[str]]] = defaultdict(dict)
    for issue, pk in pairs:
        if pk in words:
            found[issue][pk] = words[pk]
    return found


def entries(records: Iterable[int]) -> dict[int, list[str]]:
    """Return the content stems of these records by id, in text order."""
    wanted = sorted(records)
    found: dict[int, list[str]] = {}
    rows: Any = SearchEntry.objects.order_by()
    for start in range(0, len(wanted), CHUNK):
        some = rows.filter(pk__in=wanted[start : start + CHUNK]).values_list("pk", "words")
        found |= {pk: content_stems(words.split()) for pk, words in some}
    return found
