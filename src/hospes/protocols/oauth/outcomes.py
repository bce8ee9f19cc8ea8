"""What an application's owner is told of the token endpoint, by the names that logs use."""

from __future__ import annotations

TOKEN_REFUSED = "token_refused"  # noqa: S105 - a kind of event
TOKENS_REVOKED = "tokens_revoked"
REUSE_DETECTED = "reuse_detected"
