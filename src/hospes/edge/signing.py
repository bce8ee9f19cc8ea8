"""Signing ID tokens with keys that somebody else keeps."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

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

    def sign(self, claims: dict[str, object], kind: str = "JWT") -> str:
        """Return ``claims`` as a signed JWT; ``kind`` is its type (RFC 8725 §3.11)."""
        message = f"{_header(self.alg, self.kid, kind)}.{_part(_encode(claims).encode('utf-8'))}"
        signature = REGISTRY.get_alg(self.alg).sign(message.encode("ascii"), self.key)
        return f"{message}.{_part(signature)}"


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _part(data: bytes) -> str:
    """Return base64url without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


@lru_cache(maxsize=64)
def _header(alg: str, kid: str, kind: str) -> str:
    """Return the protected header: the same for every token of a key and a kind."""
    return _part(_encode({"alg": alg, "kid": kid, "typ": kind}).encode("utf-8"))


def signer(keys: KeySource, alg: str) -> Signer:
    """Return what signs with ``alg`` now.

    Raises:
        LookupError: if there is no key for ``alg``.

    """
    return Signer(alg, *keys.signer(alg))
