"""One column of a list: what it is called, what a row says in it, what that means, and who may change it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from recommendations.exports.columns.json_schema import ADDRESS, TEXT, Schema, of_field

if TYPE_CHECKING:
    from django.db.models import Model
    from django_stubs_ext import StrOrPromise

Cell = str | int | datetime.date | None
Value = Callable[[Any], Any]
# The address of the site in examples.
SITE = "https://tracker.example.org"


@dataclass(frozen=True, slots=True)
class Editable:
    """That editors may change a column in a spreadsheet and bring it back."""

    # Its place in the mark `version`, from 1. Marks stand in files that people have: never renumber.
    place: int
    # The model's field that is changed, where it is not called like the column.
    field: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `value` is what JSON gives, `cell` what a spreadsheet gets (else the value, flattened)."""

    name: str
    heading: StrOrPromise
    value: Value
    # For the data dictionary and the API's schema: what the column says, an example as JSON, and its shape.
    meaning: StrOrPromise = ""
    example: Any = None
    schema: Schema = field(default_factory=TEXT.copy)
    cell: Value | None = None
    # The words and the link of a cell in the page's table; columns without words are not in the table.
    words: Value | None = None
    link: Callable[[Any], str] | None = None
    json: bool = True
    sheet: bool = True
    # The value is a path on this site, given in full in every format.
    address: bool = False
    editable: Editable | None = None
    # A spreadsheet that has any editable column has this one too.
    goes_with_editable: bool = False

    def for_sheet(self, record: Any) -> Cell:
        """The cell of a spreadsheet: several values are joined with "; "."""
        return flat(self.cell(record) if self.cell else self.value(record))

    @property
    def is_list(self) -> bool:
        """Whether a row has several values in it."""
        return bool(self.schema["type"] == "array")


def flat(value: Any) -> Cell:
    """A value as one cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="seconds")
    if value is None or isinstance(value, (str, int, datetime.date)):
        return value
    return "; ".join(str(one) for one in value if one not in (None, ""))


def own(
    model: type[Model],
    name: str,
    meaning: StrOrPromise,
    example: Any,
    *,
    heading: StrOrPromise = "",
    value: Value | None = None,
    schema: Schema | None = None,
    **options: Any,
) -> Column:
    """A column of the model's own field, under the field's own words and with the field's own shape."""
    found: Any = model._meta.get_field(name)
    return Column(
        name,
        heading or capfirst(found.verbose_name),
        value or attrgetter(name),
        meaning=meaning,
        example=example,
        schema=schema or of_field(found),
        **options,
    )


def address(example: str, meaning: StrOrPromise = "", value: Value | None = None) -> Column:
    """The permanent address of a row; `example` is a path on this site."""
    return Column(
        "url",
        _("Address"),
        value or (lambda row: row.get_absolute_url()),
        meaning=meaning or _("The permanent address on this site."),
        example=f"{SITE}{example}",
        schema=ADDRESS,
        address=True,
    )
