"""The parts of a chart that pages and files use: its words, its table of figures, and its drawing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext

from recommendations.charts.drawing.heat_map import Cell, Column, HeatMap, Row
from recommendations.charts.drawing.palette import SHADE_WORDS
from recommendations.charts.drawing.svg import page_svg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django_stubs_ext import StrOrPromise

    from recommendations.charts.drawing.model import Drawing

# The widths in pixels of a drawing for a page (smaller in print), for a phone, and for a file; on a page the
# style sheet shows the one that fits.
WIDE, NARROW, FILE = 860.0, 300.0, 1000.0
# The formats of a chart as a file.
IMAGES = {"svg": "image/svg+xml", "png": "image/png"}


@dataclass(frozen=True, slots=True)
class Table:
    """The figures. `shaded` if the table is itself the chart (a heat map)."""

    caption: str
    heat: HeatMap
    shaded: bool = False

    @property
    def legend(self) -> list[tuple[int, StrOrPromise]]:
        """Return each shade with its meaning."""
        return list(enumerate(SHADE_WORDS, 1))

    @property
    def lines(self) -> list[tuple[Row, list[tuple[Cell, int]]]]:
        """Return each row with its cells and their shades."""
        return [
            (row, [(cell, row.shade(cell) if self.shaded else 0) for cell in row.cells])
            for row in self.heat.rows
        ]


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart. `draw` draws it at a given width; `notes` say how to read it."""

    name: str
    title: str
    lead: str
    notes: tuple[str, ...]
    tables: tuple[Table, ...]
    draw: Callable[[float], Drawing]
    empty: bool
    # The filters of the records shown, as a query string and in words; empty without a filter.
    parameters: str = ""
    filters: str = ""

    def get_absolute_url(self) -> str:
        """Return the address of this chart of these records."""
        return self._with_filters(reverse("chart_detail", args=[self.name]))

    @property
    def all_url(self) -> str:
        """Return the address of all charts of these records."""
        return self._with_filters(reverse("chart_list"))

    @property
    def cite_id(self) -> str:
        """Return the HTML id of its citation, on a page with several citations."""
        return f"cite-{self.name}"

    def file_url(self, ending: str) -> str:
        """Return the address of the chart, or of its citation, as a file."""
        return self._with_filters(reverse("chart_as", args=[self.name, ending]))

    @property
    def images(self) -> list[tuple[str, str, str]]:
        """Return the name, address and media type of each format of the chart."""
        return [(name.upper(), self.file_url(name), media) for name, media in IMAGES.items()]

    @property
    def png_url(self) -> str:
        """Return the address of the chart as PNG, for link previews."""
        return self.file_url("png")

    def _with_filters(self, path: str) -> str:
        return f"{path}?{self.parameters}" if self.parameters else path

    @property
    def is_table(self) -> bool:
        """True if pages show the chart as a shaded table, and it is drawn only for files."""
        return any(table.shaded for table in self.tables)

    @property
    def wide(self) -> SafeString:
        """Return the drawing for a wide page."""
        return mark_safe(page_svg(self.draw(WIDE)))  # noqa: S308  (the writer escapes all words)

    @property
    def narrow(self) -> SafeString:
        """Return the drawing for a phone."""
        return mark_safe(page_svg(self.draw(NARROW).named(f"{self.name}-narrow")))  # noqa: S308


def records(number: int) -> str:
    """Return the number of records in words: `1 record`, `1,200 records`."""
    return _records(number, get_language())


@lru_cache(maxsize=4_096)
def _records(number: int, language: str | None) -> str:
    """Return the words in the active language, `language`; cached, as a page has thousands of them."""
    return ngettext("%(n)s record", "%(n)s records", number) % {"n": f"{number:,}"}


def cell(number: int, url: str, about: str, *, agrees: bool = False) -> Cell:
    """Return a number that links to its list; 0 has no link."""
    return Cell(number, url, f"{about}: {records(number)}", agrees) if number else Cell(0)


def status_columns(labels: Mapping[str, StrOrPromise]) -> tuple[Column, ...]:
    """Return a column for each status."""
    return tuple(Column(str(label), status) for status, label in labels.items())
