"""SQL that derives the listing: a view built from the models' definitions, and statements that copy it."""

# ruff: noqa: S608 (all SQL here is made of the names of our own tables and columns)

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from recommendations.models import Listing, ListingVersion, Recommendation
from recommendations.models.derived import OfRow, columns_of

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    from recommendations.core.database import Dialect

LISTING = Listing._meta.db_table
VERSION = ListingVersion._meta.db_table
RECORD = Recommendation._meta.db_table
VIEW = "recommendations_listing_derived"
# Columns of the listing as declared on the model: expressions on a record with its statuses, and SQL over
# those columns.
_DECLARED = {name: column.value() for name, column in columns_of(Listing).items()}
DERIVED: dict[str, Any] = {name: value for name, value in _DECLARED.items() if not isinstance(value, OfRow)}
OF_ROW: dict[str, str] = {name: value.sql for name, value in _DECLARED.items() if isinstance(value, OfRow)}
# All columns but the version, in the order in which they are selected and inserted.
COLUMNS = (*DERIVED, *OF_ROW)


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime.date):
        return f"'{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    raise TypeError(f"cannot be written into SQL: {value!r}")


def view_sql(connection: BaseDatabaseWrapper) -> str:
    """Return the query that derives the columns of the listing from the tables."""
    # Aliases must not clash with the model's own fields.
    named = {f"l_{column}": value for column, value in DERIVED.items()}
    records = Recommendation.objects.with_derived_status().annotate(**named).order_by().values(*named)
    sql, params = records.query.get_compiler(connection=connection).as_sql()
    return str(sql % tuple(_literal(value) for value in params))


def derived_sql(ids: str | None, dialect: Dialect) -> str:
    """Return a query for the listing columns of records (`ids`: SQL for a list of ids; None for all)."""
    of_view = {column: f"d.l_{column}" for column in DERIVED}
    columns = ", ".join([*of_view.values(), *(sql.format(**of_view) for sql in OF_ROW.values())])
    where = f" WHERE l_recommendation_id {ids}" if ids else ""
    return f"SELECT {columns} FROM (SELECT * FROM {VIEW}{where} {dialect.fence}) d"


def insert_sql(ids: str | None, version: str, dialect: Dialect) -> str:
    """Return the statement that writes the rows of these records; for all, only rows that are out of date."""
    new = ", ".join(f"{name} = excluded.{name}" for name in [*COLUMNS[1:], "version"])
    source = derived_sql(ids, dialect)
    only = ""
    if not ids:
        kept, right = (", ".join(f"{row}.{name}" for name in COLUMNS) for row in (LISTING, "excluded"))
        only = f" WHERE ({kept}) {dialect.differs} ({right})"
    return (
        f"INSERT INTO {LISTING} ({', '.join(COLUMNS)}, version)"
        f" SELECT s.*, {version} FROM ({source}) s WHERE TRUE"
        f" ON CONFLICT (recommendation_id) DO UPDATE SET {new}{only}"
    )
