"""Wrong codes counted: apart from wrong passwords, per account and per step."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hospes.foundation import counters, numbers, statements
from hospes.foundation.services import audit, outbox
from hospes.identity.domain import throttling
from hospes.identity.models import Account
from hospes.identity.services import limits, mail_links, security_notices
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.identity.models import SignInStep
    from hospes.kit.origin import Origin

CODE = "code"
CODE_STEP = "code.step"
SET_PASSWORD = _("Set a new password")


def admit(account: Account, *, origin: Origin, step: SignInStep | None = None) -> None:
    """Let a code be tried. Called before it is looked at, so that no race outruns the limit.

    Devices that the account has signed in on before have a count of their own: whoever learns the
    password does not keep the owner out by typing wrong codes elsewhere.

    Raises:
        Refused: ``throttled`` with ``minutes``, or ``exhausted`` as ``refuse_exhausted``.

    """
    refuse_exhausted(account, origin=origin, step=step)
    keys = [(CODE, _key(account, known=_is_known(step, origin)))]
    if step is not None:
        keys.insert(0, (CODE_STEP, step.public_id))
    for name, key in keys:
        limits.admit(name, key, limit=_limit(), window=_window())


def refuse_exhausted(account: Account, *, origin: Origin, step: SignInStep | None = None) -> None:
    """Refuse codes of new devices after too many wrong ones in a row (NIST SP 800-63B-4 §3.2.2).

    Pauses alone would let somebody who knows the password guess for months.

    Raises:
        Refused: ``exhausted``.

    """
    if not _is_known(step, origin) and _exhausted(account):
        raise Refused(Fault("", "exhausted"))


def succeeded(account: Account, *, origin: Origin, step: SignInStep | None = None) -> None:
    """Begin counting anew, after a second factor was proved (in ``step``, if at a sign-in).

    Once new devices are refused, proof on a known one is needed, or a new password.
    """
    known = _is_known(step, origin)
    counters.clear(CODE, _key(account, known=known))
    failed = Account.objects.filter(pk=account.pk).exclude(failed_codes=0)
    if not known:
        failed = failed.filter(failed_codes__lt=_most())
    failed.update(failed_codes=0)


@transaction.atomic
def failed(account: Account, *, origin: Origin, kind: str, step: SignInStep | None = None) -> None:
    """Write down a wrong code. ``kind`` is what was tried: ``code``, ``backup``, ``sms``.

    Whoever types wrong codes at a step, or with a token, knows the password, or is signed in:
    after as many of them as lead to a pause the owner is told.
    """
    row = statements.changed(
        "UPDATE identity_account SET failed_codes = failed_codes + 1 WHERE id = %s"
        " RETURNING failed_codes",
        account.pk,
    )
    audit.record(
        "identity.code_failed",
        actor=None,
        subject=account.pk,
        target=f"step:{step.public_id}" if step else "",
        origin=origin,
        detail={"kind": kind},
    )
    outside = step is not None or origin.session_id is None
    if outside and row is not None and row[0] % _limit() == 0:
        outbox.emit("identity.codes_failed", {"account_id": account.pk, "count": row[0]})
        security_notices.tell(
            account,
            "codes_failed_inside" if step and step.session_id else "codes_failed",
            origin=origin,
            params={"count": str(row[0])},
            action=(SET_PASSWORD, mail_links.address("recover")),
        )


def _is_known(step: SignInStep | None, origin: Origin) -> bool:
    return origin.session_id is not None if step is None else not step.new_device


def _exhausted(account: Account) -> bool:
    return Account.objects.filter(pk=account.pk, failed_codes__gte=_most()).exists()


def _most() -> int:
    return numbers.get("identity.one_time_codes_wrong_in_a_row")


def _limit() -> int:
    return numbers.get("identity.one_time_code_failures")


def _window() -> timedelta:
    return timedelta(minutes=numbers.get("identity.password_failures_window_minutes"))


def _key(account: Account, *, known: bool) -> str:
    return throttling.account_key(account.public_id, "known" if known else "")
