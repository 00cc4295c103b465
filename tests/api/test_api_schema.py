"""The API does what its schema says: checked on real rows, and by requests made from the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from django.test import Client
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from recommendations.api.dictionary import entries
from recommendations.api.docs import example_of
from recommendations.api.resources import all_resources
from recommendations.api.schema import schema
from recommendations.api.tables import TABLES
from tests.amounts import examples
from tracker.wsgi import application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recommendations.api.tables import Table

pytestmark = pytest.mark.looks
OPERATIONS = [(path, methods["get"]) for path, methods in schema()["paths"].items()]


def holds(shape: dict[str, Any], value: Any) -> None:
    """Fail unless a value is as the schema has it."""
    whole = shape | {"components": schema()["components"]}
    validator = jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())
    problems = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
    assert problems == []


def test_schema_is_a_valid_openapi_document() -> None:
    served = Client().get("/api/v1/schema/").json()
    assert served["openapi"].startswith("3.1")
    assert served["servers"] == [{"url": "http://testserver"}]
    validate_schema(served)
    assert {path.count("{") for path in served["paths"]} == {0, 1}
    assert len(served["paths"]) == 2 * len(list(all_resources())) - 1


def test_operations_have_unique_names_and_parameters_descriptions() -> None:
    names = [operation["operationId"] for _, operation in OPERATIONS]
    assert len(set(names)) == len(names)
    for _, operation in OPERATIONS:
        assert all(parameter["description"].endswith(".") for parameter in operation["parameters"])


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_has_a_meaning_and_a_fitting_example(table: Table) -> None:
    for one in entries(table):
        assert one.meaning.endswith("."), one
        assert one.type
    for column in table.columns:
        holds(column.schema, column.example)


@pytest.mark.parametrize(("path", "operation"), OPERATIONS, ids=[path for path, _ in OPERATIONS])
def test_example_conforms_to_schema(path: str, operation: dict[str, Any]) -> None:
    shape = operation["responses"]["200"]["content"]["application/json"]["schema"]
    holds(shape, example_of(shape, schema()))


@pytest.mark.django_db
@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("path", [path for path, _ in OPERATIONS if "{" not in path])
def test_shipped_rows_conform_to_schema(path: str) -> None:
    shape = schema()["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    answer = Client().get(path, {"page_size": 200}).json()
    assert answer["results"]
    holds(shape, answer)


@pytest.mark.django_db
@pytest.mark.usefixtures("shipped")
def test_the_documentation_names_every_operation_parameter_and_field() -> None:
    text = Client().get("/api/v1/docs/").content.decode()
    for path, operation in OPERATIONS:
        assert f"GET {path}" in text
        assert operation["summary"] in text
        for parameter in operation["parameters"]:
            assert f"<code>{parameter['name']}</code>" in text
    for resource in all_resources():
        for column in resource.table.columns:
            assert not column.json or f"<code>{column.name}</code>" in text
    assert "style=" not in text
    assert "<script>" not in text


@pytest.fixture(scope="module")
def kept_connection() -> Iterator[None]:
    """A request through WSGI leaves the tests' connection, and with it their transaction, alone."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


API = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@pytest.mark.django_db
@pytest.mark.usefixtures("shipped", "kept_connection")
@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value
)
@pytest.mark.parametrize("path", [path for path, _ in OPERATIONS])
def test_generated_requests_get_answers_conforming_to_schema(path: str, mode: GenerationMode) -> None:
    @settings(
        max_examples=examples(8),
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=API[path]["GET"].as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        case.validate_response(case.call(), checks=CHECKS)

    ask()
