"""The shapes of JSON values, as JSON Schema has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from collections.abc import Iterable

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
YES_OR_NO: Schema = {"type": "boolean"}
DATE: Schema = {"type": "string", "format": "date"}
TIME: Schema = {"type": "string", "format": "date-time"}
ADDRESS: Schema = {"type": "string", "format": "uri"}


def one_of(values: Iterable[str]) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": list(values)}


def maybe(schema: Schema) -> Schema:
    """This, or null."""
    null = schema | {"type": [schema["type"], "null"]}
    return null | {"enum": [*schema["enum"], None]} if "enum" in schema else null


def shape(**properties: Schema) -> Schema:
    """An object with exactly these fields."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def many(schema: Schema) -> Schema:
    """A list of these."""
    return {"type": "array", "items": schema}


def of_field(field: Any) -> Schema:
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
