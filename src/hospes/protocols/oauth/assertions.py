"""Applications that prove themselves with a signed assertion (RFC 7523 §3, OpenID Core §9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hospes.protocols.oauth import client_keys, profiles, signed
from hospes.protocols.oauth.errors import Unproved
from hospes.protocols.oauth.signed import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from hospes.protocols.oauth.client_keys import ClientKeys
    from hospes.protocols.oauth.clients import ClientView
    from hospes.protocols.oauth.signed import Signed

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_JTI: Final = 512


@dataclass(frozen=True, slots=True)
class Rules:
    """What an assertion is held to, beside the application's own options.

    ``audiences`` are the names of whoever is asked: the first is the issuer. ``skew`` and
    ``longest`` are seconds: how far clocks may differ, and how far ahead an end may lie.
    """

    audiences: tuple[str, ...]
    skew: int
    longest: int

    @property
    def remembered(self) -> int:
        """Return for how many seconds a ``jti`` has to be remembered that was just used."""
        return self.longest + 2 * self.skew


def subject_of(assertion: str) -> str:
    """Return whom an assertion says to come from, ``""`` where that cannot be read.

    Nothing is proved by that: it only says whose keys to look at.
    """
    try:
        return signed.read(assertion).claim("sub")
    except UnreadableError:
        return ""


def algorithms_of(client: ClientView) -> tuple[str, ...]:
    """Return what the application may sign with: its own choice, within its profile."""
    most = profiles.of(client.options).signing_algs
    chosen = client.options.token_endpoint_auth_signing_alg
    return tuple(alg for alg in most if chosen in {"", alg})


def check(
    assertion: str,
    client: ClientView,
    keys: Callable[[str], ClientKeys],
    *,
    rules: Rules,
    now: int,
) -> str:
    """Return the ``jti`` of an assertion that is the application's own; it is good once.

    ``keys`` returns the application's keys, given the name of the one that is wanted.

    Raises:
        Unproved: with the reason, for the application's owner alone.

    """
    try:
        found = signed.read(assertion)
        _check_claims(found, client, rules=rules, now=now)
    except UnreadableError as error:
        raise Unproved(f"The client assertion cannot be read: {error}.") from None
    allowed = algorithms_of(client)
    if found.alg not in allowed:
        raise Unproved(f"The client assertion is not signed with {' or '.join(allowed)}.")
    known = keys(found.kid)
    if not known.verifying(found.kid, found.alg):
        raise Unproved("The application has no key that the client assertion could be signed with.")
    if not client_keys.signed_by(found, known, allowed):
        raise Unproved("The signature of the client assertion is wrong.")
    return found.claim("jti")


def _check_claims(found: Signed, client: ClientView, *, rules: Rules, now: int) -> None:
    ends, begins = found.instant("exp"), found.instant("nbf")
    made = found.instant("iat")
    jti = found.claim("jti")
    checks = {
        "iss is not its Client ID": found.claim("iss") != client.client_id,
        "sub is not its Client ID": found.claim("sub") != client.client_id,
        "aud is not this provider": not _is_meant(found.claims.get("aud"), client, rules.audiences),
        "exp is missing": ends is None,
        "it has expired": ends is not None and now >= ends + rules.skew,
        "exp lies too far ahead": ends is not None and ends > now + rules.longest + rules.skew,
        "nbf lies ahead": begins is not None and begins > now + rules.skew,
        "iat lies ahead": made is not None and made > now + rules.skew,
        "jti is missing": not jti,
        "jti is too long": len(jti) > LONGEST_JTI,
    }
    wrong = next((text for text, is_wrong in checks.items() if is_wrong), "")
    if wrong:
        raise Unproved(f"The client assertion is refused: {wrong}.")


def _is_meant(audience: object, client: ClientView, audiences: Collection[str]) -> bool:
    """Return whether an assertion is for us, and by FAPI 2.0 §5.3.2.1 for the issuer alone."""
    if client.options.profile == "fapi2":
        return audience == next(iter(audiences))
    told = audience if isinstance(audience, list) else [audience]
    return any(isinstance(each, str) and each in audiences for each in told)
