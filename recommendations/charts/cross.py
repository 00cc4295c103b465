"""The two heat maps: issue × status, and what the State says × what others say."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recommendations.charts.cross_tables import issue_lines
from recommendations.charts.drawing.heat_map import ROW_MIN, HeatMap, Row, draw_heat_map
from recommendations.charts.model import Chart, Table, cell, records, status_columns
from recommendations.models import FollowUp
from recommendations.models.statuses import STATUS_LABELS, STATUSES

if TYPE_CHECKING:
    from recommendations.charts.drawing.model import Drawing
    from recommendations.charts.selection import Selection

LEFT_OUT = _("Commendations ask for nothing, so they are left out.")
# How far along each status is; only statuses that can be compared.
PROGRESS: dict[str, int] = {
    value: status.progress for value, status in STATUSES.items() if status.progress is not None
}


def shading() -> str:
    """Return the sentence on how to read the shades."""
    sentences = gettext(
        "Each number counts records; the stronger a cell’s shade, the larger its share of the row."
        " Rows of fewer than %(least)s records are not shaded."
    )
    return sentences % {"least": ROW_MIN}


def status_totals(selection: Selection) -> Counter[str]:
    """Count the records that expect follow-up, by headline status."""
    return Counter(selection.expecting.counts("status"))


def issues(selection: Selection) -> Chart:
    """Return the heat map of issue × headline status."""
    rows = []
    for line in issue_lines(selection.records, selection.issues):
        issue, total = line.issue, sum(line.numbers.values())
        rows.append(
            Row(
                issue.name,
                tuple(
                    cell(
                        line.numbers.get(status, 0),
                        selection.list_url(issue=issue.path, **selection.with_status(status)),
                        f"{issue.name}, {status_words}",
                    )
                    for status, status_words in selection.in_words.items()
                ),
                cell(
                    total,
                    selection.list_url(issue=issue.path, **selection.with_status()),
                    gettext("%(name)s, all statuses") % {"name": issue.name},
                ),
                url=issue.get_absolute_url(),
                indent=line.below_chosen,
            )
        )
    totals = status_totals(selection)
    heat = HeatMap(gettext("Issue"), status_columns(STATUS_LABELS), tuple(rows), _totals(selection, totals))
    lead = gettext("The headline status of every recommendation, concern and question, by what it is about.")
    twice = gettext("A record with issues in two rows is counted in each, and once in the last row.")
    notes = (shading(), f"{twice} {LEFT_OUT}")
    return _heat_chart("issues", gettext("What became of it, issue by issue"), lead, notes, heat)


def _totals(selection: Selection, totals: Counter[str]) -> Row:
    all_records = gettext("All records")
    return Row(
        all_records,
        tuple(
            cell(
                totals[status],
                selection.list_url(**selection.with_status(status)),
                f"{all_records}, {status_words}",
            )
            for status, status_words in selection.in_words.items()
        ),
        cell(totals.total(), selection.list_url(**selection.with_status()), all_records),
    )


def _heat_chart(name: str, title: str, lead: str, notes: tuple[str, ...], heat: HeatMap) -> Chart:
    caption = heat.corner

    def draw(width: float) -> Drawing:
        return draw_heat_map(heat, name, title, lead, width)

    empty = not any(row.total.number for row in heat.rows)
    return Chart(name, title, lead, notes, (Table(caption, heat, shaded=True),), draw, empty)


def state_and_others(selection: Selection) -> Chart:
    """Return the heat map of the State's own status × the headline, which is never the State's."""
    found: Counter[tuple[str, str]] = Counter()
    by_state = f"status_{FollowUp.Role.STATE.value}"
    for own in STATUS_LABELS:
        for status, number in selection.expecting.having(by_state, own).counts("status").items():
            found[own, status] = number
    says = gettext("State: %(status)s")
    labels = {status: says % {"status": status_words} for status, status_words in selection.in_words.items()}
    labels[FollowUp.NOT_ASSESSED] = gettext("State: has not said")
    of_others = gettext("%(state)s; others: %(status)s")
    rows = []
    for own, words in labels.items():
        cells = tuple(
            cell(
                found[own, status],
                selection.list_url(status_state=own, **selection.with_status(status)),
                of_others % {"state": words, "status": status_words},
                agrees=own == status and own in PROGRESS,
            )
            for status, status_words in selection.in_words.items()
        )
        total = sum(one.number for one in cells)
        url = selection.list_url(status_state=own, **selection.with_status())
        rows.append(Row(words, cells, cell(total, url, words), tone=own))
    heat = HeatMap(
        gettext("What the State says ↓, others →"),
        status_columns(STATUS_LABELS),
        tuple(rows),
        _totals(selection, status_totals(selection)),
        outlined=gettext("the State and others agree"),
    )
    who = gettext(
        "Others are all assessors but the State: the newest verdict among them is the headline."
        " “State: has not said” holds records on which the State has reported nothing that amounts to a"
        " status."
    )
    notes = (shading(), f"{who} {LEFT_OUT}")
    title = gettext("What the State says against what others say")
    return _heat_chart("state-and-others", title, _agreement(found), notes, heat)


def _agreement(found: Counter[tuple[str, str]]) -> str:
    """Say how often the State's claim equals the headline, goes further, or less far."""
    both = {pair: number for pair, number in found.items() if set(pair) <= PROGRESS.keys()}
    all_both = sum(both.values())
    if not all_both:
        return gettext("On no record have both the State and others said how far things are.")
    same = sum(number for (own, other), number in both.items() if own == other)
    more = sum(number for (own, other), number in both.items() if PROGRESS[own] > PROGRESS[other])
    sentences = gettext(
        "On %(records)s both the State and others have said how far things are. They agree on %(same)s;"
        " on %(more)s the State reports more progress than others see, on %(less)s less."
    )
    return sentences % {
        "records": records(all_both),
        "same": f"{same:,}",
        "more": f"{more:,}",
        "less": f"{all_both - same - more:,}",
    }
