"""Signing ID tokens with keys that somebody else keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

PrivateKey = RSAKey | ECKey | OKPKey


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, parsed once and kept."""

    kid: str
    alg: str
    key: PrivateKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class PublishedKeys:
    """The keys of this moment: one that signs for each algorithm, and the public set.

    ``jwks`` is ``{"keys": [...]}`` with every key that is published, the signing ones included.
    """

    signing: Mapping[str, SigningKey]
    jwks: Mapping[str, Any]


# Returns the keys of this moment; cheap to call, since it is called for every request.
KeySource = Callable[[], PublishedKeys]


class NoSigningKeyError(LookupError):
    """There is no key for the algorithm; the installation is not ready to issue ID tokens."""


def sign(claims: dict[str, object], alg: str, keys: PublishedKeys) -> str:
    """Return ``claims`` as a signed JWT.

    Raises:
        NoSigningKeyError: if there is no key for ``alg``.

    """
    signing = keys.signing.get(alg)
    if signing is None:
        raise NoSigningKeyError(f"there is no signing key for {alg}")
    header = {"alg": alg, "kid": signing.kid, "typ": "JWT"}
    return jwt.encode(header, claims, signing.key, algorithms=[alg])
