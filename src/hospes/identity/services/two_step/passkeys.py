"""Passkeys: added, and used for a second step, for signing in alone, and for confirming."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.options_to_json_dict import options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from hospes.foundation import clock, counters
from hospes.foundation.services import audit
from hospes.identity.domain import assurance, authenticators, throttling
from hospes.identity.models import Method, Passkey
from hospes.identity.queries import sign_ins
from hospes.identity.services import opening, sessions
from hospes.identity.services.device_names import device_name
from hospes.identity.services.two_step import ceremonies, methods, passkey_proofs
from hospes.identity.services.two_step.ceremonies import Purpose
from hospes.identity.services.two_step.passkey_proofs import Asked, Proof
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from webauthn.registration.verify_registration_response import VerifiedRegistration

    from hospes.identity.domain.remembered import Device
    from hospes.identity.models import Account, Browser, Session, SignInStep
    from hospes.kit.origin import Origin

    Options = dict[str, Any]

MOST = 20
# Of one network, while one question lives: far more than an office opens sign-in pages.
ASKED = "passkey.asked"
MOST_ASKED = 600
LONGEST_ID = 1400


@dataclass(frozen=True, slots=True)
class Added:
    """A passkey that counts from now on. ``backup_codes`` are those of the first method."""

    method: Method
    passkey: Passkey
    backup_codes: tuple[str, ...]


def available() -> bool:
    """Return whether browsers make passkeys for this installation's address."""
    return ceremonies.party().usable


def usable_by(account: Account) -> bool:
    """Return whether the account has a passkey; asks the database only where it can."""
    return account.two_step_since is not None and available() and bool(living(account))


def living(account: Account) -> list[Passkey]:
    """Return the account's passkeys that count, with their methods."""
    return list(
        Passkey.objects.filter(
            method__account=account,
            method__confirmed_at__isnull=False,
            method__removed_at=None,
        )
        .select_related("method")
        .order_by("method__created_at", "pk")
    )


# ---- adding ----------------------------------------------------------------------------------


def begin_adding(account: Account, *, provider: str, browser_value: str) -> Options:
    """Return what the browser needs to have a passkey made.

    Raises:
        Refused: ``too_many``.

    """
    present = living(account)
    if len(present) >= MOST:
        raise Refused(Fault("", "too_many", {"maximum": MOST}))
    options = generate_registration_options(
        rp_id=ceremonies.party().rp_id,
        rp_name=provider,
        user_id=passkey_proofs.user_handle(account),
        user_name=account.email,
        user_display_name=account.name or account.email,
        challenge=ceremonies.begin(Purpose.REGISTER, account=account, browser_value=browser_value),
        timeout=_timeout(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_described(present),
    )
    # Whether it can sign in by itself is told only where it is asked (§10.1.3).
    return {**options_to_json_dict(options), "extensions": {"credProps": True}}


def add(account: Account, text: str, *, name: str, browser_value: str, origin: Origin) -> Added:
    """Add the passkey that a browser made; ``name`` may be empty.

    Raises:
        Refused: ``name`` ``too_long``, or ``unfit``, ``stale``, ``wrong``, ``known`` (it is a
            passkey of some account already) or ``too_many``. Nothing is added then.

    """
    typed = methods.checked_name(name) if name.strip() else ""
    asked = Asked(Purpose.REGISTER, account, browser_value, verified=False)
    answer = passkey_proofs.read_answer(text)
    challenge = passkey_proofs.take_challenge(asked, answer)
    made = _made(answer, challenge)
    transports = authenticators.known_transports(answer["response"].get("transports"))
    method = Method(
        public_id=str(uuid.uuid4()),
        account=account,
        kind=Method.Kind.PASSKEY,
        name=typed or _suggested_name(made.aaguid, transports, origin),
        created_at=clock.now(),
    )
    passkey = Passkey(
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
        transports=transports,
        aaguid=made.aaguid,
        is_discoverable=_says_discoverable(answer),
        is_backed_up=made.credential_backed_up,
    )
    if len(passkey.credential_id) > LONGEST_ID:
        raise Refused(Fault("", "wrong"))
    if len(living(account)) >= MOST:
        raise Refused(Fault("", "too_many", {"maximum": MOST}))
    if Passkey.objects.filter(credential_id=passkey.credential_id).exists():
        raise Refused(Fault("", "known"))
    try:
        with transaction.atomic():
            method.save(force_insert=True)
            passkey.method = method
            passkey.save(force_insert=True)
            codes = methods.activate(method, origin=origin)
    except IntegrityError as error:
        raise Refused(Fault("", "known")) from error
    return Added(method, passkey, codes)


def _made(answer: dict[str, Any], challenge: bytes) -> VerifiedRegistration:
    party = ceremonies.party()
    try:
        framed = passkey_proofs.is_framed(passkey_proofs.client_data(answer))
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.rp_id,
            expected_origin=party.origin,
        )
    except Exception as error:
        # Whatever strange bytes make of the decoders below it, the answer is no.
        raise Refused(Fault("", "wrong")) from error
    if framed:
        raise Refused(Fault("", "wrong"))
    return made


def _says_discoverable(answer: dict[str, Any]) -> bool:
    results = answer.get("clientExtensionResults")
    properties = results.get("credProps") if isinstance(results, dict) else None
    return isinstance(properties, dict) and properties.get("rk") is True


