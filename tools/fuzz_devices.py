"""Targets: what devices without a browser ask for, and the codes that people type for them."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlsplit

from hospes.connect.domain import session_options
from hospes.protocols.oauth import device
from hospes.protocols.oauth.clients import ClientView
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.grants.device import DEVICE
from hospes.protocols.oauth.options import ClientOptions
from hospes.protocols.oauth.parameters import Parameters, UnreadableError, from_urlencoded
from hospes.protocols.oauth.scopes import SUPPORTED
from tools.fuzz_kit import Target, latin, need, split, text

_TELEVISION = ClientView("tv", "mobile", options=ClientOptions(further_grant_types=(DEVICE,)))


def device_request(data: bytes) -> None:
    """Read and judge a device's request; only known scopes come out."""
    header, rest = split(data)
    with suppress(OAuthError, UnreadableError):
        sent = device.parse(latin(header), from_urlencoded(latin(rest)), query=Parameters({}))
        asked = device.check(sent, _TELEVISION)
        need(bool(asked) and asked <= set(SUPPORTED), "a scope that nobody knows")


def user_code(data: bytes) -> None:
    """Read a code as people type it: what comes out is one that could have been shown."""
    code = device.typed(text(data))
    need(not code or len(code) == device.LENGTH, "a code of another length")
    need(set(code) <= set(device.LETTERS), "a letter that no code has")
    need(not code or device.typed(device.shown(code)) == code, "shown, it is another code")


def sign_out_addresses(data: bytes) -> None:
    """Judge the addresses that are told of sign-outs; none leads elsewhere than it may."""
    back, front = (text(each) for each in split(data))
    chosen = session_options.SessionOptions(
        backchannel_logout_uri=back, frontchannel_logout_uri=front
    )
    faults = session_options.faults_of(chosen, redirect_uris=("https://a.example/cb",))
    fields = {fault.field for fault in faults}
    if back and "backchannel_logout_uri" not in fields:
        need(back.startswith("https://"), "a server is told over plain http")
    if front and "frontchannel_logout_uri" not in fields:
        need(urlsplit(front).netloc == "a.example", "another site is framed")


TARGETS = (
    Target(
        "device_request",
        device_request,
        (b"\nclient_id=tv&scope=openid+email", b"Basic YTpi\nscope=openid%20offline_access"),
    ),
    Target("user_code", user_code, (b"BCDF-GHJK", " bcdf\u2013ghjk".encode(), b"B C D F G H J K")),
    Target(
        "sign_out_addresses",
        sign_out_addresses,
        (
            b"https://b.example/out\nhttps://a.example/out?x=1",
            b"http://b.example\nhttps://a.example.evil",
        ),
    ),
)
