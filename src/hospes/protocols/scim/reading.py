"""What a directory sends, brought into the form of the schemas (RFC 7643 §2).

Names are matched without case and written as the schema has them; what no schema knows is left
out, and so is what only the service writes. Directories write booleans as text and single values
as lists of one; both are understood.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hospes.protocols.scim.errors import ScimError, invalid_syntax, invalid_value
from hospes.protocols.scim.filters import storable
from hospes.protocols.scim.matching import instant_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hospes.protocols.scim.schemas import Attribute, ResourceKind, Schema

LONGEST_TEXT: Final = 10_000
MOST_VALUES: Final = 200
# Members are the one list that is long by nature.
MOST_MEMBERS: Final = 20_000
LARGEST_NUMBER: Final = 2**63
_DEEPEST: Final = 20


def load(body: bytes) -> dict[str, Any]:
    """Read a request's body as a JSON object.

    Raises:
        ScimError: it is none (``invalidSyntax``).

    """
    try:
        found = json.loads(body.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise invalid_syntax("The body is not JSON.") from error
    if not isinstance(found, dict):
        raise invalid_syntax("The body is not a JSON object.")
    if _depth(found) > _DEEPEST:
        raise invalid_syntax(f"The body is nested more than {_DEEPEST} deep.")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level and depth <= _DEEPEST:
        depth += 1
        level = [
            below
            for each in level
            if isinstance(each, dict | list)
            for below in (each.values() if isinstance(each, dict) else each)
            if isinstance(below, dict | list)
        ]
    return depth


def need_schema(document: Mapping[str, Any], uri: str) -> None:
    """Refuse a body that does not say what it is.

    Raises:
        ScimError: its ``schemas`` do not name ``uri`` (``invalidSyntax``).

    """
    named = next((value for name, value in document.items() if name.lower() == "schemas"), None)
    listed = named if isinstance(named, list) else []
    texts = [each.lower() for each in listed if isinstance(each, str)]
    if uri.lower() not in texts:
        raise invalid_syntax(f"The attribute schemas does not name {uri}.")


def resource(document: Mapping[str, Any], kind: ResourceKind) -> dict[str, Any]:
    """Read a resource as it was sent by POST or PUT.

    Raises:
        ScimError: a value is of the wrong kind or one that is required is missing.

    """
    need_schema(document, kind.schema.uri)
    attributes = kind.own
    extensions = {each.uri.lower(): each for each in kind.extensions}
    found: dict[str, Any] = {}
    for name, value in document.items():
        attribute = attributes.get(name.lower())
        if attribute is not None:
            if not attribute.read_only and attribute.name != "schemas":
                put(found, attribute.name, clean(value, attribute))
        elif (extension := extensions.get(name.lower())) is not None:
            put(found, extension.uri, extension_value(value, extension))
    return found


def put(holder: dict[str, Any], name: str, value: Any) -> None:
    """Set a value; nothing, null and an empty list are the same (RFC 7643 §2.5)."""
    if value in (None, [], {}):
        holder.pop(name, None)
    else:
        holder[name] = value


def extension_value(value: Any, extension: Schema) -> dict[str, Any]:
    """Read an extension's object.

    Raises:
        ScimError: it is none, or a value in it is of the wrong kind.

    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise invalid_value(f"{extension.uri} is an object.")
    return _object(value, extension.attributes)


def _object(value: Mapping[str, Any], attributes: Mapping[str, Attribute]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, each in value.items():
        attribute = attributes.get(name.lower())
        if attribute is not None and not attribute.read_only:
            put(found, attribute.name, clean(each, attribute))
    return found


def clean(value: Any, attribute: Attribute) -> Any:
    """Return a value of an attribute in the schema's form.

    Raises:
        ScimError: it is of the wrong kind (``invalidValue``).

    """
    if value is None:
        return [] if attribute.many else None
    if not attribute.many:
        return clean_one(_single(value, attribute), attribute)
    values = value if isinstance(value, list) else [value]
    most = MOST_MEMBERS if attribute.name == "members" else MOST_VALUES
    if len(values) > most:
        raise invalid_value(f"{attribute.name} has at most {most} values.")
    found = [clean_one(each, attribute) for each in values if each is not None]
    found = [each for each in found if each not in ({}, "")]
    if sum(1 for each in found if isinstance(each, dict) and each.get("primary") is True) > 1:
        raise invalid_value(f"At most one value of {attribute.name} is the primary one.")
    return found


def _single(value: Any, attribute: Attribute) -> Any:
    """Unwrap what some directories wrap: ``[{"value": "x"}]`` for ``"x"``."""
    if isinstance(value, list):
        if len(value) != 1:
            raise invalid_value(f"{attribute.name} has one value.")
        value = value[0]
    if isinstance(value, dict) and not attribute.complex and "value" in value:
        value = value["value"]
    return value


def clean_one(value: Any, attribute: Attribute) -> Any:
    """Return one value of an attribute in the schema's form.

    Raises:
        ScimError: it is of the wrong kind (``invalidValue``).

    """
    if attribute.complex:
        if isinstance(value, str) and "value" in attribute.subs:
            value = {"value": value}
        if not isinstance(value, dict):
            raise _wrong(attribute, "an object")
        found = _object(value, attribute.subs)
        for sub in attribute.subs.values():
            if sub.required and found and found.get(sub.name) in (None, ""):
                raise invalid_value(f"A value of {attribute.name} lacks its {sub.name}.")
        return found
    match attribute.kind:
        case "boolean":
            return _boolean(value, attribute)
        case "integer" | "decimal":
            return _number(value, attribute)
        case _:
            return _text(value, attribute)


def _boolean(value: Any, attribute: Attribute) -> bool:
    if isinstance(value, str) and value.strip().lower() in {"true", "false"}:
        return value.strip().lower() == "true"
    if not isinstance(value, bool):
        raise _wrong(attribute, "true or false")
    return value


def _number(value: Any, attribute: Attribute) -> int | float:
    kinds = int if attribute.kind == "integer" else int | float
    if isinstance(value, bool) or not isinstance(value, kinds) or abs(value) >= LARGEST_NUMBER:
        raise _wrong(attribute, "a number")
    return value


def _text(value: Any, attribute: Attribute) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        # Employee numbers and the like.
        value = str(value)
    if not isinstance(value, str):
        raise _wrong(attribute, "text")
    if len(value) > LONGEST_TEXT or not storable(value):
        raise invalid_value(
            f"{attribute.name} has at most {LONGEST_TEXT} characters, all of them real ones."
        )
    if attribute.kind == "dateTime" and instant_of(value) is None:
        raise _wrong(attribute, "a date with a time")
    return value


def _wrong(attribute: Attribute, wanted: str) -> ScimError:
    return invalid_value(f"{attribute.name} is not {wanted}.")
