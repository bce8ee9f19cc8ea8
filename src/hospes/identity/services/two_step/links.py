"""Linking a phone: an invitation, shown as a QR code or opened on the phone, good for one phone."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from hospes.foundation import clock, numbers, sealing
from hospes.foundation.services import audit
from hospes.identity.domain import link_codes, tokens
from hospes.identity.models import Account, Authenticator, AuthenticatorLink, Method
from hospes.identity.services.two_step import methods, phones, seeds
from hospes.kit.faults import Fault, Refused
from hospes.protocols.otp import totp as rules

if TYPE_CHECKING:
    from hospes.identity.models import Browser, Session
    from hospes.kit.origin import Origin

# Keeps the hash of a short code apart from that of a token.
_CODE = "link code "
CODES = "identity.authenticator_link:{pk}"
sealing.register_column("identity.AuthenticatorLink", "codes_sealed", CODES)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the QR code holds and, for typing, the code; the database has their hashes."""

    link: AuthenticatorLink
    token: str = field(repr=False)
    code: str = field(repr=False)

    @property
    def address(self) -> str:
        """Return what the QR code says. What follows the ``#`` never reaches a server's log."""
        return f"{settings.HOSPES.base_url}/authenticator/#link={self.token}"


@dataclass(frozen=True, slots=True)
class LinkPhone:
    """A phone that takes an invitation; ``public_key`` as ``canonical_key`` returns it."""

    public_key: str
    device: phones.Device
    subscription: phones.Subscription | None = None


@dataclass(frozen=True, slots=True)
class Linked:
    """A phone that was linked, and what only it is told."""

    phone: Authenticator
    method: Method
    account: Account
    token: str = field(repr=False)
    secret: str = field(repr=False)
    backup_codes: tuple[str, ...] = field(repr=False)


@transaction.atomic
def begin(account: Account, *, browser: Browser | None, origin: Origin) -> Invitation:
    """Invite one phone of ``account``; an earlier invitation that nobody used is void.

    ``browser`` is the one that shows it, None where the phone itself is signed in.
    """
    now = clock.now()
    end_all(account.pk)
    token = secrets.token_urlsafe(tokens.BYTES)
    code = link_codes.code(secrets.token_bytes(link_codes.RANDOM_BYTES))
    link = AuthenticatorLink.objects.create(
        public_id=str(uuid.uuid4()),
        token_hash=tokens.fingerprint(token),
        code_hash=tokens.fingerprint(_CODE + code),
        account=account,
        browser=browser,
        created_at=now,
        expires_at=now + timedelta(minutes=numbers.get("identity.authenticator_link_minutes")),
    )
    audit.record(
        "identity.authenticator_invited",
        actor=account.pk,
        subject=account.pk,
        target=f"authenticator_link:{link.public_id}",
        origin=origin,
    )
    return Invitation(link, token, link_codes.shown(code))


def end_all(account_id: int) -> int:
    """Make every invitation that nobody took worthless; return how many there were."""
    now = clock.now()
    return AuthenticatorLink.objects.filter(
        account=account_id, used_at=None, expires_at__gt=now
    ).update(expires_at=now)


def find(*, token: str = "", code: str = "") -> AuthenticatorLink:
    """Return the invitation that can still be taken; looking changes nothing.

    Raises:
        Refused: ``link_unknown``, ``link_used`` or ``link_expired``.

    """
    if token:
        wanted = {"token_hash": tokens.fingerprint(token)}
    else:
        typed = link_codes.normalize(code)
        wanted = {"code_hash": tokens.fingerprint(_CODE + typed)} if typed else {}
    link = (
        AuthenticatorLink.objects.filter(**wanted).select_related("account").first()
        if wanted
        else None
    )
    if link is None or link.account.state != Account.State.ACTIVE:
        raise Refused(Fault("", "link_unknown"))
    if link.used_at is not None:
        raise Refused(Fault("", "link_used"))
    # An invitation from before a new password, or before two-step verification was on, may be the
    # one of whoever had no more than the password.
    account = link.account
    barriers = (account.password_changed_at, account.two_step_since)
    if link.expires_at <= clock.now() or any(at and link.created_at < at for at in barriers):
        raise Refused(Fault("", "link_expired"))
    return link


@transaction.atomic
def accept(link: AuthenticatorLink, command: LinkPhone, *, origin: Origin) -> Linked:
    """Link the phone: from now on it answers for the account.

    Raises:
        Refused: ``link_used`` or ``link_expired`` where another phone was quicker, or the
            invitation ran out, meanwhile.

    """
    now = clock.now()
    # The account before the invitation, as everywhere: two who lock in turn must not wait for each
    # other. After waiting for a row PostgreSQL tries its own columns anew, not those of a join.
    account = (
        Account.objects.select_for_update()
        .filter(
            Q(two_step_since=None) | Q(two_step_since__lte=link.created_at),
            pk=link.account_id,
            state=Account.State.ACTIVE,
            password_changed_at__lte=link.created_at,
        )
        .first()
    )
    taken = account and AuthenticatorLink.objects.filter(
        pk=link.pk, used_at=None, expires_at__gt=now
    ).update(used_at=now)
    if account is None or not taken:
        link.refresh_from_db()
        raise Refused(Fault("", "link_used" if link.used_at else "link_expired"))
    method = Method.objects.create(
        public_id=str(uuid.uuid4()),
        account=account,
        kind=Method.Kind.AUTHENTICATOR,
        name=command.device.suggested_name,
        created_at=now,
    )
    seed = seeds.new_seed()
    method.seed_sealed = seeds.seal_seed(method, seed)
    method.save(update_fields=["seed_sealed"])
    phone, token = phones.add(
        method,
        device=command.device,
        public_key=command.public_key,
        subscription=command.subscription,
    )
    AuthenticatorLink.objects.filter(pk=link.pk).update(method=method)
    codes = methods.activate(method, origin=origin)
    if codes and link.browser_id is not None:
        # Not on the phone alone: the page that waits for it shows them as well, once.
        sealed = sealing.seal("\n".join(codes).encode(), context=CODES.format(pk=link.pk))
        AuthenticatorLink.objects.filter(pk=link.pk).update(codes_sealed=sealed)
    return Linked(
        phone=phone,
        method=method,
        account=account,
        token=token,
        secret=rules.secret_text(seed),
        backup_codes=codes,
    )


def codes_for(link: AuthenticatorLink, browser: Browser | None) -> tuple[str, ...]:
    """Return the backup codes of a first activation to the browser that showed the invitation.

    As long as the invitation would have lasted, so that a page loaded again shows them again.
    """
    if browser is None or link.browser_id != browser.pk or link.expires_at <= clock.now():
        return ()
    if not link.codes_sealed:
        return ()
    opened = sealing.open_sealed(link.codes_sealed, context=CODES.format(pk=link.pk))
    return tuple(opened.decode().split("\n"))


def began_here(session: Session) -> bool:
    """Return whether two-step verification was switched on from this very sign-in, by a phone.

    There was no second factor when it gave its password, and its browser showed the invitation:
    should somebody else have scanned it, the owner must not be asked for the stranger's phone.
    """
    since = session.account.two_step_since
    if since is None or since < session.authenticated_at:
        return False
    return AuthenticatorLink.objects.filter(
        account=session.account_id, browser=session.browser_id, method__confirmed_at=since
    ).exists()


def state_of(account: Account, public_id: str) -> AuthenticatorLink | None:
    """Return one of the account's invitations, with the phone that took it."""
    return (
        AuthenticatorLink.objects.filter(account=account, public_id=public_id)
        .select_related("method")
        .first()
    )
