"""Request objects: authorization requests as signed JSON (RFC 9101, OpenID Connect Core §6.1).

Only what stands in the object counts, whatever stands beside it. Unsigned ones are refused: they
prove nothing that plain parameters do not. A client may say only inside of such an object how it
wants to be answered, and to which ``state``; it is no more and no less believable than plain
parameters, so these two are taken from it, for the refusal alone. Where the browser goes is never
read there. ``request_uri`` is not fetched from anywhere.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hospes.protocols.oauth import client_keys, profiles, signed
from hospes.protocols.oauth.signed import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hospes.protocols.oauth.client_keys import ClientKeys
    from hospes.protocols.oauth.clients import ClientView
    from hospes.protocols.oauth.signed import Signed

MAXIMUM_LENGTH = 8192
ALGORITHMS: Final = signed.ALGORITHMS
# RFC 9101 §10.8: another kind of JWT of the same key is no request.
TYPES: Final = frozenset({"", "jwt", "oauth-authz-req+jwt"})
# FAPI 2.0 Message Signing §5.3.1: an end lies at most 60 minutes after the beginning.
LONGEST_SECONDS: Final = 3600
LONGEST_JTI: Final = 512
LISTS: Final = frozenset({"resource"})
INVALID: Final = "invalid_request_object"


class InvalidObject(Exception):
    """The object is refused; the text says why, in a developer's English."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What an object of the application's own asks for. ``jti`` is ``""`` where it has none.

    ``remembered``: for how many seconds a ``jti`` has to be remembered that was just used.
    """

    values: dict[str, str]
    jti: str
    remembered: int


def is_signed(request_object: str) -> bool:
    """Return whether an object says that it is signed; nothing is proved by that."""
    try:
        return signed.read(request_object).alg.lower() != "none"
    except UnreadableError:
        return False


def opened(
    request_object: str,
    client: ClientView,
    keys: Callable[[str], ClientKeys],
    *,
    names: Iterable[str],
    issuer: str,
    skew: int,
    now: int,
) -> Opened:
    """Return what an object asks for that ``client`` has signed for this provider.

    ``keys`` returns the application's keys, given the name of the one that is wanted; ``names``
    are the parameters that are known, ``skew`` says how many seconds clocks may differ.

    Raises:
        InvalidObject: the signature is not the client's, or it is not meant for us, or not now.

    """
    try:
        found = signed.read(request_object)
        _check(found, client, issuer=issuer, skew=skew, now=now)
        values = dict(_values(found.claims, frozenset(names)))
        ends = found.instant("exp") or now
    except UnreadableError as error:
        raise InvalidObject(f"The request object cannot be read: {error}.") from None
    allowed = algorithms_of(client)
    if found.alg not in allowed:
        raise InvalidObject(f"The request object is not signed with {' or '.join(allowed)}.")
    if not client_keys.signed_by(found, keys(found.kid), allowed):
        raise InvalidObject("The request object is not signed with a key of the application.")
    values["client_id"] = client.client_id
    return Opened(values, found.claim("jti"), max(1, ends - now) + 2 * skew)


def algorithms_of(client: ClientView) -> tuple[str, ...]:
    """Return what the application may sign with: its own choice, within its profile."""
    chosen = client.options.request_object_signing_alg
    most = profiles.of(client.options).signing_algs
    return tuple(alg for alg in most if chosen in {"", alg})


def _check(found: Signed, client: ClientView, *, issuer: str, skew: int, now: int) -> None:
    kind = found.text_of(found.header, "typ").lower().removeprefix("application/")
    begins, ends = found.instant("nbf"), found.instant("exp")
    start = begins if begins is not None else now
    audience = found.claims.get("aud")
    told = audience if isinstance(audience, list) else [audience]
    must_begin = profiles.of(client.options).dated_objects
    named = found.claims.get("client_id", client.client_id)
    checks = {
        "it is another kind of JWT": kind not in TYPES,
        "iss is not its Client ID": found.claim("iss") != client.client_id,
        "client_id is not its Client ID": named != client.client_id,
        "aud is not this provider": issuer not in told,
        "exp is missing": ends is None,
        "it has expired": ends is not None and now >= ends + skew,
        "exp lies too far ahead": ends is not None and ends - start > LONGEST_SECONDS,
        "nbf is missing": must_begin and begins is None,
        "nbf lies ahead": begins is not None and begins > now + skew,
        "nbf lies too far back": begins is not None and now - begins > LONGEST_SECONDS,
        "jti is too long": len(found.claim("jti")) > LONGEST_JTI,
        "it holds another request": not {"request", "request_uri"}.isdisjoint(found.claims),
    }
    wrong = next((text for text, is_wrong in checks.items() if is_wrong), "")
    if wrong:
        raise InvalidObject(f"The request object is refused: {wrong}.")


def _values(claims: dict[str, Any], names: frozenset[str]) -> Iterable[tuple[str, str]]:
    """Yield the parameters as an address would hold them (RFC 9101 §4)."""
    for name in names.intersection(claims):
        value = claims[name]
        if name in LISTS and isinstance(value, list):
            # RFC 8707 §2: the one parameter that may come several times.
            value = " ".join(each for each in value if isinstance(each, str))
        elif isinstance(value, dict | list):
            value = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        elif isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        # What no address or page can carry is no parameter.
        if not isinstance(value, str) or "\0" in value or not _is_text(value):
            raise UnreadableError(f"{name} is no parameter")
        if value:
            yield name, value


def _is_text(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Wish:
    """How to answer; ``""`` where the object does not say."""

    response_mode: str = ""
    state: str = ""


def wish_of(request_object: str) -> Wish:
    """Return what an unsigned request object says; nothing of one that cannot be read."""
    if len(request_object) > MAXIMUM_LENGTH:
        return Wish()
    try:
        first, second, signature = request_object.split(".")
        header, payload = _members(first), _members(second)
    except (ValueError, RecursionError):
        return Wish()
    if signature or header.get("alg") != "none":
        return Wish()
    mode, state = payload.get("response_mode"), payload.get("state")
    return Wish(
        mode if isinstance(mode, str) else "",
        # What no address or page can carry is nothing to give back.
        state if isinstance(state, str) and state.isprintable() else "",
    )


def _members(part: str) -> dict[str, object]:
    # Padding beyond what is needed is ignored.
    told = json.loads(base64.urlsafe_b64decode(part + "=="))
    if not isinstance(told, dict):
        raise ValueError("no object")  # noqa: TRY004 - caught above with the other faults
    return told
