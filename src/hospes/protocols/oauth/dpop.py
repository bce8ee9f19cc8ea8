"""Proofs of possession: who sends a token shows the key that it is bound to (RFC 9449)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from hospes.protocols.oauth import client_keys, profiles, signed
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.issuing import JKT
from hospes.protocols.oauth.signed import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hospes.protocols.oauth.signed import Signed

ALGORITHMS: Final = profiles.STRICT_ALGORITHMS
TYPE: Final = "dpop+jwt"
LONGEST: Final = 8192
LONGEST_JTI: Final = 512
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}
# 128 bits.
_NONCE_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Rules:
    """How long a proof counts, and how far clocks may differ: both in seconds."""

    seconds: int
    skew: int

    @property
    def remembered(self) -> int:
        """Return for how many seconds a ``jti`` has to be remembered that was just used."""
        return self.seconds + self.skew + 1


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof whose signature is right. ``thumbprint`` is its key's (RFC 7638)."""

    thumbprint: str
    jti: str
    nonce: str

    @property
    def bound_to(self) -> str:
        """Return what a token is bound to that is given for this proof."""
        return JKT + self.thumbprint


def check(
    proof: str,
    *,
    method: str,
    urls: Iterable[str],
    rules: Rules,
    now: int,
    access_token: str = "",
) -> Proof:
    """Judge a proof (RFC 9449 §4.3); whether its ``jti`` and ``nonce`` are good is left.

    ``urls`` are the names of the address that was asked; ``access_token`` is the one that came
    with the request, "" where none did.

    Raises:
        OAuthError: ``invalid_dpop_proof``.

    """
    if len(proof) > LONGEST:
        raise refused("it is too long")
    try:
        found = signed.read(proof)
        thumbprint = _key_of(found)
        fault = _fault(found, method=method, urls=urls, rules=rules, now=now)
    except UnreadableError as error:
        raise refused(str(error)) from None
    if not fault and access_token and not _same(found.claim("ath"), hash_of(access_token)):
        fault = "ath is not the hash of the access token"
    if fault:
        raise refused(fault)
    return Proof(thumbprint, found.claim("jti"), found.claim("nonce"))


def refused(why: str) -> OAuthError:
    """Return the refusal of a proof."""
    return OAuthError("invalid_dpop_proof", f"The DPoP proof is refused: {why}.")


def _key_of(found: Signed) -> str:
    """Return the thumbprint of the key in the header, once it has made the signature."""
    if signed.Signed.text_of(found.header, "typ").lower() != TYPE:
        raise UnreadableError(f"typ is not {TYPE}")
    if found.alg not in ALGORITHMS:
        raise UnreadableError(f"alg is none of {' '.join(ALGORITHMS)}")
    jwk: Any = found.header.get("jwk")
    if not isinstance(jwk, dict):
        raise UnreadableError("its header has no jwk")
    key = client_keys.public_key(jwk)
    if key is None or not signed.verify(found, key, algorithms=ALGORITHMS):
        raise UnreadableError("its signature is not by its jwk")
    return client_keys.thumbprint(jwk)


def _fault(found: Signed, *, method: str, urls: Iterable[str], rules: Rules, now: int) -> str:
    """Return what is wrong with the claims, "" where nothing is."""
    made, ends, begins = (found.instant(name) for name in ("iat", "exp", "nbf"))
    jti, nonce = found.claim("jti"), found.claims.get("nonce", "")
    address = normalized(found.claim("htu"))
    checks = {
        "htm is not the method": found.claim("htm") != method,
        "htu is not the address": not address or address not in map(normalized, urls),
        "iat is missing": made is None,
        "it is too old": made is not None and made < now - rules.seconds,
        "iat lies ahead": made is not None and made > now + rules.skew,
        # RFC 9449 names neither; who sends one means it.
        "it has expired": ends is not None and now >= ends + rules.skew,
        "nbf lies ahead": begins is not None and begins > now + rules.skew,
        "jti is missing": not jti,
        "jti is too long": len(jti) > LONGEST_JTI,
        "nonce is no text": not isinstance(nonce, str),
    }
    return next((text for text, wrong in checks.items() if wrong), "")


@lru_cache(maxsize=256)
def normalized(url: str) -> str:
    """Return an address without query and fragment, in one spelling (RFC 3986 §6.2), "" for none.

    One with a user in it is none.
    """
    if not url.isascii() or not url.isprintable():
        return ""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    beyond = "" if port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{port}"
    return f"{parts.scheme}://{host}{beyond}{parts.path or '/'}"


def hash_of(access_token: str) -> str:
    """Return an access token's ``ath`` (RFC 9449 §4.2)."""
    return signed.encoded(hashlib.sha256(access_token.encode("ascii")).digest())


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())


# -- nonces (RFC 9449 §8): made of a secret and the time, so that nobody need keep them ----------


def nonce(key: bytes, *, now: int, seconds: int) -> str:
    """Return the nonce of this span of time; one is handed out for ``seconds``."""
    return _nonce(key, now // seconds)


def is_fresh(text: str, key: bytes, *, now: int, seconds: int) -> bool:
    """Return whether a nonce is of this span of time or the one before."""
    span = now // seconds
    return any(_same(text, _nonce(key, each)) for each in (span, span - 1))


def _nonce(key: bytes, span: int) -> str:
    digest = hmac.digest(key, f"dpop:{span}".encode(), hashlib.sha256)
    return signed.encoded(digest[:_NONCE_BYTES])


def wants_nonce(fresh: str) -> OAuthError:
    """Return the refusal that hands out a nonce (RFC 9449 §8)."""
    return OAuthError(
        "use_dpop_nonce",
        "The DPoP proof needs the nonce of this answer.",
        headers=(("DPoP-Nonce", fresh),),
    )
