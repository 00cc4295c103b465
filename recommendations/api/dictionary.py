"""The data dictionary: what each column means, in words and as a JSON schema.

One dictionary feeds the page about the data, the data set's own dictionary and the API's schema. A column
that is a plain field of its model takes its schema from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recommendations.api.column_descriptions import MEANINGS
from recommendations.api.json_schema import (
    DATE,
    NUMBER,
    TEXT,
    TIME,
    YES_OR_NO,
    Meaning,
    Schema,
    maybe,
    one_of,
)

if TYPE_CHECKING:
    from recommendations.api.tables import Table
    from recommendations.exports.column import Column


def field_schema(field: Any) -> Schema:
    """The schema of a plain field of a model."""
    kinds: list[tuple[type, Schema]] = [
        (models.BooleanField, YES_OR_NO),
        (models.IntegerField, NUMBER),
        (models.DateTimeField, TIME),
        (models.DateField, DATE),
    ]
    found = next((schema for kind, schema in kinds if isinstance(field, kind)), TEXT)
    if field.choices:
        found = one_of(value for value, _ in field.flatchoices)
        if field.blank:
            found = one_of([*found["enum"], ""])
    return maybe(found) if field.null else found


def meaning_of(table: Table, column: Column) -> Meaning:
    """The meaning, with its schema."""
    found = MEANINGS[table.name][column.name]
    field_of = table.rows.model._meta.get_field
    return found if found.schema else Meaning(found.text, found.example, field_schema(field_of(column.name)))


def row_schema(table: Table) -> Schema:
    """The schema of a row as JSON: no field is required, because `fields` chooses among them."""
    properties = {}
    for column in table.columns:
        if column.json:
            found = meaning_of(table, column)
            properties[column.name] = (found.schema or {}) | {
                "description": str(found.text),
                "examples": [found.example],
            }
    return {
        "type": "object",
        "description": str(table.meaning),
        "properties": properties,
        "additionalProperties": False,
    }


NAMES = {
    "string": _("text"),
    "integer": _("number"),
    "boolean": _("yes or no"),
    "date": _("date"),
    "date-time": _("date and time"),
    "uri": _("address"),
    "object": _("group of fields"),
}


NAMES_OF_LISTS = {
    "string": _("list of texts"),
    "integer": _("list of numbers"),
    "date": _("list of dates"),
    "uri": _("list of addresses"),
    "object": _("list of groups of fields"),
}


def name_of(schema: Schema) -> str:
    """What a type is known by: its format, else its kind."""
    return str(schema.get("format", schema["type"]))


def in_words(schema: Schema) -> str:
    """The type for people: `text`, `date or none`, `list of texts`."""
    kind = schema["type"]
    if isinstance(kind, list):
        return gettext("%(type)s or none") % {"type": in_words(schema | {"type": kind[0]})}
    if kind == "array":
        return str(NAMES_OF_LISTS[name_of(schema["items"])])
    return str(NAMES[name_of(schema)])


def allowed(schema: Schema) -> list[str]:
    """The values of a choice; of a list of choices, those of its items."""
    values = schema.get("enum") or schema.get("items", {}).get("enum") or []
    return [value for value in values if value]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the data dictionary."""

    table: str
    column: str
    heading: str
    meaning: str
    type: str
    values: list[str]
    fields: list[str]  # of each group of fields
    in_csv: bool
    in_json: bool


def entries(table: Table) -> list[Entry]:
    """The dictionary of one table, column by column."""
    found = []
    for column in table.columns:
        meaning = meaning_of(table, column)
        schema = meaning.schema or {}
        inner = schema.get("items", schema).get("properties", {})
        found.append(
            Entry(
                table.name,
                column.name,
                str(column.heading),
                str(meaning.text),
                in_words(schema),
                allowed(schema),
                list(inner),
                column.sheet,
                column.json,
            )
        )
    return found
