"""Many operations in one request (RFC 7644 §3.7), each for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hospes.foundation import numbers
from hospes.protocols.scim import bulk
from hospes.protocols.scim.errors import ScimError, invalid_value
from hospes.scim.api import resources
from hospes.scim.api.replies import Reply, of_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hospes.kit.origin import Origin
    from hospes.protocols.scim.bulk import BulkOperation
    from hospes.scim.models import Directory

_FIRST_ERROR = 400


def run(directory: Directory, data: Mapping[str, Any], *, origin: Origin) -> Reply:
    """Carry out a bulk request, in its order but for what needs the result of a later one.

    Raises:
        ScimError: it is no bulk request or too large; nothing was done.

    """
    operations, limit = bulk.read(data, most=numbers.get("scim.bulk_operations"))
    made: dict[str, str] = {}
    answers: dict[int, dict[str, Any]] = {}
    errors = 0
    left = dict(enumerate(operations))
    while left and not (limit and errors >= limit):
        at = _next(left, made)
        operation = left.pop(at)
        reply = _run_one(directory, operation, made, origin)
        answers[at] = _answer(operation, reply)
        if reply.status >= _FIRST_ERROR:
            errors += 1
        elif operation.method == "POST" and reply.document is not None:
            made[operation.bulk_id] = str(reply.document["id"])
    told = [answers[at] for at in sorted(answers)]
    return Reply(document={"schemas": [bulk.RESPONSE_SCHEMA], "Operations": told})


def _next(left: Mapping[int, BulkOperation], made: Mapping[str, str]) -> int:
    """Return the first operation that waits for no other; the first at all where each does."""
    to_come = {each.bulk_id for each in left.values() if each.method == "POST"}
    for at, operation in left.items():
        if not (operation.refers_to() - made.keys()) & (to_come - {operation.bulk_id}):
            return at
    return next(iter(left))


def _run_one(
    directory: Directory, operation: BulkOperation, made: Mapping[str, str], origin: Origin
) -> Reply:
    try:
        unknown = sorted(operation.refers_to() - made.keys())
        if unknown:
            raise invalid_value(f"No operation before made {unknown[0][:100]}.")
        path, data = operation.resolved(made)
        segments = tuple(path.removeprefix("/").split("/"))
        if segments[0] not in {"Users", "Groups"} or segments[-1] == resources.SEARCH:
            raise invalid_value("A bulk operation is about Users or Groups.")
        return resources.run(
            resources.Call(
                directory,
                operation.method,
                segments,
                origin,
                data=data or {},
                if_match=operation.version,
            )
        )
    except ScimError as fault:
        return of_error(fault)


def _answer(operation: BulkOperation, reply: Reply) -> dict[str, Any]:
    told: dict[str, Any] = {"method": operation.method, "status": str(reply.status)}
    if operation.bulk_id:
        told["bulkId"] = operation.bulk_id
    document = reply.document
    if reply.status >= _FIRST_ERROR:
        told["response"] = document
    elif document is not None:
        told["location"] = document["meta"]["location"]
        told["version"] = document["meta"]["version"]
    return told
