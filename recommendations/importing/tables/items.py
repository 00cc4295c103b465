"""What a row says, in its own words, before anything of ours is looked up."""

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
    """A row that cannot be taken: its column, what stands there, and why that does not do."""

    def __init__(self, column: str, value: str, why: str) -> None:
        super().__init__(why)
        self.column, self.value, self.why = column, value, why


class ReviewOf(NamedTuple):
    """A review by its State's ISO code, mechanism and session; the rest is for when it is new here."""

    iso3: str
    mechanism: str
    session: str
    starts_on: datetime.date | None = None
    precision: str = "day"
    cycle: str = ""
    region: str = ""
    note: str = ""


class DocumentOf(NamedTuple):
    """The data set's part on one review, by its slug; the rest is for when it is new here."""

    slug: str
    title: str
    url: str = ""
    note: str = ""


class PartyOf(NamedTuple):
    """Who raised it: a recommending State or a committee by its code, or anybody by a name."""

    kind: str
    name: str
    region: str = ""


@dataclass(slots=True)
class Item:
    """One record as a row has it. None stands for what the row says nothing about."""

    row: int
    review: ReviewOf
    document: DocumentOf
    text: str
    # The reference that it gets when it is new, before others have taken it.
    reference: str
    kind: str = "recommendation"
    # The source's own id; without it a record is known by its words and who raised it.
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
        """Where in the source it stands."""
        return self.own_id or f"row {self.row}"


class Format(Protocol):
    """A kind of table: what its rows become."""

    kind: str
    cells: Cells
    # Columns of the table that are not taken, by their headings.
    ignored: list[str]
    # Under which heading issues stand that our tree has no place for, if they are to be made: slug and name.
    unsorted: tuple[str, str] | None
    # Issues of the source that are one of the tree under another name: its slug.
    same_issues: Mapping[str, str]
    # Whether a row that names an issue or a group which is not known is refused; else the name is left out.
    strict: bool

    def items(self, row: Row) -> Iterator[Item]:
        """The records of a row, mostly one; RowError."""
        ...


class Cells:
    """Gives the cells of a row by the names of its columns."""

    def __init__(self, table: Table, places: dict[str, int]) -> None:
        self.headings, self.places = table.headings, places

    def value(self, row: Row, name: str) -> Value:
        """The value of a column, None where the row or the table has none."""
        place = self.places.get(name, -1)
        cells = row[1]
        return cells[place] if 0 <= place < len(cells) else None

    def text(self, row: Row, name: str) -> str:
        """The text of a column; RowError for what is none."""
        return self.as_text(name, self.value(row, name))

    def as_text(self, name: str, value: Value) -> str:
        """The value of a column as text; RowError for what is none."""
        if value.__class__ is str and value.isprintable():
            return value.strip()
        try:
            return text_of(value)
        except ValueError as error:
            raise self.error(name, "", str(error)) from None

    def needed(self, row: Row, name: str) -> str:
        """The text of a column that must not be empty."""
        text = self.text(row, name)
        if not text:
            raise self.error(name, "", _("is empty"))
        return text

    def error(self, name: str, value: str, why: str) -> RowError:
        """What is wrong with a column, under the heading that it has in the table."""
        place = self.places.get(name, -1)
        heading = self.headings[place] if 0 <= place < len(self.headings) else name
        return RowError(heading, value[:200], why)

    def check_width(self, row: Row) -> None:
        """Refuse a row that holds more than its table has columns: its parts have slipped."""
        cells = row[1]
        if len(cells) > len(self.headings) and any(cells[len(self.headings) :]):
            why = _("has {cells} cells, but the table has {columns} columns; a quotation mark may be missing")
            raise RowError("", "", why.format(cells=len(cells), columns=len(self.headings)))
