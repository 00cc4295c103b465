"""The bar charts: statuses by role, records by stakeholder, and coverage of each review."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from recommendations.charts.cross import LEFT_OUT
from recommendations.charts.cross_tables import StakeholderLine, reviews_by_id, stakeholder_lines
from recommendations.charts.drawing.bars import Bar, BarChart, BarGroup, Segment, draw_bars
from recommendations.charts.drawing.heat_map import Column, HeatMap, Row
from recommendations.charts.model import Chart, Table, cell, records, status_columns
from recommendations.models import FollowUp, Recommendation, Review
from recommendations.models.statuses import STATUS_LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

    from recommendations.charts.drawing.model import Drawing
    from recommendations.charts.selection import Selection
    from recommendations.search.facets.record_set import Records

# The numbers of stakeholders or reviews that are drawn, and that the table lists.
DRAWN, LISTED = 25, 200
KINDS: dict[str, StrOrPromise] = dict(Recommendation.Kind.choices)
# Plural headings.
KINDS_OF_MANY: dict[str, StrOrPromise] = {
    Recommendation.Kind.RECOMMENDATION: _("Recommendations"),
    Recommendation.Kind.CONCERN: _("Concerns"),
    Recommendation.Kind.QUESTION: _("Questions"),
    Recommendation.Kind.COMMENDATION: _("Commendations"),
}
LENGTHS = _("The length of a bar is its number of records, on one scale throughout.")


def _segments(cells: list[tuple[str, int, str, str]]) -> tuple[Segment, ...]:
    """Return the segments for cells of (tone, number, address, words)."""
    return tuple(
        Segment(tone, number, url, f"{about}: {records(number)}") for tone, number, url, about in cells
    )


def _bar(row: Row, label: str) -> Bar:
    """Return the bar for a row of figures by status."""
    segments = tuple(
        Segment(status, one.number, one.url, one.label)
        for status, one in zip(STATUS_LABELS, row.cells, strict=True)
    )
    return Bar(label, segments, row.total.url, row.total.label)


def _chart(
    name: str, words: tuple[str, str], notes: tuple[str, ...], table: Table, bar_chart: BarChart
) -> Chart:
    title, lead = words

    def draw(width: float) -> Drawing:
        return draw_bars(bar_chart, name, title, lead, width)

    return Chart(name, title, lead, notes, (table,), draw, not bar_chart.groups)


def _legend(labels: Mapping[str, StrOrPromise]) -> tuple[tuple[str, str], ...]:
    """Return (tone, words) for each label."""
    return tuple((tone, str(label)) for tone, label in labels.items())


def _status_legend() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    return (("", _legend(STATUS_LABELS)),)


def roles(selection: Selection) -> Chart:
    """Return the chart of each role's own current statuses, on the records that it has assessed."""
    rows = []
    for role, label in FollowUp.Role.choices:
        numbers = Counter(selection.expecting.counts(f"status_{role}", FollowUp.Status.values))
        if not numbers:
            continue
        name = f"status_{role}"
        cells = tuple(
            cell(
                numbers[status],
                selection.list_url(kind=selection.kinds, **{name: status}),
                f"{label}: {words.lower()}",
            )
            for status, words in FollowUp.Status.choices
        )
        url = selection.list_url(
            kind=selection.kinds, **{name: [status for status in FollowUp.Status.values if numbers[status]]}
        )
        about = gettext("%(role)s, all assessed") % {"role": label}
        rows.append(Row(str(label), cells, cell(numbers.total(), url, about)))
    labels = dict(FollowUp.Status.choices)
    heat = HeatMap(gettext("Assessor"), status_columns(labels), tuple(rows))
    bars = tuple(
        Bar(
            row.label,
            tuple(
                Segment(status, one.number, one.url, one.label)
                for status, one in zip(labels, row.cells, strict=True)
            ),
            row.total.url,
            row.total.label,
        )
        for row in rows
    )
    bar_chart = BarChart((BarGroup("", bars),) if bars else (), _status_legend())
    words = (
        gettext("Who says what"),
        gettext("Each assessor keeps its own verdict, the newest it gave; they stand side by side."),
    )
    several = gettext("A record that several have assessed counts in the bar of each.")
    never = gettext("What the State reports about itself never makes the headline.")
    notes = (f"{several} {LENGTHS}", f"{never} {LEFT_OUT}")
    return _chart("roles", words, notes, Table(gettext("Assessor by status"), heat), bar_chart)


