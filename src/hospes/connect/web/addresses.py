"""The provider's own addresses, as an application's developer needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from hospes.connect.domain.registration import MOBILE, OTHER
from hospes.connect.domain.snippets import env_file, file_name

if TYPE_CHECKING:
    from hospes.connect.models import Application

DISCOVERY = "/.well-known/openid-configuration"
TOKEN = "/token"  # noqa: S105 - a path
INTROSPECTION = "/oauth2/introspect"
BACKCHANNEL = "/oauth2/backchannel-authenticate"
DEVICE = "/oauth2/device"
# What a type has no use for: both need a secret; a machine signs nobody in.
UNUSED: Final[dict[str, frozenset[str]]] = {
    MOBILE: frozenset({INTROSPECTION, BACKCHANNEL}),
    OTHER: frozenset({"/authorize", "/oauth2/userinfo", "/oauth2/end-session", BACKCHANNEL}),
}


def issuer() -> str:
    """Return the issuer: the base URL of this installation, never what a Host header says."""
    return str(settings.HOSPES.base_url)


def endpoints(application_type: str, *, device_grant: bool = False) -> list[dict[str, str]]:
    """Return the addresses that software of this type may need, with their names.

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
        {"label": _("Token introspection"), "value": base + INTROSPECTION},
        {"label": _("Token revocation"), "value": base + "/oauth2/revoke"},
        {"label": _("Approval on the phone"), "value": base + BACKCHANNEL},
        {"label": _("Sign-out"), "value": base + reverse("end_session")},
    ]
    if device_grant:
        found.insert(-1, {"label": _("Codes for devices"), "value": base + DEVICE})
    left_out = UNUSED.get(application_type, frozenset())
    found = [each for each in found if each["value"].removeprefix(base) not in left_out]
    if application_type == OTHER:
        found.sort(key=lambda each: each["value"] not in {base, base + DISCOVERY, base + TOKEN})
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
        confidential=application.type != MOBILE,
        redirect_uris=redirect_uris,
        token_endpoint=issuer() + TOKEN if application.type == OTHER else "",
    )
    return {
        "text": text,
        "url": "data:text/plain;charset=utf-8," + quote(text),
        "name": file_name(application.name),
    }
