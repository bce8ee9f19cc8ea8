"""Keys of an application, and whatever one may sign with them, right or wrong."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from hospes.protocols.oauth import assertions, dpop
from hospes.protocols.oauth.signed import encoded

if TYPE_CHECKING:
    from collections.abc import Mapping

_RSA = RSAKey.generate_key(2048)
# One for each algorithm that there is here, and some of the others.
PRIVATE: dict[str, Key] = {
    "RS256": _RSA,
    "PS256": _RSA,
    "ES256": ECKey.generate_key("P-256"),
    "EdDSA": OKPKey.generate_key("Ed25519"),
    "ES384": ECKey.generate_key("P-384"),
    "HS256": OctKey.generate_key(256),
}
OTHER: dict[str, Key] = {
    "RS256": RSAKey.generate_key(2048),
    "ES256": ECKey.generate_key("P-256"),
    "EdDSA": OKPKey.generate_key("Ed25519"),
}


def public(key: Key, **members: str) -> dict[str, Any]:
    """Return the public half as a JWK."""
    told = key.as_dict(private=False)
    told.pop("kid", None)
    return {**told, **members}


def key_set(*algorithms: str, keys: Mapping[str, Key] = PRIVATE, **members: str) -> str:
    """Return the public keys of some algorithms as a set, each named after its algorithm."""
    told = [public(keys[alg], kid=alg, **members) for alg in algorithms or ("ES256",)]
    return json.dumps({"keys": told})


def part(content: object) -> str:
    """Return JSON, or bytes as they are, in base64url."""
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return encoded(data)


def sign(header: object, claims: object, key: Key | None, *, alg: str = "") -> str:
    """Return a compact JWS; ``alg`` is what really signs, the header's without it."""
    message = f"{part(header)}.{part(claims)}"
    name = alg or (header.get("alg", "") if isinstance(header, dict) else "")
    if key is None or name in {"", "none"}:
        return f"{message}."
    signature = JWSRegistry.algorithms[name].sign(message.encode(), key)
    return f"{message}.{encoded(signature)}"


def assertion(
    client_id: str,
    audience: object,
    *,
    now: int,
    alg: str = "ES256",
    key: Key | None = None,
    header: Mapping[str, object] | None = None,
    **changes: object,
) -> str:
    """Return a right client assertion but for ``changes``; a claim that is None is left out."""
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "iat": now,
        "exp": now + 60,
        "jti": secrets.token_hex(8),
        **changes,
    }
    told = {name: value for name, value in claims.items() if value is not None}
    said = {"alg": alg, "kid": alg, **(header or {})}
    said = {name: value for name, value in said.items() if value is not None}
    return sign(said, told, key or PRIVATE[alg], alg=alg)


def assertion_form(token: str) -> dict[str, str]:
    """Return the two parameters that an assertion is sent in."""
    return {"client_assertion_type": assertions.ASSERTION_TYPE, "client_assertion": token}


def proof(
    method: str,
    url: str,
    *,
    now: int,
    alg: str = "ES256",
    key: Key | None = None,
    token: str = "",
    header: Mapping[str, object] | None = None,
    **changes: object,
) -> str:
    """Return a right DPoP proof but for ``changes``; what is None is left out."""
    signing = key or PRIVATE[alg]
    said = {"typ": "dpop+jwt", "alg": alg, "jwk": public(signing), **(header or {})}
    claims = {
        "htm": method,
        "htu": url,
        "iat": now,
        "jti": secrets.token_hex(8),
        "ath": dpop.hash_of(token) if token else None,
        **changes,
    }
    return sign(
        {name: value for name, value in said.items() if value is not None},
        {name: value for name, value in claims.items() if value is not None},
        signing,
        alg=alg,
    )
