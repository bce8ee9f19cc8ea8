"""Having a person asked on the phone for an application (CIBA), and what the answer makes.

Nobody is asked who has not allowed the application before, in a browser, what it wants now. A YES
makes the grant in the transaction that takes it; the tokens are fetched from the hot plane.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from hospes.connect.domain.events import PHONE_APPROVED, PHONE_REFUSED
from hospes.connect.domain.scopes import GROUPS, covers, joined, split
from hospes.connect.gateways import notifications
from hospes.connect.models import Application, BackchannelRequest, Consent, Grant
from hospes.connect.services import events
from hospes.foundation import clock, numbers, sealing
from hospes.foundation.errors import PermanentFailure
from hospes.foundation.sealing import CannotOpen
from hospes.foundation.services import audit, jobs
from hospes.identity.domain import addresses
from hospes.identity.models import Account, Authenticator
from hospes.identity.services.two_step import approvals
from hospes.kit import visible
from hospes.kit.faults import Refused
from hospes.kit.ids import base62, bytes_for
from hospes.kit.origin import SYSTEM, Origin
from hospes.protocols.oauth import backchannel
from hospes.protocols.oauth.backchannel import Accepted, Question
from hospes.protocols.oauth.errors import OAuthError

if TYPE_CHECKING:
    from django.db.models import QuerySet

ID_DIGITS = 43  # 256 bits
SEALING_CONTEXT = "connect.backchannel:{pk}"
PING = "connect.ping_backchannel"


def ask_phone(
    application_id: int, revision: int, question: Question, address: str, user_agent: str
) -> Accepted | None:
    """Have somebody asked; None where the application is not at ``revision`` any more.

    Raises:
        OAuthError: ``unknown_user_id``, ``invalid_binding_message`` or ``access_denied``; nothing
            was written and nobody asked.

    """
    if visible.has_hidden(question.message):
        raise OAuthError(
            "invalid_binding_message", "binding_message holds a character that nobody sees."
        )
    origin = Origin(ip=address[:45], user_agent=user_agent[:400])
    try:
        return _ask_in_one(application_id, revision, question, origin)
    except IntegrityError:
        if Application.objects.filter(pk=application_id).exists():
            raise
        return None  # it was deleted meanwhile


def _ask_in_one(
    application_id: int, revision: int, question: Question, origin: Origin
) -> Accepted | None:
    with transaction.atomic():
        application = Application.objects.filter(pk=application_id, revision=revision).first()
        if application is None:
            return None
        consent = _consent(application, question)
        if consent is None:
            raise backchannel.unknown_person()
        if not covers(consent.scope, question.scopes):
            raise OAuthError(
                "access_denied",
                "The person has not allowed all of this: send them to the authorization endpoint.",
            )
        return _ask(application, consent.account, question, origin)


def _consent(application: Application, question: Question) -> Consent | None:
    """Return what the person who is meant allowed the application: one query for every reason.

    By an address only those are found who share theirs: otherwise an application could find out
    whose sign-in address it is.
    """
    meant = Q(account__public_id=question.subject)
    if question.email:
        # No scope's name holds another's, so a part of the column is a scope of it.
        meant = Q(account__email=addresses.normalise(question.email), scope__contains="email")
    phones = Authenticator.objects.filter(
        method__account=OuterRef("account"),
        method__confirmed_at__isnull=False,
        method__removed_at=None,
    )
    return (
        Consent.objects.filter(
            meant, Exists(phones), application=application, account__state=Account.State.ACTIVE
        )
        .select_related("account")
        .first()
    )


def _ask(
    application: Application, account: Account, question: Question, origin: Origin
) -> Accepted:
    now = clock.timestamp()
    seconds = backchannel.lifetime(
        question.requested_seconds, longest=numbers.get("connect.backchannel_request_seconds")
    )
    public_id = str(uuid.uuid4())
    auth_req_id = base62(secrets.token_bytes(bytes_for(ID_DIGITS)), ID_DIGITS)
    command = approvals.Ask(
        backchannel_id=public_id,
        application_name=application.name,
        message=question.message,
        expires_at=datetime.fromtimestamp(now + seconds, UTC),
    )
    try:
        approvals.ask(account, command, origin=origin)
    except Refused as refused:
        if refused.has("", "too_many"):
            raise OAuthError(
                "access_denied", "Too many requests were refused or left open; try again later."
            ) from refused
        raise backchannel.unknown_person() from refused
    request = BackchannelRequest.objects.create(
        public_id=public_id,
        auth_req_hash=hashlib.sha256(auth_req_id.encode()).hexdigest(),
        application=application,
        account=account,
        scope=joined(question.scopes),
        interval_seconds=backchannel.INTERVAL,
        created_at=now,
        expires_at=now + seconds,
    )
    if question.notification_token:
        told = json.dumps([question.notification_token, auth_req_id]).encode()
        request.notification_sealed = sealing.seal(
            told, context=SEALING_CONTEXT.format(pk=request.pk)
        )
        request.save(update_fields=["notification_sealed"])
    return Accepted(auth_req_id, seconds, backchannel.INTERVAL)


# ---- the answer ------------------------------------------------------------------------------


def approved(public_id: str, *, account_id: int) -> Grant | None:
    """Make the grant of a YES, in the transaction that takes it.

    None where the application may not have it any more: the consent was taken back or the owner
    switched this off. The application is then told ``access_denied``.
    """
    request = _answered(public_id, account_id)
    if request is None:
        return None
    application = request.application
    # Held, so that taking it back waits and then finds this grant.
    consent = (
        Consent.objects.select_for_update(of=("self",))
        .filter(account_id=account_id, application=application)
        .first()
    )
    grant = None
    if (
        consent is not None
        and covers(consent.scope, split(request.scope))
        and application.backchannel_mode
    ):
        grant = _grant(request, consent)
    _have_told(request)
    return grant


def refused(public_id: str, *, account_id: int) -> None:
    """Note a NO for the application's owner, who does not learn whose it is."""
    request = _answered(public_id, account_id)
    if request is None:
        return
    events.record(PHONE_REFUSED, application_id=request.application_id, origin=SYSTEM)
    _have_told(request)


