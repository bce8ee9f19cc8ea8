"""Saying yes to an application: the consent, the grant and the code, in one transaction."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from hospes.connect.domain.events import SIGNED_IN
from hospes.connect.domain.scopes import joined
from hospes.connect.models import Application, AuthorizationCode, Grant
from hospes.connect.services import consents, events, pushed_requests
from hospes.foundation import clock, numbers
from hospes.foundation.errors import NotFound
from hospes.foundation.services import audit
from hospes.identity.domain import assurance
from hospes.identity.models import Session
from hospes.protocols.oauth import claims_request

if TYPE_CHECKING:
    from datetime import datetime

    from hospes.kit.origin import Origin

CODE_BYTES = 32


@dataclass(frozen=True, slots=True)
class Authorize:
    """One checked authorization request, and whether the person was asked just now.

    ``code_challenge`` is the S256 challenge, "" where the client sent none and need not.
    ``disclosed`` holds the scopes the person allows: ``scopes``, and those that hold a claim which
    ``claims`` (the stored form) asks for singly. ``organization_id`` is whose team names the
    scope ``groups`` opens, None without it.
    ``second_factor_at`` is when the session's second factor was proved, None where that does not
    count for this request; with ``needs_second_factor`` there is no code without it.
    ``longest_seconds`` bounds the code's life, None where the setting alone does. ``bound_to`` is
    the key it is good with, as on the code. ``pushed_id`` is the pushed request that this answers.
    ``resources`` are those its tokens are to be good for, none for all.
    """

    application: Application
    scopes: frozenset[str]
    redirect_uri: str
    code_challenge: str
    nonce: str
    consented_now: bool
    disclosed: frozenset[str]
    claims: str = ""
    organization_id: int | None = None
    second_factor_at: datetime | None = None
    needs_second_factor: bool = False
    longest_seconds: int | None = None
    bound_to: str = ""
    pushed_id: int | None = None
    resources: tuple[str, ...] = ()


def issue_code(command: Authorize, *, session: Session, origin: Origin) -> str:
    """Write the grant and its code and return the code in clear, for the redirect alone.

    Sending the same decision twice makes a second code of its own; the first stays unused and
    ends by itself.

    Raises:
        AlreadyAnswered: the pushed request has given a code or an error before.
        NotFound: application, organization or sign-in session ended in the meantime, or the
            session proves less than it did.

    """
    code = secrets.token_urlsafe(CODE_BYTES)
    try:
        with transaction.atomic():
            _write(command, code, session, origin)
    except (
        IntegrityError
    ) as error:  # application or organization was deleted while the page was open
        raise NotFound from error
    return code


def _write(command: Authorize, code: str, session: Session, origin: Origin) -> None:
    now = clock.timestamp()
    if command.pushed_id is not None:
        pushed_requests.use(command.pushed_id, now=now)
    # Locked where the database can: the session does not end while the code is being written.
    living = Session.objects.select_for_update().filter(pk=session.pk, ended_at=None).first()
    if living is None:
        raise NotFound
    amr = proved(living, second_factor_at=command.second_factor_at)
    if command.needs_second_factor and not assurance.has_two_factors(amr):
        raise NotFound
    if command.consented_now:
        consents.note(
            consents.Disclosure(command.application, command.disclosed, command.organization_id),
            account_id=session.account_id,
            origin=origin,
        )
    grant = Grant.objects.create(
        application=command.application,
        account_id=session.account_id,
        session=session,
        scope=joined(command.scopes),
        auth_time=int(living.authenticated_at.timestamp()),
        amr=" ".join(amr),
        nonce=command.nonce,
        claims=command.claims,
        organization_id=command.organization_id,
        resources=" ".join(command.resources),
        created_at=now,
    )
    AuthorizationCode.objects.create(
        code_hash=hashlib.sha256(code.encode()).hexdigest(),
        grant=grant,
        redirect_uri=command.redirect_uri,
        code_challenge=command.code_challenge,
        bound_to=command.bound_to,
        expires_at=now + _lifetime(command.longest_seconds),
    )
    audit.record(
        "connect.signed_in",
        actor=session.account_id,
        subject=session.account_id,
        target=command.application.client_id,
        origin=origin,
        detail={"name": command.application.name, "scope": grant.scope},
    )
    events.record(
        SIGNED_IN,
        application_id=command.application.pk,
        account_id=session.account_id,
        origin=origin,
        detail={"scope": grant.scope, **_claims(command.claims)},
    )


def _lifetime(longest: int | None) -> int:
    seconds = numbers.get("connect.code_seconds")
    return seconds if longest is None else min(seconds, longest)


def _claims(text: str) -> dict[str, str]:
    """Return the single claims of a request for the log, by the name and not by what they hold."""
    told = claims_request.stored(text) if text else claims_request.Told()
    names = sorted({*told.id_token, *told.userinfo})
    return {"claims": " ".join(names)} if names else {}


def proved(session: Session, *, second_factor_at: datetime | None) -> tuple[str, ...]:
    """Return how the person proved themselves for one request, and no more than that.

    ``second_factor_at`` is the proof of a second factor that counts for it, None without one.
    """
    present = session.second_factor_at
    counts = second_factor_at is not None and present is not None and present >= second_factor_at
    return tuple(session.amr) if counts else assurance.first_factor(session.amr)
