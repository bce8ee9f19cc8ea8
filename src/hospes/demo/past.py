"""What has already happened in the demo, and the applications registered there."""

from __future__ import annotations

from typing import Any

from hospes.connect.domain.registration import Draft
from hospes.demo.credentials import CALLBACK_PATH
from hospes.demo.people import ACCOUNTANT, AGENCY, DEVELOPER, OWNER, STAFF
from hospes.kit.origin import Origin

_FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:146.0) Gecko/20100101 Firefox/146.0"
_SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
)
_CHROME = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36"
)

# Addresses are those that RFC 5737 and RFC 3849 keep for documentation.
PLACES: tuple[Origin, ...] = (
    Origin(ip="192.0.2.24", user_agent=_FIREFOX),
    Origin(ip="198.51.100.7", user_agent=_SAFARI),
    Origin(ip="2001:db8:12::5", user_agent=_CHROME),
)

# Hours ago, who, what, from which place, with what particulars.
PAST: tuple[tuple[float, str, str, int, dict[str, Any]], ...] = (
    (2200, OWNER, "identity.profile_changed", 0, {}),
    (1400, AGENCY, "identity.signed_in", 2, {}),
    (760, OWNER, "identity.recovery_phone_changed", 1, {"phone": "+41 79 123 45 67"}),
    (300, OWNER, "identity.sign_in_failed", 1, {}),
    (299.9, OWNER, "identity.signed_in", 1, {}),
    (190, ACCOUNTANT, "identity.signed_in", 0, {}),
    (120, DEVELOPER, "identity.signed_in", 2, {}),
    (96, STAFF, "identity.signed_in", 2, {}),
    (50, AGENCY, "identity.password_confirmed", 2, {}),
    (30, OWNER, "identity.signed_in", 0, {}),
    (8, AGENCY, "identity.signed_in", 2, {}),
    (3, STAFF, "identity.signed_in", 2, {}),
)

# Who allowed which application to see what, and how many days ago.
CONSENTS: tuple[tuple[str, str, str, int], ...] = (
    (OWNER, "portal", "email openid profile", 40),
    (ACCOUNTANT, "portal", "email openid", 12),
)


def applications(client_url: str) -> tuple[tuple[str, str, Draft], ...]:
    """Return the applications: key, whose organization's, how registered.

    ``client`` is the demo client's own; the other addresses lead nowhere (RFC 2606).
    """
    return (
        (
            "client",
            OWNER,
            Draft(
                type="server",
                name="Bergblume",
                redirect_uris=(f"{client_url}{CALLBACK_PATH}",),
                logout_uris=(f"{client_url}/",),
            ),
        ),
        (
            "portal",
            AGENCY,
            Draft(
                type="web",
                name="Kundenportal",
                redirect_uris=("https://portal.studio-lindau.example/auth/callback",),
                website="https://portal.studio-lindau.example/",
                privacy_url="https://portal.studio-lindau.example/datenschutz",
            ),
        ),
        (
            "app",
            AGENCY,
            Draft(
                type="mobile",
                name="Zeiterfassung",
                redirect_uris=("example.studio-lindau.zeit:/callback",),
            ),
        ),
        (
            "panel",
            DEVELOPER,
            Draft(
                type="server",
                name="Panel de pruebas",
                redirect_uris=("https://panel.barcode.example/oidc",),
                id_token_alg="ES256",  # noqa: S106 - an algorithm
            ),
        ),
    )
