"""The shapes of JSON values, as JSON Schema has them, and what a column means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recommendations.models import Evidence, FollowUp, RecommendationLink, ResponseLink

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
YES_OR_NO: Schema = {"type": "boolean"}
DATE: Schema = {"type": "string", "format": "date"}
TIME: Schema = {"type": "string", "format": "date-time"}
ADDRESS: Schema = {"type": "string", "format": "uri"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column says. Without a schema, that of the model's own field."""

    text: StrOrPromise = ""
    example: Any = None
    schema: Schema | None = None


def one_of(values: Any) -> Schema:
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


PERSON = shape(acronym=TEXT, name=TEXT, slug=TEXT)
STATUS = one_of(FollowUp.Status.values)
STANCE = one_of(ResponseLink.Stance.values)
EVIDENCE = shape(
    kind=one_of(Evidence.Kind.values),
    stance=one_of(Evidence.Stance.values),
    title=TEXT,
    date=maybe(DATE),
    text=TEXT,
    document=maybe(TEXT),
    paragraph=maybe(TEXT),
    url=maybe(ADDRESS),
)
LINK = shape(
    reference=TEXT,
    relation=one_of(RecommendationLink.Relation.values),
    direction=one_of(["earlier", "later"]),
)
ROLES = shape(
    **{role: shape(status=STATUS, as_of=DATE, assessor=maybe(TEXT)) for role in FollowUp.Role.values}
) | {"required": []}
