"""Signing ID tokens with keys that somebody else keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Signer:
    """One key, ready to sign."""

    alg: str
    kid: str
    key: Key = field(repr=False)

    def sign(self, claims: dict[str, object]) -> str:
        """Return ``claims`` as a signed JWT."""
        header = {"alg": self.alg, "kid": self.kid, "typ": "JWT"}
        return jwt.encode(header, claims, self.key, registry=REGISTRY)


def signer(keys: KeySource, alg: str) -> Signer:
    """Return what signs with ``alg`` now.

    Raises:
        LookupError: if there is no key for ``alg``.

    """
    return Signer(alg, *keys.signer(alg))
