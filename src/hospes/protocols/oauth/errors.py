"""The errors of RFC 6749 and RFC 6750, and the form in which each endpoint tells them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from hospes.protocols.oauth import profiles

Headers = tuple[tuple[str, str], ...]

NO_STORE: Headers = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))
REALM = "hospes"

_DPOP_ALGORITHMS = f'algs="{" ".join(profiles.STRICT_ALGORITHMS)}"'

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
    headers: Headers
    body: dict[str, str]


class OAuthError(Exception):
    """An expected refusal. ``description`` is for the client's developer, in English, ASCII.

    ``headers`` are those that the answer needs beside its usual ones.
    """

    def __init__(self, code: str, description: str, *, headers: Headers = ()) -> None:
        self.code = code
        self.description = description
        self.headers = headers
        super().__init__(f"{code}: {description}")

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(type(self), headers=self.headers), (self.code, self.description)

    @property
    def status(self) -> int:
        """Return the HTTP status of the token endpoint (RFC 6749 §5.2)."""
        return _STATUS.get(self.code, 400)

    def answer(self) -> ErrorAnswer:
        """Return the token endpoint's answer."""
        headers: Headers = (*NO_STORE, *self.headers)
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

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.reason,)


class BearerRefusal(Exception):
    """A protected resource's refusal (RFC 6750 §3).

    Without a code the request carried no credentials at all, and the challenge names no error.
    """

    def __init__(
        self, code: str = "", description: str = "", *, scope: str = "", headers: Headers = ()
    ) -> None:
        self.code = code
        self.description = description
        self.scope = scope
        self.headers = headers
        super().__init__(code or "no credentials")

    def answer(self, *, dpop: bool | None = False) -> ErrorAnswer:
        """Return the status, the ``WWW-Authenticate`` challenge and the body.

        ``dpop`` says whether the token came with a proof (RFC 9449 §7.1), None where both ways
        may be taken.
        """
        parts = [f'{"DPoP" if dpop else "Bearer"} realm="{REALM}"']
        body: dict[str, str] = {}
        if self.code:
            parts += [f'error="{self.code}"', f'error_description="{self.description}"']
            body = {"error": self.code, "error_description": self.description}
        if self.scope:
            parts.append(f'scope="{self.scope}"')
        if dpop:
            parts.append(_DPOP_ALGORITHMS)
        challenges = [", ".join(parts)]
        if dpop is None:
            challenges.append(f"DPoP {_DPOP_ALGORITHMS}")
        return ErrorAnswer(
            self._status,
            (
                *NO_STORE,
                *self.headers,
                *(("WWW-Authenticate", challenge) for challenge in challenges),
            ),
            body,
        )

    @property
    def _status(self) -> int:
        # RFC 9449 §7.1: what is wrong with a proof is as wrong as a token.
        if not self.code or self.code in {"invalid_dpop_proof", "use_dpop_nonce"}:
            return 401
        return _STATUS.get(self.code, 400)
