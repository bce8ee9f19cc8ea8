"""Which applications may ask about application passwords; the provider's operator decides it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hospes.connect.models import Application
from hospes.foundation.errors import NotFound
from hospes.foundation.services import audit
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.kit.origin import Origin


def allow_passwords(client_id: str, *, origin: Origin) -> Application:
    """Let an application find out whether what somebody typed is an application password.

    Raises:
        NotFound: there is no such application.
        Refused: ``public`` for one that cannot prove itself; ``unchanged`` where it may already.

    """
    application = _found(client_id)
    if application.type == Application.Type.MOBILE:
        raise Refused(Fault("", "public"))
    return _write(application, allowed=True, origin=origin)


def forbid_passwords(client_id: str, *, origin: Origin) -> Application:
    """Have an application no longer find out; its very next question is answered that way.

    Raises:
        NotFound: there is no such application.
        Refused: ``unchanged`` where it may not anyway.

    """
    return _write(_found(client_id), allowed=False, origin=origin)


def _found(client_id: str) -> Application:
    found = Application.objects.filter(client_id=client_id).first()
    if found is None:
        raise NotFound
    return found


def _write(application: Application, *, allowed: bool, origin: Origin) -> Application:
    with transaction.atomic():
        # The row's revision goes up with it, so that no server process answers as before.
        changed = Application.objects.filter(
            pk=application.pk, accepts_application_passwords=not allowed
        ).update(accepts_application_passwords=allowed)
        if not changed:
            raise Refused(Fault("", "unchanged"))
        audit.record(
            "connect.passwords_allowed" if allowed else "connect.passwords_forbidden",
            actor=None,
            subject=None,
            organization=application.organization_id,
            target=application.client_id,
            origin=origin,
            detail={"name": application.name},
        )
    application.accepts_application_passwords = allowed
    return application
