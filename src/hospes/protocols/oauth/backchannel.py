"""Asking a person on the phone: the request (OpenID Connect CIBA Core 1.0).

The application sends no browser; it names the person, and the person's phone asks. Two ways to
learn of the answer are offered: to ask for it (poll), or to be told that it is there (ping).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hospes.protocols.oauth import scopes
from hospes.protocols.oauth.clients import (
    BACKCHANNEL,
    Credentials,
    read_credentials,
    refuse_misplaced,
)
from hospes.protocols.oauth.clients import NAMES as CLIENT_NAMES
from hospes.protocols.oauth.errors import ErrorAnswer, OAuthError

if TYPE_CHECKING:
    from hospes.protocols.oauth.clients import ClientView
    from hospes.protocols.oauth.parameters import Parameters

POLL, PING = "poll", "ping"
MODES = (POLL, PING)
NAMES = (
    "scope", "client_notification_token", "acr_values", "login_hint_token", "id_token_hint",
    "login_hint", "binding_message", "user_code", "requested_expiry", "request",
    *CLIENT_NAMES,
)  # fmt: skip
HINTS = ("login_hint", "login_hint_token", "id_token_hint")
# What a phone was proved with: a key kept in its software (RFC 8176). It is one factor.
AMR = ("swk",)
LONGEST_MESSAGE = 100
LONGEST_HINT = 8192
LEAST_SECONDS = 30
# CIBA §7.3: 5 unless something else is said.
INTERVAL = 5
# CIBA §7.1: as RFC 6750 §2.1 writes a token, and at most 1024 characters.
_NOTIFICATION_TOKEN = re.compile(r"(?=.{1,1024}\Z)[A-Za-z0-9._~+/-]+=*")
_DIGITS = re.compile(r"[0-9]{1,9}")
_DENIED_STATUS = 403


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it was sent; nothing of it has been judged but its form."""

    credentials: Credentials
    values: Parameters = field(repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """A request that may be put. One of ``subject``, ``email`` and ``id_token_hint`` is set."""

    scopes: frozenset[str]
    subject: str = ""
    email: str = ""
    id_token_hint: str = field(default="", repr=False)
    message: str = ""
    notification_token: str = field(default="", repr=False)
    requested_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The phone is being asked. ``auth_req_id`` is in clear here and nowhere else."""

    auth_req_id: str = field(repr=False)
    expires_in: int
    interval: int

    def body(self) -> dict[str, object]:
        """Return the answer's body (CIBA §7.3)."""
        return {
            "auth_req_id": self.auth_req_id,
            "expires_in": self.expires_in,
            "interval": self.interval,
        }


def parse(authorization: str, body: Parameters, *, query: Parameters) -> Sent:
    """Read a request; ``authorization`` is the header, ``""`` where there is none.

    Raises:
        OAuthError: ``invalid_request`` or ``invalid_client``.

    """
    refuse_misplaced(NAMES, body, query=query)
    return Sent(read_credentials(authorization, body), body)


def check(sent: Sent, client: ClientView) -> Question:
    """Return what ``client``, already authenticated, wants to ask.

    Raises:
        OAuthError: with the code CIBA §13 asks for.

    """
    if not client.may_use(BACKCHANNEL):
        raise OAuthError(
            "unauthorized_client", "This application may not ask people on their phones."
        )
    values = sent.values
    _refuse_unsupported(values)
    hint = _one_hint(values)
    login = values.get("login_hint").strip() if hint == "login_hint" else ""
    return Question(
        scopes=_scopes(values.get("scope")),
        subject="" if "@" in login else login,
        email=login if "@" in login else "",
        id_token_hint=values.get("id_token_hint"),
        message=_message(values.get("binding_message")),
        notification_token=_notification_token(values, client),
        requested_seconds=_seconds(values.get("requested_expiry")),
    )


def _refuse_unsupported(values: Parameters) -> None:
    # Passing over them would let the application believe that they were looked at.
    texts = {
        "request": "Signed requests are not supported: send the parameters themselves.",
        "login_hint_token": "login_hint_token is not supported: send login_hint or id_token_hint.",
        "user_code": "user_code is not supported.",
    }
    for name, text in texts.items():
        if values.get(name):
            raise OAuthError("invalid_request", text)


def _one_hint(values: Parameters) -> str:
    sent = [name for name in HINTS if values.get(name).strip()]
    if len(sent) != 1:
        raise OAuthError("invalid_request", "One of login_hint and id_token_hint must be given.")
    if len(values.get(sent[0])) > LONGEST_HINT:
        raise OAuthError("invalid_request", f"{sent[0]} is too long.")
    return sent[0]


def _scopes(scope: str) -> frozenset[str]:
    if not scopes.well_formed(scope):
        raise OAuthError("invalid_scope", "scope holds a character that is not allowed.")
    known = frozenset(scopes.known(scope))
    if "openid" not in known:
        raise OAuthError("invalid_scope", "scope must hold openid.")
    return known


def _message(message: str) -> str:
    # Printable: nothing unseen, nothing that turns the direction, one line.
    if len(message) > LONGEST_MESSAGE or not message.isprintable() or message != message.strip():
        raise OAuthError(
            "invalid_binding_message",
            f"binding_message is one line of at most {LONGEST_MESSAGE} visible characters.",
        )
    return message


def _notification_token(values: Parameters, client: ClientView) -> str:
    if client.backchannel_mode != PING:
        return ""
    token = values.get("client_notification_token")
    if not token:
        raise OAuthError("invalid_request", "client_notification_token must be given.")
    if not _NOTIFICATION_TOKEN.fullmatch(token):
        raise OAuthError("invalid_request", "client_notification_token is no bearer token.")
    return token


def _seconds(text: str) -> int | None:
    if not text:
        return None
    if not _DIGITS.fullmatch(text) or int(text) < 1:
        raise OAuthError("invalid_request", "requested_expiry must be a positive whole number.")
    return int(text)


def lifetime(requested: int | None, *, longest: int) -> int:
    """Return for how many seconds a request stays open; ``longest`` where nothing is asked for."""
    return (
        longest if requested is None else max(min(LEAST_SECONDS, longest), min(requested, longest))
    )


def unknown_person() -> OAuthError:
    """Return the refusal of a hint, in the same words for every reason.

    There is no such account, it is locked, it never allowed this application anything, it has no
    phone: whoever asks does not learn which.
    """
    return OAuthError("unknown_user_id", "Nobody can be asked by this hint.")


def refusal(error: OAuthError) -> ErrorAnswer:
    """Return the answer of this endpoint; ``access_denied`` is 403 here, 400 at ``/token``."""
    told = error.answer()
    if error.code != "access_denied":
        return told
    return ErrorAnswer(_DENIED_STATUS, told.headers, told.body)
