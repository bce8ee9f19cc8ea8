"""Signing out because an application asked for it (OpenID Connect RP-Initiated Logout 1.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hospes.connect.services.revocation import revoke_online_of_sessions
from hospes.identity.services.sessions import end_session

if TYPE_CHECKING:
    from hospes.identity.models import Session
    from hospes.kit.origin import Origin


def sign_out_for_application(session: Session, *, origin: Origin) -> bool:
    """End one account's session on one browser, and what applications got for its duration.

    What was allowed offline stays: that is what ``offline_access`` asks for (OpenID Connect Core
    §11). Other accounts on the same browser, and the account's other browsers, stay signed in.
    Returns False where the session had ended already.
    """
    with transaction.atomic():
        ended = end_session(session, reason="application", actor=session.account, origin=origin)
        revoke_online_of_sessions([session.pk])
    return ended
