"""Applications, consents, grants, codes, tokens, signing keys.

Instants on these tables are whole seconds since 1970 (BigIntegerField): the hot plane reads
them with plain SQL on both databases.
"""

from hospes.connect.models.applications import (
    Application,
    ClientSecret,
    InitialAccessToken,
    RedirectUri,
)
from hospes.connect.models.events import ApplicationEvent
from hospes.connect.models.grants import AuthorizationCode, Consent, Grant, Token
from hospes.connect.models.keys import SigningKey
from hospes.connect.models.requests import BackchannelRequest, DeviceRequest, PushedRequest

__all__ = [
    "Application",
    "ApplicationEvent",
    "AuthorizationCode",
    "BackchannelRequest",
    "ClientSecret",
    "Consent",
    "DeviceRequest",
    "Grant",
    "InitialAccessToken",
    "PushedRequest",
    "RedirectUri",
    "SigningKey",
    "Token",
]
