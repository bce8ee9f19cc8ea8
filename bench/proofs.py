"""What an application signs anew for each request: a DPoP proof, or an assertion of who it is."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry

from hospes.protocols.oauth.assertions import ASSERTION_TYPE
from hospes.protocols.oauth.signed import encoded

if TYPE_CHECKING:
    from pathlib import Path

PROOF, ASSERTION = "proof", "assertion"
KINDS = (PROOF, ASSERTION)
_KEY = ECKey.generate_key("P-256")
_PUBLIC = {name: _KEY.as_dict(private=False)[name] for name in ("kty", "crv", "x", "y")}
# What the provider is told of the application with a key.
KEY_SET = json.dumps({"keys": [{**_PUBLIC, "kid": "bench", "alg": "ES256", "use": "sig"}]})
SENT = f"client_assertion_type={ASSERTION_TYPE}&client_assertion={{}}"
_SECONDS = 300


def made(kind: str, number: int, *, token_url: str, issuer: str, client_id: str, now: int) -> str:
    """Return one; ``number`` makes its name."""
    if kind == PROOF:
        header: dict[str, object] = {"typ": "dpop+jwt", "alg": "ES256", "jwk": _PUBLIC}
        claims: dict[str, object] = {"htm": "POST", "htu": token_url}
    else:
        header = {"alg": "ES256", "kid": "bench"}
        claims = {"iss": client_id, "sub": client_id, "aud": issuer, "exp": now + _SECONDS}
    claims |= {"iat": now, "jti": f"{time.monotonic_ns()}-{number}"}
    message = f"{_part(header)}.{_part(claims)}"
    signature = JWSRegistry.algorithms["ES256"].sign(message.encode("ascii"), _KEY)
    return f"{message}.{encoded(signature)}"


def _part(content: dict[str, object]) -> str:
    return encoded(json.dumps(content, separators=(",", ":")).encode())


def write(kind: str, count: int, file: Path, *, url: str, path: str, client_id: str) -> None:
    """Write ``count`` of them to ``file``; they are good from now on, for about a minute."""
    now = int(time.time())
    lines = (
        made(kind, number, token_url=url + path, issuer=url, client_id=client_id, now=now)
        for number in range(count)
    )
    file.write_text("".join(f"{line}\n" for line in lines))
