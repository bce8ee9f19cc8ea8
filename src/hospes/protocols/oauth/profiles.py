"""How strictly an application is held to: one table, asked wherever a rule of it is enforced.

``oauth21`` is draft-ietf-oauth-v2-1, ``fapi2`` the FAPI 2.0 Security Profile (§5.3.2). What all
applications keep to stands where it is enforced, not here: code as the only response type,
exact redirect addresses, ``iss`` in every answer, S256 as the only challenge, codes used once.

Whoever adds a rule adds a member here and asks ``of`` where it counts; the page of an
application's options and docs/auth.md list these members. ``pushed``, ``pkce``, ``https`` and
``signing_algs`` are enforced by the authorization request (``authorize``, ``request_object``),
``longest_code`` where codes are made (connect/web/codes.py). ``confidential``,
``client_authentication``, ``bound_tokens`` and ``nonces`` are enforced where applications prove
themselves and get tokens (``clients``, edge/possession.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hospes.protocols.oauth.options import ClientOptions, Profile

# FAPI 2.0 §5.4.1; what "default" and "oauth21" may sign with as well is RS256.
STRICT_ALGORITHMS = ("PS256", "ES256", "EdDSA")
ALGORITHMS = ("RS256", *STRICT_ALGORITHMS)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a profile asks for. ``longest_code`` in seconds, None for what the setting says."""

    # Only requests that were pushed count (RFC 9126).
    pushed: bool = False
    # A challenge, whatever the registration says.
    pkce: bool = False
    # Answers go to https only: no loopback, no scheme of an app's own.
    https: bool = False
    # What request objects and assertions may be signed with.
    signing_algs: tuple[str, ...] = ALGORITHMS
    # Request objects say from when to when they count (FAPI 2.0 Message Signing §5.3.1).
    dated_objects: bool = False
    longest_code: int | None = None
    # Applications without a secret or key have no place in it.
    confidential: bool = False
    # How it may prove itself; empty for every way.
    client_authentication: tuple[str, ...] = ()
    # Tokens are good only together with a key (RFC 9449, RFC 8705).
    bound_tokens: bool = False
    # DPoP proofs hold a nonce of the provider, so that none can be made ahead (RFC 9449 §8).
    nonces: bool = False


PROFILES: Mapping[Profile, Rules] = {
    "default": Rules(),
    "oauth21": Rules(pkce=True),
    "fapi2": Rules(
        pushed=True,
        pkce=True,
        https=True,
        signing_algs=STRICT_ALGORITHMS,
        dated_objects=True,
        longest_code=60,
        confidential=True,
        client_authentication=("private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"),
        bound_tokens=True,
        nonces=True,
    ),
}
DEFAULT = PROFILES["default"]
# The rules of each profile as its checklist tells them. What the provider keeps to for everybody
# and what it demands of each request comes first, what the owner has to set last.
CHECKLISTS: Final[Mapping[Profile, tuple[str, ...]]] = {
    "default": ("code_only", "exact_addresses", "issuer", "used_once"),
    "oauth21": ("code_only", "exact_addresses", "issuer", "used_once", "pkce", "token_in_header"),
    "fapi2": (
        "code_only", "exact_addresses", "issuer", "used_once", "pkce", "token_in_header",
        "pushed", "short_code", "confidential", "client_authentication", "bound_tokens", "https",
        "signing_algs", "id_token_alg",
    ),
}  # fmt: skip
# What is wrong where one of the owner's rules is not met, in a developer's English.
TEXTS: Final = {
    "confidential": "The profile has no place for an application that cannot prove itself.",
    "client_authentication": "The profile asks for a key or a certificate, not a secret.",
    "bound_tokens": "The profile asks for tokens that are bound to a key or a certificate.",
    "https": "The profile lets answers go to https addresses only.",
    "signing_algs": f"The profile allows {', '.join(STRICT_ALGORITHMS)} only.",
    "id_token_alg": f"The profile allows {', '.join(STRICT_ALGORITHMS)} only.",
}


def of(options: ClientOptions) -> Rules:
    """Return the rules that an application with these options is held to."""
    return PROFILES[options.profile]


def unmet(
    options: ClientOptions, *, public: bool, redirect_uris: Iterable[str], id_token_alg: str
) -> tuple[str, ...]:
    """Return which rules of its profile an application's registration breaks, as ``TEXTS``' keys.

    ``public``: it has neither secret nor key.
    """
    rules = of(options)
    chosen = {
        options.token_endpoint_auth_signing_alg,
        options.request_object_signing_alg,
        options.authorization_signed_response_alg,
        options.userinfo_signed_response_alg,
    }
    bound = options.dpop_bound_access_tokens or options.tls_client_certificate_bound_access_tokens
    method = options.token_endpoint_auth_method
    checks = {
        "confidential": rules.confidential and public,
        "client_authentication": bool(rules.client_authentication)
        and not public
        and method not in rules.client_authentication,
        "bound_tokens": rules.bound_tokens and not bound,
        "https": rules.https and not all(uri.startswith("https://") for uri in redirect_uris),
        "signing_algs": not chosen - {""} <= set(rules.signing_algs),
        "id_token_alg": id_token_alg not in rules.signing_algs,
    }
    return tuple(code for code, broken in checks.items() if broken)
