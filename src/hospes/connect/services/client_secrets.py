"""Replacing a client secret, with or without a time in which both work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from hospes.connect.models import Application, ClientSecret
from hospes.connect.services.applications import AlreadyDone, hash_of, new_secret
from hospes.foundation import clock, numbers
from hospes.foundation.services import audit
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.identity.models import Account
    from hospes.kit.origin import Origin


@dataclass(frozen=True, slots=True)
class ReplaceSecret:
    """``keep_old`` lets the old secret work on until servers have the new one."""

    application: Application
    keep_old: bool
    form_key: str


def replace_secret(command: ReplaceSecret, *, acting_account: Account, origin: Origin) -> str:
    """Give the application a new secret and return it in clear, once.

    At most two secrets work at a time: replacing again within the overlap ends the oldest.

    Raises:
        Refused: a Mobile application has no secret.
        AlreadyDone: this form has replaced the secret before.

    """
    application = command.application
    if application.type == Application.Type.MOBILE:
        raise Refused(Fault("", "no_secret"))
    _raise_if_done(command)
    now = clock.timestamp()
    overlap = numbers.get("connect.secret_overlap_hours") * 3600
    secret = new_secret()
    try:
        with transaction.atomic():
            ended = now + overlap if command.keep_old else now
            replaced = ClientSecret.objects.filter(application=application)
            replaced.filter(expires_at__isnull=False).delete()
            if command.keep_old:
                replaced.update(expires_at=ended)
            else:
                replaced.delete()
            ClientSecret.objects.create(
                application=application,
                secret_hash=hash_of(secret),
                hint=secret[-4:],
                created_at=now,
                form_key=command.form_key,
            )
            audit.record(
                "connect.secret_replaced",
                actor=acting_account.pk,
                organization=application.organization_id,
                target=application.client_id,
                origin=origin,
                detail={"name": application.name, "old_ends_at": ended},
            )
    except IntegrityError:
        _raise_if_done(command)
        raise
    return secret


def _raise_if_done(command: ReplaceSecret) -> None:
    if ClientSecret.objects.filter(
        form_key=command.form_key, application=command.application
    ).exists():
        raise AlreadyDone(command.application)
