"""The OpenAPI document: valid, complete, and true of what the endpoints answer."""

from __future__ import annotations

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from hospes.rest import openapi, registry

ABOUT = openapi.About("An API", "1.0", "https://hospes.test", 25, 1000)


@pytest.fixture
def document() -> dict[str, Any]:
    return openapi.document(ABOUT)


def test_the_document_is_valid(document):
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_endpoint_is_in_it_under_each_of_its_versions(document):
    told = {
        (method, path) for path, operations in document["paths"].items() for method in operations
    }
    meant = {
        (route.method.lower(), f"/{version}{route.plain_path}")
        for route in registry.routes()
        for version in route.versions
    }

    assert len(meant) > 40
    assert told == {*meant, ("get", "/1/ping")}


def test_names_are_unique_and_tags_and_scopes_are_known(document):
    operations = [each for path in document["paths"].values() for each in path.values()]
    names = [each["operationId"] for each in operations]
    tags = {each["name"] for each in document["tags"]}
    scopes = {each.name for each in registry.scopes()}

    assert len(set(names)) == len(names)
    assert {tag for each in operations for tag in each["tags"]} == tags
    assert all(each["description"] for each in document["tags"])
    assert {scope for each in operations for scope in each["x-scopes"]} <= scopes


def _undescribed(schema: Any, place: str) -> list[str]:
    """Return the fields that neither say what they are nor are of a type that does."""
    found: list[str] = []
    if isinstance(schema, list):
        for number, each in enumerate(schema):
            found += _undescribed(each, f"{place}.{number}")
    if isinstance(schema, dict):
        properties = schema.get("properties", {})
        if isinstance(properties, dict) and "type" in schema:
            found += [
                f"{place}.{name}"
                for name, each in properties.items()
                if not each.get("description") and "$ref" not in each
            ]
        for name, each in schema.items():
            found += _undescribed(each, f"{place}.{name}")
    return found


def test_every_field_and_parameter_is_described(document):
    schemas = document["components"]["schemas"]
    assert [name for name, each in schemas.items() if not each.get("description")] == []
    assert _undescribed(schemas, "schemas") == []
    assert _undescribed(document["paths"], "paths") == []
    parameters = [
        (path, each)
        for path, operations in document["paths"].items()
        for operation in operations.values()
        for each in operation.get("parameters", ())
    ]
    assert [
        (path, each["name"])
        for path, each in parameters
        if "$ref" not in each and not each["description"]
    ] == []


def test_the_walk_finds_a_field_without_a_description():
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}

    assert _undescribed({"One": schema}, "schemas") == ["schemas.One.a"]