def stakeholders(selection: Selection) -> Chart:
    """Return the chart of each stakeholder's records, by kind and by status."""
    lines = stakeholder_lines(selection.records, selection.stakeholders)
    rows: list[Row] = []
    groups: list[BarGroup] = []
    for line in lines[:LISTED]:
        of_one = _kind_rows(selection, line)
        rows += [row for _, row in of_one]
        commended = sum(
            number for (kind, _), number in line.numbers.items() if kind == Recommendation.Kind.COMMENDATION
        )
        also = ngettext("and %(n)s commendation", "and %(n)s commendations", commended)
        note = also % {"n": f"{commended:,}"} if commended else ""
        bars = tuple(_bar(row, str(KINDS_OF_MANY[kind])) for kind, row in of_one)
        if bars:
            groups.append(BarGroup(str(line.stakeholder), bars, line.stakeholder.get_absolute_url(), note))
    first = gettext("Drawn are the first %(drawn)s of %(all)s stakeholders; %(rest)s.")
    bar_chart = BarChart(tuple(groups[:DRAWN]), _status_legend(), _rest(len(groups), len(lines), first))
    heat = HeatMap(gettext("Raised by"), status_columns(STATUS_LABELS), tuple(rows))
    table = Table(gettext("Stakeholder and kind by status"), heat)
    words = (
        gettext("What they asked, and what came of it"),
        gettext("What each stakeholder put to the State, by its headline status."),
    )
    several = gettext("A record that several stakeholders raised counts for each of them.")
    notes = (
        f"{LENGTHS} {several}",
        gettext("Commendations ask for nothing: they are named beside the stakeholder and have no bar."),
    )
    return _chart("stakeholders", words, notes, table, bar_chart)


def _kind_rows(selection: Selection, line: StakeholderLine) -> list[tuple[str, Row]]:
    found = []
    slug = line.stakeholder.slug
    for kind in selection.kinds:
        if not any((kind, status) in line.numbers for status in STATUS_LABELS):
            continue
        label = f"{line.stakeholder.short}: {KINDS_OF_MANY[kind].lower()}"
        narrower = {"stakeholder": slug, "kind": kind}
        cells = tuple(
            cell(
                line.numbers.get((kind, status), 0),
                selection.list_url(**selection.with_status(status) | narrower),
                f"{label}, {words}",
            )
            for status, words in selection.in_words.items()
        )
        total = cell(sum(one.number for one in cells), selection.list_url(**narrower), label)
        found.append((kind, Row(label, cells, total, line.stakeholder.get_absolute_url())))
    return found


def _rest(drawn: int, all_of_them: int, sentence: str) -> str:
    """Return the sentence on rows left out of the drawing, filled in; empty if there are none."""
    if drawn <= DRAWN:
        return ""
    if all_of_them <= LISTED:
        rest = gettext("the table lists them all")
    else:
        rest = gettext("the table lists the first %(number)s") % {"number": LISTED}
    return sentence % {"drawn": DRAWN, "all": f"{all_of_them:,}", "rest": rest}


def reviews(selection: Selection) -> Chart:
    """Return the chart of the coverage of each review: records, answered, followed up, and statuses."""
    slugs = selection.records.counts("review")
    names = selection.records.index.names.reviews
    known = reviews_by_id(pk for pk, slug in names.items() if slug in slugs)
    rows: list[Row] = []
    groups: list[BarGroup] = []
    # Newest first, as in the list of reviews.
    for review in list(reversed(known.values()))[:LISTED]:
        own = selection.records.having("review", review.slug)
        rows.append(_review_row(selection, review, own.expecting_follow_up()))
        if len(groups) < DRAWN:
            groups.append(_review_group(selection, review, own, rows[-1]))
    columns = (Column(gettext("Answered")), Column(gettext("Followed up")), *status_columns(STATUS_LABELS))
    legend = (
        (gettext("Put to the State:"), _legend(KINDS)),
        (gettext("What became of it:"), _legend(STATUS_LABELS)),
    )
    first = gettext("Drawn are the first %(drawn)s of %(all)s reviews; %(rest)s.")
    bar_chart = BarChart(tuple(groups), legend, _rest(len(known), len(known), first))
    heat = HeatMap(gettext("Review"), columns, tuple(rows))
    table = Table(gettext("Review by coverage and status"), heat)
    words = (
        gettext("How far each review is covered"),
        gettext(
            "What was put to the State in each review, whether it answered, and whether anyone followed up."
        ),
    )
    covered = gettext(
        "Answered: a public response of the State speaks to it. Followed up: somebody other than the State"
        " has said what became of it."
    )
    notes = (
        f"{covered} {LENGTHS}",
        gettext("Only the first bar counts commendations, which ask for nothing."),
    )
    return _chart("reviews", words, notes, table, bar_chart)


