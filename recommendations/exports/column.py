"""One column of a list: what it is called, and what a row says in it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.db.models import Model
    from django_stubs_ext import StrOrPromise

Cell = str | int | datetime.date | None
Value = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `value` is what JSON gives, `cell` what a spreadsheet gets (else the value, flattened)."""

    name: str
    heading: StrOrPromise
    value: Value
    cell: Value | None = None
    # The words and the link of a cell in the page's table; columns without words are not in the table.
    words: Value | None = None
    link: Callable[[Any], str] | None = None
    json: bool = True
    sheet: bool = True
    # The value is a path on this site, given in full in every format.
    address: bool = False
    # A spreadsheet that has any of these columns has this one too.
    goes_with: frozenset[str] = frozenset()

    def for_sheet(self, record: Any) -> Cell:
        """The cell of a spreadsheet: several values are joined with "; "."""
        return flat(self.cell(record) if self.cell else self.value(record))


def flat(value: Any) -> Cell:
    """A value as one cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="seconds")
    if value is None or isinstance(value, (str, int, datetime.date)):
        return value
    return "; ".join(str(one) for one in value if one not in (None, ""))


def own(model: type[Model], name: str, heading: StrOrPromise = "", **options: Any) -> Column:
    """A column of the model's own field, under the field's own words."""
    verbose = model._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # a field of its own, not a relation to it
    return Column(name, heading or capfirst(verbose), options.pop("value", attrgetter(name)), **options)


def address(heading: StrOrPromise = "") -> Column:
    """The permanent address of a row."""
    return Column("url", heading or _("Address"), lambda row: row.get_absolute_url(), address=True)


def sheet_only(name: str, heading: StrOrPromise, value: Value) -> Column:
    """A column that JSON gives in another shape."""
    return Column(name, heading, value, json=False)
