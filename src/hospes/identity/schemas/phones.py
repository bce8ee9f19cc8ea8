"""What a phone sends: itself, its key, how it is reached, its answers."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Any

from django.conf import settings

from hospes.foundation.gateways import web_push
from hospes.identity.services.two_step.challenges import Answer
from hospes.identity.services.two_step.links import LinkPhone
from hospes.identity.services.two_step.phones import Changes, Device, Subscription
from hospes.kit.faults import Fault, Refused
from hospes.kit.visible import has_hidden
from hospes.protocols.push import answers

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPES = ("phone", "tablet", "computer")
LONGEST_NAME = 60
LONGEST_PLATFORM = 30
LONGEST_VERSION = 30
LONGEST_ENDPOINT = 1000
LONGEST_NUMBER = 2
LONGEST_SIGNATURE = 100
LONGEST_LINK = 100
_POINT_BYTES, _AUTH_BYTES = 65, 16
_UNCOMPRESSED = 4
_DIGITS = re.compile(r"[0-9]{0,2}", re.ASCII)


class _Reader:
    """Takes values out of one JSON object and collects what is wrong with them."""

    def __init__(self, found: Mapping[str, Any], faults: list[Fault], prefix: str = "") -> None:
        self.found = found
        self.faults = faults
        self.prefix = prefix

    def wrong(self, name: str, code: str, **params: Any) -> None:
        self.faults.append(Fault(f"{self.prefix}{name}", code, params))

    def text(self, name: str, longest: int, *, required: bool = False) -> str:
        value = self.found.get(name)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or (required and not value.strip()):
            self.wrong(name, "validation_rule_string")
            return ""
        value = value.strip()
        if len(value) > longest:
            self.wrong(name, "validation_rule_max", max=longest)
            return ""
        if has_hidden(value):
            self.wrong(name, "validation_rule_string")
            return ""
        return value

    def one_of(self, name: str, values: tuple[str, ...], default: str) -> str:
        value = self.found.get(name)
        if value is None or value == "":
            return default
        if value not in values:
            self.wrong(name, "validation_rule_in", values=list(values))
            return default
        return str(value)

    def object(self, name: str, *, required: bool = False) -> _Reader | None:
        value = self.found.get(name)
        if value is None and not required:
            return None
        if not isinstance(value, dict):
            self.wrong(name, "validation_rule_object")
            return None
        return _Reader(value, self.faults, f"{self.prefix}{name}.")


def _languages() -> tuple[str, ...]:
    return tuple(code for code, _name in settings.LANGUAGES)


def _locale(reader: _Reader, default: str) -> str:
    """Return one of our languages for such as ``de-CH``; an unknown one is no fault."""
    told = reader.text("locale", LONGEST_NAME)
    short = re.split(r"[-_]", told.lower(), maxsplit=1)[0]
    return short if short in _languages() else default


def _subscription(reader: _Reader) -> Subscription | None:
    endpoint = reader.text("endpoint", LONGEST_ENDPOINT, required=True)
    keys = reader.object("keys", required=True)
    if keys is None:
        return None
    values: dict[str, str] = {}
    for name, length in (("p256dh", _POINT_BYTES), ("auth", _AUTH_BYTES)):
        text = keys.text(name, LONGEST_SIGNATURE, required=True)
        data = _base64url(text)
        point = name != "p256dh" or (data is not None and web_push.is_point(data))
        if text and (data is None or len(data) != length or not point):
            keys.wrong(name, "validation_rule_key")
        values[name] = text.rstrip("=")
    return Subscription(endpoint, values["p256dh"], values["auth"])


def _base64url(text: str) -> bytes | None:
    bare = text.rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None


def _done(faults: list[Fault]) -> None:
    if faults:
        # The first names the answer, the list tells them all.
        raise Refused(faults)


def link_of(found: Mapping[str, Any]) -> dict[str, str]:
    """Return ``token`` or ``code`` of an invitation, as ``links.find`` takes them."""
    faults: list[Fault] = []
    reader = _Reader(found, faults)
    token = reader.text("token", LONGEST_LINK)
    code = reader.text("code", LONGEST_LINK)
    if not faults and bool(token) == bool(code):
        reader.wrong("token", "validation_rule_required")
    _done(faults)
    return {"token": token, "code": code}


def link_phone(found: Mapping[str, Any]) -> LinkPhone:
    """Return the phone that wants to be linked."""
    faults: list[Fault] = []
    reader = _Reader(found, faults)
    key = ""
    try:
        key = answers.canonical_key(found.get("public_key"))
    except answers.NotAKey:
        reader.wrong("public_key", "validation_rule_key")
    told = reader.object("device", required=True)
    device = Device()
    if told is not None:
        device = Device(
            name=told.text("name", LONGEST_NAME),
            brand=told.text("brand", LONGEST_NAME),
            model=told.text("model", LONGEST_NAME),
            platform=told.text("platform", LONGEST_PLATFORM),
            type=told.one_of("type", TYPES, TYPES[0]),
            app_version=told.text("app_version", LONGEST_VERSION),
            locale=_locale(told, "en"),
        )
    push = reader.object("push")
    subscription = _subscription(push) if push is not None else None
    _done(faults)
    if subscription is not None and not web_push.is_known(subscription.endpoint):
        # A phone that cannot be reached asks by itself: no reason not to link it.
        subscription = None
    return LinkPhone(key, device, subscription)


def changes_of(found: Mapping[str, Any]) -> Changes:
    """Return what a phone changes of itself; ``push: null`` ends its subscription."""
    faults: list[Fault] = []
    reader = _Reader(found, faults)
    name = reader.text("name", LONGEST_NAME, required=True) if "name" in found else None
    version = reader.text("app_version", LONGEST_VERSION) if "app_version" in found else None
    locale = _locale(reader, "") if "locale" in found else ""
    push = reader.object("push")
    subscription = _subscription(push) if push is not None else None
    if subscription is not None and not web_push.is_known(subscription.endpoint):
        reader.wrong("push.endpoint", "validation_rule_push_service")
    _done(faults)
    return Changes(
        name=name,
        locale=locale or None,
        app_version=version,
        subscription=subscription,
        unsubscribe="push" in found and found["push"] is None,
    )


def answer_of(uuid: str, found: Mapping[str, Any], *, signed: bool) -> Answer:
    """Return an answer to the challenge ``uuid``; ``signed`` says that it must be."""
    faults: list[Fault] = []
    reader = _Reader(found, faults)
    signature = reader.text("signature", LONGEST_SIGNATURE, required=signed)
    number = reader.text("number", LONGEST_NUMBER)
    if not _DIGITS.fullmatch(number):
        reader.wrong("number", "validation_rule_digits")
    _done(faults)
    return Answer(uuid, signature, number)
