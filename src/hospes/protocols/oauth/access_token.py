"""Access tokens that resources read themselves (RFC 9068), beside those without a meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.protocols.oauth import resources as resources_of
from hospes.protocols.oauth.issuing import confirmation

if TYPE_CHECKING:
    from hospes.protocols.oauth.id_token import Authentication

# What tells it from an ID token, which is signed with the same key (RFC 9068 §2.1, RFC 8725 §3.11).
TYPE = "at+jwt"


@dataclass(frozen=True, slots=True)
class Content:
    """What a token says. Instants in seconds since 1970.

    ``proof`` is None where an application acts for itself: it is the subject then. ``actors``:
    who acts for the subject, the one of now first (RFC 8693 §4.1).
    """

    client_id: str
    jti: str
    scope: str
    resources: str
    bound_to: str
    issued_at: int
    expires_at: int
    proof: Authentication | None = None
    actors: tuple[str, ...] = ()


def claims(content: Content, *, issuer: str) -> dict[str, object]:
    """Return the claims of a token (RFC 9068 §2.2)."""
    proof = content.proof
    told: dict[str, object] = {
        "iss": issuer,
        "sub": proof.subject if proof and proof.subject else content.client_id,
        # Of one that names no resource the issuer's own are meant (§3).
        "aud": resources_of.audience(content.resources, otherwise=issuer),
        "client_id": content.client_id,
        "jti": content.jti,
        "iat": content.issued_at,
        "exp": content.expires_at,
    }
    if content.scope:
        told["scope"] = content.scope
    if proof is not None and proof.auth_time is not None:
        told["auth_time"] = proof.auth_time
        told["acr"] = proof.acr
        if proof.amr:
            told["amr"] = list(proof.amr)
    if content.bound_to:
        told["cnf"] = confirmation(content.bound_to)
    if content.actors:
        told["act"] = act(content.actors)
    return told


def act(actors: tuple[str, ...]) -> dict[str, object]:
    """Return the claim ``act``: who acts now, and within it who did before (RFC 8693 §4.1)."""
    first, *before = actors
    return {"sub": first, "act": act(tuple(before))} if before else {"sub": first}
