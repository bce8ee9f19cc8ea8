"""A passkey's answer judged: what it says, that it is meant for us, and that it is the only one.

py_webauthn checks types, origin, RP ID, flags and signature (W3C Web Authentication §7.2). What it
leaves to us is here: which challenge, whose passkey, other sites' frames, and the counter.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from webauthn import verify_authentication_response
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.structs import CredentialDeviceType

from hospes.foundation import counters, numbers
from hospes.foundation.services import audit, outbox
from hospes.identity.domain import throttling
from hospes.identity.models import Account, Method, Passkey
from hospes.identity.services import mail_links, security_notices
from hospes.identity.services.two_step import ceremonies
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from webauthn.authentication.verify_authentication_response import VerifiedAuthentication

    from hospes.identity.services.two_step.ceremonies import Purpose
    from hospes.kit.origin import Origin

LONGEST_ANSWER = 64 * 1024
ANSWER = "passkey"
ANSWER_NETWORK = "passkey.network"
COPIED = "passkey.copied"
TOLD_EVERY = timedelta(days=1)
_ID = re.compile(r"[A-Za-z0-9_-]+")
REVIEW = _("Look at your passkeys")


class _Unfit(Exception):
    """The answer is not what was asked for; the text is for the audit log."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked for a passkey: ``account`` is None where the answer itself tells.

    ``browser_value`` is the cookie the challenge was handed out with. ``known`` says that the
    account has signed in on this device before: it has a count of refusals of its own.
    """

    purpose: Purpose
    account: Account | None
    browser_value: str
    verified: bool
    known: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """A passkey that answered rightly; ``amr`` are the names of RFC 8176 for how."""

    account: Account
    method: Method
    amr: tuple[str, ...]


def read_answer(text: str) -> dict[str, Any]:
    """Return what the browser sent as a JSON object.

    Raises:
        Refused: ``unfit``.

    """
    try:
        answer = json.loads(text) if len(text) <= LONGEST_ANSWER else None
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise Refused(Fault("", "unfit"))
    return answer


def take_challenge(asked: Asked, answer: dict[str, Any]) -> bytes:
    """Use up the challenge that the answer names, and return it.

    Raises:
        Refused: ``unfit`` where it names none, ``stale`` where it is not this browser's, not for
            this purpose or account, used before, or too old.

    """
    try:
        challenge = _bytes_of(client_data(answer)["challenge"])
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(Fault("", "unfit")) from error
    taken = ceremonies.take(
        asked.purpose, challenge, account=asked.account, browser_value=asked.browser_value
    )
    if not taken:
        raise Refused(Fault("", "stale"))
    return challenge


def client_data(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the browser's own statement.

    Raises:
        KeyError, TypeError, ValueError: where there is none that can be read.

    """
    try:
        data = json.loads(_bytes_of(answer["response"]["clientDataJSON"]))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(data, dict):
        raise TypeError("no object")
    return data


def _bytes_of(text: object) -> bytes:
    if not isinstance(text, str):
        raise TypeError("no text")
    return base64url_to_bytes(text)


def is_framed(data: dict[str, Any]) -> bool:
    """Return whether another site's page held ours: none may (§5.8.1)."""
    return bool(data.get("crossOrigin")) or "topOrigin" in data


def check(asked: Asked, text: str, *, origin: Origin) -> Proof:
    """Judge an answer; it cannot be given twice, whatever comes of it.

    Raises:
        Refused: ``throttled`` with ``minutes``, ``unfit``, ``stale``, ``wrong`` (not a living
            passkey of this account, or not its signature) or ``copied``: somewhere there is a
            second one with the same key.

    """
    key = _key(asked, origin)
    _admit(key)
    try:
        answer = read_answer(text)
        challenge = take_challenge(asked, answer)
        return _judge(asked, answer, challenge, origin)
    except Refused as refused:
        if not refused.has("", "stale"):
            counters.hit(*key, limit=_limit(key[0]), window=_window())
        raise


def _judge(asked: Asked, answer: dict[str, Any], challenge: bytes, origin: Origin) -> Proof:
    passkey = _find(answer)
    if passkey is None:
        _note(asked.account, "unknown", origin)
        raise Refused(Fault("", "wrong"))
    try:
        _check_owner(asked, answer, passkey)
        verified = _verify(asked, answer, challenge, passkey)
    except _Unfit as unfit:
        _note(passkey.method.account, str(unfit), origin)
        raise Refused(Fault("", "wrong")) from unfit
    if not _advance(passkey, verified):
        _note_copy(passkey, origin)
        raise Refused(Fault("", "copied"))
    device_bound = verified.credential_device_type == CredentialDeviceType.SINGLE_DEVICE
    names = ("hwk" if device_bound else "swk", *(("user",) if verified.user_verified else ()))
    return Proof(passkey.method.account, passkey.method, names)


