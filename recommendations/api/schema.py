"""The OpenAPI schema, made from the columns, their meanings and the filters."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import include, path
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from recommendations.api.dictionary import row_schema
from recommendations.api.query import CURSOR_MAX, PAGE_SIZE, ListQuery, RowQuery
from recommendations.search.filters.base import Choices, Edge, Flag, ListFilter, Words
from recommendations.search.text.substring_search import LENGTH_MAX

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
    from drf_spectacular.plumbing import ComponentRegistry

    from recommendations.api.resources import Resource

Schema = dict[str, Any]
NAMED = {
    "reference": (_("The reference, as in the address of its page."), "KAZ-UPR7-36.7"),
    "slug": (_("The slug, as in the address of its page."), "kaz-upr7"),
    "path": (_("The path in the tree, as in the address of its page."), "expression/defamation"),
    "iso3": (_("The ISO 3166-1 alpha-3 code, in capitals."), "KAZ"),
}


def error_schema() -> Schema:
    """What a refusal says."""
    why = gettext("For each parameter that makes no sense, sentences that say why.")
    return {
        "type": "object",
        "properties": {
            "detail": {"type": "string", "description": gettext("What is wrong, in a sentence.")},
            "errors": {
                "type": "object",
                "description": why,
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
            },
        },
        "required": ["detail"],
        "additionalProperties": False,
    }


def filter_schema(item: ListFilter) -> Schema:
    """What may stand in the parameter of a filter."""
    if isinstance(item, Words):
        return {"type": "string", "maxLength": LENGTH_MAX}
    if isinstance(item, Flag):
        return {"type": "string", "enum": [option.value for option in item.options()]}
    if isinstance(item, Edge):
        return {"type": "string", "pattern": f"^{item.WRITTEN.pattern}$", "examples": ["2010-02"]}
    one: Schema = {"type": "string"}
    if isinstance(item, Choices):
        one["enum"] = [option.value for option in item.options()]
    return {"type": "array", "items": one} if item.several else one


def parameter(name: str, description: StrOrPromise, shape: Schema, **more: Any) -> Schema:
    """One parameter of the query."""
    return {"name": name, "in": "query", "description": str(description), "schema": shape} | more


def controls(resource: Resource, names: tuple[str, ...]) -> list[Schema]:
    """The parameters that are not filters."""
    allowed = [column.name for column in resource.table.columns if column.json]
    found = {
        "fields": parameter(
            "fields",
            gettext("Only these fields, separated by commas."),
            {"type": "array", "items": {"type": "string", "enum": allowed}},
            explode=False,
        ),
        "cursor": parameter(
            "cursor",
            gettext("Where the page begins: follow “next” and “previous” instead of making one."),
            {"type": "string", "maxLength": CURSOR_MAX},
        ),
        "page_size": parameter(
            "page_size",
            gettext("How many rows a page holds."),
            {"type": "integer", "minimum": 1, "maximum": settings.PER_PAGE_MAX, "default": PAGE_SIZE},
        ),
    }
    return [found[name] for name in names]


def filter_parameters(resource: Resource) -> list[Schema]:
    """The filters, as on the list's page."""
    found = []
    for name, item in resource.filterset.get_filters().items():
        words = " ".join(str(part) for part in (f"{item.label}.", item.help) if part)
        if item.several:
            words += " " + gettext("May be given several times: any of the values matches.")
        found.append(parameter(name, words, filter_schema(item)))
    return found


def answer(description: StrOrPromise, shape: Schema, **more: Any) -> Schema:
    """One response."""
    return {"description": description, "content": {"application/json": {"schema": shape}}} | more


class ColumnSchema(AutoSchema):
    """The operation of a list or a single row; it needs no serializer, because the columns say everything."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> Schema:
        resource: Resource = self.view.resource  # type: ignore[attr-defined]  # every view of the API has it
        listed = not path.endswith("}/")
        self.registry = registry
        row = self.component(resource.one, row_schema(resource.table))
        shape = self.component(f"{resource.one}Page", page_schema(row)) if listed else row
        names = ListQuery.controls if listed else RowQuery.controls
        below = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
        title = str(resource.table.title)
        each, one = gettext("%(rows)s, page by page"), gettext("%(rows)s: one by its %(name)s")
        return {
            "operationId": f"{resource.name.replace('-', '_')}_{'list' if listed else 'get'}",
            "summary": each % {"rows": title} if listed else one % {"rows": title, "name": below[-1]},
            "description": str(resource.table.meaning),
            "tags": [title],
            "parameters": [
                *({"in": "path", "required": True} | path_parameter(name) for name in below),
                *(filter_parameters(resource) if listed else []),
                *controls(resource, names),
            ],
            "responses": self.responses(shape, listed=listed, named=bool(below)) | self.moved(listed),
        }

    def component(self, name: str, shape: Schema) -> Schema:
        """A reference to a named schema."""
        component = ResolvedComponent(name, ResolvedComponent.SCHEMA, shape, name)  # type: ignore[no-untyped-call]  # drf-spectacular has no types here
        self.registry.register_on_missing(component)
        return dict(component.ref)

    def moved(self, listed: bool) -> dict[str, Schema]:
        """The answer for a name of the past, where rows can get another one."""
        if listed or not hasattr(self.view.resource.table.rows, "formerly"):  # type: ignore[attr-defined]  # every view of the API has it
            return {}
        return {
            "302": {"description": gettext("A name of the past: Location has the address of the row now.")}
        }

    def responses(self, shape: Schema, *, listed: bool, named: bool) -> dict[str, Schema]:
        """The answers of an operation."""
        error = self.component("Error", error_schema())
        text: Schema = {"schema": {"type": "string"}}
        return {
            "200": answer(
                gettext("The rows that match.") if listed else gettext("The row."),
                shape,
                headers={"ETag": text | {"description": gettext("Send it back as If-None-Match.")}},
            ),
            "304": {
                "description": gettext("Nothing has changed since the ETag that was sent as If-None-Match.")
            },
            "400": answer(gettext("The address makes no sense; “errors” names each parameter."), error),
            **({"404": answer(gettext("Nothing public stands at this address."), error)} if named else {}),
            "429": answer(
                gettext("Too many requests from one address."),
                error,
                headers={
                    "Retry-After": {"schema": {"type": "integer"}, "description": gettext("Seconds to wait.")}
                },
            ),
        }


def path_parameter(name: str) -> Schema:
    """One part of the address."""
    words, example = NAMED[name]
    return {"name": name, "description": str(words), "schema": {"type": "string", "examples": [example]}}


def page_schema(row: Schema) -> Schema:
    """A page of rows."""
    address = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "properties": {
            "count": {"type": "integer", "description": gettext("How many rows match, on all pages.")},
            "next": address | {"description": gettext("The address of the next page.")},
            "previous": address | {"description": gettext("The address of the page before.")},
            "results": {"type": "array", "items": row},
        },
        "required": ["count", "next", "previous", "results"],
        "additionalProperties": False,
    }


def schema() -> Schema:
    """The whole schema; it does not depend on the rows, so it is made once for each language."""
    return _schema(get_language())


@cache
def _schema(language: str | None) -> Schema:
    """The schema in the language that is active, which `language` names."""
    here = [path("api/v1/", include("recommendations.api.urls"))]
    made: Schema = SchemaGenerator(patterns=here).get_schema(public=True)  # type: ignore[no-untyped-call]  # drf-spectacular has no types here
    return made