def _answered(public_id: str, account_id: int) -> BackchannelRequest | None:
    return (
        BackchannelRequest.objects.select_for_update(of=("self",))
        .select_related("application")
        .filter(public_id=public_id, account_id=account_id, grant=None, used_at=None)
        .first()
    )


def _grant(request: BackchannelRequest, consent: Consent) -> Grant:
    now = clock.timestamp()
    names_teams = GROUPS in split(request.scope)
    application = request.application
    request.grant = Grant.objects.create(
        application=application,
        account_id=request.account_id,
        scope=request.scope,
        # A phone looks at no organization: it is the one they allowed in the browser.
        organization_id=consent.organization_id if names_teams else None,
        auth_time=now,
        amr=" ".join(backchannel.AMR),
        created_at=now,
    )
    request.save(update_fields=["grant"])
    audit.record(
        "connect.signed_in",
        actor=request.account_id,
        subject=request.account_id,
        target=application.client_id,
        origin=SYSTEM,
        detail={"name": application.name, "scope": request.scope},
    )
    # Without an address: the phone's is none of the application's business.
    events.record(
        PHONE_APPROVED,
        application_id=application.pk,
        account_id=request.account_id,
        origin=SYSTEM,
        detail={"scope": request.scope},
    )
    return request.grant


def _have_told(request: BackchannelRequest) -> None:
    if request.notification_sealed:
        jobs.enqueue(PING, {"request_id": request.pk}, key=f"{PING}:{request.pk}")


def ping(request_id: int) -> None:
    """Tell the application that there is an answer, while it is of use.

    Raises:
        Later, Unreachable: it is worth another try.
        PermanentFailure: it will never be taken.

    """
    request = (
        BackchannelRequest.objects.filter(pk=request_id, used_at=None)
        .select_related("application")
        .first()
    )
    if (
        request is None
        or not request.notification_sealed
        or request.expires_at <= clock.timestamp()
    ):
        return
    application = request.application
    endpoint = application.backchannel_notification_endpoint
    if application.backchannel_mode != backchannel.PING or not endpoint:
        return
    context = SEALING_CONTEXT.format(pk=request.pk)
    try:
        opened = sealing.open_sealed(request.notification_sealed, context=context)
    except CannotOpen as error:
        raise PermanentFailure(f"the notification does not open: {error}") from error
    token, auth_req_id = json.loads(opened)
    notifications.ping(endpoint, token, auth_req_id)
    BackchannelRequest.objects.filter(pk=request.pk).update(notification_sealed="")


def withdraw(requests: QuerySet[BackchannelRequest]) -> None:
    """Take the open questions of these requests back from the phones."""
    living = requests.filter(grant=None, expires_at__gt=clock.timestamp())
    approvals.withdraw(list(living.values_list("public_id", flat=True)))
