"""ID tokens as an application sends them back."""

from __future__ import annotations

from joserfc import jwt

from hospes.connect.services.signing_keys import key_source
from hospes.foundation import clock as product_clock


def id_token(account, application, alg="RS256", **changes):
    """Return an ID token of this installation, with some claims changed."""
    now = product_clock.timestamp()
    kid, key = key_source.signer(alg)
    claims = {
        "iss": "https://hospes.test",
        "sub": account.public_id,
        "aud": application.client_id,
        "iat": now,
        "exp": now + 3600,
        **changes,
    }
    return jwt.encode({"alg": alg, "kid": kid}, claims, key, algorithms=[alg])
