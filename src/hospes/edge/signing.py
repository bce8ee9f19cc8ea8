"""Signing ID tokens with keys that somebody else keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from joserfc import jwt

from hospes.protocols.oauth.id_token import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from joserfc.jwk import Key


class KeySource(Protocol):
    """The keys of this moment, parsed once and kept. Asked at every request, so cheap."""

    def signer(self, alg: str) -> tuple[str, Key]:
        """Return the name and the private key that signs with ``alg`` now.

        Raises:
            LookupError: if there is none.

        """

    def jwks(self) -> Mapping[str, Any]:
        """Return every published key, public members only: ``{"keys": [...]}``."""


def sign(claims: dict[str, object], alg: str, keys: KeySource) -> str:
    """Return ``claims`` as a signed JWT.

    Raises:
        LookupError: if there is no key for ``alg``.

    """
    kid, key = keys.signer(alg)
    header = {"alg": alg, "kid": kid, "typ": "JWT"}
    return jwt.encode(header, claims, key, registry=REGISTRY)
