"""How strictly an application is held to: one table, asked wherever a rule of it is enforced.

``oauth21`` is draft-ietf-oauth-v2-1, ``fapi2`` the FAPI 2.0 Security Profile (§5.3.2). What all
applications keep to stands where it is enforced, not here: code as the only response type,
exact redirect addresses, ``iss`` in every answer, S256 as the only challenge, codes used once.

Whoever adds a rule adds a member here and asks ``of`` where it counts; the page of an
application's options and docs/auth.md list these members. ``pushed``, ``pkce``, ``https`` and
``signing_algs`` are enforced by the authorization request (``authorize``, ``request_object``),
``longest_code`` where codes are made (connect/web/codes.py). ``confidential``,
``client_authentication`` and ``bound_tokens`` are for the token endpoint and for registration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    longest_code: int | None = None
    # Applications without a secret or key have no place in it.
    confidential: bool = False
    # How it may prove itself; empty for every way.
    client_authentication: tuple[str, ...] = ()
    # Tokens are good only together with a key (RFC 9449, RFC 8705).
    bound_tokens: bool = False


PROFILES: Mapping[Profile, Rules] = {
    "default": Rules(),
    "oauth21": Rules(pkce=True),
    "fapi2": Rules(
        pushed=True,
        pkce=True,
        https=True,
        signing_algs=STRICT_ALGORITHMS,
        longest_code=60,
        confidential=True,
        client_authentication=("private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"),
        bound_tokens=True,
    ),
}
DEFAULT = PROFILES["default"]


def of(options: ClientOptions) -> Rules:
    """Return the rules that an application with these options is held to."""
    return PROFILES[options.profile]
