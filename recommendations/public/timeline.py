"""The timeline of one record: raised, repeated, answered, followed up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recommendations.core.dates import day_in_words
from recommendations.models import FollowUp, RecommendationLink

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from django_stubs_ext import StrOrPromise

    from recommendations.models import Recommendation, ResponseLink

# The order within a day: records come before responses, and responses before verdicts.
RAISED, LINKED, RESPONSE, FOLLOW_UP = "raised", "linked", "response", "follow-up"
ORDER = (RAISED, LINKED, RESPONSE, FOLLOW_UP)

Relation = RecommendationLink.Relation
TITLES_OF_LATER = {
    Relation.REPEATED: _("Asked again"),
    Relation.TAKEN_UP: _("Taken up"),
    Relation.RELATED: _("Related, raised later"),
}
TITLES_OF_EARLIER = {
    Relation.REPEATED: _("Asked before"),
    Relation.TAKEN_UP: _("First raised, and taken up here"),
    Relation.RELATED: _("Related, raised earlier"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the timeline: its kind, its date (for sorting and in words), and the rows it shows."""

    kind: str
    date: datetime.date
    when: str
    title: StrOrPromise
    item: Any
    link: Any = None


def steps(
    record: Any,
    linked: dict[int, Recommendation],
    entries: Iterable[FollowUp],
) -> list[Step]:
    """Return the full timeline of a `with_context()` record, oldest first.

    `linked` holds the records at the other end of its public links, by id. `entries` is the published log,
    including corrections, the entries they replaced, and placeholders of withdrawn entries.
    """
    found = [
        _of_record(record, RAISED, gettext("Raised")),
        *(
            _of_record(linked[link.earlier_id], LINKED, TITLES_OF_EARLIER[link.relation], link)
            for link in record.public_earlier_links
        ),
        *(
            _of_record(linked[link.later_id], LINKED, TITLES_OF_LATER[link.relation], link)
            for link in record.public_later_links
        ),
        *(_of_response(link) for link in record.public_response_links),
        *(_of_entry(entry) for entry in entries),
    ]
    return sorted(found, key=_place)


def _place(step: Step) -> tuple[datetime.date, int, int]:
    # Verdicts of the same day are sorted by role, as in the side-by-side view.
    roles = FollowUp.Role.values
    role = 0
    if step.kind == FOLLOW_UP:
        # The position of a withdrawn entry must not reveal the assessor's role.
        role = len(roles) if step.item.withdrawn_at else roles.index(step.item.role)
    return step.date, ORDER.index(step.kind), role


def _of_record(
    record: Recommendation, kind: str, title: StrOrPromise, link: RecommendationLink | None = None
) -> Step:
    review = record.document.review
    return Step(kind, review.starts_on, review.when, title, record, link)


def _of_response(link: ResponseLink) -> Step:
    date = link.response.date
    return Step(RESPONSE, date, day_in_words(date), gettext("The State answers"), link.response, link)


def _of_entry(entry: FollowUp) -> Step:
    when = gettext("as of %(when)s") % {"when": day_in_words(entry.as_of)}
    return Step(FOLLOW_UP, entry.as_of, when, gettext("Follow-up"), entry)