def _find(answer: dict[str, Any]) -> Passkey | None:
    credential_id = answer.get("id")
    # Surrogates and NUL, which JSON may hold, are nothing to ask the database for.
    if not isinstance(credential_id, str) or not _ID.fullmatch(credential_id):
        return None
    return (
        Passkey.objects.filter(
            credential_id=credential_id,
            method__confirmed_at__isnull=False,
            method__removed_at=None,
        )
        .select_related("method", "method__account")
        .first()
    )


def user_handle(account: Account) -> bytes:
    """Return what an authenticator knows the account by: no name, no address (§14.6.1)."""
    return account.public_id.encode("ascii")


def _check_owner(asked: Asked, answer: dict[str, Any], passkey: Passkey) -> None:
    account = passkey.method.account
    if asked.account is not None and asked.account.pk != account.pk:
        raise _Unfit("other_account")
    try:
        handle = answer["response"].get("userHandle")
        stated = _bytes_of(handle) if handle else b""
    except (TypeError, ValueError) as error:
        raise _Unfit("user_handle") from error
    # Where nobody said who they are, the passkey itself must.
    if stated != user_handle(account) and (stated or asked.account is None):
        raise _Unfit("user_handle")
    if account.state != Account.State.ACTIVE:
        raise _Unfit("not_active")


def _verify(
    asked: Asked, answer: dict[str, Any], challenge: bytes, passkey: Passkey
) -> VerifiedAuthentication:
    party = ceremonies.party()
    if is_framed(client_data(answer)):
        raise _Unfit("cross_origin")
    try:
        return verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.rp_id,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            # The counter is judged after the signature, or anybody could report a copy.
            credential_current_sign_count=0,
            require_user_verification=asked.verified,
        )
    except Exception as error:
        # Whatever strange bytes make of the decoders below it, the answer is no.
        raise _Unfit("not_verified") from error


def _advance(passkey: Passkey, verified: VerifiedAuthentication) -> bool:
    """Keep the counter; False where it did not go up (§6.1.1): of two keys one is a copy."""
    count = verified.new_sign_count
    went_up = Q(sign_count__lt=count) if count else Q(sign_count=0)
    return bool(
        Passkey.objects.filter(went_up, pk=passkey.pk).update(
            sign_count=count, is_backed_up=verified.credential_backed_up
        )
    )


@transaction.atomic
def _note(account: Account | None, reason: str, origin: Origin) -> None:
    audit.record(
        "identity.passkey_refused",
        actor=None,
        subject=account.pk if account else None,
        origin=origin,
        detail={"reason": reason},
    )


@transaction.atomic
def _note_copy(passkey: Passkey, origin: Origin) -> None:
    method = passkey.method
    audit.record(
        "identity.passkey_copied",
        actor=None,
        subject=method.account_id,
        target=f"method:{method.public_id}",
        origin=origin,
        detail={"name": method.name},
    )
    outbox.emit(
        "identity.passkey_copied", {"account_id": method.account_id, "method_id": method.pk}
    )
    if counters.hit(COPIED, method.public_id, limit=1, window=TOLD_EVERY).allowed:
        security_notices.tell(
            method.account,
            "passkey_copied",
            origin=origin,
            params={"name": method.name},
            action=(REVIEW, mail_links.address("two_step")),
        )


def _key(asked: Asked, origin: Origin) -> tuple[str, str]:
    if asked.account is not None:
        device = "known" if asked.known else ""
        return ANSWER, throttling.account_key(asked.account.public_id, device)
    return ANSWER_NETWORK, throttling.network_key(origin.ip)


def _admit(key: tuple[str, str]) -> None:
    # A signature is not guessed: what is limited is what refusals write.
    window = _window()
    if counters.count(*key, window) >= _limit(key[0]):
        minutes = throttling.minutes_to_wait(int(window.total_seconds()))
        raise Refused(Fault("", "throttled", {"minutes": minutes}))


def _limit(name: str) -> int:
    per_account = name == ANSWER
    return numbers.get(
        "identity.one_time_code_failures"
        if per_account
        else "identity.password_failures_per_network"
    )


def _window() -> timedelta:
    return timedelta(minutes=numbers.get("identity.password_failures_window_minutes"))
