"""Encrypting what an application is given, with the key that it publishes for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from joserfc import jwe

from hospes.protocols.oauth import encryption
from hospes.protocols.oauth.errors import OAuthError

if TYPE_CHECKING:
    from hospes.edge.services import Services
    from hospes.protocols.oauth.clients import ClientView


def encrypted(services: Services, client: ClientView, token: str) -> str:
    """Return a signed token as a nested JWT (RFC 7519 §5.2, §A.2).

    Raises:
        OAuthError: the application has no key for it; nothing readable leaves instead.

    """
    options = client.options
    alg, enc = options.id_token_encrypted_response_alg, options.id_token_encrypted_response_enc
    enc = enc or encryption.ENCRYPTIONS[0]
    key = encryption.key_for(services.client_keys(client, ""), alg)
    if key is None:
        raise OAuthError("invalid_request", "The application has no key to encrypt its ID token.")
    header = {"alg": alg, "enc": enc, "cty": "JWT", **({"kid": key.kid} if key.kid else {})}
    return jwe.encrypt_compact(header, token.encode("ascii"), key.key, algorithms=[alg, enc])
