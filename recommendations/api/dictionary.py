"""The data dictionary: what each column means, in words and as a JSON schema.

One dictionary feeds the page about the data, the data set's own dictionary and the API's schema. What a
column means and its shape stand in its declaration (`exports/columns/`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from recommendations.api.tables import Table
    from recommendations.exports.columns.json_schema import Schema


def row_schema(table: Table) -> Schema:
    """The schema of a row as JSON: no field is required, because `fields` chooses among them."""
    properties = {}
    for column in table.columns:
        if column.json:
            properties[column.name] = column.schema | {
                "description": str(column.meaning),
                "examples": [column.example],
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
        schema = column.schema
        inner = schema.get("items", schema).get("properties", {})
        found.append(
            Entry(
                table.name,
                column.name,
                str(column.heading),
                str(column.meaning),
                in_words(schema),
                allowed(schema),
                list(inner),
                column.sheet,
                column.json,
            )
        )
    return found
