"""Ready-made settings: what is known of the software that people are signed in to.

A preset fills the form in; afterwards it says which redirect URLs the software cannot use, which
settings are printed and which module is handed out. Adding one is adding a row to ``PRESETS``
and its texts to ``setting_texts.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from hospes.protocols.oauth import redirects

if TYPE_CHECKING:
    from collections.abc import Sequence

GENERIC: Final = "oidc"
# What guides for WordPress say, and were copied to other software from there.
COPIED: Final = "/openid-connect-authorize"
_NEAR: Final = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Preset:
    """One kind of software. ``callbacks`` and ``logouts`` follow the site's address.

    ``only``: the software leads to these callbacks and to no other address but, where it was set
    up in another way, to one whose end is of the form ``variant``. ``also``: callbacks that it
    cannot use and that are taken all the same, beside the right ones. ``fixed``: redirect URLs
    that are the same everywhere; there is no site to ask for.
    """

    name: str
    title: str
    icon: str
    type: str
    callbacks: tuple[str, ...] = ()
    logouts: tuple[str, ...] = ()
    pkce_required: bool = True
    scopes: str = "openid profile email"
    id_token_alg: str = "RS256"  # noqa: S105 - an algorithm
    only: bool = False
    variant: str = ""
    also: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    module: str = ""
    example: str = "https://www.example.org"


_ROWS: Final = (
    Preset(
        "wordpress",
        "WordPress",
        "edit",
        "web",
        (COPIED, f"/wp-admin/admin-ajax.php?action={COPIED[1:]}"),
        ("/wp-login.php?loggedout=true",),
        scopes="openid profile email groups",
        only=True,
        module="wordpress/hospes-connect",
        example="https://blog.example.org",
    ),
    Preset(
        "typo3",
        "TYPO3",
        "building",
        "web",
        ("/typo3/hospes-connect", "/"),
        scopes="openid profile email groups",
        only=True,
        variant=r"/[A-Za-z0-9_-]+/hospes-connect",  # a backend that is not at /typo3
        also=(COPIED,),
        module="typo3/hospes_connect",
    ),
    Preset(
        "drupal",
        "Drupal",
        "globe",
        "web",
        ("/openid-connect/hospes_connect",),
        ("/",),
        scopes="openid profile email groups",
        only=True,
        variant=r"/openid-connect/[a-z0-9_]+",  # a client under another machine name
        also=(COPIED,),
        module="drupal/hospes_connect",
    ),
    # Sends no code challenge unless it is told to.
    Preset(
        "nextcloud",
        "Nextcloud",
        "upload",
        "server",
        ("/apps/user_oidc/code", "/index.php/apps/user_oidc/code"),
        ("/",),
        pkce_required=False,
        scopes="openid profile email groups",
        example="https://cloud.example.org",
    ),
    Preset(
        "gitlab",
        "GitLab",
        "code",
        "server",
        ("/users/auth/openid_connect/callback",),
        example="https://git.example.org",
    ),
    Preset(
        "grafana",
        "Grafana",
        "sliders",
        "server",
        ("/login/generic_oauth",),
        ("/login",),
        scopes="openid profile email groups",
        example="https://grafana.example.org",
    ),
    # Its releases up to 1.6 send no code challenge.
    Preset(
        "roundcube",
        "Roundcube, Dovecot",
        "mail",
        "server",
        ("/index.php/login/oauth",),
        pkce_required=False,
        scopes="openid email offline_access",
        example="https://mail.example.org",
    ),
    Preset(
        "apache",
        "Apache mod_auth_openidc",
        "shield",
        "server",
        ("/openid-connect/callback",),
        ("/",),
        example="https://intranet.example.org",
    ),
    Preset(
        "nginx",
        "nginx auth_request",
        "shield",
        "server",
        ("/oauth2/callback",),
        example="https://intranet.example.org",
    ),
    # kubectl runs on people's own computers, where no secret can be kept.
    Preset(
        "kubernetes",
        "Kubernetes",
        "settings",
        "mobile",
        scopes="openid email groups",
        fixed=("http://localhost:8000", "http://localhost:18000"),
    ),
    # One path for user pools (Cognito) and load balancers (ALB); neither sends a code challenge.
    Preset(
        "aws",
        "AWS",
        "server",
        "server",
        ("/oauth2/idpresponse",),
        pkce_required=False,
        example="https://people.auth.eu-central-1.amazoncognito.com",
    ),
    Preset(GENERIC, "OpenID Connect", "puzzle", "server", ("/callback",)),
)
PRESETS: Final = {preset.name: preset for preset in _ROWS}


def site_of(typed: str) -> tuple[str, str]:
    """Return a site's address without the slash at its end, and the code of what is wrong with it.

    A bare name stands for its https address; on the machine itself, for http.
    """
    site = typed.strip()
    if site and "://" not in site:
        near = any(site == name or site.startswith((f"{name}:", f"{name}/")) for name in _NEAR)
        site = f"{'http' if near else 'https'}://{site}"
    site = site.rstrip("/")
    if not site:
        return "", "host_missing"
    if "?" in site:
        return site, "site_only"
    found = redirects.faults(f"{site}/", "web")
    return site, found[0] if found else ""


def redirects_for(preset: Preset, site: str) -> tuple[str, ...]:
    """Return the redirect URLs of software at ``site``."""
    return preset.fixed or tuple(site + end for end in preset.callbacks)


def logouts_for(preset: Preset, site: str) -> tuple[str, ...]:
    """Return the addresses after signing out of software at ``site``."""
    return tuple(site + end for end in preset.logouts)


def site_behind(preset: Preset, uris: Sequence[str]) -> str:
    """Return the address of the site that redirect URLs belong to, "" where they tell none."""
    for uri in uris:
        for end in (*preset.callbacks, *preset.also):
            site = uri.removesuffix(end)
            if site != uri and site_of(site) == (site, ""):
                return site
    return ""


def usable(preset: Preset, uri: str) -> bool:
    """Return whether the software leads to ``uri`` at some site."""
    if not preset.only:
        return True
    # The address in front of the callback must be a site's: nothing of a query, no double path.
    sites = [uri.removesuffix(end) for end in preset.callbacks if uri.endswith(end)]
    found = re.search(rf"{preset.variant}\Z", uri) if preset.variant else None
    if found:
        sites.append(uri[: found.start()])
    return any(site_of(site) == (site, "") for site in sites)


def accepted(preset: Preset, uri: str) -> bool:
    """Return whether ``uri`` may be registered: it is of use, or of none but well known."""
    return usable(preset, uri) or (bool(preset.also) and site_behind(preset, [uri]) != "")


def right_ones(preset: Preset, uri: str, website: str = "") -> tuple[str, ...]:
    """Return what should stand in place of ``uri``, which the software cannot use.

    A folder that the site is in is known from a copied address and from ``website`` alone.
    """
    site = site_behind(preset, [uri])
    if not site:
        parts = urlsplit(uri)
        site = f"{parts.scheme}://{parts.netloc}"
        if website.startswith(f"{site}/"):
            site = website.partition("?")[0].rstrip("/")
    return redirects_for(preset, site)


def missing_ones(
    preset: Preset, uris: Sequence[str], row: int, website: str = ""
) -> tuple[str, ...]:
    """Return what should stand in place of the address in ``row`` and is not in the list yet.

    Where all are in the list already, the first one: the address goes, nothing comes.
    """
    right = right_ones(preset, uris[row], website)
    return tuple(uri for uri in right if uri not in uris) or right[:1]


def completed(name: str, uris: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``uris`` with the right ones added for those that are taken without being of use."""
    preset = PRESETS.get(name)
    if preset is None:
        return uris
    found = list(uris)
    for uri in uris:
        if not usable(preset, uri) and accepted(preset, uri):
            found += [right for right in right_ones(preset, uri) if right not in found]
    return tuple(found)


def put_right(name: str, uris: Sequence[str], row: int, website: str = "") -> list[str]:
    """Return ``uris`` with the right ones in place of the address in ``row``, counted from 0."""
    preset = PRESETS.get(name)
    if preset is None or not 0 <= row < len(uris) or accepted(preset, uris[row]):
        return list(uris)
    right = right_ones(preset, uris[row], website)
    kept = [*uris[:row], *right, *uris[row + 1 :]]
    return list(dict.fromkeys(kept))
