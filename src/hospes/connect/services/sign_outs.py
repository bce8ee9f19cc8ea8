"""Telling applications that a session has ended: by their servers, and in the browser at hand.

Whoever signs people in keeps them signed in by a session of its own. Without being told it goes on
after ours has ended, on a shared computer for instance.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings

from hospes.connect.domain.events import SIGN_OUT_NOT_TOLD, SIGN_OUT_TOLD
from hospes.connect.gateways import sign_outs as gateway
from hospes.connect.models import Application, Grant
from hospes.connect.services import events
from hospes.connect.services.signing_keys import key_source
from hospes.edge.signing import signer
from hospes.foundation import clock
from hospes.foundation.services import jobs
from hospes.kit.origin import SYSTEM
from hospes.protocols.oauth import logout_token, options

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from hospes.identity.models import Session

TELL = "connect.tell_sign_out"
# How long after each failure the next try follows.
DELAYS = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=4),
)


@dataclass(frozen=True, slots=True)
class Telling:
    """One application that is to hear of one ended session. It holds no secret: a job keeps it."""

    application_id: int
    account_id: int
    subject: str
    sid: str
    tries: int = 0

    @property
    def key(self) -> str:
        """Return the name under which this try is enqueued once."""
        return f"{TELL}:{self.application_id}:{self.sid}:{self.tries}"


def announce(session_ids: Collection[int]) -> None:
    """Have every application told that got something in these sessions, within the transaction."""
    for grant in _given_in(session_ids, "backchannel_logout_uri"):
        session = grant.session
        if grant.account is None or session is None:
            continue
        name = logout_token.sid(session.public_id, grant.application.client_id)
        telling = Telling(grant.application_id, grant.account.pk, grant.account.public_id, name)
        jobs.enqueue(TELL, asdict(telling), key=telling.key)


def frames(session: Session) -> list[str]:
    """Return what the browser is to load once this session has ended (Front-Channel Logout)."""
    found = []
    for grant in _given_in([session.pk], "frontchannel_logout_uri"):
        uri = options.read(grant.application.options).frontchannel_logout_uri
        name = logout_token.sid(session.public_id, grant.application.client_id)
        if uri:
            found.append(
                logout_token.frame_address(uri, issuer=settings.HOSPES.base_url, session_id=name)
            )
    return list(dict.fromkeys(found))


def _given_in(session_ids: Collection[int], option: str) -> QuerySet[Grant]:
    """Return grants with an ID token of these sessions, of applications that have the option.

    Also those that have ended: the application's own session does not end with them.
    """
    # Options are compact JSON without defaults: one that is not set is not in it.
    return (
        Grant.objects.filter(
            session_id__in=session_ids,
            scope__contains="openid",
            application__options__contains=f'"{option}":',
        )
        .select_related("application", "account", "session")
        .order_by("pk")
    )


def tell(payload: dict[str, Any]) -> None:
    """Tell one application, and note for its owner what came of it.

    A failure that may pass is tried again later; the owner reads of the last one.
    """
    telling = Telling(**payload)
    application = Application.objects.filter(pk=telling.application_id).first()
    if application is None:
        return
    uri = options.read(application.options).backchannel_logout_uri
    if not uri:
        return
    try:
        gateway.tell(uri, _signed(telling, application))
    except gateway.NotTold as refused:
        if refused.later and telling.tries < len(DELAYS):
            _again(telling)
            return
        events.record(
            SIGN_OUT_NOT_TOLD,
            application_id=application.pk,
            account_id=telling.account_id,
            origin=SYSTEM,
            detail={"reason": refused.reason},
        )
        return
    events.record(
        SIGN_OUT_TOLD,
        application_id=application.pk,
        account_id=telling.account_id,
        origin=SYSTEM,
    )


def _again(telling: Telling) -> None:
    following = Telling(**{**asdict(telling), "tries": telling.tries + 1})
    jobs.enqueue(
        TELL, asdict(following), key=following.key, run_at=clock.now() + DELAYS[telling.tries]
    )


def _signed(telling: Telling, application: Application) -> str:
    """Return a fresh logout token: one that was sent before may have been seen already."""
    claims = logout_token.claims(
        issuer=settings.HOSPES.base_url,
        client_id=application.client_id,
        subject=telling.subject,
        session_id=telling.sid,
        token_id=secrets.token_urlsafe(24),
        issued_at=clock.timestamp(),
    )
    return signer(key_source, application.id_token_alg).sign(claims, logout_token.TYPE)
