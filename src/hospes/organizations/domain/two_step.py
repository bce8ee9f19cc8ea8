"""When members are asked for two-step verification, and what stays open without it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

# What somebody without two-step verification may open while the organization they look at
# requires it: setting it up, their own account, looking elsewhere, signing in and out, getting
# back in, what a page needs, and what asks for itself: the API, sign-ins by applications.
_OPEN: Final = (
    "/settings/",
    "/2fa",
    "/authenticator",
    "/api/",
    "/scim/",
    "/authorize",
    "/oauth2/",
    "/accounts",
    "/organizations/switch",
    "/organizations/two-step-needed",
    "/invitations/",
    "/sign-in",
    "/sign-out",
    "/sign-up",
    "/recover",
    "/recovery-email/",
    "/email/",
    "/pictures/",
    "/logos/",
    "/language",
    "/theme",
    "/favicon.ico",
    "/help/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/dev/",
)


def is_open(path: str) -> bool:
    """Return whether a page stays open to members without two-step verification."""
    return path.startswith(_OPEN)


def asked_before(now: datetime, *, hours: int) -> datetime:
    """Return the moment since which a member must not have been asked, to be asked again."""
    return now - timedelta(hours=hours)
