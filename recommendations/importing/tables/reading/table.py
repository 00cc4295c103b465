"""The table returned by every reader: headings and rows of values, with the limits that apply to all."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from recommendations.importing.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Maximum number of columns; public lists have about forty, the United Nations' list sixteen.
COLUMNS_MAX = 500
# The number of rows in an Excel sheet.
ROWS_MAX = 1_048_576
# Maximum characters in one cell; Excel allows 32,767.
CELL_MAX = 131_072


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that holds a formula without a result, or an error, instead of a value."""

    words: str


Value = str | int | float | bool | datetime.date | datetime.datetime | list[Any] | Formula | None
# The row number as shown in a spreadsheet (in JSON, the number of the item), and the cells.
Row = tuple[int, list[Value]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table being read. Repeated headings get a number: `Rgrp`, `Rgrp (2)`."""

    form: str
    headings: list[str]
    rows: Iterator[Row]
    # Where the headings are, as shown to people.
    place: str
    # Returns the share of the file that has been read, from 0 to 1.
    share: Callable[[], float]


def headed(values: list[Value]) -> list[str]:
    """Return the headings as distinct texts. Raises RefusedError when there are none or too many."""
    if len(values) > COLUMNS_MAX:
        raise too_many_columns()
    names: list[str] = []
    for value in values:
        try:
            name = " ".join(text_of(value).split())
        except ValueError:
            name = ""
        count = 2
        base = name
        while name and name in names:
            name = f"{base} ({count})"
            count += 1
        names.append(name)
    while names and not names[-1]:
        names.pop()
    if not any(names):
        raise RefusedError(_("The table has no headings: its first row should name the columns."))
    return names


def too_many_columns() -> RefusedError:
    """Return the error for a table with too many columns."""
    return RefusedError(_("The table has more than {number} columns.").format(number=COLUMNS_MAX))


def too_large_cell(row: int) -> RefusedError:
    """Return the error for a cell that exceeds the limit of spreadsheet programs."""
    return RefusedError(
        _("Row {row} has a cell of more than {number:,} characters; a quotation mark may be missing.").format(
            row=row, number=CELL_MAX
        )
    )


def text_of(value: Value) -> str:
    """Return a value as trimmed text. Raises ValueError with an explanation when it is not text."""
    if value is None:
        return ""
    if isinstance(value, Formula):
        raise ValueError(value.words)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(timespec="seconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list):
        return "\n".join(text_of(one) for one in value)
    text = str(value).strip()
    if not text.isprintable() and any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text):
        raise ValueError(_("holds a character that is no text"))
    return text