def _suggested_name(aaguid: str, transports: list[str], origin: Origin) -> str:
    known = authenticators.name_of(aaguid)
    if not known and authenticators.is_security_key(transports):
        known = _("Security key")
    return (known or device_name(origin.user_agent))[: methods.LONGEST_NAME]


# ---- the second step, and confirming ---------------------------------------------------------


def begin_step(step: SignInStep, *, browser_value: str) -> Options:
    """Return what the browser needs to have one of the account's passkeys answer."""
    return _ask(Purpose.SECOND_STEP, step.account, browser_value, verified=False)


def prove_step(step: SignInStep, text: str, *, browser_value: str, origin: Origin) -> Proof:
    """Judge the answer for a step, which ``steps.finish`` then finishes.

    Raises:
        Refused: as ``passkey_proofs.check``.

    """
    asked = Asked(
        Purpose.SECOND_STEP,
        step.account,
        browser_value,
        verified=False,
        known=not step.new_device,
    )
    return passkey_proofs.check(asked, text, origin=origin)


def begin_confirming(account: Account, *, browser_value: str) -> Options:
    """Return what the browser needs to have a passkey confirm that it is them."""
    return _ask(Purpose.CONFIRM, account, browser_value, verified=True)


def confirm(session: Session, text: str, *, browser_value: str, origin: Origin) -> str:
    """Have the signed-in person prove again who they are; return the new cookie value.

    The passkey must have checked its user: it stands for the password here.

    Raises:
        Refused: as ``passkey_proofs.check``, or ``gone`` where the session or the passkey ended
            meanwhile.

    """
    asked = Asked(Purpose.CONFIRM, session.account, browser_value, verified=True, known=True)
    proof = passkey_proofs.check(asked, text, origin=origin)
    with transaction.atomic():
        _note_used(proof)
        sessions.confirm_session(session, amr=assurance.with_second((), proof.amr))
        token = sessions.confirm_second_factor(session, amr=session.amr)
        if token is None:
            raise Refused(Fault("", "gone"))
        audit.record(
            "identity.passkey_confirmed",
            actor=session.account_id,
            subject=session.account_id,
            target=f"session:{session.public_id}",
            origin=origin,
            detail={"name": proof.method.name},
        )
    return token


# ---- signing in ------------------------------------------------------------------------------


def begin_sign_in(*, browser_value: str, origin: Origin) -> Options:
    """Return what the browser needs to offer whatever passkeys it has for this site.

    Raises:
        Refused: ``throttled`` with ``minutes``: every question is a row, and strangers ask.

    """
    hit = counters.hit(
        ASKED, throttling.network_key(origin.ip), limit=MOST_ASKED, window=ceremonies.lifetime()
    )
    if not hit.allowed:
        minutes = throttling.minutes_to_wait(hit.retry_after)
        raise Refused(Fault("", "throttled", {"minutes": minutes}))
    return _ask(Purpose.SIGN_IN, None, browser_value, verified=True)


@dataclass(frozen=True, slots=True)
class SignIn:
    """A passkey's answer, and what the browser brought along; see ``services.sign_in``."""

    answer: str
    browser_value: str
    browser_token: str
    device: Device
    browser: Browser | None = None


def sign_in(command: SignIn, *, origin: Origin) -> opening.SignedIn:
    """Sign in whom the passkey names. It checked its user, so nothing more is asked.

    Raises:
        Refused: as ``passkey_proofs.check``; a locked or deleted account is ``wrong``.

    """
    asked = Asked(Purpose.SIGN_IN, None, command.browser_value, verified=True)
    proof = passkey_proofs.check(asked, command.answer, origin=origin)
    account = proof.account
    browser = command.browser or sign_ins.browser_by_token(command.browser_token)
    known = command.device.find(account.public_id) is not None or (
        browser is not None and sign_ins.has_been_here(browser, account)
    )
    with transaction.atomic():
        _note_used(proof, discoverable=True)
        return opening.complete(
            account,
            browser,
            new_device=not known,
            origin=origin,
            amr=assurance.with_second((), proof.amr),
            second_step=str(Method.Kind.PASSKEY),
        )


def _note_used(proof: Proof, *, discoverable: bool = False) -> None:
    """Write that the passkey was used; a removed one no longer is."""
    used = Method.objects.filter(pk=proof.method.pk, removed_at=None).update(
        last_used_at=clock.now()
    )
    if not used:
        raise Refused(Fault("", "wrong"))
    if discoverable:
        Passkey.objects.filter(method=proof.method, is_discoverable=False).update(
            is_discoverable=True
        )


# ---- what all have in common -----------------------------------------------------------------


def _ask(
    purpose: Purpose, account: Account | None, browser_value: str, *, verified: bool
) -> Options:
    wanted = UserVerificationRequirement
    options = generate_authentication_options(
        rp_id=ceremonies.party().rp_id,
        challenge=ceremonies.begin(purpose, account=account, browser_value=browser_value),
        timeout=_timeout(),
        allow_credentials=_described(living(account)) if account is not None else [],
        user_verification=wanted.REQUIRED if verified else wanted.PREFERRED,
    )
    return options_to_json_dict(options)


def _described(passkeys: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(passkey.credential_id),
            transports=[AuthenticatorTransport(word) for word in passkey.transports],
        )
        for passkey in passkeys
    ]


def _timeout() -> int:
    return int(ceremonies.lifetime().total_seconds() * 1000)
