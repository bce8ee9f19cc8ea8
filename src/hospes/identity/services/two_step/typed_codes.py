"""A second factor typed where no page can ask for it: a code of the account's apps, or a backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.identity.models import Method
from hospes.identity.queries import two_step
from hospes.identity.services.two_step import backup_codes, counting, totp
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.identity.models import Account
    from hospes.kit.origin import Origin

SEEDED = frozenset({Method.Kind.AUTHENTICATOR, Method.Kind.TOTP})


def method_of(account: Account, typed: str) -> Method | None:
    """Return the app that shows this code now; the code is used up."""
    seeded = (m for m in two_step.living_methods(account) if m.kind in SEEDED)
    return next((method for method in seeded if totp.accepts(method, typed)), None)


def take(account: Account, typed: str, *, origin: Origin) -> None:
    """Let whoever gave the account's password prove a second factor; counts like a sign-in.

    The code is used up, whatever becomes of what it was given for: nothing of this may be taken
    back with a transaction around it.

    Raises:
        Refused: ``wrong``, or ``throttled`` and ``exhausted`` as ``counting.admit``.

    """
    counting.admit(account, origin=origin)
    if method_of(account, typed) is None and not backup_codes.use(account, typed, origin=origin):
        counting.failed(account, origin=origin, kind="code")
        raise Refused(Fault("", "wrong"))
    counting.succeeded(account, origin=origin)
