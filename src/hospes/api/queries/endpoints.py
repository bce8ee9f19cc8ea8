"""What the page of the API's documentation shows of an OpenAPI document."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html, format_html_join

from hospes.rest import registry

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body or an answer. ``place`` is path, query or body."""

    name: str
    place: str
    kind: str
    required: bool
    description: SafeString


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method at one address, as the page shows it."""

    name: str
    method: str
    path: str
    summary: str
    description: SafeString
    scopes: tuple[str, ...]
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answer: tuple[Field, ...]
    statuses: tuple[tuple[str, SafeString], ...]
    curl: str
    python: str

    @property
    def can_be_tried(self) -> bool:
        """Return whether it only reads."""
        return self.method == "GET"


@dataclass(frozen=True, slots=True)
class Group:
    """The endpoints under one heading."""

    anchor: str
    name: str
    description: str
    endpoints: tuple[Endpoint, ...]


def coded(text: str) -> SafeString:
    """Return a description as HTML, with what stands between backticks as code."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<code>{}</code>", part) if number % 2 else part,)
            for number, part in enumerate(text.split("`"))
        ),
    )


def scopes() -> list[tuple[str, str]]:
    """Return every scope with what it lets a token do, in English."""
    return [(scope.name, scope.description) for scope in registry.scopes()]


def groups(document: dict[str, Any]) -> list[Group]:
    """Return the headings of a document with their endpoints, in the document's order."""
    reader = _Reader(document)
    found: dict[str, list[Endpoint]] = {tag["name"]: [] for tag in document["tags"]}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            found[operation["tags"][0]].append(reader.endpoint(method, path, operation))
    return [
        Group(
            "tag-" + tag["name"].lower().replace(" ", "-"),
            tag["name"],
            tag["description"],
            tuple(found[tag["name"]]),
        )
        for tag in document["tags"]
    ]


class _Reader:
    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.base = document["servers"][0]["url"]

    def resolve(self, found: dict[str, Any]) -> dict[str, Any]:
        """Return what a reference names, with what stands beside the reference."""
        while "$ref" in found:
            target: Any = self.document
            for key in found["$ref"].removeprefix("#/").split("/"):
                target = target[key]
            found = {**target, **{name: each for name, each in found.items() if name != "$ref"}}
        return found

    def endpoint(self, method: str, path: str, operation: dict[str, Any]) -> Endpoint:
        parameters = [self.resolve(each) for each in operation.get("parameters", ())]
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        body = None
        if content is not None:
            body = content.get("example") or self.example(content["schema"])
        responses = {status: self.resolve(each) for status, each in operation["responses"].items()}
        sent = self.path(path, parameters)
        return Endpoint(
            name=operation["operationId"],
            method=method.upper(),
            path=path,
            summary=operation["summary"],
            description=coded(operation["description"]),
            scopes=tuple(operation["x-scopes"]),
            parameters=tuple(
                Field(
                    each["name"],
                    each["in"],
                    self.kind(each["schema"]),
                    each.get("required", False),
                    coded(each["description"]),
                )
                for each in parameters
            ),
            body=self.fields(content["schema"]) if content else (),
            answer=self.answer(responses),
            statuses=tuple(
                (status, coded(each["description"])) for status, each in responses.items()
            ),
            curl=_curl(method, self.base + sent, body),
            python=_python(method, self.base + sent, body),
        )

    def path(self, path: str, parameters: list[dict[str, Any]]) -> str:
        """Return the address with a value in each pair of braces."""
        for each in parameters:
            if each["in"] == "path":
                schema = each["schema"]
                value = {"integer": "1", "string": "some-text"}[schema["type"]]
                if schema.get("format") == "uuid":
                    value = "0b0f7c52-6f0a-4c44-9d5a-1c1f8a3b7e21"
                path = path.replace(f"{{{each['name']}}}", value)
        return path

    def answer(self, responses: dict[str, Any]) -> tuple[Field, ...]:
        """Return the fields of ``data`` where the endpoint did what was asked."""
        first = next(each for status, each in responses.items() if status.startswith("2"))
        schema = first["content"]["application/json"]["schema"]["properties"]["data"]
        return self.fields(schema)

    def kind(self, schema: dict[str, Any]) -> str:
        """Return a schema's type in words: ``list of integer or null``."""
        schema = self.resolve(schema)
        if "anyOf" in schema:
            return " or ".join(dict.fromkeys(self.kind(each) for each in schema["anyOf"]))
        if "enum" in schema:
            return " | ".join(str(each) for each in schema["enum"])
        if "const" in schema:
            return str(schema["const"])
        kind = schema.get("type", "anything")
        if isinstance(kind, list):
            return " or ".join(kind)
        if kind == "array":
            return f"list of {self.kind(schema.get('items', {}))}"
        return str(schema.get("format", kind))

    def fields(self, schema: dict[str, Any]) -> tuple[Field, ...]:
        """Return the fields of an object, or of the objects in a list."""
        schema = self.resolve(schema)
        for each in schema.get("anyOf", ()):
            if found := self.fields(each):
                return found
        if schema.get("type") == "array":
            return self.fields(schema.get("items", {}))
        needed = schema.get("required", ())
        return tuple(
            Field(
                name,
                "body",
                self.kind(each),
                name in needed,
                coded(self.resolve(each).get("description", "")),
            )
            for name, each in schema.get("properties", {}).items()
        )

    def example(self, schema: dict[str, Any], depth: int = 0) -> Any:
        """Return a value that the schema takes: its own examples, and what has to be there."""
        schema = self.resolve(schema)
        for name in ("examples", "enum"):
            if schema.get(name):
                return schema[name][0]
        for name in ("const", "default"):
            if name in schema:
                return schema[name]
        if "anyOf" in schema:
            return self.example(schema["anyOf"][0], depth)
        return self.made_up(schema, depth)

    def made_up(self, schema: dict[str, Any], depth: int) -> Any:
        """Return a value for a schema that names none."""
        kind = schema.get("type")
        if kind == "object" and depth < DEEPEST:
            properties = schema.get("properties", {})
            wanted = schema.get("required") or list(properties)[:1]
            return {name: self.example(properties[name], depth + 1) for name in wanted}
        if kind == "array":
            return [self.example(schema["items"], depth + 1)] if schema.get("minItems") else []
        if kind == "integer":
            return schema.get("minimum", 1)
        return {"boolean": True, "number": 1.0, "null": None}.get(str(kind), "…")


def _curl(method: str, address: str, body: Any) -> str:
    lines = [f"curl -X {method.upper()} '{address}'" if method != "get" else f"curl '{address}'"]
    lines.append('  -H "Authorization: Bearer $TOKEN"')
    if body is not None:
        # A quote within a quoted text of the shell.
        text = json.dumps(body, ensure_ascii=False).replace("'", "'\\''")
        lines += ["  -H 'Content-Type: application/json'", f"  -d '{text}'"]
    return " \\\n".join(lines)


def _python(method: str, address: str, body: Any) -> str:
    lines = [
        "import os",
        "",
        "import httpx",
        "",
        f"answer = httpx.{method}("
        if body is None or method != "delete"
        else 'answer = httpx.request(\n    "DELETE",',
        f'    "{address}",',
        '    headers={"Authorization": f"Bearer {os.environ[\'TOKEN\']}"},',
    ]
    if body is not None:
        lines.append(f"    json={body!r},")
    lines += [")", "answer.raise_for_status()", 'print(answer.json()["data"])']
    return "\n".join(lines)
