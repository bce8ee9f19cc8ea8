"""What a SCIM client is told when something is refused (RFC 7644 §3.12)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error"


class ScimError(Exception):
    """A refusal. ``kind`` is RFC 7644's ``scimType``, ``""`` where it has none for the case.

    ``retry_after`` is how many seconds to wait before trying again, 0 where that is no help.
    """

    def __init__(
        self,
        detail: str,
        *,
        kind: str = "",
        status: int = HTTPStatus.BAD_REQUEST,
        retry_after: int = 0,
    ) -> None:
        self.retry_after = retry_after
        self.detail = detail
        self.kind = kind
        self.status = int(status)
        super().__init__(detail)

    def document(self) -> dict[str, Any]:
        """Return the body of the answer."""
        told: dict[str, Any] = {"schemas": [ERROR_SCHEMA], "status": str(self.status)}
        if self.kind:
            told["scimType"] = self.kind
        told["detail"] = self.detail
        return told


def invalid_filter(detail: str) -> ScimError:
    """Return the refusal of a filter that cannot be read or does not suit its attribute."""
    return ScimError(detail, kind="invalidFilter")


def invalid_value(detail: str) -> ScimError:
    """Return the refusal of a value that is missing or of the wrong kind."""
    return ScimError(detail, kind="invalidValue")


def invalid_path(detail: str) -> ScimError:
    """Return the refusal of a path that names nothing."""
    return ScimError(detail, kind="invalidPath")


def invalid_syntax(detail: str) -> ScimError:
    """Return the refusal of a body that is not what the request calls for."""
    return ScimError(detail, kind="invalidSyntax")


def not_found(detail: str = "There is no such resource.") -> ScimError:
    """Return the answer for what does not exist or belongs to another directory."""
    return ScimError(detail, status=HTTPStatus.NOT_FOUND)


def uniqueness(detail: str) -> ScimError:
    """Return the refusal of a second resource where there may be one."""
    return ScimError(detail, kind="uniqueness", status=HTTPStatus.CONFLICT)


def forbidden(detail: str) -> ScimError:
    """Return the refusal of what a directory may not do."""
    return ScimError(detail, status=HTTPStatus.FORBIDDEN)
