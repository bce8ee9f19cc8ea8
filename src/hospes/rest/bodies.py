"""Reads a body: JSON, or the forms that old clients send."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pydantic_core
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from pydantic import BaseModel, ValidationError

from hospes.rest.faults import Problem, Wrong, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
MOST_FIELDS = 1000
DEEPEST_FORM = 8
_KEYS = re.compile(r"\[([^\[\]]*)\]")
_NAME = re.compile(r"(?P<name>[^\[\]]+)(?P<keys>(?:\[[^\[\]]*\])*)")

# pydantic's words → the published rules.
_RULES = {
    "missing": "required",
    "extra_forbidden": "prohibited",
    "enum": "in",
    "literal_error": "in",
    "string_too_long": "max",
    "too_long": "max",
    "less_than_equal": "max",
    "less_than": "max",
    "string_too_short": "min",
    "too_short": "min",
    "greater_than_equal": "min",
    "greater_than": "min",
    "string_pattern_mismatch": "regex",
    "int_from_float": "integer",
    "int_parsing_size": "max",
    "uuid_parsing": "uuid",
    "uuid_type": "uuid",
    "model_type": "object",
    "model_attributes_type": "object",
    "dict_type": "object",
    "finite_number": "numeric",
}
_TYPES = {
    "int": "integer",
    "float": "numeric",
    "bool": "boolean",
    "string": "string",
    "list": "array",
    "tuple": "array",
    "set": "array",
    "frozen": "array",
}
_BOUNDS = {
    "max_length": "max",
    "min_length": "min",
    "le": "max",
    "lt": "max",
    "ge": "min",
    "gt": "min",
}
_DIGITS = re.compile(r"-?(?:0|[1-9][0-9]{0,18})", re.ASCII)
_TRUTH = {"1": True, "true": True, "0": False, "false": False}


def read(content_type: str, body: bytes) -> tuple[dict[str, Any], bool]:
    """Return a body's fields, and whether it was a form, whose values are all text.

    Raises:
        Problem: ``invalid_json``, ``invalid_body``, ``unsupported_media_type``.

    """
    if not body.strip():
        return {}, False
    kind = content_type.partition(";")[0].strip().lower()
    if kind == FORM and body.lstrip()[:1] != b"{":
        return _form(body), True
    if kind == MULTIPART:
        return _multipart(content_type, body), True
    # A tool that was not told what it sends says that JSON is a form, or nothing at all.
    if kind in {"", FORM, "application/json"} or kind.endswith("+json"):
        return _json(body), False
    raise Problem("unsupported_media_type")


def _json(body: bytes) -> dict[str, Any]:
    try:
        # It refuses what is nested too deep.
        found = pydantic_core.from_json(body, allow_inf_nan=False)
    except ValueError:
        raise Problem("invalid_json") from None
    if not isinstance(found, dict):
        raise Problem("invalid_json")
    return found


def _form(body: bytes) -> dict[str, Any]:
    try:
        told = QueryDict(body.decode("utf-8"), encoding="utf-8")
    # Django raises one of several, by what is wrong.
    except Exception as error:
        raise Problem("invalid_body") from error
    return _nested((name, value) for name, values in told.lists() for value in values)


def _multipart(content_type: str, body: bytes) -> dict[str, Any]:
    meta = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body))}
    handler = MemoryFileUploadHandler()
    handler.chunk_size = len(body) + 4
    try:
        fields, files = MultiPartParser(meta, io.BytesIO(body), [handler], "utf-8").parse()
    except (MultiPartParserError, ValueError, UnicodeDecodeError, KeyError) as error:
        raise Problem("invalid_body") from error
    except Exception as error:
        raise Problem("invalid_body") from error
    if files:
        names = [str(name)[:100] for name in files]
        raise Problem("validation_failed", *(wrong(name, "string") for name in names))
    return _nested((name, value) for name, values in fields.lists() for value in values)


def _nested(told: Iterator[tuple[str, str]]) -> dict[str, Any]:
    """Return ``a[0][b]=1`` as lists and objects within each other."""
    tree: dict[str, Any] = {}
    for number, (name, value) in enumerate(told):
        found = _NAME.fullmatch(name)
        keys = [found["name"], *_KEYS.findall(found["keys"])] if found else [name]
        if number >= MOST_FIELDS or len(keys) > DEEPEST_FORM:
            raise Problem("invalid_body")
        place = tree
        for key in keys[:-1]:
            below = place.setdefault(key, {})
            if not isinstance(below, dict):
                raise Problem("invalid_body")
            place = below
        last = keys[-1]
        if last == "" and len(keys) > 1:
            last = str(len(place))
        place[last] = value
    return {name: _lists(value) for name, value in tree.items()}


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and list(value) == [str(number) for number in range(len(value))]:
        return [_lists(item) for item in value.values()]
    return {name: _lists(item) for name, item in value.items()}


# ---- against the model ----------------------------------------------------------------------


def check(
    model: type[BaseModel] | None, fields: dict[str, Any], *, form: bool
) -> tuple[BaseModel | None, list[Wrong]]:
    """Return the body as the endpoint takes it, and every fault.

    JSON says what a number is; where it says ``"3"`` for one, as many old clients do, that is
    taken as 3, and ``1`` or ``"true"`` as true. Nothing else is turned into something else.
    """
    wrongs = [wrong(name, "string", reason="control character") for name in _unreadable(fields)]
    if model is None:
        return None, [*wrongs, *(wrong(name[:100], "prohibited") for name in fields)]
    try:
        return _validated(model, fields, form=form), wrongs
    except ValidationError as error:
        return None, [*wrongs, *_wrongs(model, error)]


def _validated(model: type[BaseModel], fields: dict[str, Any], *, form: bool) -> BaseModel:
    if form:
        return model.model_validate(fields)
    told = pydantic_core.to_json(fields)
    try:
        return model.model_validate_json(told, strict=True)
    except ValidationError as error:
        if not _mend(fields, error):
            raise
    return model.model_validate_json(pydantic_core.to_json(fields), strict=True)


def _mend(fields: dict[str, Any], error: ValidationError) -> bool:
    mended = False
    for fault in error.errors(include_url=False, include_context=False):
        value = fault["input"]
        new: Any = None
        if fault["type"] == "int_type" and isinstance(value, str) and _DIGITS.fullmatch(value):
            new = int(value)
        elif fault["type"] == "bool_type":
            new = _TRUTH.get(str(value).lower()) if isinstance(value, (int, str)) else None
        if new is not None and _put(fields, fault["loc"], new):
            mended = True
    return mended


def _put(fields: Any, place: tuple[int | str, ...], value: Any) -> bool:
    try:
        for key in place[:-1]:
            fields = fields[key]
        fields[place[-1]] = value
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _wrongs(model: type[BaseModel], error: ValidationError) -> list[Wrong]:
    found: list[Wrong] = []
    for fault in error.errors(include_url=False):
        kind, context = fault["type"], fault.get("ctx") or {}
        attribute = ".".join(str(key)[:100] for key in fault["loc"])
        values: tuple[str, ...] = ()
        if kind == "extra_forbidden" and len(fault["loc"]) == 1:
            values = tuple(model.model_fields)
        rule = _RULES.get(kind) or _TYPES.get(kind.partition("_")[0], kind)
        if rule == "in":
            values = _accepted(context.get("expected", ""))
        bounds: Mapping[str, Any] = {
            _BOUNDS[name]: value for name, value in context.items() if name in _BOUNDS
        }
        told = fault["msg"] if kind.startswith(("value_error", "assertion")) else ""
        if kind.startswith(("value_error", "assertion")):
            rule = "invalid"
        found.append(
            Wrong(attribute, f"validation_rule_{rule}", values, _plain(told), context=bounds)
        )
    return found


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").removeprefix("Assertion failed, ")


def _accepted(expected: Any) -> tuple[str, ...]:
    """Return the values that pydantic names as ``'a', 'b' or 'c'``."""
    return tuple(re.findall(r"'([^']*)'", str(expected))) or tuple(
        piece for piece in re.split(r", | or ", str(expected)) if piece
    )


def _unreadable(value: Any, place: str = "") -> Iterator[str]:
    """Return where a text holds what no database keeps."""
    if isinstance(value, str):
        if "\0" in value:
            yield place
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _unreadable(item, f"{place}.{name[:100]}" if place else name[:100])
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _unreadable(item, f"{place}.{number}" if place else str(number))
