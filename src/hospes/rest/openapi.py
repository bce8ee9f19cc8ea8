"""The OpenAPI 3.1 document of every endpoint that the rooms registered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from hospes.rest import openapi_shapes as shapes
from hospes.rest import registry
from hospes.rest.faults import CODES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hospes.rest.routes import Route

REF = "#/components/schemas/{model}"
JSON = "application/json"
PING_TAG = "Ping"
PING = "get_1_ping"
_ALWAYS = ("not_authorized", "access_denied", "too_many_request", "unexpected_error")
_OF_WRITES = (
    "invalid_json", "invalid_body", "request_in_progress", "precondition_failed",
    "body_too_large", "unsupported_media_type", "nothing_changed", "idempotency_key_reused",
)  # fmt: skip
_KINDS: dict[str, dict[str, Any]] = {
    "int": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
    "uuid": {"type": "string", "format": "uuid"},
    "text": {
        "type": "string",
        "minLength": 1,
        "maxLength": 255,
        # An address with a control character or a slash in a segment is none.
        "pattern": "^[^/\\u0000-\\u001f\\u007f-\\u009f]+$",
    },
}
_BESIDE: dict[str, tuple[str, dict[str, Any]]] = {
    "total": ("How many items there are altogether.", {"type": "integer", "minimum": 0}),
    "page": ("Which page this is.", {"type": "integer", "minimum": 1}),
    "pages": ("How many pages there are.", {"type": "integer", "minimum": 0}),
    "items_per_page": ("How many items a page holds.", {"type": "integer", "minimum": 1}),
    "cursor": ("Where to go on; null at the end.", {"type": ["string", "null"]}),
    "has_more": ("Whether there are further items.", {"type": "boolean"}),
}


@dataclass(frozen=True, slots=True)
class About:
    """What a document tells of its installation; a page of a list holds ``page`` items."""

    title: str
    version: str
    base_url: str
    page: int
    most: int


def document(about: About) -> dict[str, Any]:
    """Return the document: plain dictionaries and lists, as JSON knows them."""
    routes = registry.routes()
    schemas, components = _schemas(routes)
    responses: dict[str, Any] = {}
    paths: dict[str, Any] = {"/1/ping": {"get": _ping(responses)}}
    for route in routes:
        for version in route.versions:
            place = paths.setdefault(f"/{version}{route.plain_path}", {})
            place[route.method.lower()] = _operation(route, version, schemas, responses, about)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": about.title,
            "version": about.version,
            "description": (
                "Every answer is an envelope: `result` is `success`, `asynchronous` or `error`. "
                "Numbers name objects, instants are seconds since 1970."
            ),
        },
        "servers": [{"url": f"{about.base_url}/api", "description": "This installation"}],
        "tags": _tags(routes),
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API token, made under Settings, API tokens. Scopes: "
                    + "; ".join(f"`{each.name}`: {each.description}" for each in registry.scopes()),
                }
            },
            "parameters": shapes.SENT_HEADERS,
            "headers": shapes.HEADERS,
            "responses": responses,
            "schemas": components,
        },
    }


def _tags(routes: Iterable[Route]) -> list[dict[str, str]]:
    known = {PING_TAG: "Whether the API answers, and whether the token is alive."}
    known |= registry.tags()
    used = {PING_TAG, *(route.tag for route in routes)}
    return [{"name": name, "description": text} for name, text in known.items() if name in used]


def _schemas(routes: Iterable[Route]) -> tuple[dict[tuple[str, str], Any], dict[str, Any]]:
    """Return the schema of each answer and body, and what they refer to.

    All are made at once: two models of one name get names of their own.
    """
    wanted: list[tuple[str, Any, TypeAdapter[Any]]] = [
        ("error", "serialization", TypeAdapter(shapes.ErrorAnswer))
    ]
    for route in routes:
        wanted.append((f"answer {route.name}", "serialization", TypeAdapter(route.answer)))
        if route.body is not None:
            wanted.append((f"body {route.name}", "validation", TypeAdapter(route.body)))
    found, definitions = TypeAdapter.json_schemas(wanted, ref_template=REF)
    components = {name: _plain(each) for name, each in definitions.get("$defs", {}).items()}
    return {key: _plain(each) for key, each in found.items()}, components


def _plain(schema: Any) -> Any:
    """Return a schema without what pydantic adds that says nothing.

    A default of null means here that the field is left out.
    """
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {}
    for name, value in schema.items():
        if name == "properties":
            found[name] = {key: _plain(each) for key, each in value.items()}
        elif name in {"examples", "enum", "const", "required"}:
            found[name] = value
        elif not (
            (name == "title" and isinstance(value, str)) or (name, value) == ("default", None)
        ):
            found[name] = _plain(value)
    return found


def _ping(responses: dict[str, Any]) -> dict[str, Any]:
    properties = {
        "result": {"const": "success", "description": "That it was done."},
        "data": {"const": "pong", "description": "Nothing but this word."},
    }
    answer = {"type": "object", "properties": properties, "required": ["result", "data"]}
    return {
        "operationId": PING,
        "tags": [PING_TAG],
        "summary": "Ping",
        "description": "Answers `pong` to a token that is alive; it takes no scope.",
        "x-scopes": [],
        "responses": {
            "200": _response("The token is alive.", answer, shapes.LIMITS),
            **_refusals(_ALWAYS, responses),
        },
    }


def _operation(
    route: Route,
    version: int,
    schemas: dict[tuple[str, str], Any],
    responses: dict[str, Any],
    about: About,
) -> dict[str, Any]:
    reads = route.method == "GET"
    headers = ("IfNoneMatch",) if reads else ("IdempotencyKey", "IfMatch")
    scopes = [route.scope] if route.scope else []
    found: dict[str, Any] = {
        "operationId": route.name if version == route.version else f"{route.name}_v{version}",
        "tags": [route.tag],
        "summary": route.summary,
        "description": route.description,
        "security": [{"token": scopes}],
        "x-scopes": scopes,
        "parameters": [
            *(
                {
                    "name": name,
                    "in": "path",
                    "required": True,
                    "description": route.parameters[name],
                    "schema": _KINDS[kind],
                }
                for name, kind in route.kinds.items()
            ),
            *shapes.query_words(
                route.query, dry_run=route.dry_run, page=about.page, most=about.most
            ),
            *({"$ref": f"#/components/parameters/{name}"} for name in headers),
        ],
    }
    if route.body is not None:
        schema = schemas[f"body {route.name}", "validation"]
        content: dict[str, Any] = {"schema": schema}
        if route.example is not None:
            content["example"] = dict(route.example)
        needed = any(each.is_required() for each in route.body.model_fields.values())
        found["requestBody"] = {"required": needed, "content": {JSON: content}}
    answer = schemas[f"answer {route.name}", "serialization"]
    found["responses"] = {**_successes(route, answer), **_refusals(_codes(route), responses)}
    return found


def _successes(route: Route, answer: dict[str, Any]) -> dict[str, Any]:
    reads = route.method == "GET"
    headers = (*shapes.LIMITS, "ETag" if reads else "Idempotency-Replayed")
    found: dict[str, Any] = {}
    if route.is_async:
        task = {"type": "string", "format": "uuid"}
        found["202"] = _response(
            "Taken up; `data` is the task to ask for at `/1/async/tasks`.",
            _envelope(route, task, "The task's identifier.", "asynchronous"),
            headers,
        )
    else:
        schema = _envelope(route, answer, "What was asked for.", "success")
        found[str(route.status)] = _response("Done.", schema, headers)
    if route.dry_run:
        schema = _envelope(route, answer, "What it would have been.", "success")
        found["200"] = _response("Done, or with `dry_run` what would have been.", schema, headers)
    if reads:
        told = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
        found["304"] = {"description": "If-None-Match names what is there still.", "headers": told}
    return found


def _envelope(route: Route, data: dict[str, Any], description: str, result: str) -> dict[str, Any]:
    if route.query.paged:
        data = {"anyOf": [data, {"type": "integer", "minimum": 0}]}
        description += " With `return=total`, how many there are."
    properties: dict[str, Any] = {
        "result": {"const": result, "description": "Whether it was done."},
        "data": {**data, "description": data.get("description") or description},
    }
    if route.query.paged:
        for name, (text, schema) in _BESIDE.items():
            properties[name] = {**schema, "description": text}
    if route.dry_run:
        properties["dry_run"] = {
            "const": True,
            "description": "There where nothing was really done.",
        }
    properties["response_at"] = {
        "type": "integer",
        "description": "When this was answered, in seconds since 1970.",
    }
    return {
        "type": "object",
        "properties": properties,
        "required": ["result", "data", "response_at"],
        "additionalProperties": False,
    }


def _response(description: str, schema: dict[str, Any], headers: Iterable[str]) -> dict[str, Any]:
    return {
        "description": description,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {JSON: {"schema": schema}},
    }


def _codes(route: Route) -> tuple[str, ...]:
    """Return every code that an endpoint may refuse with, its own last."""
    found = [*_ALWAYS, "object_not_found", "validation_failed"]
    if route.scope is not None:
        found.append("forbidden")
    if route.method != "GET":
        found += _OF_WRITES
    found += [code for code in (*route.codes.values(), *route.errors) if code in CODES]
    return tuple(code for code in CODES if code in found)


def _refusals(codes: Iterable[str], responses: dict[str, Any]) -> dict[str, Any]:
    """Return a reference for each status; ``responses`` takes up what they refer to."""
    by_status: dict[int, list[str]] = {}
    for code in CODES:
        if code in codes:
            by_status.setdefault(CODES[code][0], []).append(code)
    found: dict[str, Any] = {}
    for status, each in sorted(by_status.items()):
        name = "-".join((str(status), *each))
        headers = (*shapes.LIMITS, *{401: ("WWW-Authenticate",), 429: ("Retry-After",)}.get(
            status, ()
        ))  # fmt: skip
        responses[name] = _response(
            " ".join(f"`{code}`: {CODES[code][1]}" for code in each),
            {"$ref": REF.format(model="ErrorAnswer")},
            headers,
        )
        found[str(status)] = {"$ref": f"#/components/responses/{name}"}
    return found
