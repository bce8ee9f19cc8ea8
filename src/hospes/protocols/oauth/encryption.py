"""ID tokens that only the application can read (OpenID Connect Core §10.2): with which of its keys.

The signed token is what gets encrypted, so whoever opens it still sees who made it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hospes.protocols.oauth.client_keys import ClientKey, ClientKeys

# Which kinds of key each algorithm takes.
KINDS: Final = {"RSA-OAEP-256": ("RSA",), "ECDH-ES": ("EC", "OKP")}
ALGORITHMS: Final = tuple(KINDS)
ENCRYPTIONS: Final = ("A128CBC-HS256", "A256GCM")
# Ed25519 signs and cannot encrypt.
_SIGNING_CURVES: Final = frozenset({"Ed25519"})


def key_for(keys: ClientKeys, alg: str) -> ClientKey | None:
    """Return the key to encrypt with, None where there is none; one marked for it comes first."""
    fitting = [each for each in keys.keys if _fits(each, alg)]
    return next((each for each in fitting if each.use == "enc"), fitting[0] if fitting else None)


def _fits(key: ClientKey, alg: str) -> bool:
    return (
        key.use in {"", "enc"}
        and key.alg in {"", alg}
        and key.key.key_type in KINDS[alg]
        and getattr(key.key, "curve_name", "") not in _SIGNING_CURVES
    )
