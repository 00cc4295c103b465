"""The contents of a row in the source's own words, before any look-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from django.utils.translation import gettext as _

from recommendations.importing.tables.reading import text_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping

    from recommendations.importing.tables.reading import Row, Table, Value


class RowError(Exception):
    """Raised for a row that cannot be imported; has the column, its value and the reason."""

    def __init__(self, column: str, value: str, why: str) -> None:
        super().__init__(why)
        self.column, self.value, self.why = column, value, why


class ReviewOf(NamedTuple):
    """A review by its State's ISO code, mechanism and session; other fields are used when it is new."""

    iso3: str
    mechanism: str
    session: str
    starts_on: datetime.date | None = None
    precision: str = "day"
    cycle: str = ""
    region: str = ""
    note: str = ""


class DocumentOf(NamedTuple):
    """The data set's part on one review, by its slug; other fields are used when it is new."""

    slug: str
    title: str
    url: str = ""
    note: str = ""


class PartyOf(NamedTuple):
    """The stakeholder that raised it: a recommending State or committee by code, or anybody by name."""

    kind: str
    name: str
    region: str = ""


@dataclass(slots=True)
class Item:
    """One record as described by a row. None means that the row does not give the value."""

    row: int
    review: ReviewOf
    document: DocumentOf
    text: str
    # The preferred reference of a new record, if it is still unused.
    reference: str
    kind: str = "recommendation"
    # The source's own id; without it, the record is matched by its words and who raised it.
    own_id: str = ""
    position: str | None = None
    summary: str | None = None
    selected_for_follow_up: bool | None = None
    due_on: datetime.date | None = None
    raised_by: tuple[PartyOf, ...] | None = None
    issues: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None

    @property
    def locator(self) -> str:
        """The record's place in the source."""
        return self.own_id or f"row {self.row}"


class Format(Protocol):
    """A table format: defines what its rows become."""

    kind: str
    cells: Cells
    # Headings of columns that are not imported.
    ignored: list[str]
    # The group for issues missing from our tree (slug and name), if they are to be created.
    unsorted: tuple[str, str] | None
    # Slugs of issues in the tree by their different name in the source.
    same_issues: Mapping[str, str]
    # Whether to refuse a row that names an unknown issue or group; otherwise the name is left out.
    strict: bool

    def items(self, row: Row) -> Iterator[Item]:
        """Yield the records of a row, usually one. Raises RowError."""
        ...


class Cells:
    """Gives access to the cells of a row by column name."""

    def __init__(self, table: Table, places: dict[str, int]) -> None:
        self.headings, self.places = table.headings, places

    def value(self, row: Row, name: str) -> Value:
        """Return the value of a column; None if the row or the table has none."""
        place = self.places.get(name, -1)
        cells = row[1]
        return cells[place] if 0 <= place < len(cells) else None

    def text(self, row: Row, name: str) -> str:
        """Return the text of a column. Raises RowError when the value is not text."""
        return self.as_text(name, self.value(row, name))

    def as_text(self, name: str, value: Value) -> str:
        """Return a value of the column as text. Raises RowError when it is not text."""
        if value.__class__ is str and value.isprintable():
            return value.strip()
        try:
            return text_of(value)
        except ValueError as error:
            raise self.error(name, "", str(error)) from None

    def needed(self, row: Row, name: str) -> str:
        """Return the text of a required column. Raises RowError when it is empty."""
        text = self.text(row, name)
        if not text:
            raise self.error(name, "", _("is empty"))
        return text

    def error(self, name: str, value: str, why: str) -> RowError:
        """Return an error about a column, named by its heading in the table."""
        place = self.places.get(name, -1)
        heading = self.headings[place] if 0 <= place < len(self.headings) else name
        return RowError(heading, value[:200], why)

    def check_width(self, row: Row) -> None:
        """Raise RowError when a row has more cells than the table has columns (shifted cells)."""
        cells = row[1]
        if len(cells) > len(self.headings) and any(cells[len(self.headings) :]):
            why = _("has {cells} cells, but the table has {columns} columns; a quotation mark may be missing")
            raise RowError("", "", why.format(cells=len(cells), columns=len(self.headings)))
