"""The time line: a State's reviews, and what was raised again in later ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from recommendations.charts.cross_tables import LinkLine, link_lines, reviews_by_id
from recommendations.charts.drawing.heat_map import Cell, Column, HeatMap, Row
from recommendations.charts.drawing.time_line import Arc, Event, Line, TimeLine, draw_time_line
from recommendations.charts.model import Chart, Table, cell, records
from recommendations.models import RecommendationLink
from recommendations.models.links import AGAIN

if TYPE_CHECKING:
    from recommendations.charts.drawing.model import Drawing
    from recommendations.charts.selection import Selection
    from recommendations.models import Review, State

# The most States drawn; a time line of more would be unreadable.
STATES = 6
RELATIONS = {
    True: [relation.value for relation in AGAIN],
    False: [RecommendationLink.Relation.RELATED.value],
}


def time_line(selection: Selection) -> Chart:
    """Return the time line: the reviews of each State in order, and arcs for the links between them."""
    index = selection.records.index
    by_slug = selection.records.counts("review")
    counts = Counter({pk: by_slug[slug] for pk, slug in index.names.reviews.items() if slug in by_slug})
    links = link_lines(selection.records)
    reviews = reviews_by_id({*counts, *(end for link in links for end in (link.earlier, link.later))})
    states = _by_state(reviews, links)
    lines = tuple(
        Line(
            state.name if len(states) > 1 else "",
            tuple(_event(selection, review, counts[review.pk]) for review in of_state),
            tuple(
                _arc(selection, link, reviews) for link in links if reviews[link.earlier].state_id == state.pk
            ),
        )
        for state, of_state in states[:STATES]
    )
    rest = ""
    if len(states) > STATES:
        rest = gettext(
            "Drawn are %(drawn)s of %(all)s States, those with most links first; choose a State to see its"
            " own."
        ) % {"drawn": STATES, "all": f"{len(states):,}"}
    chart = TimeLine(lines, rest)
    name, title = "time-line", gettext("Reviews in time, and what came back")
    lead = _lead(links)

    def draw(width: float) -> Drawing:
        return draw_time_line(chart, name, title, lead, width)

    notes = (
        gettext(
            "An arc joins two reviews where records of the later one ask again what was asked in the earlier"
            " one (repeated or taken up), or are related to it. The thicker the arc, the more links."
        ),
        gettext("Links are the editors’ work, from the words of both records. A record can have several."),
    )
    tables = (_review_table(selection, reviews, counts), *_link_tables(selection, links, reviews))
    return Chart(name, title, lead, notes, tables, draw, not counts)


def _lead(links: list[LinkLine]) -> str:
    if not links:
        return gettext("No record is linked with one of another review yet.")
    again = sum(link.number for link in links if link.again)
    related = sum(link.number for link in links if not link.again)
    came_back = ngettext(
        "Once a later review came back to what was asked before",
        "%(n)s times a later review came back to what was asked before",
        again,
    )
    joins = ngettext(
        "%(n)s more link joins what is related", "%(n)s more links join what is related", related
    )
    return f"{came_back % {'n': f'{again:,}'}}; {joins % {'n': f'{related:,}'}}."


def _by_state(reviews: dict[int, Review], links: list[LinkLine]) -> list[tuple[State, list[Review]]]:
    """Return each State with its reviews, oldest first; States with the most links come first."""
    of_state: dict[int, list[Review]] = defaultdict(list)
    for review in reviews.values():
        of_state[review.state_id].append(review)
    weight: Counter[int] = Counter()
    for link in links:
        weight[reviews[link.earlier].state_id] += link.number
    order = sorted(of_state, key=lambda pk: (-weight[pk], of_state[pk][0].state.name))
    return [(of_state[pk][0].state, of_state[pk]) for pk in order]


def _event(selection: Selection, review: Review, count: int) -> Event:
    words = records(count) if count else gettext("no record in this selection")
    return Event(
        review.pk,
        review.starts_on,
        review.when,
        review.short_label,
        review.get_absolute_url(),
        words,
        selection.list_url(review=review.slug) if count else "",
        f"{review.short_label}: {words}",
    )


def _end(
    selection: Selection, link: LinkLine, reviews: dict[int, Review], *, later: bool
) -> tuple[int, str, str]:
    """Return the records at one end of the links: their number, the address of their list, and words."""
    number = link.records_later if later else link.records_earlier
    here, there = (
        reviews[link.later if later else link.earlier],
        reviews[link.earlier if later else link.later],
    )
    if not link.again:
        sentence = ngettext(
            "%(n)s record of %(here)s is related to those of %(there)s",
            "%(n)s records of %(here)s are related to those of %(there)s",
            number,
        )
    elif later:
        sentence = ngettext(
            "%(n)s record of %(here)s asks again what was raised in %(there)s",
            "%(n)s records of %(here)s ask again what was raised in %(there)s",
            number,
        )
    else:
        sentence = ngettext(
            "%(n)s record of %(here)s was raised again in %(there)s",
            "%(n)s records of %(here)s were raised again in %(there)s",
            number,
        )
    words = sentence % {"n": f"{number:,}", "here": here.short_label, "there": there.short_label}
    if not (number and selection.arcs_lead_somewhere):
        return number, "", words
    url = selection.list_url(review=here.slug, linked=there.slug, relation=RELATIONS[link.again])
    return number, url, words


def _arc(selection: Selection, link: LinkLine, reviews: dict[int, Review]) -> Arc:
    number, url, words = _end(selection, link, reviews, later=bool(link.records_later))
    count = f"{link.number:,}"
    links = ngettext("%(n)s link", "%(n)s links", link.number) % {"n": count}
    again = ngettext("%(n)s asked again", "%(n)s asked again", link.number)
    related = ngettext("%(n)s related", "%(n)s related", link.number)
    shown = ((again if link.again else related) % {"n": count}, records(number))
    return Arc(link.earlier, link.later, link.number, shown, url, f"{links}: {words}", link.again)


def _review_table(selection: Selection, reviews: dict[int, Review], counts: Counter[int]) -> Table:
    rows = tuple(
        Row(
            f"{review.state}, {review.short_label}, {review.when}",
            (),
            cell(counts[pk], selection.list_url(review=review.slug), review.short_label),
            review.get_absolute_url(),
        )
        for pk, review in reviews.items()
    )
    return Table(gettext("Reviews and their records"), HeatMap(gettext("Review"), (), rows))


def _link_tables(selection: Selection, links: list[LinkLine], reviews: dict[int, Review]) -> list[Table]:
    place = {pk: number for number, pk in enumerate(reviews)}
    found = []
    for again, caption in ((True, gettext("Asked again: repeated or taken up")), (False, gettext("Related"))):
        rows = []
        for link in sorted(links, key=lambda one: (place[one.earlier], place[one.later])):
            if link.again != again:
                continue
            ends = []
            for later in (False, True):
                number, url, words = _end(selection, link, reviews, later=later)
                ends.append(Cell(number, url, words))
            earlier, other = reviews[link.earlier], reviews[link.later]
            label = f"{earlier.state}: {earlier.short_label} → {other.short_label}"
            rows.append(Row(label, tuple(ends), Cell(link.number)))
        if rows:
            columns = (Column(gettext("Records of the earlier")), Column(gettext("Records of the later")))
            found.append(Table(caption, HeatMap(gettext("Reviews"), columns, tuple(rows))))
    return found
