"""Declaring a column of the listing: what it is derived from, and how records are filtered by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import F, Field, Model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django_stubs_ext import StrOrPromise

    # Columns by table.
    Reads = Mapping[str, Iterable[str]]

FieldT = TypeVar("FieldT", bound="Field[Any, Any]")


@dataclass(frozen=True, slots=True)
class OfRow:
    """SQL over other columns of the same row, each named in braces: `{kind} = {position}`."""

    sql: str


@dataclass(frozen=True, slots=True)
class Filtered:
    """Makes a column a facet of the list: readers filter by it, and each value shows its count.

    A boolean column uses `yes` and `no` as labels; any other uses its `choices`.
    """

    label: StrOrPromise
    choices: Sequence[tuple[Any, StrOrPromise]] = ()
    yes: StrOrPromise = ""
    no: StrOrPromise = ""
    # The URL parameter, if it differs from the column's name.
    name: str = ""
    # The URL value for records whose column is null.
    null: str = ""
    help: StrOrPromise = ""
    # Whether its values are expanded in the panel, and whether they show counts.
    open: bool = False
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Derived:
    """One column: its value for a record, the tables and columns it depends on, and its facet."""

    value: Callable[[], Any]
    reads: Reads
    filtered: Filtered | None
    # Kept in memory as sets, as a facet is, because other facets are computed from it.
    kept: bool


def derived(
    field: FieldT,
    value: F | OfRow | Callable[[], Any],
    reads: Reads | None = None,
    filtered: Filtered | None = None,
    *,
    kept: bool = False,
) -> FieldT:
    """Return the field, declared as a column of the listing.

    `value` is a field of the record (`F("document__review__state")`), SQL over other columns (`OfRow`), or
    a function returning an expression, evaluated on records with their derived status. The columns an `F`
    reads are known; an expression must list them in `reads`, or the triggers would miss a change.
    """
    constant = value
    field.derived = Derived(  # type: ignore[attr-defined]  # read by `columns_of()` only
        value=(lambda: constant) if isinstance(value, F | OfRow) else value,
        reads=reads or {},
        filtered=filtered,
        kept=kept or filtered is not None,
    )
    return field


def columns_of(model: type[Model]) -> dict[str, Derived]:
    """Return the derived columns of a model, by name, in order of declaration."""
    fields = model._meta.concrete_fields
    return {str(field.column): field.derived for field in fields if hasattr(field, "derived")}


def reads_of(column: Derived, model: type[Model]) -> dict[str, set[str]]:
    """Return the columns that a column depends on, by table; `model` is the model of the records."""
    found = {table: set(columns) for table, columns in column.reads.items()}
    value = column.value()
    if isinstance(value, F) and not column.reads:
        path: str = value.name  # type: ignore[attr-defined]  # the stubs leave it out
        for step in path.split("__"):
            field: Any = model._meta.pk if step == "pk" else model._meta.get_field(step)
            found.setdefault(model._meta.db_table, set()).add(field.column)
            model = field.remote_field.model if field.remote_field else model
    return found
