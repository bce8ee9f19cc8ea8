"""What the service can do and what its resources look like (RFC 7644 §4, RFC 7643 §5 to §7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from hospes.foundation import numbers
from hospes.protocols.scim import lists
from hospes.protocols.scim.errors import ScimError, not_found
from hospes.protocols.scim.schemas import kinds
from hospes.scim.api.replies import Reply, method_not_allowed
from hospes.scim.queries.documents import BASE_PATH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hospes.protocols.scim.schemas import ResourceKind, Schema

ENDPOINTS: Final = frozenset({"ServiceProviderConfig", "ResourceTypes", "Schemas"})
# Bodies of bulk requests, in bytes.
MOST_BULK_BYTES: Final = 1024 * 1024
_CONFIG: Final = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
_TYPE: Final = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"


def run(method: str, segments: tuple[str, ...], parameters: Mapping[str, str]) -> Reply:
    """Answer at one of ``ENDPOINTS``.

    Raises:
        ScimError: there is no such schema or type (404), or a filter was sent (403).

    """
    if method != "GET":
        return method_not_allowed("GET")
    if any(name.lower() == "filter" for name in parameters):
        # RFC 7644 §4
        raise ScimError("What describes the service cannot be filtered.", status=403)
    endpoint, key = segments[0], segments[1:]
    if endpoint == "ServiceProviderConfig":
        if key:
            raise not_found()
        return Reply(document=_config())
    found = _types() if endpoint == "ResourceTypes" else _schemas()
    if not key:
        return Reply(document=lists.response(list(found.values()), total=len(found), start=1))
    if len(key) > 1 or key[0] not in found:
        raise not_found()
    return Reply(document=found[key[0]])


def _address(*parts: str) -> str:
    return f"{settings.HOSPES.base_url}{BASE_PATH}/{'/'.join(parts)}"


def _config() -> dict[str, Any]:
    return {
        "schemas": [_CONFIG],
        "patch": {"supported": True},
        "bulk": {
            "supported": True,
            "maxOperations": numbers.get("scim.bulk_operations"),
            "maxPayloadSize": MOST_BULK_BYTES,
        },
        "filter": {"supported": True, "maxResults": numbers.get("scim.results")},
        "changePassword": {"supported": False},
        "sort": {"supported": True},
        "etag": {"supported": True},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "Bearer token",
                "description": "The token that the organization's Directory page showed once.",
                "specUri": "https://www.rfc-editor.org/info/rfc6750",
                "primary": True,
            }
        ],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": _address("ServiceProviderConfig"),
        },
    }


def _types() -> dict[str, dict[str, Any]]:
    return {kind.name: _type(kind) for kind in kinds()}


def _type(kind: ResourceKind) -> dict[str, Any]:
    found: dict[str, Any] = {
        "schemas": [_TYPE],
        "id": kind.name,
        "name": kind.name,
        "description": "A person" if kind.name == "User" else "A work team",
        "endpoint": f"/{kind.endpoint}",
        "schema": kind.schema.uri,
    }
    if kind.extensions:
        found["schemaExtensions"] = [
            {"schema": each.uri, "required": False} for each in kind.extensions
        ]
    found["meta"] = {
        "resourceType": "ResourceType",
        "location": _address("ResourceTypes", kind.name),
    }
    return found


def _schemas() -> dict[str, dict[str, Any]]:
    found = [schema for kind in kinds() for schema in (kind.schema, *kind.extensions)]
    return {schema.uri: _schema(schema) for schema in found}


def _schema(schema: Schema) -> dict[str, Any]:
    meta = {"resourceType": "Schema", "location": _address("Schemas", schema.uri)}
    return {**schema.document, "meta": meta}
