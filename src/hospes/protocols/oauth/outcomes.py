"""What an application's owner is told of the endpoints for programs, by the names that logs use."""

from __future__ import annotations

REQUEST_REFUSED = "request_refused"
CLIENT_REFUSED = "client_refused"
TOKEN_REFUSED = "token_refused"  # noqa: S105 - a kind of event
TOKENS_REVOKED = "tokens_revoked"
REUSE_DETECTED = "reuse_detected"
