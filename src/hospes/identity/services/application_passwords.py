"""Passwords for programs that cannot ask for a second step: made, renamed, revoked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hospes.foundation import clock, numbers
from hospes.foundation.errors import NotFound
from hospes.foundation.services import audit, outbox
from hospes.identity.domain import tokens
from hospes.identity.models import Account, ApplicationPassword
from hospes.identity.services import limits, mail_links, security_notices
from hospes.kit import application_passwords
from hospes.kit.faults import Fault, Refused
from hospes.kit.visible import has_hidden

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.db.models import QuerySet

    from hospes.kit.origin import Origin

LONGEST_NAME = 100
# As many names as an audit entry tells; the count is always whole.
_MOST_NAMES = 50


class AlreadyDone(Exception):
    """The same form was sent before; ``password`` is what it made then."""

    def __init__(self, password: ApplicationPassword) -> None:
        self.password = password
        super().__init__(password.name)


@dataclass(frozen=True, slots=True)
class CreateApplicationPassword:
    """``form_key`` names the form, so that sending it twice makes one; None: it has no form."""

    name: str
    form_key: str | None = None


@dataclass(frozen=True, slots=True)
class RenameApplicationPassword:
    """``password_id`` is a primary key."""

    password_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Created:
    """``value`` is the password in groups, in clear, here and nowhere else."""

    password: ApplicationPassword
    value: str = field(repr=False)


def create(
    command: CreateApplicationPassword, *, acting_account: Account, origin: Origin
) -> Created:
    """Make a password for one program of ``acting_account``, and mail it the news.

    Whoever calls has had the account's own password given just now.

    Raises:
        Refused: ``name`` ``required``, ``too_long`` (with ``maximum``) or ``characters``;
            ``too_many`` (with ``limit``) where the account has as many as it may;
            ``throttled`` (with ``minutes``).
        AlreadyDone: this form has made its password before.

    """
    name = _name(command.name)
    _raise_if_done(command.form_key, acting_account)
    most = numbers.get("identity.application_passwords")
    value = application_passwords.make(secrets.token_bytes(application_passwords.RANDOM_BYTES))
    limits.admit(
        "identity.application_password",
        str(acting_account.pk),
        limit=numbers.get("identity.application_passwords_per_hour"),
    )
    try:
        with transaction.atomic():
            # Those who make one at the same time count each other.
            Account.objects.select_for_update().get(pk=acting_account.pk)
            if _living(acting_account).count() >= most:
                raise Refused(Fault("", "too_many", {"limit": most}))
            password = ApplicationPassword.objects.create(
                account=acting_account,
                name=name,
                password_hash=tokens.fingerprint(value),
                created_at=clock.timestamp(),
                created_ip=origin.ip,
                form_key=command.form_key,
            )
            _record("created", acting_account, {"name": name}, origin, password)
            security_notices.tell(
                acting_account,
                "application_password_created",
                origin=origin,
                params={"name": name},
                action=(
                    _("See your application passwords"),
                    mail_links.address("settings_application_passwords"),
                ),
            )
    except IntegrityError:
        _raise_if_done(command.form_key, acting_account)
        raise
    return Created(password, application_passwords.shown(value))


def rename(
    command: RenameApplicationPassword, *, acting_account: Account, origin: Origin
) -> ApplicationPassword:
    """Give a password another name.

    Raises:
        Refused: ``name``, as ``create``.
        NotFound: the account has no such password, or it was revoked.

    """
    name = _name(command.name)
    password = _living(acting_account).filter(pk=command.password_id).first()
    if password is None:
        raise NotFound
    if password.name == name:
        return password
    with transaction.atomic():
        if not _living(acting_account).filter(pk=password.pk).update(name=name):
            raise NotFound
        detail = {"name": name, "old_name": password.name}
        _record("renamed", acting_account, detail, origin, password)
    password.name = name
    return password


def revoke(password_id: int, *, acting_account: Account, origin: Origin) -> ApplicationPassword:
    """Revoke one password; the very next use of it fails.

    Raises:
        NotFound: the account has no such password, or it was revoked.

    """
    with transaction.atomic():
        ended = _end(list(_living(acting_account).filter(pk=password_id)))
        if not ended:
            raise NotFound
        _record("revoked", acting_account, {"name": ended[0].name}, origin, ended[0])
    return ended[0]


def revoke_all(*, acting_account: Account, origin: Origin) -> int:
    """Revoke every password of the account; return how many that were."""
    with transaction.atomic():
        ended = _end(list(_living(acting_account)))
        if ended:
            _record("all_revoked", acting_account, _named(ended), origin)
    return len(ended)


def revoke_taken_back(account: Account, *, origin: Origin) -> int:
    """Revoke every password of an account that its owner takes back, and tell; return how many.

    Whoever else was in there may have made or seen one. Belongs into the transaction of what
    takes the account back.
    """
    with transaction.atomic():
        ended = _end(list(_living(account)))
        if ended:
            _record("all_revoked", account, _named(ended), origin)
            names = ", ".join(f"“{each.name}”" for each in ended)
            security_notices.tell(
                account, "application_passwords_revoked", origin=origin, params={"names": names}
            )
    return len(ended)


def _living(account: Account) -> QuerySet[ApplicationPassword]:
    return ApplicationPassword.objects.filter(account=account, revoked_at=None).order_by("pk")


def _end(passwords: Collection[ApplicationPassword]) -> list[ApplicationPassword]:
    """Revoke the passwords; return those that nobody else revoked at the same time."""
    now = clock.timestamp()
    return [
        each
        for each in passwords
        if ApplicationPassword.objects.filter(pk=each.pk, revoked_at=None).update(revoked_at=now)
    ]


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise Refused(Fault("name", "required"))
    if len(name) > LONGEST_NAME:
        raise Refused(Fault("name", "too_long", {"maximum": LONGEST_NAME}))
    if has_hidden(name):
        raise Refused(Fault("name", "characters"))
    return name


def _raise_if_done(form_key: str | None, account: Account) -> None:
    if form_key is None:
        return
    done = ApplicationPassword.objects.filter(form_key=form_key, account=account).first()
    if done is not None:
        raise AlreadyDone(done)


def _named(passwords: Collection[ApplicationPassword]) -> dict[str, object]:
    names = [each.name for each in passwords]
    return {"count": len(names), "names": names[:_MOST_NAMES]}


def _record(
    what: str,
    account: Account,
    detail: Mapping[str, object],
    origin: Origin,
    password: ApplicationPassword | None = None,
) -> None:
    plural = "application_passwords" if password is None else "application_password"
    audit.record(
        f"identity.{plural}_{what}",
        actor=account.pk,
        subject=account.pk,
        target=f"application_password:{password.pk}" if password else "",
        origin=origin,
        detail=dict(detail),
    )
    outbox.emit(f"identity.{plural}_{what}", {"account_id": account.pk})
