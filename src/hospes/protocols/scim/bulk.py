"""Many operations in one request (RFC 7644 §3.7): what they are, and what they refer to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hospes.protocols.scim import reading
from hospes.protocols.scim.errors import ScimError, invalid_syntax, invalid_value

if TYPE_CHECKING:
    from collections.abc import Mapping

REQUEST_SCHEMA: Final = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
RESPONSE_SCHEMA: Final = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
METHODS: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_REFERENCE = re.compile(r"bulkId:(.{1,200})", re.DOTALL)
_IN_PATH = re.compile(r"/bulkId:([^/]{1,200})")
_LONGEST_PATH = 500


@dataclass(frozen=True, slots=True)
class BulkOperation:
    """One operation. ``data`` is None where it has no body."""

    method: str
    path: str
    bulk_id: str
    version: str
    data: dict[str, Any] | None

    def refers_to(self) -> frozenset[str]:
        """Return the bulkIds of other operations that this one needs the results of."""
        found = set(_IN_PATH.findall(self.path))
        _collect(self.data, found)
        return frozenset(found)

    def resolved(self, ids: Mapping[str, str]) -> tuple[str, dict[str, Any] | None]:
        """Return path and body with the ids that stand for the bulkIds."""
        path = _IN_PATH.sub(lambda found: f"/{ids.get(found[1], found[1])}", self.path)
        return path, _replaced(self.data, ids)


def read(document: Mapping[str, Any], *, most: int) -> tuple[tuple[BulkOperation, ...], int]:
    """Read a BulkRequest; return its operations and ``failOnErrors``, 0 where there is no limit.

    Raises:
        ScimError: it is none, or holds more than ``most`` operations (413, ``tooMany``).

    """
    reading.need_schema(document, REQUEST_SCHEMA)
    values = {name.lower(): value for name, value in document.items()}
    found = values.get("operations")
    if not isinstance(found, list) or not found:
        raise invalid_syntax("The attribute Operations is not a list of operations.")
    if len(found) > most:
        raise ScimError(
            f"A bulk request holds at most {most} operations.", kind="tooMany", status=413
        )
    limit = values.get("failonerrors", 0)
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 0:
        raise invalid_value("failOnErrors is a number of errors.")
    operations = tuple(_operation(each) for each in found)
    named = [each.bulk_id for each in operations if each.bulk_id]
    if len(set(named)) != len(named):
        raise invalid_value("Every bulkId stands for one operation.")
    return operations, limit


def _operation(document: Any) -> BulkOperation:
    if not isinstance(document, dict):
        raise invalid_syntax("An operation is an object.")
    values = {name.lower(): value for name, value in document.items()}
    method, path = values.get("method"), values.get("path")
    bulk_id, version = values.get("bulkid") or "", values.get("version") or ""
    if not isinstance(method, str) or method.upper() not in METHODS:
        raise invalid_syntax("The method of an operation is POST, PUT, PATCH or DELETE.")
    if not isinstance(path, str) or not path.startswith("/") or len(path) > _LONGEST_PATH:
        raise invalid_syntax("The path of an operation begins with a slash.")
    if not isinstance(bulk_id, str) or not isinstance(version, str):
        raise invalid_syntax("bulkId and version are text.")
    if method.upper() == "POST" and not bulk_id:
        raise invalid_syntax("An operation that creates has a bulkId.")
    data = values.get("data")
    if method.upper() != "DELETE" and not isinstance(data, dict):
        raise invalid_syntax("The data of an operation is an object.")
    return BulkOperation(
        method.upper(), path, bulk_id, version, data if isinstance(data, dict) else None
    )


def _collect(value: Any, found: set[str]) -> None:
    if isinstance(value, str):
        reference = _REFERENCE.fullmatch(value)
        if reference is not None:
            found.add(reference[1])
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            _collect(each, found)


def _replaced(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        reference = _REFERENCE.fullmatch(value)
        return ids.get(reference[1], value) if reference is not None else value
    if isinstance(value, dict):
        return {name: _replaced(each, ids) for name, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, ids) for each in value]
    return value
