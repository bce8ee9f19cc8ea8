"""Scopes and addresses in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext, gettext_lazy

from hospes.connect.domain.scopes import GROUPS, in_reading_order

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_SCOPES: Final[dict[str, tuple[str, _StrOrPromise]]] = {
    "openid": ("check-circle", gettext_lazy("Recognise you when you come back")),
    "profile": (
        "user",
        gettext_lazy("See your name, picture, language and time zone"),
    ),
    "email": ("mail", gettext_lazy("See your e-mail address")),
    "phone": ("phone", gettext_lazy("See your phone number")),
    "groups": ("users", gettext_lazy("See the names of your work teams")),
    "offline_access": (
        "clock",
        gettext_lazy("Keep this access while you are away, until you remove it"),
    ),
}


def described(scopes: frozenset[str], organization: str = "") -> list[dict[str, _StrOrPromise]]:
    """Return what each scope opens, for people, in reading order.

    ``organization`` is the name of the one whose team names ``groups`` opens, "" for none.
    """
    return [
        {"scope": name, "icon": _SCOPES[name][0], "text": _text(name, organization)}
        for name in in_reading_order(scopes)
        if name in _SCOPES
    ]


def _text(name: str, organization: str) -> _StrOrPromise:
    if name == GROUPS and organization:
        return gettext("See the names of your work teams at %(organization)s") % {
            "organization": organization
        }
    return _SCOPES[name][1]


def app_of(uri: str) -> str:
    """Return what people know an app on their device by, "" where ``uri`` is a site's.

    That is its own scheme, or the device's address that it listens at.
    """
    parts = urlsplit(uri)
    if parts.scheme not in {"http", "https"}:
        return parts.scheme
    return parts.netloc if parts.hostname in LOOPBACK else ""


def host_of(url: str) -> str:
    """Return the host of a website's address, as people know it; "" for none."""
    return urlsplit(url).hostname or ""
