"""Who stands behind a token, proved again before what could lock its owner out is changed.

A route's ``before``: what is tried here counts, whatever becomes of the write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.foundation.errors import NotFound
from hospes.identity.models import Account
from hospes.identity.services import credentials
from hospes.identity.services.two_step import typed_codes
from hospes.kit.faults import Fault, Refused
from hospes.rest.faults import Problem, wrong

if TYPE_CHECKING:
    from collections.abc import Callable

    from hospes.rest.calls import Call

PASSWORD = "current_password"  # noqa: S105 - the name of a field
CODE = "one_time_code"


def prove(call: Call) -> None:
    """Have the password given, and a second factor where two-step verification is on.

    The pages ask for the same. A wrong password uses no code up.

    Raises:
        Problem: with what is missing.
        Refused: it is wrong, or was tried too often.

    """
    account = Account.objects.filter(
        pk=call.principal.account_id, state=Account.State.ACTIVE
    ).first()
    if account is None:
        raise NotFound
    needed = (PASSWORD, CODE) if account.two_step_since is not None else (PASSWORD,)
    given = {name: getattr(call.body, name) for name in needed}
    missing = [wrong(name, "required") for name, value in given.items() if value is None]
    if missing:
        raise Problem("validation_failed", *missing)
    _as(
        PASSWORD,
        lambda: credentials.check_own_password(account, given[PASSWORD], origin=call.origin),
    )
    if CODE in given:
        _as(CODE, lambda: typed_codes.take(account, given[CODE], origin=call.origin))


def _as(field: str, function: Callable[[], None]) -> None:
    """Call ``function``; what it refuses is told of ``field``."""
    try:
        function()
    except Refused as refused:
        raise Refused(
            Fault(field, fault.code, fault.params) for fault in refused.faults
        ) from refused
