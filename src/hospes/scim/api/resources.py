"""Users and groups: create, read, search, replace, patch, delete (RFC 7644 §3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hospes.foundation import numbers
from hospes.protocols.scim import etags, lists, patches, projection, reading
from hospes.protocols.scim.errors import not_found
from hospes.protocols.scim.schemas import kinds, user_kind
from hospes.scim.api.replies import Reply, method_not_allowed, of_resource
from hospes.scim.queries.lists import find_in, find_one
from hospes.scim.services import groups, users

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hospes.kit.origin import Origin
    from hospes.protocols.scim.lists import Query
    from hospes.protocols.scim.projection import Wanted
    from hospes.protocols.scim.schemas import ResourceKind
    from hospes.scim.models import Directory
    from hospes.scim.services.holding import Transform

SEARCH: Final = ".search"


@dataclass(frozen=True, slots=True)
class Call:
    """One operation on resources. ``segments`` is the path below the base, ``data`` the body."""

    directory: Directory
    method: str
    segments: tuple[str, ...]
    origin: Origin
    data: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    if_match: str = ""
    if_none_match: str = ""


def run(call: Call) -> Reply:
    """Do what was asked and answer.

    Raises:
        ScimError: it cannot be done, or there is no such address (404).

    """
    if call.segments in {(), (SEARCH,)}:
        return _everything(call)
    kind = next((each for each in kinds() if each.endpoint == call.segments[0]), None)
    below = call.segments[1:]
    if kind is None or len(below) > 1:
        raise not_found("There is nothing at this address.")
    if not below:
        return _collection(call, kind)
    if below[0] == SEARCH:
        return _searched(call, [kind])
    return _one(call, kind, below[0])


def _everything(call: Call) -> Reply:
    if call.segments:
        return _searched(call, kinds())
    if call.method != "GET":
        return method_not_allowed("GET")
    return _listed(call, kinds(), lists.from_parameters(call.parameters, most=_most()))


def _searched(call: Call, among: Sequence[ResourceKind]) -> Reply:
    if call.method != "POST":
        return method_not_allowed("POST")
    return _listed(call, among, lists.from_search(call.data, most=_most()))


def _collection(call: Call, kind: ResourceKind) -> Reply:
    if call.method == "GET":
        return _listed(call, [kind], lists.from_parameters(call.parameters, most=_most()))
    if call.method != "POST":
        return method_not_allowed("GET", "POST")
    wanted = _wanted(call)
    resource = reading.resource(call.data, kind)
    create = users.create_user if kind is user_kind() else groups.create_group
    made = create(call.directory, resource, origin=call.origin)
    return of_resource(made, projection.project(made, wanted, kind), status=201)


def _one(call: Call, kind: ResourceKind, public_id: str) -> Reply:
    if call.method == "GET":
        return _read(call, kind, public_id)
    if call.method == "DELETE":
        delete = users.delete_user if kind is user_kind() else groups.delete_group
        delete(call.directory, public_id, if_match=call.if_match, origin=call.origin)
        return Reply(204)
    if call.method not in {"PUT", "PATCH"}:
        return method_not_allowed("GET", "PUT", "PATCH", "DELETE")
    wanted = _wanted(call)
    change = users.change_user if kind is user_kind() else groups.change_group
    changed = change(
        call.directory,
        public_id,
        _replacing(call.data, kind) if call.method == "PUT" else _patching(call.data, kind),
        if_match=call.if_match,
        origin=call.origin,
    )
    return of_resource(changed, projection.project(changed, wanted, kind))


def _replacing(data: Mapping[str, Any], kind: ResourceKind) -> Transform:
    resource = reading.resource(data, kind)
    return lambda _before: dict(resource)


def _patching(data: Mapping[str, Any], kind: ResourceKind) -> Transform:
    operations = patches.read(data)
    return lambda before: patches.apply(before, operations, kind)


def _read(call: Call, kind: ResourceKind, public_id: str) -> Reply:
    wanted = _wanted(call)
    found = find_one(call.directory, kind, public_id)
    if found is None:
        raise not_found()
    version = found["meta"]["version"]
    if call.if_none_match and etags.named(call.if_none_match, version):
        return Reply(304, None, {"ETag": version})
    return of_resource(found, projection.project(found, wanted, kind))


def _listed(call: Call, among: Sequence[ResourceKind], query: Query) -> Reply:
    found, total = find_in(call.directory, among, query)
    return Reply(document=lists.response(found, total=total, start=query.start))


def _wanted(call: Call) -> Wanted:
    told = {name.lower(): value for name, value in call.parameters.items()}
    return projection.read(
        told.get("attributes", "").split(","), told.get("excludedattributes", "").split(",")
    )


def _most() -> int:
    return numbers.get("scim.results")
