"""What the tests of the charts share: which records are drawn, what a drawing says, where it leads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.urls import reverse

from recommendations.charts.selection import Selection
from recommendations.public.charts import query_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recommendations.charts.model import Chart


def selection(parameters: str = "") -> Selection:
    """What an address of charts asks for."""
    return Selection.of(query_of(QueryDict(parameters)))


def counted_links(chart: Chart) -> Iterator[tuple[str, int]]:
    """Every list that the chart leads to, with the number that it says is there."""
    path = reverse("recommendation_list")
    for link in chart.draw(1000).links():
        if link.url.split("?")[0] == path:
            yield (
                link.url,
                int(
                    re.findall(r"([\d,]+) records?", link.label)[-1 if ":" in link.label else 0].replace(
                        ",", ""
                    )
                ),
            )
    for table in chart.tables:
        rows = [*table.heat.rows, *([table.heat.totals] if table.heat.totals else [])]
        for cell in (cell for row in rows for cell in (*row.cells, row.total)):
            if cell.url:
                yield cell.url, cell.number


def words(chart: Chart) -> str:
    """All that a drawing says."""
    return " ".join(shape.text for shape, _, _ in chart.draw(1000).placed() if hasattr(shape, "text"))
