"""Many rows into a table at once: COPY on PostgreSQL, one statement on SQLite. No signals are sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import connection, models

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# What SQLite holds in another form than Python.
_CONVERTED = (models.DateField, models.BooleanField, models.JSONField)


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert the rows, whose values are in the order of these columns (`attname`s of the model)."""
    fields = [_field(model, name) for name in names]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    if connection.vendor == "postgresql":
        places = [place for place, field in enumerate(fields) if isinstance(field, models.JSONField)]
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(_with_json(row, places) if places else row)
        return
    marks = ", ".join("%s" for _ in fields)
    sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608  (our own names)
    convert(sql, fields, rows)


def update(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set these columns of rows: values in their order, and the row's id last."""
    fields = [_field(model, name) for name in names]
    table = connection.ops.quote_name(model._meta.db_table)
    sets = ", ".join(f"{connection.ops.quote_name(str(field.column))} = %s" for field in fields)
    sql = f"UPDATE {table} SET {sets} WHERE id = %s"  # noqa: S608  (our own names)
    convert(sql, [*fields, model._meta.pk], rows)


def convert(sql: str, fields: Sequence[Any], rows: Iterable[Sequence[Any]]) -> None:
    """Run the statement for each row, its values in the form of the database."""
    places = [place for place, field in enumerate(fields) if isinstance(field, _CONVERTED)]

    def converted(row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        for place in places:
            values[place] = fields[place].get_db_prep_save(values[place], connection)
        return values

    with connection.cursor() as cursor:
        cursor.executemany(sql, [converted(row) for row in rows])


def reserve(model: type[models.Model], number: int) -> list[int]:
    """So many ids that no other row has or gets."""
    if not number:
        return []
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [table, column, number],
            )
            return [found for (found,) in cursor.fetchall()]
        # SQLite has one writer, who is this one: its transactions begin by taking the lock.
        cursor.execute(
            f"SELECT max(coalesce((SELECT max({column}) FROM {table}), 0),"  # noqa: S608  (our own names)
            " coalesce((SELECT seq FROM sqlite_sequence WHERE name = %s), 0))",
            [table],
        )
        last = cursor.fetchone()[0]
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last + number])
        return list(range(last + 1, last + 1 + number))


def _field(model: type[models.Model], name: str) -> Any:
    return next(field for field in model._meta.concrete_fields if field.attname == name)


def _with_json(row: Sequence[Any], places: Sequence[int]) -> Sequence[Any]:
    values = list(row)
    for place in places:
        if values[place] is not None:
            values[place] = json.dumps(values[place])
    return values
