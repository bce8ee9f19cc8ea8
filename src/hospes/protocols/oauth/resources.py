"""Which resource a token is for (RFC 8707), so that one resource cannot use it at another.

A grant or a token names its resources, separated by blanks; none means that it is good wherever
our tokens are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hospes.protocols.oauth.errors import OAuthError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

MOST = 10
LONGEST = 500
USERINFO = "/oauth2/userinfo"


def well_formed(uri: str) -> bool:
    """Return whether ``uri`` can name a resource: an https address without a fragment (§2)."""
    if not uri.startswith("https://") or len(uri) > LONGEST:
        return False
    if not all("\x21" <= char <= "\x7e" and char not in '"\\#' for char in uri):
        return False
    try:
        parts = urlsplit(uri)
        return bool(parts.hostname) and parts.username is None and (parts.port or 443) > 0
    except ValueError:
        return False


def fault(uris: Collection[str]) -> str:
    """Return what is wrong with the named resources by their form, ``""`` for nothing."""
    if len(uris) > MOST:
        return f"more than {MOST} resources are named"
    if not all(well_formed(each) for each in uris):
        return "resource must be an https address without a fragment"
    return ""


def read(uris: tuple[str, ...]) -> tuple[str, ...]:
    """Return the resources that a request names, once each.

    Raises:
        OAuthError: ``invalid_target``.

    """
    wrong = fault(uris)
    if wrong:
        raise OAuthError("invalid_target", f"{wrong[0].upper()}{wrong[1:]}.")
    return tuple(dict.fromkeys(uris))


def unknown(uris: Iterable[str], *, issuer: str, registered: Collection[str]) -> tuple[str, ...]:
    """Return those resources that are none for an application.

    ``registered`` are those of the applications of its organization.
    """
    return tuple(each for each in uris if each != issuer + USERINFO and each not in registered)


def narrowed(asked: tuple[str, ...], granted: str) -> str:
    """Return the resources of a token, as the tables hold them: what was granted, or less (§2.2).

    ``asked`` is empty where the same is wanted. Of what is good everywhere, any may be asked for;
    whether there is such a resource is ``unknown``'s to say.

    Raises:
        OAuthError: ``invalid_target``.

    """
    if not asked:
        return granted
    if granted and not set(asked).issubset(granted.split(" ")):
        raise OAuthError("invalid_target", "resource goes beyond what was granted.")
    return " ".join(asked)


def serves(uri: str, resources: str) -> bool:
    """Return whether a token with these ``resources`` is good at ``uri``."""
    return not resources or uri in resources.split(" ")


def audience(resources: str, *, otherwise: str = "") -> str | list[str]:
    """Return ``aud``: one text or a list of several (RFC 7519 §4.1.3)."""
    named = resources.split(" ") if resources else [otherwise]
    return named if len(named) > 1 else named[0]
