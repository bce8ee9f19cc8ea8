"""The errors of RFC 6749 and RFC 6750, and the form in which each endpoint tells them."""

from __future__ import annotations

from dataclasses import dataclass

NO_STORE = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))
REALM = "hospes"

# RFC 6749 §5.2 and RFC 6750 §3.1.
_STATUS = {
    "invalid_client": 401,
    "invalid_token": 401,
    "insufficient_scope": 403,
    "server_error": 500,
    "temporarily_unavailable": 503,
}


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """An error as HTTP sees it; ``body`` is to be sent as JSON."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: dict[str, str]


class OAuthError(Exception):
    """An expected refusal. ``description`` is for the client's developer, in English, ASCII."""

    def __init__(self, code: str, description: str) -> None:
        self.code = code
        self.description = description
        super().__init__(f"{code}: {description}")

    def __reduce__(self) -> tuple[type[OAuthError], tuple[str, str]]:
        return type(self), (self.code, self.description)

    @property
    def status(self) -> int:
        """Return the HTTP status of the token endpoint (RFC 6749 §5.2)."""
        return _STATUS.get(self.code, 400)

    def answer(self) -> ErrorAnswer:
        """Return the token endpoint's answer."""
        headers: tuple[tuple[str, str], ...] = NO_STORE
        if self.status == _STATUS["invalid_client"]:
            headers = (*headers, ("WWW-Authenticate", f'Basic realm="{REALM}", charset="UTF-8"'))
        return ErrorAnswer(
            self.status, headers, {"error": self.code, "error_description": self.description}
        )


class Unproved(OAuthError):
    """A client that did not prove itself, told in the same words whatever it is.

    ``reason`` is for the owner of the application that it named.
    """

    def __init__(self, reason: str = "") -> None:
        self.reason = reason
        super().__init__("invalid_client", "The client is unknown or its authentication failed.")

    def __reduce__(self) -> tuple[type[Unproved], tuple[str]]:  # type: ignore[override]  # it is made otherwise
        return type(self), (self.reason,)


class BearerRefusal(Exception):
    """A protected resource's refusal (RFC 6750 §3).

    Without a code the request carried no credentials at all, and the challenge names no error.
    """

    def __init__(self, code: str = "", description: str = "", *, scope: str = "") -> None:
        self.code = code
        self.description = description
        self.scope = scope
        super().__init__(code or "no credentials")

    def answer(self) -> ErrorAnswer:
        """Return the status, the ``WWW-Authenticate`` challenge and the body."""
        parts = [f'Bearer realm="{REALM}"']
        body: dict[str, str] = {}
        if self.code:
            parts += [f'error="{self.code}"', f'error_description="{self.description}"']
            body = {"error": self.code, "error_description": self.description}
        if self.scope:
            parts.append(f'scope="{self.scope}"')
        return ErrorAnswer(
            _STATUS.get(self.code, 400) if self.code else 401,
            (*NO_STORE, ("WWW-Authenticate", ", ".join(parts))),
            body,
        )
