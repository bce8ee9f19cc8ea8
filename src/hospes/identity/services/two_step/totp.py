"""One-time codes of an app: added, confirmed, accepted once each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from hospes.foundation import clock, numbers
from hospes.identity.models import Method
from hospes.identity.services.two_step import methods, seeds
from hospes.kit.faults import Fault, Refused
from hospes.protocols.otp import totp as rules

if TYPE_CHECKING:
    from hospes.identity.models import Account
    from hospes.kit.origin import Origin

# The key grouped by four is easier to type.
_GROUP = 4


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A method that waits for its first code, and what the owner's app needs for it."""

    method: Method
    key: str = field(repr=False)
    uri: str = field(repr=False)


@transaction.atomic
def begin(account: Account, *, name: str) -> Enrolment:
    """Make a method that counts once ``confirm`` got its first code; unfinished ones go.

    Raises:
        Refused: ``name`` ``missing`` or ``too_long``.

    """
    tidy = methods.checked_name(name)
    Method.objects.filter(account=account, kind=Method.Kind.TOTP, confirmed_at=None).delete()
    method = Method.objects.create(
        public_id=str(uuid.uuid4()),
        account=account,
        kind=Method.Kind.TOTP,
        name=tidy,
        created_at=clock.now(),
    )
    method.seed_sealed = seeds.seal_seed(method, seeds.new_seed())
    method.save(update_fields=["seed_sealed"])
    return _enrolment(method)


def waiting(account: Account, public_id: str) -> Enrolment | None:
    """Return the unfinished method of that ID, with what the app needs, ``None`` if there is none.

    It is the same each time, so that a wrong first code does not ask for another scan.
    """
    method = Method.objects.filter(
        account=account,
        public_id=public_id,
        kind=Method.Kind.TOTP,
        confirmed_at=None,
        removed_at=None,
    ).first()
    return _enrolment(method) if method else None


def _enrolment(method: Method) -> Enrolment:
    seed = seeds.read_seed(method)
    uri = rules.provisioning_uri(
        seed.secret,
        issuer=settings.HOSPES.provider_name,
        account=method.account.email,
        digits=seed.digits,
        period=seed.period,
    )
    text = rules.secret_text(seed.secret)
    key = " ".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))
    return Enrolment(method, key, uri)


@transaction.atomic
def confirm(method: Method, typed: str, *, origin: Origin) -> tuple[str, ...]:
    """Let the method count after its first code; return backup codes if it is the first method.

    Raises:
        Refused: ``code`` ``wrong``.

    """
    if not accepts(method, typed):
        raise Refused(Fault("code", "wrong"))
    return methods.activate(method, origin=origin)


def accepts(method: Method, typed: str) -> bool:
    """Return whether ``typed`` is a code of this moment; its time step is used up.

    Of several who give the same code at once only one gets True.
    """
    if method.removed_at is not None or not method.seed_sealed:
        return False
    seed = seeds.read_seed(method)
    step = rules.matching_step(
        seed.secret,
        typed,
        now=clock.timestamp(),
        period=seed.period,
        digits=seed.digits,
        window=numbers.get("identity.one_time_code_steps"),
        after=method.last_step,
    )
    if step is None:
        return False
    return bool(
        Method.objects.filter(pk=method.pk, removed_at=None, last_step__lt=step).update(
            last_step=step
        )
    )
