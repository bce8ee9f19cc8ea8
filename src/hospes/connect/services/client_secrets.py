"""Replacing a client secret, with or without a time in which both work, and ending old ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction

from hospes.connect import queries
from hospes.connect.models import Application, ClientSecret
from hospes.connect.services.applications import AlreadyDone, hash_of, new_secret
from hospes.foundation import clock, numbers
from hospes.foundation.services import audit
from hospes.kit.faults import Fault, Refused
from hospes.protocols.oauth import options
from hospes.protocols.oauth.clients import SECRET_METHODS

if TYPE_CHECKING:
    from hospes.identity.models import Account
    from hospes.kit.origin import Origin

MOST_WORKING: Final = 3


@dataclass(frozen=True, slots=True)
class ReplaceSecret:
    """``keep_old`` lets the old secret work on until servers have the new one.

    Otherwise every secret so far ends.
    """

    application: Application
    keep_old: bool
    form_key: str


def replace_secret(command: ReplaceSecret, *, acting_account: Account, origin: Origin) -> str:
    """Give the application a new secret and return it in clear, once.

    A secret that was promised time keeps it. Only where ``MOST_WORKING`` work already, the one
    that ``ends_for_the_next`` names ends at once.

    Raises:
        Refused: the application has no secret, by its type or its owner's choice.
        AlreadyDone: this form has replaced the secret before.

    """
    application = command.application
    if not has_secret(application):
        raise Refused(Fault("", "no_secret"))
    _raise_if_done(command)
    now = clock.timestamp()
    overlap = numbers.get("connect.secret_overlap_hours") * 3600
    secret = new_secret()
    try:
        with transaction.atomic():
            # Locked, so that two replacements at once do not both count the same secrets.
            locked = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
            if not has_secret(locked):
                raise Refused(Fault("", "no_secret"))
            ended = now + overlap if command.keep_old else now
            # Ended ones stay for a while, so that the log can tell them from wrong ones.
            old = queries.working_secrets(application).order_by()
            early: list[ClientSecret] = []
            if command.keep_old:
                early = ends_for_the_next(application)
                old.filter(pk__in=[each.pk for each in early]).update(expires_at=now)
                old.filter(expires_at__isnull=True).update(expires_at=ended)
            else:
                old.update(expires_at=now)
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
                subject=acting_account.pk,
                organization=application.organization_id,
                target=application.client_id,
                origin=origin,
                detail={
                    "name": application.name,
                    "old_ends_at": ended,
                    "ended_early": [each.hint for each in early],
                },
            )
    except IntegrityError:
        _raise_if_done(command)
        raise
    return secret


def has_secret(application: Application) -> bool:
    """Return whether the application proves itself with a secret."""
    method = options.read(application.options).token_endpoint_auth_method
    return application.type != Application.Type.MOBILE and method in {"", *SECRET_METHODS}


def ends_for_the_next(application: Application) -> list[ClientSecret]:
    """Return which old secrets end early when one more is made: those that end soonest anyway."""
    working = list(queries.working_secrets(application))
    overlapping = sorted(
        (each for each in working if each.expires_at is not None),
        key=lambda each: (each.expires_at or 0, each.pk),
    )
    return overlapping[: max(len(working) + 1 - MOST_WORKING, 0)]


def end_secret(
    secret: ClientSecret, application: Application, *, acting_account: Account, origin: Origin
) -> bool:
    """End an old secret before its time; False where it had ended or is the one in use."""
    now = clock.timestamp()
    with transaction.atomic():
        ended = ClientSecret.objects.filter(
            pk=secret.pk, application=application, expires_at__gt=now
        ).update(expires_at=now)
        if ended:
            audit.record(
                "connect.secret_ended",
                actor=acting_account.pk,
                subject=acting_account.pk,
                organization=application.organization_id,
                target=application.client_id,
                origin=origin,
                detail={"name": application.name, "hint": secret.hint},
            )
    return bool(ended)


def _raise_if_done(command: ReplaceSecret) -> None:
    if ClientSecret.objects.filter(
        form_key=command.form_key, application=command.application
    ).exists():
        raise AlreadyDone(command.application)
