"""Changing a resource by PATCH (RFC 7644 §3.5.2), as pure functions over plain values.

Beside the letter of the RFC stand the spellings of directories in use: operations with capitals,
a path as a name in the value of an operation without one, and members to remove named in the
value of a ``remove``.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hospes.protocols.scim import paths, reading
from hospes.protocols.scim.errors import ScimError, invalid_path, invalid_syntax, invalid_value
from hospes.protocols.scim.filters import And, Compare
from hospes.protocols.scim.matching import selects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hospes.protocols.scim.filters import Node
    from hospes.protocols.scim.paths import Target
    from hospes.protocols.scim.schemas import Attribute, Place, ResourceKind

PATCH_SCHEMA: Final = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MOST_OPERATIONS: Final = 1000
_OPS: Final = frozenset({"add", "remove", "replace"})
_KEPT: Final = frozenset({"id", "schemas", "meta"})


@dataclass(frozen=True, slots=True)
class Operation:
    """One step. ``op`` is in lower case, ``path`` is ``""`` where it names no place."""

    op: str
    path: str
    value: Any


def read(document: Mapping[str, Any]) -> tuple[Operation, ...]:
    """Read the body of a PATCH.

    Raises:
        ScimError: it is no PatchOp message (``invalidSyntax``), or has too many steps.

    """
    reading.need_schema(document, PATCH_SCHEMA)
    found = next((value for name, value in document.items() if name.lower() == "operations"), None)
    if not isinstance(found, list) or not found:
        raise invalid_syntax("The attribute Operations is not a list of operations.")
    if len(found) > MOST_OPERATIONS:
        raise ScimError(f"At most {MOST_OPERATIONS} operations.", kind="tooMany", status=413)
    return tuple(_operation(each) for each in found)


def _operation(document: Any) -> Operation:
    if not isinstance(document, dict):
        raise invalid_syntax("An operation is an object.")
    values = {name.lower(): value for name, value in document.items()}
    op, path = values.get("op"), values.get("path")
    if not isinstance(op, str) or op.lower() not in _OPS:
        raise invalid_syntax("The op of an operation is add, remove or replace.")
    if not isinstance(path, str | None):
        raise invalid_path("The path of an operation is text.")
    return Operation(op.lower(), path or "", values.get("value"))


def apply(
    resource: Mapping[str, Any], operations: tuple[Operation, ...], kind: ResourceKind
) -> dict[str, Any]:
    """Return ``resource`` after all operations; ``resource`` itself stays as it is.

    Raises:
        ScimError: one of them cannot be done, so none was.

    """
    found = copy.deepcopy(dict(resource))
    for operation in operations:
        for target, value in _targets(operation, kind):
            _refuse_read_only(target.place)
            _step(found, operation.op, target, value)
    return found


def _targets(operation: Operation, kind: ResourceKind) -> Iterator[tuple[Target, Any]]:
    if operation.path:
        yield paths.parse(operation.path, kind), operation.value
        return
    if operation.op == "remove":
        raise ScimError("An operation that removes needs a path.", kind="noTarget")
    if not isinstance(operation.value, dict):
        raise invalid_value("An operation without a path has an object as its value.")
    for name, value in operation.value.items():
        if name.lower() not in _KEPT:
            yield paths.parse(name, kind), value


def _refuse_read_only(place: Place) -> None:
    for each in (place.attribute, place.sub):
        if each is not None and each.read_only:
            raise ScimError(f"{each.name} is read-only.", kind="mutability")


def _step(resource: dict[str, Any], op: str, target: Target, value: Any) -> None:
    place = target.place
    if op != "remove" and value is None:
        # To set nothing is to remove (RFC 7643 §2.5).
        op = "remove"
    if place.attribute is None:
        _extension(resource, op, place, value)
        return
    holder = resource.setdefault(place.extension, {}) if place.extension else resource
    if target.selection is not None:
        _selected(holder, op, target, value)
    elif place.sub is not None:
        _sub_attribute(holder, op, place.attribute, place.sub, value)
    else:
        _whole(holder, op, place.attribute, value)
    if place.extension and not holder:
        del resource[place.extension]


def _extension(resource: dict[str, Any], op: str, place: Place, value: Any) -> None:
    if op == "remove":
        resource.pop(place.extension, None)
        return
    if not isinstance(value, dict):
        raise invalid_value(f"{place.extension} is an object.")
    schema = next(each for each in _schemas() if each.uri == place.extension)
    found = reading.extension_value(value, schema)
    before = resource.get(place.extension, {}) if op == "add" else {}
    reading.put(resource, place.extension, {**before, **found})


def _schemas() -> Any:
    from hospes.protocols.scim.schemas import kinds  # noqa: PLC0415 - read when first needed

    return [extension for kind in kinds() for extension in kind.extensions]


def _whole(holder: dict[str, Any], op: str, attribute: Attribute, value: Any) -> None:
    name = attribute.name
    if op == "remove":
        if attribute.required and not attribute.many:
            # RFC 7644 §3.5.2.2
            raise ScimError(f"{name} is required and stays.", kind="mutability")
        if attribute.many and value not in (None, [], {}):
            _without(holder, attribute, value)
        else:
            holder.pop(name, None)
        return
    found = reading.clean(value, attribute)
    if attribute.many and op == "add":
        before = holder.get(name, [])
        if any(each.get("primary") is True for each in found if isinstance(each, dict)):
            before = [_secondary(each) for each in before]
        found = [*before, *_new_among(found, before)]
    elif attribute.complex and not attribute.many and isinstance(found, dict):
        # RFC 7644 §3.5.2.3: what the value does not name stays.
        found = {**holder.get(name, {}), **found}
    reading.put(holder, name, found)


def _secondary(value: Any) -> Any:
    if isinstance(value, dict) and value.get("primary") is True:
        return {**value, "primary": False}
    return value


def _new_among(values: list[Any], before: list[Any]) -> list[Any]:
    """Return those that are not there yet; members are the same when their ids are."""
    known = {_key(each) for each in before}
    found = {key: each for each in values if (key := _key(each)) not in known}
    return list(found.values())


def _key(value: Any) -> str:
    if not isinstance(value, dict):
        return repr(value)
    if set(value) <= {"value", "$ref", "type", "display"} and "value" in value:
        return repr((value["value"], value.get("type", "")))
    return repr(sorted(value.items(), key=lambda pair: pair[0]))


def _without(holder: dict[str, Any], attribute: Attribute, value: Any) -> None:
    gone = {
        each["value"] if isinstance(each, dict) and "value" in each else repr(each)
        for each in reading.clean(value, attribute)
    }
    kept = [
        each
        for each in holder.get(attribute.name, [])
        if (each.get("value") if isinstance(each, dict) else repr(each)) not in gone
    ]
    reading.put(holder, attribute.name, kept)


def _sub_attribute(
    holder: dict[str, Any], op: str, attribute: Attribute, sub: Attribute, value: Any
) -> None:
    if attribute.many:
        _every(holder.get(attribute.name, []), op, sub, value)
        kept = [each for each in holder.get(attribute.name, []) if each]
        reading.put(holder, attribute.name, kept)
        return
    found = holder.get(attribute.name, {})
    if op == "remove":
        found.pop(sub.name, None)
    else:
        reading.put(found, sub.name, reading.clean(value, sub))
    reading.put(holder, attribute.name, found)


def _every(values: list[dict[str, Any]], op: str, sub: Attribute, value: Any) -> None:
    if sub.mutability == "immutable" or sub.required:
        raise ScimError(f"{sub.name} stays as it is; remove or add values.", kind="mutability")
    if op != "remove" and not values:
        raise ScimError("There is no value to change.", kind="noTarget")
    for each in values:
        if op == "remove":
            each.pop(sub.name, None)
        else:
            reading.put(each, sub.name, reading.clean(value, sub))


def _selected(holder: dict[str, Any], op: str, target: Target, value: Any) -> None:
    attribute, sub, node = target.place.attribute, target.place.sub, target.selection
    if attribute is None or node is None:
        return
    values: list[dict[str, Any]] = holder.get(attribute.name, [])
    chosen = [at for at, each in enumerate(values) if selects(node, each, attribute)]
    if op == "remove":
        # Nothing to remove: it is gone already, as was asked.
        values = _removed(values, chosen, sub)
    elif chosen:
        values = _changed(values, chosen, attribute, sub, value)
    elif op == "add":
        values = [*values, _made(node, attribute, sub, value)]
    else:
        raise ScimError("No value is selected by the path.", kind="noTarget")
    reading.put(holder, attribute.name, reading.clean(values, attribute))


def _removed(
    values: list[dict[str, Any]], chosen: list[int], sub: Attribute | None
) -> list[dict[str, Any]]:
    if sub is None:
        return [each for at, each in enumerate(values) if at not in set(chosen)]
    for at in chosen:
        if sub.required:
            # A value without its value is none.
            values[at] = {}
        values[at].pop(sub.name, None)
    return [each for each in values if each]


def _changed(
    values: list[dict[str, Any]],
    chosen: list[int],
    attribute: Attribute,
    sub: Attribute | None,
    value: Any,
) -> list[dict[str, Any]]:
    if sub is not None and sub.mutability == "immutable":
        raise ScimError(f"{sub.name} stays as it is; remove or add values.", kind="mutability")
    new = _parts(attribute, sub, value)
    if new.get("primary") is True:
        values = [_secondary(each) for each in values]
    for at in chosen:
        values[at] = {**values[at], **new}
    return values


def _made(node: Node, attribute: Attribute, sub: Attribute | None, value: Any) -> dict[str, Any]:
    """Make the value that an ``add`` describes by its selection and its value together."""
    made: dict[str, Any] = {}
    for term in node.terms if isinstance(node, And) else (node,):
        if not isinstance(term, Compare) or term.operator != "eq":
            raise ScimError("No value is selected by the path.", kind="noTarget")
        named = attribute.subs[term.path.name.lower()]
        reading.put(made, named.name, reading.clean(term.value, named))
    return {**made, **_parts(attribute, sub, value)}


def _parts(attribute: Attribute, sub: Attribute | None, value: Any) -> dict[str, Any]:
    if sub is not None:
        return {sub.name: reading.clean(value, sub)}
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        raise invalid_value(f"A value of {attribute.name} is an object.")
    found: dict[str, Any] = {}
    for name, each in value.items():
        part = attribute.subs.get(name.lower())
        if part is not None and not part.read_only:
            reading.put(found, part.name, reading.clean(each, part))
    return found
