"""The profiles and their rules in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from django.utils.translation import gettext_lazy as _

from hospes.connect.forms.security import METHODS, method_of
from hospes.connect.services import security
from hospes.protocols.oauth import options, registration
from hospes.protocols.oauth.profiles import CHECKLISTS

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.utils.functional import _StrOrPromise

    from hospes.connect.domain.registration import Draft
    from hospes.connect.models import Application
    from hospes.protocols.oauth.clients import ApplicationType
    from hospes.protocols.oauth.options import Profile

PROFILES: Final[tuple[tuple[Profile, _StrOrPromise, _StrOrPromise], ...]] = (
    ("default", _("Default profile"), _("What every application keeps to. Right for nearly all.")),
    ("oauth21", "OAuth 2.1", _("PKCE in every sign-in, whatever else is set.")),
    (
        "fapi2",
        "FAPI 2.0",
        _("For banks, health and authorities: no secrets, and tokens that nobody can steal."),
    ),
)
# What each rule asks for, and what its owner has to do where it is not met; "" where the provider
# sees to it.
RULES: Final[dict[str, tuple[_StrOrPromise, _StrOrPromise]]] = {
    "code_only": (_("Sign-ins give a code, and never a token in an address."), ""),
    "exact_addresses": (_("People return only to addresses that are registered, in full."), ""),
    "issuer": (_("Every answer says which provider gave it."), ""),
    "used_once": (_("A code works once; a second use ends everything it gave."), ""),
    "pkce": (_("Every sign-in is protected by PKCE (S256)."), ""),
    "token_in_header": (_("Tokens are not accepted in addresses."), ""),
    "pushed": (_("Requests are sent ahead; the browser carries only their name."), ""),
    "short_code": (_("A code works for a minute at most."), ""),
    "confidential": (
        _("The application can prove itself."),
        _("Choose a key or a certificate."),
    ),
    "client_authentication": (
        _("It proves itself with a key or a certificate, not with a secret."),
        _("Choose one of them, and give its public keys."),
    ),
    "bound_tokens": (
        _("Tokens are bound to a key or a certificate."),
        _("Switch binding on."),
    ),
    "https": (
        _("People return to https addresses only."),
        _("Remove redirect URLs of this computer and of apps."),
    ),
    "signing_algs": (
        _("It signs with PS256, ES256 or EdDSA."),
        _("Choose one of these, or any of them."),
    ),
    "id_token_alg": (
        _("ID tokens are signed with ES256 or EdDSA."),
        _("Choose one of these under Change."),
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One rule of a checklist. ``todo`` is "" where it is met."""

    met: bool
    title: _StrOrPromise
    todo: _StrOrPromise = ""


def checklist(profile: Profile, unmet: Collection[str]) -> list[Row]:
    """Return the rules of a profile, with what is still to do."""
    return [
        Row(code not in unmet, RULES[code][0], RULES[code][1] if code in unmet else "")
        for code in CHECKLISTS[profile]
    ]


def card(application: Application, draft: Draft) -> dict[str, object]:
    """Return what the application's page says of its security; ``draft`` is as it stands."""
    held = options.read(application.options)
    metadata = registration.Metadata(
        type=cast("ApplicationType", application.type),
        redirect_uris=draft.redirect_uris,
        id_token_alg=draft.id_token_alg,
        options=held,
    )
    missing = security.unmet(metadata)
    label, text = next((label, text) for value, label, text in PROFILES if value == held.profile)
    return {
        "profile": label,
        "text": text,
        "method": METHODS[method_of(metadata)],
        "rows": checklist(held.profile, missing),
        "missing": len(missing),
        "has_secret": metadata.has_secret,
    }