def _review_row(selection: Selection, review: Review, expecting: Records) -> Row:
    """Return the row: answered, followed up, and each status, out of all that expect follow-up."""
    name, total = review.short_label, expecting.number
    statuses = expecting.counts("status")

    def to(number: int, narrower: dict[str, list[str]], about: str) -> tuple[int, str, str]:
        return number, selection.list_url(review=review.slug, **narrower), f"{name}, {about}"

    assessed = total - statuses.get(FollowUp.NOT_ASSESSED, 0)
    answered = expecting.having("response", "yes").number
    cells = [
        cell(*to(answered, selection.with_answer(answered=True), gettext("answered"))),
        cell(*to(assessed, selection.followed_up(), gettext("followed up"))),
    ]
    cells += [
        cell(*to(statuses.get(status, 0), selection.with_status(status), words))
        for status, words in selection.in_words.items()
    ]
    whole = cell(*to(total, selection.with_status(), gettext("all that expects follow-up")))
    return Row(f"{review.state}, {name}", tuple(cells), whole, review.get_absolute_url())


def _review_group(selection: Selection, review: Review, own: Records, row: Row) -> BarGroup:
    """Return the four bars of a review: records, answered, followed up, statuses."""
    answered, followed, *statuses = row.cells
    total, name = row.total.number, review.short_label
    slug, kinds = review.slug, own.counts("kind")
    put = [
        (
            kind,
            kinds.get(kind, 0),
            selection.list_url(review=slug, kind=kind),
            f"{name}, {label.lower()}",
        )
        for kind, label in KINDS_OF_MANY.items()
    ]
    unanswered = selection.list_url(review=slug, **selection.with_answer(answered=False))
    unseen = selection.list_url(review=slug, **selection.with_status(FollowUp.NOT_ASSESSED))
    bars = [
        Bar(
            gettext("Put to the State"),
            _segments(put),
            selection.list_url(review=slug),
            gettext("%(name)s, all: %(records)s")
            % {"name": name, "records": records(sum(one[1] for one in put))},
        ),
        _yes_no(
            gettext("Answered"),
            (gettext("%(name)s, answered") % {"name": name}, answered.number, answered.url),
            (gettext("%(name)s, not answered") % {"name": name}, total - answered.number, unanswered),
            row,
        ),
        _yes_no(
            gettext("Followed up"),
            (gettext("%(name)s, followed up") % {"name": name}, followed.number, followed.url),
            (gettext("%(name)s, not followed up") % {"name": name}, total - followed.number, unseen),
            row,
        ),
        Bar(
            gettext("What became of it"),
            tuple(
                Segment(status, one.number, one.url, one.label)
                for status, one in zip(STATUS_LABELS, statuses, strict=True)
            ),
            row.total.url,
            row.total.label,
        ),
    ]
    return BarGroup(
        row.label, tuple(bars) if total else tuple(bars[:1]), review.get_absolute_url(), review.when
    )


def _yes_no(what: str, yes: tuple[str, int, str], no: tuple[str, int, str], row: Row) -> Bar:
    """Return a bar of two segments; `yes` and `no` are each (words, number, address)."""
    (words, number, url), (other_words, others, other_url) = yes, no
    total = number + others
    share = f"{what} ({number / total:.0%})" if total else what
    segments = _segments([("yes", number, url, words), ("no", others, other_url, other_words)])
    return Bar(share, segments, row.total.url, row.total.label)
