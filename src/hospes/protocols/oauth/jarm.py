"""Answers of the authorization endpoint as signed JSON (JWT Secured Authorization Response Mode).

An application whose registration names an algorithm gets nothing but signed answers: otherwise
whoever changes the request on its way could have the signature left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from hospes.protocols.oauth import id_token, profiles

if TYPE_CHECKING:
    from hospes.protocols.oauth.options import ClientOptions

ResponseMode = Literal["query", "form_post", "query.jwt", "form_post.jwt"]

PLAIN: Final = ("query", "form_post")
# §2.3: "jwt" is the shorter name of what fits the response type, which is always code here.
SIGNED: Final = ("query.jwt", "form_post.jwt", "jwt")
ALGORITHMS: Final = id_token.ALGORITHMS


def mode_of(asked: str, options: ClientOptions) -> ResponseMode:
    """Return how a request is answered that asked for this mode, ``""`` for none."""
    signed = asked in SIGNED or bool(options.authorization_signed_response_alg)
    if asked.startswith("form_post") and asked in (*PLAIN, *SIGNED):
        return "form_post.jwt" if signed else "form_post"
    return "query.jwt" if signed else "query"


def is_signed(mode: ResponseMode) -> bool:
    """Return whether answers of that mode are signed."""
    return mode.endswith(".jwt")


def algorithm_of(options: ClientOptions) -> str:
    """Return what answers are signed with: RS256 unless something else is said (§3)."""
    allowed = profiles.of(options).signing_algs
    chosen = options.authorization_signed_response_alg or "RS256"
    return chosen if chosen in allowed else "ES256"


def claims(
    fields: tuple[tuple[str, str], ...], *, issuer: str, client_id: str, expires_at: int
) -> dict[str, object]:
    """Return what is to be signed of an answer (§2.1). ``expires_at`` in seconds since 1970."""
    return {**dict(fields), "iss": issuer, "aud": client_id, "exp": expires_at}
