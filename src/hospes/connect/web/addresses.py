"""The provider's own addresses, as an application's developer needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from hospes.connect.domain.registration import OTHER
from hospes.connect.domain.snippets import env_file, file_name

if TYPE_CHECKING:
    from hospes.connect.models import Application

DISCOVERY = "/.well-known/openid-configuration"
TOKEN = "/token"  # noqa: S105 - a path


def issuer() -> str:
    """Return the issuer: the base URL of this installation, never what a Host header says."""
    return str(settings.HOSPES.base_url)


def endpoints(*, machine: bool = False) -> list[dict[str, str]]:
    """Return the addresses that a developer may have to enter, with their names.

    The most needed come first: a machine's token address stands third.
    """
    base = issuer()
    found = [
        {"label": _("Issuer"), "value": base},
        {"label": _("Discovery"), "value": base + DISCOVERY},
        {"label": _("Authorization"), "value": base + reverse("authorize")},
        {"label": _("Token"), "value": base + TOKEN},
        {"label": _("User information"), "value": base + "/oauth2/userinfo"},
        {"label": _("Signing keys"), "value": base + "/oauth2/jwks"},
        {"label": _("Token introspection"), "value": base + "/oauth2/introspect"},
        {"label": _("Token revocation"), "value": base + "/oauth2/revoke"},
        {
            "label": _("Approval on the phone"),
            "value": base + "/oauth2/backchannel-authenticate",
        },
        {"label": _("Sign-out"), "value": base + reverse("end_session")},
    ]
    if machine:
        found.insert(2, found.pop(3))
    return found


def env_download(
    application: Application, redirect_uris: tuple[str, ...], secret: str = ""
) -> dict[str, str]:
    """Return the settings as text and as an address that a browser saves as a file.

    The address is a data: URL, so that a secret in it is stored nowhere on the server.
    """
    text = env_file(
        issuer=issuer(),
        client_id=application.client_id,
        secret=secret,
        redirect_uris=redirect_uris,
        token_endpoint=issuer() + TOKEN if application.type == OTHER else "",
    )
    return {
        "text": text,
        "url": "data:text/plain;charset=utf-8," + quote(text),
        "name": file_name(application.name),
    }
