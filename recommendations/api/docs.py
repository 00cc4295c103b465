"""The human documentation of the API: the schema, written out on the server."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.views.generic import TemplateView

from recommendations.api.dictionary import allowed, in_words
from recommendations.api.query import PAGE_SIZE
from recommendations.api.schema import Schema, schema
from recommendations.core.context_processors import site
from recommendations.public.read_only import ReadOnlyView

# A longer choice is cut on the page; the schema has it in full.
VALUES_SHOWN = 12


def resolved(reference: Schema, whole: Schema) -> Schema:
    """The named schema that a reference names."""
    found: Schema = whole["components"]["schemas"][reference["$ref"].rpartition("/")[2]]
    return found


def example_of(shape: Schema, whole: Schema) -> Any:
    """An example of an answer, put together from the examples of its fields."""
    if "$ref" in shape:
        return example_of(resolved(shape, whole), whole)
    if "results" in shape["properties"]:
        row = example_of(shape["properties"]["results"]["items"], whole)
        return {"count": 1, "next": None, "previous": None, "results": [row]}
    return {name: field["examples"][0] for name, field in shape["properties"].items()}


def limits(shape: Schema) -> tuple[str, list[str]]:
    """The type of a parameter in words, and the values it may have."""
    values = allowed(shape)
    shown = [*values[:VALUES_SHOWN], "…"] if len(values) > VALUES_SHOWN else values
    return in_words(shape), shown


def operation(path: str, found: Schema, whole: Schema, site_url: str) -> dict[str, Any]:
    """One operation for the template."""
    given = {}
    parameters = []
    for each in found["parameters"]:
        words, values = limits(each["schema"])
        if each["in"] == "path":
            given[each["name"]] = str(each["schema"]["examples"][0])
        parameters.append(each | {"type": words, "values": values})
    address = path
    for name, value in given.items():
        address = address.replace(f"{{{name}}}", quote(value))
    content = found["responses"]["200"]["content"]["application/json"]["schema"]
    return {
        "id": found["operationId"],
        "path": path,
        "summary": found["summary"],
        "parameters": parameters,
        "request": f"{site_url}{address}",
        "response": json.dumps(example_of(content, whole), indent=2, ensure_ascii=False),
        "statuses": [(status, one["description"]) for status, one in found["responses"].items()],
    }


def fields_of(found: Schema, whole: Schema) -> list[dict[str, Any]]:
    """The fields of an operation's rows."""
    content = found["responses"]["200"]["content"]["application/json"]["schema"]
    row = resolved(content, whole)
    if "results" in row["properties"]:
        row = resolved(row["properties"]["results"]["items"], whole)
    fields = []
    for name, shape in row["properties"].items():
        inner = shape.get("items", shape).get("properties", {})
        words, values = limits(shape)
        description = shape["description"]
        fields.append(
            {"name": name, "type": words, "values": values, "meaning": description, "inner": list(inner)}
        )
    return fields


def sections(whole: Schema, site_url: str) -> list[dict[str, Any]]:
    """The operations by the resource that they are about, with the fields of its rows."""
    by_tag: dict[str, dict[str, Any]] = {}
    for path, methods in whole["paths"].items():
        found = methods["get"]
        tag = found["tags"][0]
        section = by_tag.setdefault(
            tag,
            {
                "title": tag,
                "id": found["operationId"].rpartition("_")[0],
                "meaning": found["description"],
                "operations": [],
                "fields": fields_of(found, whole),
            },
        )
        section["operations"].append(operation(path, found, whole, site_url))
    return list(by_tag.values())


class Docs(ReadOnlyView, TemplateView):
    """What the API offers, address by address."""

    template_name = "api/docs.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            sections=sections(schema(), str(site(self.request)["site_url"])),
            rate=settings.API_RATE,
            page_size=PAGE_SIZE,
            page_size_max=settings.PER_PAGE_MAX,
            **kwargs,
        )
