"""ID tokens: what they say, and reading one's own again as a hint (OpenID Connect Core §2)."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

if TYPE_CHECKING:
    from collections.abc import Mapping

ALGORITHMS = ("RS256", "ES256", "EdDSA")
# The hash of at_hash is the one of the signature; Ed25519 works with SHA-512.
_HASHES = {"RS256": hashlib.sha256, "ES256": hashlib.sha256, "EdDSA": hashlib.sha512}
# Authentication context: one factor or two.
ACR_VALUES = ("1", "2")
MAXIMUM_LENGTH = 8192


class _Registry(JWSRegistry):
    """The three algorithms and no other.

    RFC 9864 renames EdDSA to Ed25519 and the library warns at each use of the old name, which
    is the one that clients know.
    """

    def get_alg(self, name: str) -> Any:  # the library does not export the type
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[name]


REGISTRY = _Registry()


@dataclass(frozen=True, slots=True)
class Authentication:
    """How and when the person proved itself. ``auth_time`` in seconds since 1970."""

    subject: str
    auth_time: int | None
    amr: tuple[str, ...] = ()
    nonce: str = ""

    @property
    def acr(self) -> str:
        """Return "2" where two factors were used, else "1"."""
        return "2" if "mfa" in self.amr else "1"


@dataclass(frozen=True, slots=True)
class Hint:
    """A verified ID token that came back. It may have expired (RP-Initiated Logout §2)."""

    subject: str
    client_id: str


def at_hash(access_token: str, alg: str) -> str:
    """Return the left half of the access token's hash, base64url (Core §3.1.3.6)."""
    digest = _HASHES[alg](access_token.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode("ascii")


def claims(
    authentication: Authentication,
    *,
    issuer: str,
    client_id: str,
    access_token: str,
    alg: str,
    issued_at: int,
    lifetime: int,
) -> dict[str, object]:
    """Return an ID token's claims. ``lifetime`` is in seconds, ``issued_at`` since 1970."""
    told: dict[str, object] = {
        "iss": issuer,
        "sub": authentication.subject,
        "aud": client_id,
        "iat": issued_at,
        "exp": issued_at + lifetime,
        "acr": authentication.acr,
        "at_hash": at_hash(access_token, alg),
    }
    if authentication.auth_time is not None:
        told["auth_time"] = authentication.auth_time
    if authentication.amr:
        told["amr"] = list(authentication.amr)
    if authentication.nonce:
        told["nonce"] = authentication.nonce
    return told


def read_hint(token: str, *, jwks: Mapping[str, object], issuer: str) -> Hint | None:
    """Return whom an ``id_token_hint`` names, ``None`` unless this issuer signed it.

    ``jwks`` is the published key set. Expiry is not looked at: a hint says who, not whether.
    """
    if not token or len(token) > MAXIMUM_LENGTH or not token.isascii():
        return None
    try:
        keys = KeySet.import_key_set(jwks)  # type: ignore[arg-type]  # its TypedDict is stricter
        signed = jws.deserialize_compact(token, keys, registry=REGISTRY)
        # A logout token and an access token may be signed with the same key (RFC 8725 §3.11).
        if signed.headers().get("typ", "JWT") != "JWT":
            return None
        told = _json(signed.payload)
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        return None
    subject, audience = told.get("sub"), told.get("aud")
    if told.get("iss") != issuer or not isinstance(subject, str) or not isinstance(audience, str):
        return None
    return Hint(subject, audience)


def _json(payload: bytes) -> dict[str, object]:
    told = json.loads(payload)
    return told if isinstance(told, dict) else {}
