"""What every reader gives: a heading and rows of values, with the limits that hold for all."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from recommendations.importing.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A list as the public has it has about forty columns; the United Nations' has sixteen.
COLUMNS_MAX = 500
# What Excel keeps in one sheet.
ROWS_MAX = 1_048_576
# Characters of one cell; Excel keeps 32,767.
CELL_MAX = 131_072


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that holds a formula or an error instead of a value."""

    words: str


Value = str | int | float | bool | datetime.date | datetime.datetime | list[Any] | Formula | None
# The number of the row as a spreadsheet shows it (in JSON: which item it is), and its cells.
Row = tuple[int, list[Value]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is being read. Repeated headings have a number behind them: `Rgrp`, `Rgrp (2)`."""

    form: str
    headings: list[str]
    rows: Iterator[Row]
    # Where the headings stand, for people.
    place: str
    # How much of the file has been read, from 0 to 1.
    share: Callable[[], float]


def headed(values: list[Value]) -> list[str]:
    """The headings as text, told apart; RefusedError for too many or none."""
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
    """For a table that is wider than any that is meant."""
    return RefusedError(_("The table has more than {number} columns.").format(number=COLUMNS_MAX))


def too_large_cell(row: int) -> RefusedError:
    """For a cell that no spreadsheet program would keep."""
    return RefusedError(
        _("Row {row} has a cell of more than {number:,} characters; a quotation mark may be missing.").format(
            row=row, number=CELL_MAX
        )
    )


def text_of(value: Value) -> str:
    """A value as text, without white space around it; ValueError (in words) for what is no text."""
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
