"""Signing in a device that has no browser (RFC 8628): the person's side of it.

Whoever types the code gives their own account away to whatever shows it. So every try counts,
nothing is looked up for visitors, and the answer is written once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from hospes.connect import queries
from hospes.connect.domain.events import DEVICE_APPROVED, DEVICE_REFUSED
from hospes.connect.domain.scopes import joined, split
from hospes.connect.models import DeviceRequest, Grant
from hospes.connect.services import consents, events
from hospes.connect.services.authorization import proved
from hospes.edge.addresses import network
from hospes.foundation import clock, numbers
from hospes.foundation.errors import NotFound
from hospes.foundation.services import audit
from hospes.identity.models import Session
from hospes.identity.services import limits
from hospes.kit.faults import Fault, Refused
from hospes.kit.origin import Origin
from hospes.protocols.oauth.grants.device import DEVICE

if TYPE_CHECKING:
    from hospes.identity.models import Account


@dataclass(frozen=True, slots=True)
class AnswerDevice:
    """``organization_id`` is whose team names are told, None where they were not asked for."""

    request: DeviceRequest
    organization_id: int | None = None


def find(user_code: str, *, acting_account: Account, origin: Origin) -> DeviceRequest:
    """Return the open request whose code was typed, with its application.

    Raises:
        Refused: ``unknown``, in the same words for a code that nobody waits with, an answered one
            and an expired one; ``throttled`` with ``minutes``.

    """
    limits.admit(
        "connect.device_tries",
        f"account:{acting_account.pk}",
        limit=numbers.get("connect.device_tries_per_account"),
    )
    limits.admit(
        "connect.device_tries",
        f"network:{network(origin.ip)}" if origin.ip else "",
        limit=numbers.get("connect.device_tries_per_network"),
    )
    request = queries.device_request(user_code)
    if request is None or not _may(request):
        raise Refused(Fault("user_code", "unknown"))
    return request


def _may(request: DeviceRequest) -> bool:
    """Return whether the application may sign devices in still."""
    return queries.client_view(request.application).may_use(DEVICE)


def allow(command: AnswerDevice, *, session: Session, origin: Origin) -> Grant:
    """Let the device in as the person of ``session``, and return what its tokens hang on.

    Raises:
        Refused: ``unknown``: it was answered or expired in the meantime.
        NotFound: the application or the session ended in the meantime.

    """
    try:
        with transaction.atomic():
            return _allow(command, session, origin)
    except IntegrityError as error:  # the application was deleted while the page was open
        raise NotFound from error


def _allow(command: AnswerDevice, session: Session, origin: Origin) -> Grant:
    request, now = command.request, clock.timestamp()
    application = request.application
    # Locked where the database can: the session does not end while the grant is being written.
    living = Session.objects.select_for_update().filter(pk=session.pk, ended_at=None).first()
    if living is None or not _may(request):
        raise NotFound
    scope = split(request.scope)
    consents.note(
        consents.Disclosure(application, scope, command.organization_id),
        account_id=session.account_id,
        origin=origin,
    )
    grant = Grant.objects.create(
        application=application,
        account_id=session.account_id,
        # Whoever ends that session for safety's sake ends what was allowed in it.
        session=living,
        scope=joined(scope),
        auth_time=int(living.authenticated_at.timestamp()),
        amr=" ".join(proved(living, second_factor_at=living.second_factor_at)),
        resources=request.resources,
        organization_id=command.organization_id,
        created_at=now,
    )
    _answer(request, now, grant=grant)
    audit.record(
        "connect.device_allowed",
        actor=session.account_id,
        subject=session.account_id,
        target=application.client_id,
        origin=origin,
        detail={"name": application.name, "scope": grant.scope, "address": request.address},
    )
    # The device's address: the person's is none of the application's business.
    events.record(
        DEVICE_APPROVED,
        application_id=application.pk,
        account_id=session.account_id,
        origin=Origin(ip=request.address),
        detail={"scope": grant.scope},
    )
    return grant


def refuse(command: AnswerDevice, *, acting_account: Account, origin: Origin) -> None:
    """Turn the device away; its application's owner does not learn who did.

    Raises:
        Refused: ``unknown``: it was answered or expired in the meantime.

    """
    request = command.request
    application = request.application
    with transaction.atomic():
        now = clock.timestamp()
        _answer(request, now, refused_at=now)
        audit.record(
            "connect.device_refused",
            actor=acting_account.pk,
            subject=acting_account.pk,
            target=application.client_id,
            origin=origin,
            detail={"name": application.name, "address": request.address},
        )
        events.record(
            DEVICE_REFUSED, application_id=application.pk, origin=Origin(ip=request.address)
        )


def _answer(request: DeviceRequest, now: int, **values: Grant | int) -> None:
    """Write the answer, unless another was first; what came with it is undone then."""
    changed = DeviceRequest.objects.filter(
        pk=request.pk, grant=None, refused_at=None, used_at=None, expires_at__gt=now
    ).update(**values)
    if not changed:
        raise Refused(Fault("user_code", "unknown"))
